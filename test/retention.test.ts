import { describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '../src/observer.ts';
import { createRetention, type RetentionLimits } from '../src/retention.ts';
import { Secret } from '../src/secret.ts';
import type { CallRow } from '../src/store/rows.ts';
import type { Change, Store } from '../src/store/store.ts';
import { memoryStore } from './helpers/runtime.ts';
import { createSteppedWorld } from './helpers/stepped-world.ts';

const DAY = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');

const callAt = (id: string, at: number): CallRow => ({
  ...{ id, at, accountId: 'a', installationId: 'i', connector: 'acme', method: 'things.list' },
  ...{ outcome: 'ok', failed: 0, status: 200, attempts: 1, durationMs: 5, requestBytes: 0, responseBytes: 0 },
  ...{ requestId: null, detail: {}, wire: null },
});
const insertCall = (row: CallRow): Change => ({ op: 'insert', table: 'call', row });

async function bed(limits: RetentionLimits = {}, change: (store: Store) => Store = (store) => store) {
  const world = createSteppedWorld(start);
  const store = await memoryStore();
  const events: RuntimeEvent[] = [];
  const observer = { event: (event: RuntimeEvent) => void events.push(event), startSpan: () => undefined };
  const retention = createRetention({ store: change(store), world, limits, observer });
  const ids = async (table: 'call' | 'audit' | 'keyedCall' | 'link' | 'heldCredentials') =>
    (await store.list(table)).map(({ id }) => id);
  return { world, store, events, retention, ids };
}

describe('what is kept', () => {
  it('is everything until a minute has passed, and nothing is looked at once it is stopped', async () => {
    const { world, store, retention, ids } = await bed();
    await store.write([insertCall(callAt('old', start - 31 * DAY))]);
    await world.advance(59_000);
    expect(await ids('call')).toEqual(['old']);
    await retention.stop();
    await world.advance(DAY);
    await retention.sweep();
    expect(await ids('call')).toEqual(['old']);
  });

  it('is the call log of thirty days, and the audit for ever', async () => {
    const { world, store, events, ids } = await bed();
    const audit = { actor: 'x', action: 'y.z', target: 't', accountId: null, detail: {} };
    await store.write([
      insertCall(callAt('old', start - 30 * DAY)),
      insertCall(callAt('new', start - 30 * DAY + 120_000)),
      { op: 'insert', table: 'audit', row: { id: 'a1', at: 1, ...audit } },
    ]);
    await world.advance(61_000);
    expect(await ids('call')).toEqual(['new']);
    expect(await ids('audit')).toEqual(['a1']);
    expect(events).toEqual([{ type: 'rows-deleted', table: 'call', rows: 1 }]);
    await world.advance(601_000);
    expect(await ids('call')).toEqual([]);
  });

  it('is as long as somebody says', async () => {
    const { store, retention, ids } = await bed({ callDays: 2, auditDays: 3 });
    const audit = { actor: 'x', action: 'y.z', target: 't', accountId: null, detail: {} };
    await store.write([
      insertCall(callAt('c1', start - 2 * DAY - 1)),
      insertCall(callAt('c2', start - 2 * DAY)),
      { op: 'insert', table: 'audit', row: { id: 'a1', at: start - 3 * DAY - 1, ...audit } },
      { op: 'insert', table: 'audit', row: { id: 'a2', at: start - 3 * DAY, ...audit } },
    ]);
    await retention.sweep();
    expect(await ids('call')).toEqual(['c2']);
    expect(await ids('audit')).toEqual(['a2']);
  });

  it('is at most so many calls, the newest', async () => {
    const { store, retention, ids } = await bed({ callRows: 3 });
    const rows = [5, 1, 4, 2, 3].map((n) => insertCall(callAt(`c${n}`, start - 100 + n)));
    await store.write(rows);
    await retention.sweep();
    expect(await ids('call')).toEqual(['c3', 'c4', 'c5']);
  });

  it('shrinks by no more than five hundred rows a write, with pauses between them', async () => {
    const sizes: number[] = [];
    const counting = (store: Store): Store => ({
      ...store,
      write: async (changes) => {
        const before = await store.count('call');
        await store.write(changes);
        sizes.push(before - (await store.count('call')));
      },
    });
    const { world, store, events, ids } = await bed({}, counting);
    const rows = Array.from({ length: 1_201 }, (_, n) => insertCall(callAt(`c${n}`, start - 40 * DAY + n)));
    await store.write(rows);
    await world.advance(60_000);
    expect(sizes).toEqual([500]);
    await world.advance(1_000);
    expect(sizes).toEqual([500, 500, 201]);
    expect(await ids('call')).toEqual([]);
    expect(events).toEqual([{ type: 'rows-deleted', table: 'call', rows: 1_201 }]);
  });

  it('is no keyed call, no held credentials and no link that are long past their time', async () => {
    const { store, retention, ids } = await bed();
    const keyed = {
      ...{ accountId: 'a', installationId: 'i', fingerprint: 'f', owner: 'o' },
      ...{ state: 'done' as const, heldUntil: 0, answer: null, createdAt: 0 },
    };
    const held = { owner: 'i', kind: 'fallback', values: new Secret('{}'), createdAt: 0 } as const;
    const link = {
      ...{ kind: 'setup' as const, accountId: 'a', target: {}, createdBy: 'x', createdAt: 0, usedAt: null },
    };
    await store.write([
      { op: 'insert', table: 'keyedCall', row: { id: 'k1', expiresAt: start - 1, ...keyed } },
      { op: 'insert', table: 'keyedCall', row: { id: 'k2', expiresAt: start + 1, ...keyed } },
      { op: 'insert', table: 'heldCredentials', row: { id: 'h1', purgeAt: start, ...held } },
      { op: 'insert', table: 'heldCredentials', row: { id: 'h2', purgeAt: start + 1, ...held } },
      { op: 'insert', table: 'link', row: { id: 'l1', expiresAt: start - 8 * DAY, ...link } },
      { op: 'insert', table: 'link', row: { id: 'l2', expiresAt: start - 6 * DAY, ...link } },
    ]);
    await retention.sweep();
    expect([await ids('keyedCall'), await ids('heldCredentials'), await ids('link')]).toEqual([
      ['k2'],
      ['h2'],
      ['l2'],
    ]);
  });

  it('is told of when it cannot be deleted, and tried again', async () => {
    let broken = true;
    const breaking = (store: Store): Store => ({
      ...store,
      write: (changes) => (broken ? Promise.reject(new Error('the disk is full')) : store.write(changes)),
    });
    const { world, store, events, ids } = await bed({}, breaking);
    await store.write([insertCall(callAt('old', start - 31 * DAY))]);
    await world.advance(61_000);
    expect(events).toEqual([
      { type: 'trouble', message: 'old rows were not deleted: Error: the disk is full' },
    ]);
    broken = false;
    await world.advance(601_000);
    expect(await ids('call')).toEqual([]);
  });
});
