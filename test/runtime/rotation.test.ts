import { describe, expect, it } from 'vitest';
import { createMemoryTokens } from '../../src/auth/memory-tokens.ts';
import { FishplateError } from '../../src/errors.ts';
import { createFallback } from '../../src/fallback.ts';
import { createHeldCredentials } from '../../src/held-credentials.ts';
import { createInstallations } from '../../src/installation/installations.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { RotationTarget } from '../../src/runtime-contract.ts';
import { acme } from '../helpers/acme.ts';
import { goodValues, memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld } from '../helpers/vendor.ts';
import { createRotatingVendor } from './rotating-vendor.ts';

const second = { keyId: 'second', keySecret: 'the-second-secret' };
const MINUTE_MS = 60_000;

async function createBed() {
  const vendor = createRotatingVendor();
  vendor.keys.set('second', {
    ...{ secret: 'the-second-secret', tenant: 't1', user: 'robot 2', active: true },
  });
  const world = createFakeWorld();
  const store = await memoryStore();
  const plain = await acme();
  // Whose data it is: here the name of the user, for want of anything else that the fixture's answer holds.
  const connector = {
    ...plain,
    test: { ...plain.test, organisation: 'org', identity: { ...plain.test.identity, org: 'user.org' } },
  };
  const errors: string[] = [];
  const onError = (message: string) => void errors.push(message);
  const create = () => createRuntime({ connectors: [connector], store, send: vendor.send, world, onError });
  const runtime = create();
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const install = async (values: Record<string, string> = goodValues) =>
    (await runtime.install(account, 'acme', { values })).row.id;
  const target = (id: string): RotationTarget => ({ accountId: account, installationId: id });
  const list = (id: string, using = runtime) => using.call(account, id, 'things.list');
  const stateOf = async (id: string) => (await runtime.installation(account, id)).row.state;
  return { vendor, world, store, runtime, account, install, target, list, stateOf, create, errors };
}

const console = { connector: 'acme' } as const;

