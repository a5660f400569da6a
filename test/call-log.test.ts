import { describe, expect, it } from 'vitest';
import { createCallLog } from '../src/call-log.ts';
import type { CallRow } from '../src/store/rows.ts';
import type { Change, Store } from '../src/store/store.ts';
import { memoryStore } from './helpers/runtime.ts';
import { createFakeWorld } from './helpers/vendor.ts';

const rowOf = (number: number, over: Partial<CallRow> = {}): CallRow => ({
  id: `c${String(number).padStart(6, '0')}`,
  at: number,
  accountId: 'a',
  installationId: 'i',
  connector: 'acme',
  method: 'things.list',
  outcome: 'ok',
  failed: 0,
  status: 200,
  attempts: 1,
  durationMs: 5,
  requestBytes: 0,
  responseBytes: 10,
  requestId: null,
  detail: {},
  wire: null,
  ...over,
});

/** A store that only notes what is written, and fails where the test says so. */
function createNotebook(fail: (write: number) => boolean = () => false) {
  const writes: string[][] = [];
  let tries = 0;
  const write = async (changes: readonly Change[]) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (fail(++tries)) throw new Error('the disk is full');
    writes.push(changes.map((change) => (change.op === 'insert' ? change.row.id : change.op)));
  };
  const list = async () => [];
  return { store: { write, list } as unknown as Store, writes };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('the call log', () => {
  it('tells of rows that could not be written, and goes on with the next', async () => {
    const errors: string[] = [];
    const { store, writes } = createNotebook((write) => write === 1);
    const log = createCallLog(store, createFakeWorld(), (message) => errors.push(message));
    for (let n = 0; n < 501; n++) log.add(rowOf(n));
    await log.flush();
    expect(errors).toEqual(['500 rows of the call log were lost: Error: the disk is full']);
    expect(writes).toEqual([['c000500']]);
  });

  it('drops the oldest that wait when the store does not keep up, and says once how many', async () => {
    const lost: [string, number][] = [];
    const { store, writes } = createNotebook();
    const log = createCallLog(store, createFakeWorld(), (message, rows) => lost.push([message, rows]));
    for (let n = 0; n < 10_003; n++) log.add(rowOf(n));
    await log.flush();
    expect(lost).toEqual([['3 rows of the call log were dropped: the store does not keep up', 3]]);
    expect(writes.flat()).toHaveLength(10_000);
    expect(writes[0]?.[0]).toBe('c000003');
    expect(writes.at(-1)?.at(-1)).toBe('c010002');
  });

  it('writes rows that come together together, in batches, each once and in order', async () => {
    const { store, writes } = createNotebook();
    const log = createCallLog(store, createFakeWorld(), () => undefined);
    for (let n = 0; n < 1_200; n++) log.add(rowOf(n));
    expect(writes).toEqual([]);
    await log.flush();
    expect(writes.map((batch) => batch.length)).toEqual([500, 500, 200]);
    expect(writes.flat()).toEqual([...writes.flat()].sort());
  });

  it('writes nothing before a fifth of a second has passed, and everything then', async () => {
    const world = createFakeWorld();
    const { store, writes } = createNotebook();
    const log = createCallLog(store, world, () => undefined);
    for (let n = 0; n < 3; n++) log.add(rowOf(n));
    world.advance(199);
    await turns(5);
    expect(writes).toEqual([]);
    world.advance(1);
    await turns(5);
    expect(writes.map((batch) => batch.length)).toEqual([3]);
  });

  it('does not wait for the time when there are enough rows for a write', async () => {
    const { store, writes } = createNotebook();
    const log = createCallLog(store, createFakeWorld(), () => undefined);
    for (let n = 0; n < 700; n++) log.add(rowOf(n));
    await turns(5);
    expect(writes.map((batch) => batch.length)).toEqual([500]);
  });

  it('writes rows without being asked, also those that come while a write is ending', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const written: string[] = [];
      let finish: () => void = () => undefined;
      const write = (changes: readonly Change[]) =>
        new Promise<void>((resolve) => {
          finish = resolve;
          for (const change of changes) if (change.op === 'insert') written.push(change.row.id);
        });
      const world = createFakeWorld();
      const log = createCallLog({ write } as unknown as Store, world, () => undefined);
      log.add(rowOf(0));
      world.advance(200);
      await turns(2);
      finish();
      for (let step = 0; step < steps; step++) await Promise.resolve();
      for (let n = 1; n <= 500; n++) log.add(rowOf(n));
      await turns(2);
      finish();
      await turns(2);
      world.advance(200);
      await turns(2);
      expect(written, `${steps} steps after the write`).toHaveLength(501);
    }
  });

  it('has nothing to do when nothing was added', async () => {
    const { store, writes } = createNotebook();
    await createCallLog(store, createFakeWorld(), () => undefined).flush();
    expect(writes).toEqual([]);
  });

  it('lists the newest first, with what was added just now, by account and installation, in pages', async () => {
    const store = await memoryStore();
    const log = createCallLog(store, createFakeWorld(), () => undefined);
    for (let n = 0; n < 5; n++)
      log.add(rowOf(n, { accountId: n % 2 ? 'b' : 'a', installationId: n === 4 ? 'j' : 'i' }));
    const ats = async (query: Parameters<typeof log.list>[0]) => (await log.list(query)).map(({ at }) => at);
    expect(await ats({})).toEqual([4, 3, 2, 1, 0]);
    expect(await ats({ accountId: 'a' })).toEqual([4, 2, 0]);
    expect(await ats({ accountId: 'a', installationId: 'i' })).toEqual([2, 0]);
    expect(await ats({ installationId: 'nobody' })).toEqual([]);
    expect(await ats({ limit: 2, offset: 1 })).toEqual([3, 2]);
    await store.close();
  });

  it('lists a hundred unless told otherwise', async () => {
    const store = await memoryStore();
    const log = createCallLog(store, createFakeWorld(), () => undefined);
    for (let n = 0; n < 150; n++) log.add(rowOf(n));
    expect(await log.list({})).toHaveLength(100);
    expect(await log.list({ limit: 150 })).toHaveLength(150);
    await store.close();
  });
});
