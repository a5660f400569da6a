import { describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '../../src/observer.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { memoryStore } from '../helpers/runtime.ts';

const place = { connector: 'acme', installationId: 'inst-1', accountId: 'acct-1', requestId: 'req-1' };
const call = (over: object = {}): RuntimeEvent => ({
  ...{ type: 'call', ...place, method: 'things.list', outcome: 'ok', durationMs: 30, replayed: false },
  ...over,
});
const attempt = (over: object): RuntimeEvent => ({
  ...{ type: 'attempt', ...place, method: 'things.list', number: 1 },
  ...{ waitedMs: 0, pausedMs: 0, durationMs: 20, status: 200 },
  ...over,
});

async function tellOf(...events: readonly RuntimeEvent[]): Promise<string[]> {
  const store = await memoryStore();
  const metrics = createMetrics({ store, now: () => 0 });
  for (const event of events) metrics.event(event);
  const text = await metrics.text();
  await store.close();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the metrics', () => {
  it('have labels for nothing that there is no end of: accounts, installations, requests', async () => {
    const text = (
      await tellOf(
        call(),
        attempt({}),
        { type: 'token', ...place, outcome: 'ok', durationMs: 5 },
        { type: 'state', ...place, from: 'active', to: 'failing', reason: 'vendor.revoked' },
        { type: 'rotation', act: 'swap', target: 'inst-1', outcome: 'ok' },
        { type: 'request', verb: 'GET', route: '/v1.0/accounts/{accountId}', status: 200, durationMs: 3 },
      )
    ).join('\n');
    for (const id of ['inst-1', 'acct-1', 'req-1']) expect(text).not.toContain(id);
  });

  it('count invented verbs as one', async () => {
    const lines = await tellOf(
      ...['BREW', 'WHEN'].map(
        (verb): RuntimeEvent => ({ type: 'request', verb, route: '(none)', status: 404, durationMs: 1 }),
      ),
    );
    expect(lines).toContain('fishplate_http_requests_total{verb="_OTHER",route="(none)",status="404"} 2');
  });

  it('count calls by connector, method and outcome, and how long they took', async () => {
    const lines = await tellOf(
      call(),
      call({ outcome: 'vendor.invalid', durationMs: 3_000 }),
      call({ replayed: true, durationMs: 0 }),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'fishplate_calls_total{connector="acme",method="things.list",outcome="ok"} 2',
        'fishplate_calls_total{connector="acme",method="things.list",outcome="vendor.invalid"} 1',
        'fishplate_call_replays_total{connector="acme"} 1',
        'fishplate_call_duration_seconds_bucket{le="0.05",connector="acme",method="things.list"} 1',
        'fishplate_call_duration_seconds_count{connector="acme",method="things.list"} 2',
      ]),
    );
  });

  it('count attempts, retries, tokens, waits, lost rows and troubles', async () => {
    const wait = (type: 'limit-wait-begun' | 'limit-wait-ended', waitedMs: number): RuntimeEvent => ({
      ...{ type, connector: 'acme', waitedMs },
    });
    const lines = await tellOf(
      attempt({ status: 503 }),
      attempt({ number: 2, status: undefined, error: 'transport.timeout' }),
      { type: 'token', ...place, outcome: 'token.refused', durationMs: 5 },
      wait('limit-wait-begun', 0),
      wait('limit-wait-begun', 0),
      wait('limit-wait-ended', 1_500),
      { type: 'rows-lost', rows: 12, message: 'lost' },
      { type: 'rows-deleted', table: 'call', rows: 500 },
      { type: 'trouble', message: 'the disk is full' },
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'fishplate_attempts_total{connector="acme",result="503"} 1',
        'fishplate_attempts_total{connector="acme",result="transport.timeout"} 1',
        'fishplate_retries_total{connector="acme"} 1',
        'fishplate_token_exchanges_total{connector="acme",outcome="token.refused"} 1',
        'fishplate_limit_waits_total{connector="acme"} 2',
        'fishplate_limit_wait_seconds_total{connector="acme"} 1.5',
        'fishplate_limit_queue_length{connector="acme"} 1',
        'fishplate_call_log_rows_lost_total 12',
        'fishplate_rows_deleted_total{table="call"} 500',
        'fishplate_troubles_total 1',
      ]),
    );
  });

  it('look into the store for the states of installations and for renewals in back-off', async () => {
    const store = await memoryStore();
    const row = {
      ...{ accountId: 'a', connector: 'acme', version: '1.0.0', name: 'x', description: '', authId: 'key' },
      ...{ stateReason: null, identity: null, testedAt: null, createdAt: 1, updatedAt: 1, revision: 1 },
    };
    const lease = { owner: null, counter: 1, expiresAt: 0, failures: 1, reason: null };
    await store.write([
      { op: 'insert', table: 'installation', row: { id: 'i1', state: 'active', ...row } },
      { op: 'insert', table: 'installation', row: { id: 'i2', state: 'failing', ...row } },
      { op: 'insert', table: 'installation', row: { id: 'i3', state: 'failing', ...row } },
      { op: 'insert', table: 'lease', row: { id: 'token/i2', notBefore: 500, ...lease } },
      { op: 'insert', table: 'lease', row: { id: 'token/i3', notBefore: 50, ...lease } },
    ]);
    const text = await createMetrics({ store, now: () => 100 }).text();
    expect(text).toContain('fishplate_installations{state="active"} 1');
    expect(text).toContain('fishplate_installations{state="failing"} 2');
    expect(text).toContain('fishplate_installations{state="setup-required"} 0');
    expect(text).toContain('fishplate_token_renewals_backed_off 1');
    await store.close();
  });

  it('belong to one app: another one counts for itself', async () => {
    const store = await memoryStore();
    const [one, other] = [createMetrics({ store, now: () => 0 }), createMetrics({ store, now: () => 0 })];
    one.event(call());
    expect(await one.text()).toContain('outcome="ok"} 1');
    expect(await other.text()).not.toContain('outcome="ok"');
    await store.close();
  });

  it('tell of the process when asked to', async () => {
    const store = await memoryStore();
    const metrics = createMetrics({ store, now: () => 0, process: true });
    expect(await metrics.text()).toMatch(/^process_resident_memory_bytes \d+/m);
    await store.close();
  });
});