describe('a rotation is refused', () => {
  it.each([
    ['for nothing', {}, 'input.invalid'],
    ['for an unknown setting', { keyIdd: 'x' }, 'settings.unknown'],
    ['for a setting that is no credential', { tenant: 't2' }, 'rotation.not-credentials'],
    ['for a setting of the console', { style: 'repeat' }, 'settings.wrong-level'],
    ['for an empty secret', { keySecret: '' }, 'settings.invalid'],
    [
      'for the credentials in use',
      { keyId: 'key', keySecret: 'the-key-secret' },
      'rotation.same-credentials',
    ],
  ])('%s, and nothing is staged', async (_, values, code) => {
    const { runtime, install, target } = await createBed();
    const id = await install();
    await expect(runtime.rotation.stage(target(id), values)).rejects.toMatchObject({ code });
    expect((await runtime.rotation.status(target(id))).staged).toBeNull();
  });

  it.each([-1, 1.5, 10_081, Number.NaN])(
    'with a fallback of %s minutes, before anything is sent',
    async (fallbackMinutes) => {
      const { runtime, install, target, vendor } = await createBed();
      const id = await install();
      const sent = vendor.log.length;
      await expect(runtime.rotation.rotate(target(id), second, { fallbackMinutes })).rejects.toMatchObject({
        code: 'input.invalid',
      });
      expect(vendor.log).toHaveLength(sent);
      expect((await runtime.rotation.status(target(id))).staged).toBeNull();
    },
  );

  it('when nothing is staged', async () => {
    const { runtime, install, target } = await createBed();
    const id = await install();
    for (const step of [runtime.rotation.test(target(id)), runtime.rotation.swap(target(id))])
      await expect(step).rejects.toMatchObject({ code: 'rotation.nothing-staged' });
  });

  it('for an installation of another account, one that was de-authenticated, and one without credentials', async () => {
    const { runtime, install, target, account } = await createBed();
    const id = await install();
    const { id: other } = await runtime.accounts.create({ name: 'Other' });
    const foreign = { accountId: other, installationId: id };
    for (const step of [
      runtime.rotation.status(foreign),
      runtime.rotation.rotate(foreign, second),
      runtime.rotation.cancel(foreign),
      runtime.rotation.purge(foreign),
    ])
      await expect(step).rejects.toMatchObject({ code: 'installation.unknown' });
    await runtime.deauthenticate(account, id);
    await expect(runtime.rotation.rotate(target(id), second)).rejects.toMatchObject({
      code: 'installation.deauthenticated',
    });
    const bare = await install({ tenant: 't1' });
    await expect(runtime.rotation.rotate(target(bare), second)).rejects.toMatchObject({
      code: 'installation.setup-required',
    });
  });

  it('in an installation that takes its credentials from the console, with the place where they are rotated', async () => {
    const { runtime, install, target } = await createBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const id = await install({ tenant: 't1' });
    await expect(runtime.rotation.rotate(target(id), second)).rejects.toMatchObject({
      code: 'settings.wrong-level',
      hint: expect.stringContaining('console'),
    });
  });

  it.each([
    ['a wrong secret', { keyId: 'second', keySecret: 'wrong-secret' }, 'vendor.bad-credentials'],
    ['an unknown key', { keyId: 'third', keySecret: 'x' }, 'vendor.bad-credentials'],
    ['a key that is switched off', { keyId: 'off', keySecret: 'off-secret' }, 'vendor.key-inactive'],
    [
      'a key of another organisation',
      { keyId: 'foreign', keySecret: 'foreign-secret' },
      'vendor.wrong-organisation',
    ],
  ])('by the vendor for %s: the ones in use stay, with state, token and calls', async (_, values, code) => {
    const { runtime, install, target, vendor, list, stateOf, store } = await createBed();
    vendor.keys.set('off', { secret: 'off-secret', tenant: 't1', user: 'r', active: false });
    vendor.keys.set('foreign', { secret: 'foreign-secret', tenant: 't9', user: 'r', active: true });
    const id = await install();
    const before = [await store.get('installation', id), (await store.get('token', id))?.token.reveal()];
    await expect(runtime.rotation.rotate(target(id), values)).rejects.toMatchObject({ code });
    expect([await store.get('installation', id), (await store.get('token', id))?.token.reveal()]).toEqual(
      before,
    );
    expect(await runtime.rotation.status(target(id))).toMatchObject({ staged: null, fallback: null });
    expect((await list(id)).attempts).toBe(1);
    expect(await stateOf(id)).toBe('active');
    expect(vendor.log.at(-1)).toBe('key /t1/things');
  });

  it('for a key of another organisation also where only the identity says so', async () => {
    const { runtime, install, target, store } = await createBed();
    const id = await install();
    const row = await store.get('installation', id);
    const identity = { ...row?.identity, org: 'org-1' };
    await store.write([{ op: 'update', table: 'installation', id, set: { identity } }]);
    await expect(runtime.rotation.rotate(target(id), second)).rejects.toMatchObject({
      code: 'rotation.other-organisation',
      message: expect.stringContaining('"org-1"'),
    });
  });
});

