import { inspect } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { createLibrary } from '../../src/definition/library.ts';
import { createAccounts } from '../../src/installation/accounts.ts';
import { createInstallations, type Installations } from '../../src/installation/installations.ts';
import { Secret } from '../../src/secret.ts';
import type { Store } from '../../src/store/store.ts';
import { accountValues, compileAcme } from '../helpers/acme.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/vendor.ts';

const acme = await compileAcme(() => undefined);
const draft = await compileAcme(({ connector }) =>
  Object.assign(connector, { version: '2.0.0', status: 'draft' }),
);

let store: Store;
let world: FakeWorld;
let installations: Installations;

const open = (...connectors: Connector[]) => createInstallations(store, createLibrary(connectors), world);

beforeEach(async () => {
  store = await memoryStore();
  world = createFakeWorld();
  installations = open(acme, draft);
  const accounts = createAccounts(store, world);
  for (const id of ['a', 'b']) await accounts.create({ id, name: id });
  onTestFinished(() => store.close());
});

const install = (values: Record<string, string> = accountValues, accountId = 'a') =>
  installations.create(accountId, acme, { values });
const sourcesOf = async (id: string, accountId = 'a') => {
  const { resolution } = await installations.load(accountId, id);
  return Object.fromEntries(Object.entries(resolution.values).map(([key, { source }]) => [key, source]));
};
const everything = async () =>
  inspect(
    await Promise.all([
      store.list('installation'),
      store.list('installationValue'),
      store.list('consoleValue'),
      store.list('token'),
    ]),
    { depth: 9 },
  );

