/** What becomes of a call's request comes in, step by step; its row of the call log goes out, and an event for each step. */
import { buildCallId } from './call-id.ts';
import type { CallLog } from './call-log.ts';
import type { AuthMethod, Method } from './definition/connector.ts';
import { formatTemplate } from './definition/template.ts';
import { FishplateError } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import type { LoadedInstallation } from './installation/installations.ts';
import { codeOf, sendWithin } from './observed-send.ts';
import type { Observer, Span } from './observer.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { RAW_KEY } from './request/raw-method.ts';
import { Secret } from './secret.ts';
import type { CallRow } from './store/store.ts';
import { retryAfterMs } from './transport/retry-timing.ts';
import type { Send, SendOptions, WireRequest, WireResponse, World } from './wire.ts';
import { buildWireRecord } from './wire-record.ts';

/** Of which calls the request and the answer are kept, redacted, beside the row that every call leaves. */
export type CallDetail = 'none' | 'errors' | 'all';

/** What is known of a call before anything is sent. */
export interface CallAbout {
  readonly loaded: LoadedInstallation;
  readonly method: Method;
  readonly requestId?: string | undefined;
  /** The span of the call that the request is part of. */
  readonly parent?: Span | undefined;
}

/** A request on its way: what it is sent with, and what it has been through. */
export interface AttemptAbout {
  readonly settings: ResolvedSettings;
  readonly credential: string;
  /** Time in the queue of the vendor's limits, in milliseconds. */
  readonly waitedMs: number;
  /** Whether it carries a token that was exchanged because the one before was refused. */
  readonly renewed: boolean;
}

/** One attempt, as the row tells it. Times are milliseconds, `atMs` from the start of the request. */
export interface AttemptEntry {
  readonly atMs: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
  readonly waitedMs?: number;
  readonly renewed?: true;
  /** How long its answer asked to wait before the next one; see `retryAfterMs`. */
  readonly retryAfterMs?: number;
}

export type SendAttempt = (
  send: Send,
  request: WireRequest,
  about: AttemptAbout,
  options: SendOptions,
) => Promise<WireResponse>;

export interface CallRecord {
  /** Sends the request, within a span, and notes what became of it. */
  readonly attempt: SendAttempt;
  attempts(): number;
  /** What the attempts carried: an error may quote one that has been replaced since. Never to be shown. */
  credentials(): readonly string[];
  waitedMs(): number;
  durationMs(): number;
  /** Writes the row. `also` is kept in its detail. */
  answered(response: WireResponse, also?: Readonly<Record<string, unknown>>): void;
  failed(error: unknown, also?: Readonly<Record<string, unknown>>): void;
}

export interface CallRecorder {
  open(about: CallAbout, prepared: PreparedRequest, auth: AuthMethod, settings: ResolvedSettings): CallRecord;
  /** The row of a call for which nothing was sent: it was refused, or an earlier one had its answer. */
  unsent(
    about: CallAbout,
    outcome: string,
    status: number | null,
    also?: Readonly<Record<string, unknown>>,
  ): void;
}

export interface CallRecorderTools {
  readonly log: CallLog;
  readonly world: World;
  readonly observer: Observer;
  readonly detail: CallDetail;
}

const MOST_ENTRIES = 10;
/** Beyond so many in a second only the rows are kept: a vendor that is down must not fill the disk with its apologies. */
const MOST_DETAILED_A_SECOND = 100;

export function createCallRecorder(tools: CallRecorderTools): CallRecorder {
  const { log, world } = tools;
  const mayDetail = createAllowance(MOST_DETAILED_A_SECOND);
  return {
    open: (about, prepared, auth, settings) =>
      openRecord(tools, { about, prepared, auth, settings, mayDetail }),
    unsent: (about, outcome, status, also) => {
      const row = rowOf(world, about);
      const nothing = { attempts: 0, durationMs: 0, requestBytes: 0, responseBytes: 0, wire: null };
      const failed = outcome === 'ok' ? 0 : 1;
      log.add({ ...row, ...nothing, outcome, failed, status, detail: { ...row.detail, ...also } });
    },
  };
}

interface Opening {
  readonly about: CallAbout;
  readonly prepared: PreparedRequest;
  readonly auth: AuthMethod;
  readonly settings: ResolvedSettings;
  readonly mayDetail: (now: number) => boolean;
}