describe('a rotation', () => {
  it('in steps: staged credentials wait, are tested, and are used from the swap on, with a token that is there already', async () => {
    const { runtime, install, target, vendor, list, account } = await createBed();
    const id = await install();
    expect((await runtime.rotation.stage(target(id), second)).staged).toMatchObject({
      settings: ['keyId', 'keySecret'],
      trial: null,
    });
    await list(id);
    expect(vendor.log.at(-1)).toBe('key /t1/things');
    const tested = await runtime.rotation.test(target(id));
    expect(tested.trial).toMatchObject({
      ok: true,
      results: [{ installationId: id, ok: true, changed: ['id', 'name'], identity: { name: 'robot 2' } }],
    });
    expect((await runtime.rotation.status(target(id))).staged?.trial?.ok).toBe(true);
    await list(id);
    expect(vendor.log.at(-1)).toBe('key /t1/things');
    const swapped = await runtime.rotation.swap(target(id), { fallbackMinutes: 30 });
    expect(swapped).toMatchObject({
      staged: null,
      fallback: { settings: ['keyId', 'keySecret'], usedAt: null },
    });
    const sent = vendor.log.length;
    await list(id);
    expect(vendor.log.slice(sent)).toEqual(['second /t1/things']);
    expect((await runtime.installation(account, id)).row).toMatchObject({
      state: 'active',
      identity: { name: 'robot 2' },
    });
  });

  it('of the secret alone keeps the key id', async () => {
    const { runtime, install, target, vendor, list } = await createBed();
    const id = await install();
    vendor.keys.set('key', { secret: 'regenerated', tenant: 't1', user: 'robot', active: true });
    const { trial } = await runtime.rotation.rotate(target(id), { keySecret: 'regenerated' });
    expect(trial.results[0]?.changed).toEqual([]);
    expect((await list(id)).status).toBe(200);
  });

  it('shows a failed test of staged credentials and keeps them staged, without touching what is in use', async () => {
    const { runtime, install, target, stateOf } = await createBed();
    const id = await install();
    await runtime.rotation.stage(target(id), { keyId: 'second', keySecret: 'wrong' });
    const tested = await runtime.rotation.test(target(id));
    expect(tested.trial).toMatchObject({
      ok: false,
      results: [{ ok: false, reason: { code: 'vendor.bad-credentials' } }],
    });
    await expect(runtime.rotation.swap(target(id))).rejects.toMatchObject({ code: 'vendor.bad-credentials' });
    expect((await runtime.rotation.status(target(id))).staged?.trial?.ok).toBe(false);
    expect(await stateOf(id)).toBe('active');
    expect((await runtime.rotation.cancel(target(id))).staged).toBeNull();
  });

  it('brings an installation back whose key was revoked', async () => {
    const { runtime, install, target, vendor, list, stateOf } = await createBed();
    const id = await install();
    vendor.revoke('key');
    await expect(list(id)).rejects.toMatchObject({ category: 'credentials' });
    expect(await stateOf(id)).toBe('failing');
    await runtime.rotation.rotate(target(id), second);
    expect(await stateOf(id)).toBe('active');
    expect((await list(id)).status).toBe(200);
  });

  it('never shows or logs a secret, and forgets what is held when the installation is forgotten', async () => {
    const { runtime, install, target, account, store } = await createBed();
    const id = await install();
    await runtime.rotation.stage(target(id), { keyId: 'second', keySecret: 'wrong-second-secret' });
    const seen = [await runtime.rotation.test(target(id)), await runtime.rotation.status(target(id))];
    await runtime.rotation.rotate(target(id), second);
    seen.push(await runtime.rotation.status(target(id)));
    const everything = JSON.stringify([seen, await runtime.calls({}), await store.list('heldCredentials')]);
    for (const secret of ['wrong-second-secret', 'the-second-secret', 'the-key-secret'])
      expect(everything).not.toContain(secret);
    await runtime.rotation.stage(target(id), { keyId: 'key', keySecret: 'the-key-secret' });
    expect(await store.count('heldCredentials')).toBe(2);
    await runtime.uninstall(account, id);
    expect(await store.count('heldCredentials')).toBe(0);
  });

  it('is written as a whole: a change by somebody else during the test is not lost, nor is the rotation', async () => {
    const { runtime, install, target, vendor, account, list } = await createBed();
    const id = await install();
    vendor.before = async (what) => {
      if (what !== 'token second') return;
      vendor.before = async () => undefined;
      await runtime.configure(account, id, { name: 'Renamed' });
    };
    await runtime.rotation.rotate(target(id), second);
    expect((await runtime.installation(account, id)).row.name).toBe('Renamed');
    await list(id);
    expect(vendor.log.at(-1)).toBe('second /t1/things');
  });

  it('is refused when the settings that were tested are no longer those of the installation', async () => {
    const { runtime, install, target, vendor, account } = await createBed();
    const id = await install();
    vendor.before = async (what) => {
      if (what !== 'token second') return;
      vendor.before = async () => undefined;
      await runtime.configure(account, id, { values: { region: 'us' } });
    };
    await expect(runtime.rotation.rotate(target(id), second)).rejects.toMatchObject({
      code: 'installation.changed',
    });
  });

  it('whose staged credentials are replaced during the test does not swap in what was tested before', async () => {
    const { runtime, install, target, vendor, list } = await createBed();
    const id = await install();
    await runtime.rotation.stage(target(id), second);
    vendor.before = async (what) => {
      if (what !== 'token second') return;
      vendor.before = async () => undefined;
      await runtime.rotation.stage(target(id), { keyId: 'third', keySecret: 'x' });
    };
    await expect(runtime.rotation.swap(target(id))).rejects.toMatchObject({ code: 'installation.changed' });
    await list(id);
    expect(vendor.log.at(-1)).toBe('key /t1/things');
  });
});