describe('an installation', () => {
  it('cannot be made of a draft', async () => {
    await expect(installations.create('a', draft, {})).rejects.toMatchObject({ code: 'connector.not-live' });
    expect(await store.count('installation')).toBe(0);
  });

  it('cannot be made in an account that is gone, so that no later account of its id finds it', async () => {
    await createAccounts(store, world).delete('b');
    await expect(install(accountValues, 'b')).rejects.toMatchObject({ code: 'account.unknown' });
    expect(await store.count('installation')).toBe(0);
    expect(await store.count('installationValue')).toBe(0);
  });

  it("takes no value whose row was made another one's in the database", async () => {
    const { row: from } = await install();
    const { row: to } = await install({ tenant: 't3' }, 'b');
    const id = `${from.id}/keySecret`;
    await store.write([{ op: 'update', table: 'installationValue', id, set: { installationId: to.id } }]);
    await expect(installations.load('b', to.id)).rejects.toMatchObject({ code: 'store.sealed-unreadable' });
  });

  it('can be removed although its release is no longer among the connectors', async () => {
    const { row } = await install();
    await open(draft).remove('a', row.id);
    expect(await store.count('installation')).toBe(0);
  });

  it('cannot be made with an auth method that the connector lacks', async () => {
    await expect(installations.create('a', acme, { authId: 'magic' })).rejects.toMatchObject({
      code: 'input.invalid',
      hint: 'There are: key.',
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown setting', { ...accountValues, tennant: 'x' }, 'settings.unknown'],
    ['a console setting', { ...accountValues, baseUrl: 'https://evil.example' }, 'settings.wrong-level'],
    ['a broken value', { ...accountValues, keySecret: 'a\r\nX-Admin: 1' }, 'settings.invalid'],
  ])('is not made at all with %s', async (_, values, code) => {
    await expect(install(values)).rejects.toMatchObject({ code });
    expect(await store.count('installation')).toBe(0);
    expect(await store.count('installationValue')).toBe(0);
  });

  it('of another account is as unknown as one that never was', async () => {
    const { row } = await install();
    for (const [account, id] of [
      ['b', row.id],
      ['a', 'nothing'],
      ['', row.id],
      ['a', '__proto__'],
    ] as const) {
      const unknown = {
        code: 'installation.unknown',
        message: `account "${account}" has no installation "${id}"`,
      };
      await expect(installations.load(account, id)).rejects.toMatchObject(unknown);
      await expect(installations.change(account, id, { name: 'x' })).rejects.toMatchObject(unknown);
      await expect(installations.deauthenticate(account, id)).rejects.toMatchObject(unknown);
      await expect(installations.remove(account, id)).rejects.toMatchObject(unknown);
    }
    expect((await installations.load('a', row.id)).row.name).toBe('Acme');
    expect(await installations.list('b')).toEqual([]);
  });

  it('begins unproven, whatever it was given', async () => {
    const { row, resolution } = await install();
    expect(row).toMatchObject({
      state: 'setup-required',
      identity: null,
      testedAt: null,
      revision: 1,
      authId: 'key',
    });
    expect(resolution.missing).toEqual([]);
  });

  it('knows what it still lacks', async () => {
    const loaded = await install({ keyId: 'k' });
    expect(loaded.resolution.missing.map(({ key }) => key)).toEqual(['keySecret', 'tenant']);
    expect(installations.view(loaded).missing.map(({ key }) => key)).toEqual(['keySecret', 'tenant']);
  });

  it('takes secrets as texts or wrapped', async () => {
    const { row } = await installations.create('a', acme, {
      values: { keySecret: new Secret('wrapped-one') },
    });
    const { resolution } = await installations.load('a', row.id);
    const value = resolution.values.keySecret?.value;
    expect(value instanceof Secret && value.reveal()).toBe('wrapped-one');
  });

  it('goes with its values and its token', async () => {
    const { row } = await install();
    await keepToken(row.id);
    await installations.remove('a', row.id);
    expect(await everything()).toBe('[ [], [], [], [] ]');
  });
});

const keepToken = (id: string) =>
  store.write([
    {
      op: 'upsert',
      table: 'token',
      row: { id, fingerprint: 'f', token: new Secret('the-token'), obtainedAt: 0, expiresAt: 1 },
    },
  ]);

describe('a change', () => {
  it('that was overtaken by another one is refused, and nothing of it is kept', async () => {
    const { row } = await install();
    await installations.setState(row, { state: 'active' });
    await expect(installations.setState(row, { state: 'failing' })).rejects.toMatchObject({
      code: 'installation.changed',
    });
    expect((await installations.load('a', row.id)).row.state).toBe('active');
  });

  it('of one that is gone is refused too', async () => {
    const { row } = await install();
    await installations.remove('a', row.id);
    await expect(installations.setState(row, { state: 'active' })).rejects.toMatchObject({
      code: 'installation.changed',
    });
  });

  it('with one wrong value changes nothing', async () => {
    const { row } = await install();
    const change = { name: 'New', values: { tenant: 't2', region: 'NOT A REGION' } };
    await expect(installations.change('a', row.id, change)).rejects.toMatchObject({
      code: 'settings.invalid',
    });
    const { row: after, resolution } = await installations.load('a', row.id);
    expect([after.name, resolution.values.tenant?.value]).toEqual(['Acme', 't1']);
  });

  it('replaces some values, takes others away, and counts', async () => {
    const { row } = await install();
    world.advance(5);
    const values = { tenant: 't2', keySecret: null };
    const { row: after, resolution } = await installations.change('a', row.id, {
      description: 'Ours',
      values,
    });
    expect(after).toMatchObject({ name: 'Acme', description: 'Ours', revision: 2, updatedAt: world.now() });
    expect(resolution.values.tenant?.value).toBe('t2');
    expect(resolution.missing.map(({ key }) => key)).toEqual(['keySecret']);
  });
});

describe('values for one call', () => {
  it.each([
    ['nonsense', 'settings.unknown'],
    ['tenant', 'settings.wrong-level'],
    ['keySecret', 'settings.wrong-level'],
    ['baseUrl', 'settings.wrong-level'],
  ])('are not passed over in silence when a call may not give them: %s', async (key, code) => {
    const { row } = await install();
    await expect(installations.load('a', row.id, { [key]: 'x' })).rejects.toMatchObject({ code });
  });

  it('keep to the rules of their settings', async () => {
    const { row } = await install();
    await expect(installations.load('a', row.id, { style: 'tabs' })).rejects.toMatchObject({
      code: 'settings.invalid',
    });
  });

  it('count for that call alone', async () => {
    const { row } = await install();
    const { resolution } = await installations.load('a', row.id, { style: 'repeat' });
    expect(resolution.values.style).toMatchObject({ value: 'repeat', source: 'call' });
    expect((await sourcesOf(row.id)).style).toBe('default');
  });
});

describe('the console', () => {
  it('cannot set what belongs to the account', async () => {
    await expect(installations.setConsole(acme, { tenant: 'x' })).rejects.toMatchObject({
      code: 'settings.wrong-level',
    });
    expect(await store.count('consoleValue')).toBe(0);
  });

  it('is ready once it has what it may give, and says which values it has', async () => {
    const before = await installations.consoleSetup(acme);
    expect(before).toMatchObject({ state: 'setup-required', dependents: [] });
    expect(before.settings.map(({ setting, set }) => `${setting.key} ${set}`)).toEqual([
      'keyId false',
      'keySecret false',
      'style false',
      'baseUrl false',
    ]);
    await installations.setConsole(acme, { keyId: 'shared', keySecret: 'shared-secret' });
    const after = await installations.consoleSetup(acme);
    expect(after.state).toBe('ready');
    expect(after.settings[0]).toMatchObject({
      set: true,
      value: 'shared',
      source: 'console',
      updatedAt: world.now(),
    });
    expect(after.settings[1]).not.toHaveProperty('value');
    expect(inspect(after, { depth: 9 })).not.toContain('shared-secret');
  });

  it('gives its values to every account that has none of its own, and names those that depend on them', async () => {
    const own = await install();
    const shared = await install({ tenant: 't2' });
    const foreign = await install({ tenant: 't3' }, 'b');
    const dependents = await installations.setConsole(acme, { keyId: 'k', keySecret: 's-e-c-r-e-t' });
    expect([...dependents].sort()).toEqual([shared.row.id, foreign.row.id].sort());
    expect(await sourcesOf(shared.row.id)).toMatchObject({
      keyId: 'console',
      keySecret: 'console',
      tenant: 'account',
    });
    expect(await sourcesOf(foreign.row.id, 'b')).toMatchObject({ keyId: 'console' });
    expect(await sourcesOf(own.row.id)).toMatchObject({ keyId: 'account', keySecret: 'account' });
    expect((await installations.consoleSetup(acme)).dependents).toHaveLength(2);
  });

  it('names those that depended on a value that it takes away', async () => {
    await installations.setConsole(acme, { keyId: 'k', keySecret: 's-e-c-r-e-t' });
    const { row } = await install({ tenant: 't2' });
    expect(await installations.setConsole(acme, { keySecret: null })).toEqual([row.id]);
    expect((await installations.load('a', row.id)).resolution.missing.map(({ key }) => key)).toEqual([
      'keySecret',
    ]);
  });

  it('never has its key mixed with an account secret', async () => {
    await installations.setConsole(acme, { keyId: 'k', keySecret: 's-e-c-r-e-t' });
    const { row, resolution } = await install({ tenant: 't2', keyId: 'own' });
    expect(resolution.missing.map(({ key }) => key)).toEqual(['keySecret']);
    expect(await sourcesOf(row.id)).not.toHaveProperty('keySecret');
  });
});

describe('de-authentication', () => {
  it('forgets the secrets of the account, what belongs to them, and the token - and keeps the rest', async () => {
    const { row } = await install();
    await keepToken(row.id);
    const proven = await installations.setState(row, { state: 'active', identity: { name: 'robot' } });
    const { row: after, resolution } = await installations.deauthenticate('a', row.id);
    expect(after).toMatchObject({ state: 'de-authenticated', identity: null, revision: proven.revision + 1 });
    expect(resolution.missing.map(({ key }) => key)).toEqual(['keyId', 'keySecret']);
    expect(resolution.values.tenant?.value).toBe('t1');
    expect(await store.count('token')).toBe(0);
  });

  it('leaves what the console gave to everybody', async () => {
    await installations.setConsole(acme, { keyId: 'k', keySecret: 's-e-c-r-e-t' });
    const { row } = await install({ tenant: 't2' });
    await installations.deauthenticate('a', row.id);
    expect(await store.count('consoleValue')).toBe(2);
    expect(await sourcesOf(row.id)).toMatchObject({ keySecret: 'console' });
  });
});

describe('a secret', () => {
  it('is sealed in the store, and shows in no row, view or error', async () => {
    const loaded = await install({ ...accountValues, keySecret: 'very-secret-text' });
    const view = installations.view(loaded);
    expect(view.settings.find(({ setting }) => setting.key === 'keySecret')).toEqual({
      setting: acme.settings.keySecret,
      set: true,
      source: 'account',
    });
    const shown = [
      inspect(loaded, { depth: 12 }),
      JSON.stringify(loaded),
      JSON.stringify(view),
      await everything(),
    ];
    for (const text of shown) expect(text).not.toContain('very-secret-text');
  });

  it('that was not one in an earlier release is not shown any more', async () => {
    const earlier = await compileAcme(({ connector }) => {
      const { keySecret } = connector.settings;
      if (keySecret) keySecret.secret = false;
    });
    const before = open(earlier);
    await before.setConsole(earlier, { keyId: 'k', keySecret: 'kept-in-clear' });
    const { row } = await before.create('a', earlier, { values: accountValues });
    const setup = await installations.consoleSetup(acme);
    const view = installations.view(await installations.load('a', row.id));
    expect(inspect([setup, view], { depth: 9 })).not.toMatch(/kept-in-clear|the-key-secret/);
  });
});
