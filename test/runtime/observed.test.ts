import { describe, expect, it, vi } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import type { RuntimeEvent } from '../../src/observer.ts';
import type { RuntimeOptions } from '../../src/runtime.ts';
import type { Store } from '../../src/store/store.ts';
import type { Send } from '../../src/wire.ts';
import type { WireRecord } from '../../src/wire-record.ts';
import { createTestBedWith, memoryStore } from '../helpers/runtime.ts';
import { createFakeVendor } from '../helpers/vendor.ts';

async function bed(options: Partial<RuntimeOptions> = {}, ...overlays: readonly string[]) {
  const events: RuntimeEvent[] = [];
  const observer = { event: (event: RuntimeEvent) => void events.push(event), startSpan: () => undefined };
  const made = await createTestBedWith({ observer, ...options }, ...overlays);
  const id = await made.install();
  events.length = 0;
  const of = <T extends RuntimeEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RuntimeEvent, { type: T }> => event.type === type);
  const lastRow = async () => {
    const [row] = await made.runtime.calls({ limit: 1 });
    if (!row) throw new Error('there is no row');
    return row;
  };
  return { ...made, id, events, of, lastRow };
}

describe('whoever watches a runtime', () => {
  it('is told of a call that was refused before anything was sent, and the log has it', async () => {
    const { runtime, account, id, of, lastRow } = await bed();
    const refused = runtime.call(account, id, 'things.list', { limit: 0 }, { requestId: 'r1' });
    await expect(refused).rejects.toMatchObject({ code: 'arguments.invalid' });
    expect(of('call')).toMatchObject([{ outcome: 'arguments.invalid', requestId: 'r1', replayed: false }]);
    expect(await lastRow()).toMatchObject({
      ...{ outcome: 'arguments.invalid', failed: 1, attempts: 0, status: null, requestId: 'r1' },
    });
  });

  it('changes nothing of a call by throwing, which is told to onError without its words', async () => {
    const told: string[] = [];
    const throws = () => {
      throw new RangeError('a listener that quotes a secret');
    };
    const observer = { event: throws, startSpan: throws };
    const made = await createTestBedWith({ observer, onError: (message) => void told.push(message) });
    const id = await made.install();
    const before = made.vendor.requests.length;
    const create = () =>
      made.runtime.call(
        made.account,
        id,
        'things.create',
        { body: { name: 'Nut' } },
        { idempotencyKey: 'k' },
      );
    expect((await create()).replayed).toBeUndefined();
    expect((await create()).replayed).toBe(true);
    expect(made.vendor.requests.length).toBe(before + 1);
    expect(new Set(told)).toEqual(new Set(['an observer threw RangeError']));
  });

  it('is told of a call and its attempt, once each', async () => {
    const { runtime, account, id, events } = await bed();
    await runtime.call(account, id, 'things.list', {}, { requestId: 'r1' });
    const place = { connector: 'acme', installationId: id, accountId: account, requestId: 'r1' };
    const sent = { number: 1, waitedMs: 0, pausedMs: 0, durationMs: 0, status: 200 };
    expect(events).toEqual([
      { type: 'attempt', ...place, method: 'things.list', ...sent },
      { type: 'call', ...place, method: 'things.list', outcome: 'ok', replayed: false, durationMs: 0 },
    ]);
  });

  it('is told how long a call paused before it was sent again', async () => {
    const { runtime, vendor, account, id, of } = await bed();
    vendor.next({ status: 503, headers: { 'retry-after': '2' } }, { status: 200, body: '{}' });
    await runtime.call(account, id, 'things.list');
    expect(of('attempt').map(({ number, status, pausedMs }) => [number, status, pausedMs])).toEqual([
      [1, 503, 0],
      [2, 200, 2_000],
    ]);
  });

  it('is told of an attempt without an answer, by its code', async () => {
    const { runtime, vendor, account, id, of } = await bed();
    vendor.next(() => {
      throw new Error('the connection broke');
    });
    await runtime.call(account, id, 'things.list').catch(() => undefined);
    expect(of('attempt')[0]).toMatchObject({ error: 'internal.unexpected', status: undefined });
  });

  it('is told of every exchange of a token, and why one failed', async () => {
    const { runtime, vendor, world, account, id, of } = await bed();
    world.advance(4_000_000);
    await runtime.call(account, id, 'things.list', {}, { requestId: 'r1' });
    expect(of('token')).toEqual([
      { type: 'token', connector: 'acme', installationId: id, requestId: 'r1', outcome: 'ok', durationMs: 0 },
    ]);
    world.advance(4_000_000);
    vendor.secret = 'another';
    await runtime.call(account, id, 'things.list').catch(() => undefined);
    expect(of('token')[1]).toMatchObject({ outcome: 'vendor.bad-credentials' });
  });

  it('is told of waits for room in a limit, when they begin and when they end', async () => {
    const { runtime, account, id, of } = await bed();
    await Promise.all(Array.from({ length: 12 }, () => runtime.call(account, id, 'things.list')));
    expect(of('limit-wait-begun').length).toBeGreaterThan(0);
    expect(of('limit-wait-ended')).toHaveLength(of('limit-wait-begun').length);
    expect(Math.max(...of('limit-wait-ended').map(({ waitedMs }) => waitedMs))).toBeGreaterThan(0);
  });

  it('is told of installations that change their state, with the reason', async () => {
    const { runtime, vendor, world, account, id, of } = await bed();
    world.advance(4_000_000);
    vendor.secret = 'another';
    await runtime.call(account, id, 'things.list').catch(() => undefined);
    vendor.secret = 'the-key-secret';
    await runtime.test(account, id);
    await runtime.deauthenticate(account, id);
    expect(of('state').map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ['active', 'failing', 'vendor.bad-credentials'],
      ['failing', 'active', undefined],
      ['active', 'de-authenticated', undefined],
    ]);
  });

  it('is told of each step of a rotation, and of one that was refused', async () => {
    const { runtime, vendor, account, id, of } = await bed();
    const target = { accountId: account, installationId: id };
    await runtime.rotation.rotate(target, { keySecret: 'wrong' }).catch(() => undefined);
    vendor.secret = 'the-next-secret';
    await runtime.rotation.rotate(target, { keySecret: 'the-next-secret' });
    expect(of('rotation').map(({ act, outcome }) => [act, outcome === 'ok'])).toEqual([
      ['rotate', false],
      ['rotate', true],
    ]);
    expect(JSON.stringify(of('rotation'))).not.toContain('the-next-secret');
  });

  it('is told of answers that were given before', async () => {
    const { runtime, account, id, of } = await bed();
    const asked = { idempotencyKey: 'k1' };
    await runtime.call(account, id, 'things.create', { body: { name: 'x' } }, asked);
    await runtime.call(account, id, 'things.create', { body: { name: 'x' } }, asked);
    expect(of('call').map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
      ['ok', false],
      ['ok', true],
    ]);
    expect(of('attempt')).toHaveLength(1);
  });
});