describe('after a rotation', () => {
  const rotated = async () => {
    const bed = await createBed();
    const id = await bed.install();
    await bed.list(id);
    await bed.runtime.rotation.rotate(bed.target(id), second, { fallbackMinutes: 10 });
    return { ...bed, id };
  };
  const lastCalls = async (
    { runtime }: { runtime: Awaited<ReturnType<typeof createBed>>['runtime'] },
    limit: number,
  ) => (await runtime.calls({ limit })).map(({ outcome, detail }) => [outcome, detail.credentials ?? null]);

  it('a call that the vendor refuses is carried by the fallback, which status and call log show', async () => {
    const bed = await rotated();
    const { vendor, list, id, runtime, target, stateOf } = bed;
    vendor.revoke('second');
    expect((await list(id)).status).toBe(200);
    expect(await stateOf(id)).toBe('active');
    expect((await runtime.rotation.status(target(id))).fallback).toMatchObject({
      usedAt: expect.any(Number),
      usedFor: 'vendor.bad-credentials',
    });
    expect(await lastCalls(bed, 1)).toEqual([['ok', 'fallback']]);
    expect(bed.errors).toEqual([]);
  });

  it('calls begin with the fallback for a while, so that a dead key is not tried with each of them, and come back by themselves', async () => {
    const bed = await rotated();
    const { vendor, list, id, world } = bed;
    vendor.revoke('second');
    await list(id);
    const sent = vendor.log.length;
    for (let n = 0; n < 5; n++) await list(id);
    expect(vendor.log.slice(sent)).toEqual(Array(5).fill('key /t1/things'));
    vendor.keys.set('second', { secret: 'the-second-secret', tenant: 't1', user: 'robot 2', active: true });
    world.advance(2 * MINUTE_MS);
    await list(id);
    expect(vendor.log.at(-1)).toBe('second /t1/things');
  });

  it('the fallback carries calls also when a connection test has found the new key dead', async () => {
    const { vendor, list, id, runtime, account, stateOf } = await rotated();
    vendor.revoke('second');
    const test = await runtime.test(account, id);
    expect(test.ok ? 'ok' : test.error.code).toBe('vendor.bad-credentials');
    expect(await stateOf(id)).toBe('failing');
    expect((await list(id)).status).toBe(200);
  });

  it('a permission that only the old service user had is made good by the fallback', async () => {
    const bed = await createBed();
    const { vendor, runtime, install, target, list, stateOf } = bed;
    vendor.keys.set('second', {
      ...{ secret: 'the-second-secret', tenant: 't1', user: 'robot 2', active: true },
      forbidden: ['things'],
    });
    const id = await install();
    await runtime.rotation.rotate(target(id), second);
    expect((await list(id)).status).toBe(200);
    expect(await stateOf(id)).toBe('active');
    expect((await runtime.rotation.status(target(id))).fallback?.usedFor).toBe('vendor.forbidden');
    await runtime.rotation.purge(target(id));
    await expect(list(id)).rejects.toMatchObject({ code: 'vendor.forbidden' });
  });

  it.each(['its time', 'a purge'])(
    'there is no fallback after %s: the refusal is told, and the old key is gone from the store',
    async (what) => {
      const { vendor, list, id, runtime, target, world, store } = await rotated();
      vendor.revoke('second');
      if (what === 'a purge') await runtime.rotation.purge(target(id));
      else world.advance(10 * MINUTE_MS);
      await expect(list(id)).rejects.toMatchObject({ category: 'credentials' });
      expect((await runtime.rotation.status(target(id))).fallback).toBeNull();
      expect(await store.count('heldCredentials')).toBe(0);
    },
  );

  it('calls alone see to it that old keys are deleted when their time is past', async () => {
    const { list, id, world, store } = await rotated();
    world.advance(10 * MINUTE_MS);
    await list(id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await store.count('heldCredentials')).toBe(0);
  });

  it('the refusal of the credentials in use is what a caller hears when the fallback is refused as well', async () => {
    const { vendor, list, id, stateOf } = await rotated();
    vendor.revoke('second');
    vendor.keys.set('key', { secret: 'the-key-secret', tenant: 't1', user: 'robot', active: false });
    await expect(list(id)).rejects.toMatchObject({ code: 'vendor.bad-credentials' });
    expect(await stateOf(id)).toBe('failing');
  });

  it('credentials that are set by hand leave no fallback behind', async () => {
    const { runtime, account, id, store } = await rotated();
    await runtime.configure(account, id, { values: { keyId: 'key', keySecret: 'the-key-secret' } });
    expect(await store.count('heldCredentials')).toBe(0);
  });

  it('without a fallback none is kept', async () => {
    const { runtime, install, target, store } = await createBed();
    const id = await install();
    await runtime.rotation.rotate(target(id), second, { fallbackMinutes: 0 });
    expect(await store.count('heldCredentials')).toBe(0);
  });
});

