/** What every store does with changes: an open store comes in, tests are registered. */
import { expect, test } from 'vitest';
import type { Change, Store } from '../../src/store/store.ts';
import { account, countUp, insert } from './store-rows.ts';

export function describeWrites(store: () => Store): void {
  test('an empty write does nothing', async () => {
    await store().write([]);
    expect(await store().count('account')).toBe(0);
  });

  test('an update changes the named columns only, when the row is as expected', async () => {
    await store().write([insert('account', account('a1'))]);
    const expected = { name: 'Account a1', parentId: null, createdAt: 1 };
    await store().write([
      {
        op: 'update',
        table: 'account',
        id: 'a1',
        set: { parentId: 'a0', details: { Note: 'x' } },
        expect: expected,
      },
    ]);
    expect(await store().get('account', 'a1')).toEqual(
      account('a1', { parentId: 'a0', details: { Note: 'x' } }),
    );
  });

  test('an update that sets nothing only makes sure that the row is as expected', async () => {
    await store().write([insert('account', account('a1'))]);
    const check = (createdAt: number): Change[] => [
      { op: 'update', table: 'account', id: 'a1', set: {}, expect: { createdAt } },
      insert('account', account(`after-${createdAt}`)),
    ];
    await store().write(check(1));
    await expect(store().write(check(2))).rejects.toMatchObject({ code: 'store.stale' });
    expect(await store().list('account')).toEqual([account('a1'), account('after-1')]);
  });

  test('an upsert makes the row, and replaces all of it the second time', async () => {
    await store().write([{ op: 'upsert', table: 'account', row: account('a1', { parentId: 'a0' }) }]);
    await store().write([{ op: 'upsert', table: 'account', row: account('a1', { name: 'New' }) }]);
    expect(await store().list('account')).toEqual([account('a1', { name: 'New' })]);
  });

  test('a delete takes the rows that match, and is content with none', async () => {
    const rows = [account('a1', { parentId: 'p' }), account('a2', { parentId: 'p' }), account('a3')];
    await store().write(rows.map((row) => insert('account', row)));
    await store().write([{ op: 'delete', table: 'account', where: { parentId: 'p' } }]);
    await store().write([{ op: 'delete', table: 'account', where: { parentId: 'p' } }]);
    expect(await store().list('account')).toEqual([account('a3')]);
  });

  test('a delete where null takes the rows that have none', async () => {
    await store().write([
      insert('account', account('a1')),
      insert('account', account('a2', { parentId: 'p' })),
    ]);
    await store().write([{ op: 'delete', table: 'account', where: { parentId: null } }]);
    expect((await store().list('account')).map((row) => row.id)).toEqual(['a2']);
  });

  test('a delete below a value takes what is smaller, not what is equal', async () => {
    const rows = [1, 2, 3].map((createdAt) => account(`a${createdAt}`, { createdAt }));
    await store().write(rows.map((row) => insert('account', row)));
    await store().write([
      { op: 'delete', table: 'account', where: {}, below: { column: 'createdAt', value: 2 } },
    ]);
    expect((await store().list('account')).map((row) => row.id)).toEqual(['a2', 'a3']);
  });

  test('the changes of one write see each other', async () => {
    await store().write([
      insert('account', account('a1')),
      { op: 'update', table: 'account', id: 'a1', set: { name: 'New' }, expect: { name: 'Account a1' } },
    ]);
    expect((await store().get('account', 'a1'))?.name).toBe('New');
  });

  test('of writers at the same time each notices what the others did', async () => {
    await store().write([insert('counter', { id: 'c', value: 0 })]);
    await Promise.all([1, 2, 3, 4].map(() => countUp(store(), 25)));
    expect(await store().get('counter', 'c')).toEqual({ id: 'c', value: 100 });
  });
}