describe('the row of a call', () => {
  it('tells its attempts: when, what came back, how long it waited, whether the token was renewed', async () => {
    const { runtime, vendor, world, account, id, lastRow } = await bed();
    world.advance(10_000);
    vendor.revokeTokens();
    vendor.next({ status: 503, headers: { 'retry-after': '1' } });
    await runtime.call(account, id, 'things.list');
    expect((await lastRow()).detail.attempts).toEqual([
      { atMs: 0, durationMs: 0, status: 401 },
      { atMs: 0, durationMs: 0, status: 503, renewed: true, retryAfterMs: 1_000 },
      { atMs: 1_000, durationMs: 0, status: 200, renewed: true },
    ]);
  });

  it('has no list of attempts when it went well at once: the row says it all', async () => {
    const { runtime, account, id, lastRow } = await bed();
    await runtime.call(account, id, 'things.list');
    expect((await lastRow()).detail).toEqual({ verb: 'GET', host: 'api' });
  });

  it('keeps request and answer of failures alone, without the secrets that either held', async () => {
    const { runtime, vendor, account, id, lastRow } = await bed();
    await runtime.call(account, id, 'things.list');
    expect((await lastRow()).wire).toBeNull();
    vendor.next({
      status: 400,
      headers: { 'content-type': 'application/json', 'set-cookie': 'session=abc' },
      body: JSON.stringify({ message: 'the-key-secret is odd', apiSecret: 'brand-new' }),
    });
    await runtime
      .call(account, id, 'things.create', { body: { name: 'the-key-secret' } })
      .catch(() => undefined);
    const record = JSON.parse((await lastRow()).wire?.reveal() ?? '') as WireRecord;
    expect(record).toEqual({
      request: {
        method: 'POST',
        url: 'https://api.acme.example/t1/things',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: '[redacted]',
        },
        body: '{"name":"[redacted]"}',
      },
      response: {
        status: 400,
        headers: { 'content-type': 'application/json', 'set-cookie': '[redacted]' },
        body: '{"message":"[redacted] is odd","apiSecret":"[redacted]"}',
      },
    });
  });

  it.each([
    ['none', [false, false]],
    ['errors', [true, false]],
    ['all', [true, true]],
  ] as const)('keeps them of what it is told to: %s', async (callDetail, kept) => {
    const { runtime, vendor, account, id } = await bed({ callDetail });
    vendor.next({ status: 404 });
    await runtime.call(account, id, 'things.list').catch(() => undefined);
    await runtime.call(account, id, 'things.list');
    const rows = (await runtime.calls({ limit: 2 })).sort((a, b) => b.failed - a.failed);
    expect(rows.map(({ wire }) => wire !== null)).toEqual(kept);
  });
});