describe('a call under way during a rotation', () => {
  it('that the vendor refuses because the old key is gone already is sent with the new one', async () => {
    const { vendor, runtime, install, target, list } = await createBed();
    const id = await install();
    vendor.before = async (what) => {
      if (what !== '/t1/things') return;
      vendor.before = async () => undefined;
      await runtime.rotation.rotate(target(id), second, { fallbackMinutes: 0 });
      vendor.revoke('key');
    };
    expect((await list(id)).status).toBe(200);
    expect(vendor.log.at(-1)).toBe('second /t1/things');
    const rows = await runtime.calls({ limit: 10 });
    expect(rows.find(({ method }) => method === 'things.list')?.detail.credentials).toBe('newest');
  });

  it('of another process with the old credentials in memory is sent with the new one', async () => {
    const { vendor, runtime, install, target, list, create } = await createBed();
    const id = await install();
    const other = create();
    await list(id, other);
    await runtime.rotation.rotate(target(id), second, { fallbackMinutes: 0 });
    vendor.revoke('key');
    expect((await list(id, other)).status).toBe(200);
  });

  it('that creates something goes out once more after a refusal, and once only', async () => {
    const { vendor, runtime, install, target, account } = await createBed();
    const id = await install();
    await runtime.rotation.rotate(target(id), second);
    vendor.revoke('second');
    const sent = vendor.log.length;
    await runtime.call(account, id, 'things.create', { body: { name: 'x' } });
    expect(vendor.log.slice(sent).filter((line) => line === 'key /t1/things')).toHaveLength(1);
  });

  it('is not repeated when an attempt before the refusal may have been processed', async () => {
    const { runtime, install, account, store, world } = await createBed();
    const id = await install();
    const library = runtime.connectors;
    const installations = createInstallations(store, library, world);
    const fallback = createFallback({
      ...{ installations, world, tokens: createMemoryTokens(world.now), onError: () => undefined },
      held: createHeldCredentials(store, world),
    });
    await runtime.rotation.rotate({ accountId: account, installationId: id }, second);
    const loaded = await installations.load(account, id);
    const refusal = new FishplateError('vendor.revoked', 'refused', { outcome: 'sent-unknown' });
    const attempt = async (repeatable: boolean) => {
      let runs = 0;
      const run = async () => {
        runs += 1;
        throw refusal;
      };
      await expect(fallback.attempt({ loaded, options: {}, repeatable }, run)).rejects.toBe(refusal);
      return runs;
    };
    expect([await attempt(false), await attempt(true)]).toEqual([1, 2]);
  });
});

