/** How every store's values get another key: an opened store and its keys come in, tests are registered. */
import { expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import type { Change, ResealResult, SealedPosition, Store } from '../../src/store/store.ts';
import { consoleValue, insert, token } from './store-rows.ts';

/** What the tests need of an opened store. */
export interface SealingBed {
  readonly store: Store;
  readonly openAnother: () => Promise<Store>;
  /** Puts a fresh key before those that all connections were given, and answers its id. */
  readonly addKey: () => string;
  /** Takes a key away from them. */
  readonly dropKey: (id: string) => void;
  /** Exchanges what two rows hold in one column, behind the store's back. */
  readonly swapColumn: (table: string, column: string, ids: readonly [string, string]) => Promise<void>;
}

/** The whole pass; `between` is done after each batch. */
async function resealAll(
  store: Store,
  limit: number,
  between: (batch: ResealResult) => Promise<void> = async () => undefined,
): Promise<number> {
  let resealed = 0;
  for (let next: SealedPosition | undefined | null; next !== null; ) {
    const batch = await store.sealing.reseal(limit, next);
    resealed += batch.resealed;
    next = batch.next;
    await between(batch);
  }
  return resealed;
}

const counts = async (store: Store) =>
  Object.fromEntries(
    (await store.sealing.usage()).map(({ id, values }) => [
      id,
      Object.values(values).reduce((sum, count) => sum + count, 0),
    ]),
  );
const currentOf = async (store: Store) =>
  (await store.sealing.usage()).find(({ current }) => current)?.id ?? '';
const tokens = (count: number, text = 'token'): Change[] =>
  Array.from({ length: count }, (_, n) => insert('token', token(`i${n}`, `${text} ${n}`)));

export function describeSealing(bed: () => SealingBed): void {
  test('a key that was not given cannot become the current one', async () => {
    const { store } = bed();
    const before = await store.sealing.usage();
    await expect(store.sealing.setCurrent(() => 'nobodys-key')).rejects.toMatchObject({
      code: 'store.sealed-unreadable',
    });
    expect(await store.sealing.usage()).toEqual(before);
  });

  test('the current key, and one that still seals values, are not forgotten; the refusal says how many and where', async () => {
    const { store, addKey } = bed();
    await store.write(tokens(3));
    const old = await currentOf(store);
    await expect(store.sealing.forget(old)).rejects.toMatchObject({ code: 'store.key-in-use' });
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    await expect(store.sealing.forget(old)).rejects.toMatchObject({
      code: 'store.key-in-use',
      message: expect.stringContaining('3 in token.token'),
    });
    expect((await store.get('token', 'i2'))?.token.reveal()).toBe('token 2');
  });

  test('every sealed value is sealed anew with the new key, in batches, and then opens without the old one', async () => {
    const { store, addKey, dropKey, openAnother } = bed();
    const secret = insert('consoleValue', consoleValue({ value: null, secret: new Secret('shared') }));
    await store.write([...tokens(7), secret]);
    const old = await currentOf(store);
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    expect(await counts(store)).toEqual({ [added]: 0, [old]: 8 });
    expect(await resealAll(store, 3)).toBe(8);
    expect(await counts(store)).toEqual({ [added]: 8, [old]: 0 });
    await store.sealing.forget(old);
    dropKey(old);
    const other = await openAnother();
    expect((await other.list('token')).map((row) => row.token.reveal())).toEqual(
      tokens(7).map((_, n) => `token ${n}`),
    );
    expect((await other.get('consoleValue', 'm/key'))?.secret?.reveal()).toBe('shared');
    expect(await counts(other)).toEqual({ [added]: 8 });
    await other.close();
  });

  test('a pass that was cut short is carried on from anywhere, also from the beginning', async () => {
    const { store, addKey } = bed();
    await store.write(tokens(6));
    const old = await currentOf(store);
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    while ((await counts(store))[old] === 6) await resealAll(store, 4);
    expect((await counts(store))[old]).toBe(0);
    expect(await resealAll(store, 4)).toBe(0);
  });

  test('a value that is written between two batches is sealed with the new key and never overwritten', async () => {
    const { store, addKey, openAnother } = bed();
    await store.write(tokens(6));
    const other = await openAnother();
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    let turn = 0;
    await resealAll(store, 2, async () => {
      turn += 1;
      await other.write([{ op: 'upsert', table: 'token', row: token(`i${turn % 6}`, `newer ${turn}`) }]);
      expect((await store.get('token', `i${turn % 6}`))?.token.reveal()).toBe(`newer ${turn}`);
    });
    expect(turn).toBeGreaterThan(2);
    expect((await store.sealing.usage()).filter(({ values }) => Object.keys(values).length > 0)).toHaveLength(
      1,
    );
    await other.close();
  });

  test('another connection that knows only the old key reads what the new one sealed, and seals with it itself', async () => {
    const { store, addKey, openAnother } = bed();
    const other = await openAnother();
    await store.write(tokens(2));
    const old = await currentOf(store);
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    await other.write([insert('token', token('theirs', 'written after'))]);
    expect(await counts(store)).toEqual({ [added]: 1, [old]: 2 });
    await resealAll(store, 10);
    expect((await other.get('token', 'i1'))?.token.reveal()).toBe('token 1');
    await other.close();
  });

  test('after the old key was forgotten and taken away, a connection from before goes on with the new one', async () => {
    const { store, addKey, dropKey, openAnother } = bed();
    const other = await openAnother();
    await other.write(tokens(2));
    const old = await currentOf(store);
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    await resealAll(store, 10);
    await store.sealing.forget(old);
    dropKey(old);
    await other.write([insert('token', token('after', 'text'))]);
    expect(await counts(other)).toEqual({ [added]: 3 });
    await other.close();
  });

  test('a value that no key opens is named and left alone; the others are sealed anew', async () => {
    const { store, addKey, swapColumn } = bed();
    await store.write(tokens(4));
    await swapColumn('token', 'token', ['i1', 'i2']);
    const old = await currentOf(store);
    const added = addKey();
    await store.sealing.setCurrent(() => added);
    const unreadable: string[] = [];
    await resealAll(store, 3, async (batch) => void unreadable.push(...batch.unreadable));
    expect(unreadable).toEqual(['token/i1/token', 'token/i2/token']);
    expect(await counts(store)).toEqual({ [added]: 2, [old]: 2 });
  });

  test('of two who change the key at once, the second sees what the first did', async () => {
    const { store, addKey, openAnother } = bed();
    const other = await openAnother();
    const seen: string[] = [];
    const added: string[] = [];
    const change = (current: string) => {
      seen.push(current);
      const id = addKey();
      added.push(id);
      return id;
    };
    await Promise.all([store.sealing.setCurrent(change), other.sealing.setCurrent(change)]);
    expect(seen[1]).toBe(added[0]);
    expect(await currentOf(store)).toBe(added[1]);
    await other.close();
  });
}