function openRecord(
  { log, world, observer, detail }: CallRecorderTools,
  { about, prepared, auth, settings, mayDetail }: Opening,
): CallRecord {
  const { method, requestId, parent } = about;
  const row = rowOf(world, about);
  const entries: AttemptEntry[] = [];
  const credentials: string[] = [];
  let attempts = 0;
  let waitedMs = 0;
  let endedAt = row.at;
  let last: AttemptAbout | undefined;
  let former: AttemptAbout | undefined;
  let response: WireResponse | undefined;
  const template = () => templateOf(method);

  const note = (
    how: AttemptAbout,
    startedAt: number,
    end: { status: number } | { error: string },
    answer?: WireResponse,
  ) => {
    const now = world.now();
    // Only who refuses is waited for.
    const askedMs = answer && answer.status >= 400 ? retryAfterMs(answer, now) : undefined;
    const durationMs = now - startedAt;
    const pausedMs = attempts === 1 ? how.waitedMs : startedAt - endedAt;
    endedAt = now;
    const { waitedMs } = how;
    if (entries.length < MOST_ENTRIES)
      entries.push({
        atMs: startedAt - row.at,
        durationMs,
        ...end,
        ...(waitedMs > 0 && { waitedMs }),
        ...(how.renewed && { renewed: true as const }),
        ...(askedMs !== undefined && { retryAfterMs: askedMs }),
      });
    const { connector, installationId, accountId } = row;
    observer.event({
      type: 'attempt',
      connector,
      installationId,
      accountId,
      requestId,
      method: method.key,
      number: attempts,
      waitedMs,
      pausedMs,
      durationMs,
      ...end,
    });
  };

  const wireOf = (failed: 0 | 1, now: number): Secret | null => {
    if (detail === 'none' || (detail === 'errors' && failed === 0) || !mayDetail(now)) return null;
    const sent = [last, former].filter((each) => each !== undefined);
    const traffic = {
      ...{ method, auth, prepared, response },
      settings: [settings, ...sent.map((each) => each.settings)],
      credentials: sent.map((each) => each.credential),
    };
    return new Secret(JSON.stringify(buildWireRecord(traffic)));
  };

  const finish = (
    outcome: string,
    status: number | null,
    responseBytes: number,
    also?: Readonly<Record<string, unknown>>,
  ) => {
    const now = world.now();
    const failed = outcome === 'ok' ? 0 : 1;
    // Of a call that went well at once the row says it all.
    const isPlain = failed === 0 && attempts === 1 && waitedMs === 0;
    // Name by name: a row is made for every call, and a spread would cost more than all of this.
    log.add({
      id: row.id,
      at: row.at,
      accountId: row.accountId,
      installationId: row.installationId,
      connector: row.connector,
      method: row.method,
      outcome,
      failed,
      status,
      attempts,
      durationMs: now - row.at,
      requestBytes: prepared.bodyBytes,
      responseBytes,
      requestId: row.requestId,
      detail:
        isPlain && !also
          ? row.detail
          : {
              ...row.detail,
              ...(waitedMs > 0 && { waitedMs }),
              ...also,
              ...(!isPlain && entries.length > 0 && { attempts: entries }),
            },
      wire: wireOf(failed, now),
    });
  };

  return {
    attempt: async (send, request, how, options) => {
      attempts++;
      waitedMs += how.waitedMs;
      if (last?.credential !== how.credential) {
        former = last;
        credentials.push(how.credential);
      }
      last = how;
      response = undefined;
      const startedAt = world.now();
      const number = attempts;
      try {
        const sending = { template, number, parent };
        response = await sendWithin(observer.startSpan, sending, send, request, options);
        note(how, startedAt, { status: response.status }, response);
        return response;
      } catch (error) {
        note(how, startedAt, { error: codeOf(error) });
        throw error;
      }
    },
    attempts: () => attempts,
    credentials: () => credentials,
    waitedMs: () => waitedMs,
    durationMs: () => world.now() - row.at,
    answered: ({ status, body }, also) => finish('ok', status, Buffer.byteLength(body), also),
    failed: (error, also) => {
      const status = error instanceof FishplateError ? (error.vendor?.status ?? null) : null;
      finish(codeOf(error), status, 0, also);
    },
  };
}

/** A request that no method describes has a path full of ids, of which there is no end. */
const templateOf = ({ key, path }: Method): string =>
  key === RAW_KEY ? '(request)' : formatTemplate(path, (name) => `{${name}}`);

type Begun = Pick<
  CallRow,
  'id' | 'at' | 'accountId' | 'installationId' | 'connector' | 'method' | 'requestId' | 'detail'
>;

function rowOf(world: World, { loaded, method, requestId }: CallAbout): Begun {
  const { row, connector } = loaded;
  return {
    id: buildCallId(world),
    at: world.now(),
    accountId: row.accountId,
    installationId: row.id,
    connector: connector.name,
    method: method.key,
    requestId: requestId ?? null,
    // Of a method the key says it all; of a request that none describes the audit has only what went well.
    detail:
      method.key === RAW_KEY
        ? { verb: method.verb, host: method.host, path: formatTemplate(method.path) }
        : { verb: method.verb, host: method.host },
  };
}

function createAllowance(most: number): (now: number) => boolean {
  let since = 0;
  let used = 0;
  return (now) => {
    if (now - since >= 1_000 || now < since) {
      since = now;
      used = 0;
    }
    return ++used <= most;
  };
}
