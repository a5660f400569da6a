/** What every store refuses: an open store comes in, tests are registered. */
import { expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { account, insert, token } from './store-rows.ts';

export function describeRefusals(store: () => Store): void {
  test('an insert of an id that exists is a conflict and leaves the row alone', async () => {
    await store().write([insert('account', account('a1'))]);
    const second = insert('account', account('a1', { name: 'Other' }));
    await expect(store().write([second])).rejects.toMatchObject({ code: 'store.conflict' });
    expect(await store().list('account')).toEqual([account('a1')]);
  });

  test('an update of a row that is not there is stale', async () => {
    const change = { op: 'update', table: 'account', id: 'a1', set: { name: 'New' } } as const;
    await expect(store().write([change])).rejects.toMatchObject({ code: 'store.stale' });
  });

  test.each([
    ['a text', { name: 'Other' }],
    ['null', { parentId: 'a0' }],
    ['a number', { createdAt: 2 }],
    ['one of two', { name: 'Account a1', createdAt: 2 }],
  ])('an update that expects another value than %s is stale', async (_, expected) => {
    await store().write([insert('account', account('a1'))]);
    const change = {
      op: 'update',
      table: 'account',
      id: 'a1',
      set: { name: 'New' },
      expect: expected,
    } as const;
    await expect(store().write([change])).rejects.toMatchObject({ code: 'store.stale' });
    expect(await store().get('account', 'a1')).toEqual(account('a1'));
  });

  test('a stale update undoes the whole write, what comes before it and after it', async () => {
    await store().write([insert('account', account('a1')), insert('account', account('a2'))]);
    const changes: Change[] = [
      insert('account', account('a3')),
      { op: 'upsert', table: 'account', row: account('a1', { name: 'New' }) },
      { op: 'delete', table: 'account', where: { id: 'a2' } },
      { op: 'update', table: 'account', id: 'a1', set: { name: 'Newer' }, expect: { createdAt: 99 } },
      insert('account', account('a4')),
    ];
    await expect(store().write(changes)).rejects.toMatchObject({ code: 'store.stale' });
    expect(await store().list('account')).toEqual([account('a1'), account('a2')]);
  });

  test('a conflict undoes the whole write', async () => {
    await store().write([insert('account', account('a1'))]);
    const changes = [insert('account', account('a0')), insert('account', account('a1'))];
    await expect(store().write(changes)).rejects.toMatchObject({ code: 'store.conflict' });
    expect(await store().count('account')).toBe(1);
  });

  // Each of these is a slip that types forbid; a store must not turn it into SQL, nor into rows that nobody meant.
  const row = account('a1');
  test.each<[string, unknown]>([
    ['an unknown table', { op: 'insert', table: 'sqlite_schema', row }],
    [
      'a column that is no column',
      { op: 'insert', table: 'account', row: { ...row, '"; DROP TABLE account': 1 } },
    ],
    ['a missing column', { op: 'insert', table: 'account', row: { id: 'a1', name: 'x' } }],
    ['a row without id', { op: 'insert', table: 'account', row: { ...row, id: null } }],
    ['a fraction as integer', { op: 'insert', table: 'account', row: { ...row, createdAt: 1.5 } }],
    ['a number too large', { op: 'insert', table: 'account', row: { ...row, createdAt: 2 ** 60 } }],
    ['a number as text', { op: 'insert', table: 'account', row: { ...row, name: 1 } }],
    ['an unsealed secret', { op: 'insert', table: 'token', row: { ...token('i', 'x'), token: 'plain' } }],
    ['a secret as text', { op: 'insert', table: 'account', row: { ...row, name: new Secret('s3cret') } }],
    ['a changed id', { op: 'update', table: 'account', id: 'a0', set: { id: 'a9' } }],
    [
      'an expectation of undefined',
      { op: 'update', table: 'account', id: 'a0', set: {}, expect: { name: undefined } },
    ],
    ['a delete of everything', { op: 'delete', table: 'account', where: {} }],
    ['a delete where undefined', { op: 'delete', table: 'account', where: { parentId: undefined } }],
    ['a delete by a JSON column', { op: 'delete', table: 'account', where: { details: '{}' } }],
    ['an unknown kind of change', { op: 'truncate', table: 'account' }],
  ])('%s is refused as a defect and changes nothing', async (_, change) => {
    await store().write([insert('account', account('a0'))]);
    await expect(store().write([change as Change])).rejects.toMatchObject({ code: 'internal.unexpected' });
    expect(await store().list('account')).toEqual([account('a0')]);
    expect(await store().count('token')).toBe(0);
  });

  test.each<[string, Record<string, unknown>]>([
    ['by an unknown column', { where: { 'id" OR 1 --': 'x' } }],
    ['by undefined', { where: { id: undefined } }],
    ['by a sealed column', { where: { token: 'x' } }],
    ['in the order of an unknown column', { orderBy: '1; DROP TABLE token' }],
    ['below a text', { below: { column: 'expiresAt', value: '9' } }],
    ['with a negative limit', { limit: -1 }],
    ['with half an offset', { offset: 0.5 }],
  ])('a list %s is refused as a defect', async (_, query) => {
    await expect(store().list('token', query)).rejects.toMatchObject({ code: 'internal.unexpected' });
  });

  test('a closed store says that it is closed', async () => {
    await store().close();
    await expect(store().get('account', 'a1')).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(store().write([insert('account', account('a1'))])).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    await store().close();
  });
}
