/** Events and a store come in, the text of Prometheus's exposition format goes out; the registry is this one's own. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { RuntimeEvent } from '../observer.ts';
import type { InstallationState } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { createTally, createTimes } from './tallies.ts';

export interface Metrics {
  /** Counts an event; see `Observer`. */
  readonly event: (event: RuntimeEvent) => void;
  readonly contentType: string;
  /** What is counted so far, and what the store holds just now. Rejects with `store.*`. */
  text(): Promise<string>;
}

export interface MetricsOptions {
  readonly store: Pick<Store, 'count'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether memory, CPU and event loop of this process are told as well: once in a process, for it is watched for ever after. */
  readonly process?: boolean;
}

const STATES: readonly InstallationState[] = ['setup-required', 'active', 'failing', 'de-authenticated'];
/** In seconds: a vendor nearby answers in some milliseconds, one with a long job in a minute. */
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Creates the metrics. Labels are connectors, methods, codes, routes and statuses - all of them lists that somebody
 * wrote - and never accounts, installations or paths: their number is bounded whatever callers do.
 */
export function createMetrics({ store, now, process = false }: MetricsOptions): Metrics {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  watchStore(registry, store, now);
  return { event: counters, contentType: registry.contentType, text: () => registry.metrics() };
}

function createCounters(registry: Registry): (event: RuntimeEvent) => void {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `fishplate_${name}_total`, help, labelNames: [...labelNames], registers });
  const calls = createTally(registry, 'fishplate_calls_total', 'Calls of methods, by how they ended.', [
    ...['connector', 'method', 'outcome'],
  ]);
  const callTime = createTimes(
    registry,
    'fishplate_call_duration_seconds',
    'Time from a call to its answer, waits and retries included.',
    ['connector', 'method'],
    CALL_BUCKETS,
  );
  const replays = counter('call_replays', 'Calls that an earlier one with their key answered.', [
    'connector',
  ]);
  const attempts = createTally(
    registry,
    'fishplate_attempts_total',
    'Requests of calls on the wire, by status or code of the error.',
    ['connector', 'result'],
  );
  const retries = counter('retries', 'Requests that repeated one before.', ['connector']);
  const tokens = counter('token_exchanges', 'Exchanges of tokens at vendors.', ['connector', 'outcome']);
  const waits = counter('limit_waits', "Calls that had to wait for room in a vendor's limit.", ['connector']);
  const waitTime = counter('limit_wait_seconds', 'Time spent in those waits.', ['connector']);
  const waiting = new Gauge({
    name: 'fishplate_limit_queue_length',
    help: "Calls that wait for room in a vendor's limit just now.",
    labelNames: ['connector'],
    registers,
  });
  const states = counter('installation_changes', 'Installations that came into a state.', [
    'connector',
    'state',
  ]);
  const rotations = counter('rotations', 'Steps of rotations of credentials.', ['act', 'outcome']);
  const lost = counter('call_log_rows_lost', 'Rows of the call log that the store did not take.', []);
  const deleted = counter('rows_deleted', 'Rows that were too old or too many.', ['table']);
  const troubles = counter('troubles', 'What went wrong in the background; the log has the details.', []);
  const requests = createTally(registry, 'fishplate_http_requests_total', 'Requests to the API.', [
    ...['verb', 'route', 'status'],
  ]);
  const requestTime = createTimes(
    registry,
    'fishplate_http_request_duration_seconds',
    'Time to answer a request.',
    ['route'],
    CALL_BUCKETS,
  );

  return (event) => {
    switch (event.type) {
      case 'call': {
        const { connector, method, outcome } = event;
        calls(connector, method, outcome);
        if (event.replayed) replays.inc({ connector });
        else callTime(event.durationMs / 1000, connector, method);
        return;
      }
      case 'attempt':
        attempts(event.connector, event.error ?? String(event.status ?? ''));
        if (event.number > 1) retries.inc({ connector: event.connector });
        return;
      case 'token':
        tokens.inc({ connector: event.connector, outcome: event.outcome });
        return;
      case 'limit-wait-begun':
        waits.inc({ connector: event.connector });
        waiting.inc({ connector: event.connector });
        return;
      case 'limit-wait-ended':
        waitTime.inc({ connector: event.connector }, event.waitedMs / 1000);
        waiting.dec({ connector: event.connector });
        return;
      case 'state':
        states.inc({ connector: event.connector, state: event.to });
        return;
      case 'rotation':
        rotations.inc({ act: event.act, outcome: event.outcome });
        return;
      case 'rows-lost':
        lost.inc(event.rows);
        return;
      case 'rows-deleted':
        deleted.inc({ table: event.table }, event.rows);
        return;
      case 'trouble':
        troubles.inc();
        return;
      case 'request':
        requests(verbOf(event.verb), event.route, String(event.status));
        requestTime(event.durationMs / 1000, event.route);
        return;
    }
  };
}

/** Looked up when somebody asks, each by an index of the store. */
function watchStore(registry: Registry, store: Pick<Store, 'count'>, now: () => number): void {
  const registers = [registry];
  new Gauge({
    name: 'fishplate_installations',
    help: 'Installations, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const state of STATES) this.set({ state }, await store.count('installation', { state }));
    },
  });
  new Gauge({
    name: 'fishplate_token_renewals_backed_off',
    help: 'Installations whose last token exchange failed and is not tried again yet.',
    registers,
    async collect() {
      // There is no count from a time on.
      const notBefore = { column: 'notBefore', value: now() + 1 } as const;
      this.set((await store.count('lease')) - (await store.count('lease', {}, notBefore)));
    },
  });
}

const VERBS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const verbOf = (verb: string): string => (VERBS.has(verb) ? verb : '_OTHER');
