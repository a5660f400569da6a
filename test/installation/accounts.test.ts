import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Accounts, createAccounts } from '../../src/installation/accounts.ts';
import { Secret } from '../../src/secret.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/vendor.ts';

let store: Store;
let world: FakeWorld;
let accounts: Accounts;

beforeEach(async () => {
  store = await memoryStore();
  world = createFakeWorld();
  accounts = createAccounts(store, world);
  onTestFinished(() => store.close());
});

describe('an account', () => {
  it.each(['', ' ', '.hidden', '-x', 'a b', 'a/b', '../a', 'a\nb', 'é', 'x'.repeat(101)])(
    'cannot have the id %j',
    async (id) => {
      await expect(accounts.create({ id, name: 'A' })).rejects.toMatchObject({
        code: 'input.invalid',
        problems: [{ path: 'Id' }],
      });
      expect(await store.count('account')).toBe(0);
    },
  );

  it.each(['', '   ', 'x'.repeat(201), 'A\nB', '\u001b[2J'])('cannot be called %j', async (name) => {
    const wrong = { code: 'input.invalid', problems: [{ path: 'Name' }] };
    await expect(accounts.create({ name })).rejects.toMatchObject(wrong);
    await accounts.create({ id: 'a', name: 'A' });
    await expect(accounts.update('a', { name })).rejects.toMatchObject(wrong);
    expect((await accounts.get('a')).name).toBe('A');
  });

  it('is not made twice, and the first stays as it was', async () => {
    await accounts.create({ id: 'a', name: 'First' });
    await expect(accounts.create({ id: 'a', name: 'Second' })).rejects.toMatchObject({
      code: 'account.exists',
    });
    expect((await accounts.get('a')).name).toBe('First');
  });

  it.each(['nobody', '', '__proto__', "' or 1=1 --"])('"%s" is unknown', async (id) => {
    const unknown = { code: 'account.unknown' };
    await expect(accounts.get(id)).rejects.toMatchObject(unknown);
    await expect(accounts.update(id, { name: 'x' })).rejects.toMatchObject(unknown);
    await expect(accounts.delete(id)).rejects.toMatchObject(unknown);
    await expect(accounts.create({ name: 'x', parentId: id })).rejects.toMatchObject(unknown);
  });

  it('cannot be below itself, at whatever depth', async () => {
    await accounts.create({ id: 'a', name: 'A' });
    await accounts.create({ id: 'b', name: 'B', parentId: 'a' });
    await accounts.create({ id: 'c', name: 'C', parentId: 'b' });
    for (const parentId of ['a', 'b', 'c'])
      await expect(accounts.update('a', { parentId })).rejects.toMatchObject({
        code: 'input.invalid',
        problems: [{ path: 'ParentAccountId' }],
      });
    await expect(accounts.create({ id: 'd', name: 'D', parentId: 'd' })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    expect((await accounts.get('a')).parentId).toBeNull();
  });

  it('may move, and stand on its own again', async () => {
    await accounts.create({ id: 'a', name: 'A' });
    await accounts.create({ id: 'b', name: 'B' });
    expect(await accounts.update('b', { parentId: 'a' })).toMatchObject({ parentId: 'a', name: 'B' });
    expect(await accounts.list({ parentId: 'a' })).toMatchObject([{ id: 'b' }]);
    expect(await accounts.update('b', { parentId: null })).toMatchObject({ parentId: null });
    expect(await accounts.list({ parentId: 'a' })).toEqual([]);
  });

  it('is given an id when it brings none, and keeps its details', async () => {
    const row = await accounts.create({ name: 'A', details: { Timezone: 'Europe/Paris' } });
    expect(row).toMatchObject({
      id: expect.stringMatching(/^0{8}-/),
      parentId: null,
      createdAt: world.now(),
    });
    expect(await accounts.get(row.id)).toEqual(row);
    expect(await accounts.update(row.id, { details: { Timezone: 'UTC' } })).toEqual({
      ...row,
      details: { Timezone: 'UTC' },
    });
    expect(await accounts.update(row.id, {})).toEqual(await accounts.get(row.id));
  });

  it('is listed in the order asked for, in pages', async () => {
    for (const [id, name] of [
      ['b', 'X'],
      ['a', 'Z'],
      ['c', 'Y'],
    ] as const) {
      await accounts.create({ id, name });
      world.advance(1);
    }
    const ids = async (query: Parameters<Accounts['list']>[0]) =>
      (await accounts.list(query)).map(({ id }) => id);
    expect(await ids({})).toEqual(['b', 'a', 'c']);
    expect(await ids({ orderBy: 'name' })).toEqual(['b', 'c', 'a']);
    expect(await ids({ orderBy: 'id', descending: true })).toEqual(['c', 'b', 'a']);
    expect(await ids({ limit: 1, offset: 1 })).toEqual(['a']);
  });

  it('that goes takes its installations, their values and tokens along, and nothing of others', async () => {
    await accounts.create({ id: 'a', name: 'A' });
    await accounts.create({ id: 'b', name: 'B' });
    await store.write(['a', 'b'].flatMap(belongingsOf));
    await accounts.delete('a');
    const left = await Promise.all([
      store.list('account'),
      store.list('installation'),
      store.list('installationValue'),
      store.list('token'),
      store.list('accessToken'),
    ]);
    expect(left.map((rows) => rows.map(({ id }) => id))).toEqual([
      ['b'],
      ['b-inst'],
      ['b-inst/tenant'],
      ['b-inst'],
      ['b-access'],
    ]);
  });
});

function belongingsOf(accountId: string): Change[] {
  const id = `${accountId}-inst`;
  return [
    {
      op: 'insert',
      table: 'installation',
      row: {
        ...{
          id,
          accountId,
          connector: 'acme',
          version: '1.0.0',
          name: 'Acme',
          description: '',
          authId: 'key',
        },
        ...{ state: 'active', stateReason: null, identity: null, testedAt: null },
        ...{ createdAt: 0, updatedAt: 0, revision: 1 },
      },
    },
    {
      op: 'insert',
      table: 'installationValue',
      row: {
        id: `${id}/tenant`,
        installationId: id,
        setting: 'tenant',
        value: 't',
        secret: null,
        updatedAt: 0,
      },
    },
    {
      op: 'insert',
      table: 'token',
      row: { id, fingerprint: 'f', token: new Secret(id), obtainedAt: 0, expiresAt: 1 },
    },
    {
      op: 'insert',
      table: 'accessToken',
      row: {
        id: `${accountId}-access`,
        accessKeyId: 'k',
        serviceUserId: 's',
        accountId,
        createdAt: 0,
        expiresAt: 1,
      },
    },
  ];
}
