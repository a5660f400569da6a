/** What every store finds and gives back: an open store comes in, tests are registered. */
import { beforeEach, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import type { Store } from '../../src/store/store.ts';
import { accessKey, account, consoleValue, insert, token } from './store-rows.ts';

export function describeQueries(store: () => Store): void {
  const rows = [
    account('a1', { parentId: 'p', createdAt: 30 }),
    account('a2', { parentId: 'p', createdAt: 10 }),
    account('a3', { createdAt: 20 }),
    account('a4', { createdAt: 20 }),
    account('Z9', { parentId: 'q', createdAt: 40 }),
  ];
  beforeEach(() => store().write(rows.map((row) => insert('account', row))));
  const ids = async (query: Parameters<typeof list>[0]) => (await list(query)).map((row) => row.id);
  const list = (query: Parameters<Store['list']>[1]) => store().list('account', query as object);

  test('a row that is not there is undefined', async () => {
    expect(await store().get('account', 'nobody')).toBeUndefined();
    expect(await store().get('account', 'A1')).toBeUndefined();
  });

  test.each<[string, object, string[]]>([
    ['everything, by id and code point', {}, ['Z9', 'a1', 'a2', 'a3', 'a4']],
    ['by id, turned round', { descending: true }, ['a4', 'a3', 'a2', 'a1', 'Z9']],
    ['in the order of a number, then of the id', { orderBy: 'createdAt' }, ['a2', 'a3', 'a4', 'a1', 'Z9']],
    ['turned round, ids too', { orderBy: 'createdAt', descending: true }, ['Z9', 'a1', 'a4', 'a3', 'a2']],
    ['null first', { orderBy: 'parentId' }, ['a3', 'a4', 'a1', 'a2', 'Z9']],
    [
      'null last when turned round',
      { orderBy: 'parentId', descending: true },
      ['Z9', 'a2', 'a1', 'a4', 'a3'],
    ],
    ['where a text is equal', { where: { parentId: 'p' } }, ['a1', 'a2']],
    ['where null', { where: { parentId: null } }, ['a3', 'a4']],
    ['where two columns are equal', { where: { parentId: 'p', createdAt: 10 } }, ['a2']],
    ['where nothing is equal', { where: { parentId: 'P' } }, []],
    ['below a number', { below: { column: 'createdAt', value: 20 } }, ['a2']],
    ['from a number on', { atLeast: { column: 'createdAt', value: 20 } }, ['Z9', 'a1', 'a3', 'a4']],
    [
      'between two numbers',
      { atLeast: { column: 'createdAt', value: 20 }, below: { column: 'createdAt', value: 31 } },
      ['a1', 'a3', 'a4'],
    ],
    [
      'where and below',
      { where: { parentId: null }, below: { column: 'createdAt', value: 21 } },
      ['a3', 'a4'],
    ],
    ['the first two', { orderBy: 'createdAt', limit: 2 }, ['a2', 'a3']],
    ['the next two', { orderBy: 'createdAt', limit: 2, offset: 2 }, ['a4', 'a1']],
    ['all but the first', { offset: 1 }, ['a1', 'a2', 'a3', 'a4']],
    ['none', { limit: 0 }, []],
    ['past the end', { offset: 9 }, []],
  ])('a list has %s', async (_, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('a row without the number is below no number, and above none', async () => {
    await store().write([
      insert('accessKey', accessKey('k1', null)),
      insert('accessKey', accessKey('k2', 5)),
    ]);
    const found = await store().list('accessKey', { below: { column: 'lastUsedAt', value: 10 } });
    expect(found.map((row) => row.id)).toEqual(['k2']);
    const from = await store().list('accessKey', { atLeast: { column: 'lastUsedAt', value: 0 } });
    expect(from.map((row) => row.id)).toEqual(['k2']);
  });

  test('a count counts all rows, or those that match', async () => {
    expect(await store().count('account')).toBe(5);
    expect(await store().count('account', { parentId: 'p' })).toBe(2);
    expect(await store().count('account', { parentId: null })).toBe(2);
    expect(await store().count('account', { parentId: 'nobody' })).toBe(0);
    expect(await store().count('account', {}, { column: 'createdAt', value: 20 })).toBe(1);
    expect(await store().count('account', { parentId: 'p' }, { column: 'createdAt', value: 31 })).toBe(2);
  });

  test('a value is a value, whatever it spells', async () => {
    const row = account(`'"; DROP TABLE account; --`, { name: '%_*?\u0000' });
    await store().write([insert('account', row)]);
    expect(await store().get('account', row.id)).toEqual(row);
    expect(await store().list('account', { where: { name: row.name } })).toEqual([row]);
    expect(await store().list('account', { where: { name: '%' } })).toEqual([]);
  });
}

export function describeValues(store: () => Store): void {
  test('a sealed column comes back as a Secret', async () => {
    await store().write([insert('token', token('i1', 'Grüße'))]);
    const [found] = await store().list('token');
    expect(found?.token).toBeInstanceOf(Secret);
    expect(found?.token.reveal()).toBe('Grüße');
    expect(JSON.stringify(found)).not.toContain('Grüße');
  });

  test('a sealed column can be updated, and may be null', async () => {
    await store().write([insert('consoleValue', consoleValue({ value: 'plain', secret: null }))]);
    expect(await store().get('consoleValue', 'm/key')).toEqual(
      consoleValue({ value: 'plain', secret: null }),
    );
    const set = { value: null, secret: new Secret('s3cret') };
    await store().write([{ op: 'update', table: 'consoleValue', id: 'm/key', set }]);
    const found = await store().get('consoleValue', 'm/key');
    expect([found?.value, found?.secret?.reveal()]).toEqual([null, 's3cret']);
  });

  test('JSON comes back equal, with null, empty things and keys that mean something to JavaScript', async () => {
    const details = JSON.parse(
      '{"__proto__": {"x": 1}, "none": null, "list": [1, "ä", {}], "": -0.5, "no": false}',
    );
    await store().write([insert('account', account('a1', { details }))]);
    expect((await store().get('account', 'a1'))?.details).toEqual(details);
  });

  test('a Secret within JSON is kept as redacted, never as its text', async () => {
    const details = { leaked: new Secret('s3cret') };
    await store().write([insert('account', account('a1', { details }))]);
    expect((await store().get('account', 'a1'))?.details).toEqual({ leaked: '[redacted]' });
  });

  test('the largest whole number comes back exact', async () => {
    const row = account('a1', { createdAt: Number.MAX_SAFE_INTEGER });
    await store().write([insert('account', row)]);
    expect(await store().get('account', 'a1')).toEqual(row);
  });

  test('what is changed on a returned row does not reach the store', async () => {
    await store().write([insert('account', account('a1'))]);
    const row = await store().get('account', 'a1');
    if (row !== undefined) row.name = 'changed';
    expect((await store().get('account', 'a1'))?.name).toBe('Account a1');
  });
}