describe('a runtime that is closed', () => {
  it('has written the rows of all calls that were answered', async () => {
    const writes: string[] = [];
    const real = await memoryStore();
    const store: Store = {
      ...real,
      write: async (changes) => {
        await real.write(changes);
        for (const change of changes)
          if (change.op === 'insert' && change.table === 'call') writes.push(change.row.requestId ?? '');
      },
    };
    const { runtime, account, id } = await bed({ store });
    const calls = ['r1', 'r2', 'r3'].map((requestId) =>
      runtime.call(account, id, 'things.list', {}, { requestId }),
    );
    await Promise.all(calls);
    await runtime.close();
    expect(writes.filter((requestId) => requestId !== '').sort()).toEqual(['r1', 'r2', 'r3']);
  });

  const heldBed = async () => {
    const outcomes: string[] = [];
    const real = await memoryStore();
    const store: Store = {
      ...real,
      write: async (changes) => {
        await real.write(changes);
        for (const change of changes)
          if (change.op === 'insert' && change.table === 'call') outcomes.push(change.row.outcome);
      },
    };
    const vendor = createFakeVendor();
    let breakOff: ((error: Error) => void) | undefined;
    const send: Send = (request, options) =>
      request.url.includes('/things')
        ? new Promise((_, reject) => {
            breakOff = reject;
          })
        : vendor.send(request, options);
    const made = await bed({ store, send });
    const call = made.runtime.call(made.account, made.id, 'things.create', { body: { name: 'x' } });
    const told = expect(call).rejects.toMatchObject({ code: 'transport.cancelled', outcome: 'sent-unknown' });
    await vi.waitFor(() => expect(breakOff).toBeDefined());
    const end = () =>
      breakOff?.(new FishplateError('transport.cancelled', 'cut off', { outcome: 'sent-unknown' }));
    return { ...made, outcomes, told, end };
  };

  it('waits for calls that are under way, so that what was sent leaves its row', async () => {
    const { runtime, outcomes, told, end } = await heldBed();
    const closed = runtime.close();
    await new Promise((resolve) => setImmediate(resolve));
    end();
    await told;
    await closed;
    expect(outcomes).toContain('transport.cancelled');
  });

  it('does not wait for more than five seconds', async () => {
    const { runtime, world, told, end } = await heldBed();
    let isClosed = false;
    const closed = runtime.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    world.advance(4_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    world.advance(1);
    await closed;
    end();
    await told;
  });
});