describe("the console's credentials", () => {
  const shared = async () => {
    const bed = await createBed();
    await bed.runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const ids = [await bed.install({ tenant: 't1' }), await bed.install({ tenant: 't1' })];
    return { ...bed, ids };
  };

  it('are not rotated when nothing uses them: they could not be tested', async () => {
    const { runtime } = await createBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    await expect(runtime.rotation.rotate(console, second)).rejects.toMatchObject({
      code: 'rotation.untestable',
    });
    await expect(runtime.rotation.status({ connector: 'acne' })).rejects.toMatchObject({
      code: 'connector.unknown',
    });
  });

  it('are tested on every installation that uses them, and replaced for all of them in one write', async () => {
    const { runtime, ids, vendor, list, stateOf, install } = await shared();
    const own = await install();
    const result = await runtime.rotation.rotate(console, second);
    expect(result.trial.results.map(({ installationId, ok }) => [installationId, ok])).toEqual(
      ids.map((id) => [id, true]),
    );
    for (const id of ids) {
      const sent = vendor.log.length;
      await list(id);
      expect(vendor.log.slice(sent)).toEqual(['second /t1/things']);
      expect(await stateOf(id)).toBe('active');
    }
    await list(own);
    expect(vendor.log.at(-1)).toBe('key /t1/things');
  });

  it('stay when the new ones fail on an installation that works, which the refusal names', async () => {
    const { runtime, ids, vendor, store } = await shared();
    vendor.keys.set('key', { secret: 'the-key-secret', tenant: 't1', user: 'robot', active: true });
    let tokens = 0;
    vendor.before = async (what) => {
      if (what === 'token second' && ++tokens === 2) vendor.revoke('second');
    };
    const failure = await runtime.rotation.rotate(console, second).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'rotation.refused' });
    expect(
      (failure as { problems: { path: string }[] }).problems.every(({ path }) => ids.includes(path)),
    ).toBe(true);
    expect((await store.get('consoleValue', 'acme/keyId'))?.value).toBe('key');
  });

  it('are not held up by an installation that fails anyhow', async () => {
    const { runtime, install, stateOf, ids } = await shared();
    const broken = await install({ tenant: 't9' });
    expect(await stateOf(broken)).toBe('failing');
    const { trial } = await runtime.rotation.rotate(console, second);
    expect(trial.ok).toBe(true);
    expect(await stateOf(broken)).toBe('failing');
    expect(await stateOf(ids[0] ?? '')).toBe('active');
  });

  it('are tested on chosen installations only when told so, and on no other than those that use them', async () => {
    const { runtime, ids, install } = await shared();
    const own = await install();
    await expect(runtime.rotation.rotate(console, second, { installations: [own] })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining(own),
    });
    const { trial } = await runtime.rotation.rotate(console, second, { installations: ids.slice(0, 1) });
    expect(trial.results.map(({ installationId }) => installationId)).toEqual(ids.slice(0, 1));
  });

  it('have a fallback too', async () => {
    const { runtime, ids, vendor, list } = await shared();
    await runtime.rotation.rotate(console, second);
    vendor.revoke('second');
    for (const id of ids) expect((await list(id)).status).toBe(200);
    expect((await runtime.rotation.status(console)).fallback?.usedAt).not.toBeNull();
  });
});
