import { describe, expect, it } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import { createTestBed, goodValues, type TestBed } from '../helpers/runtime.ts';

/** A second runtime on the same store whose first request to this path waits until it is let go. */
function holding({ runtime, store, world, vendor }: TestBed, path: string) {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const slow = createRuntime({
    connectors: [...runtime.connectors.list()],
    store,
    world,
    send: async (request, options) => {
      if (request.url.endsWith(path)) {
        arrived();
        await held;
      }
      return vendor.send(request, options);
    },
  });
  return { slow, waiting, release };
}

/** No connection to anybody. */
const unreachable = async () => {
  throw new FishplateError('transport.unreachable', 'no connection', { outcome: 'not-sent' });
};

describe('installing', () => {
  it('refuses a setting that does not exist, with the nearest one that does, and leaves nothing behind', async () => {
    const { runtime, account } = await createTestBed();
    await expect(runtime.install(account, 'acme', { values: { tennant: 'x' } })).rejects.toMatchObject({
      code: 'settings.unknown',
      problems: [{ path: 'tennant', hint: 'did you mean "tenant"?' }],
    });
    expect(await runtime.installations(account)).toEqual([]);
  });

  it('refuses console settings in an account and account settings in the console', async () => {
    const { runtime, account } = await createTestBed();
    await expect(runtime.install(account, 'acme', { values: { style: 'repeat' } })).rejects.toMatchObject({
      code: 'settings.wrong-level',
    });
    await expect(runtime.setupConsole('acme', { tenant: 't1' })).rejects.toMatchObject({
      code: 'settings.wrong-level',
    });
  });

  it('refuses an unknown account and an unknown connector', async () => {
    const { runtime, account } = await createTestBed();
    await expect(runtime.install('nobody', 'acme')).rejects.toMatchObject({ code: 'account.unknown' });
    await expect(runtime.install(account, 'acne')).rejects.toMatchObject({
      code: 'connector.unknown',
      hint: 'did you mean "acme"?',
    });
  });

  it('without setup is allowed, says what is missing, and calls fail with a clear code and no request', async () => {
    const { runtime, account, vendor } = await createTestBed();
    const view = await runtime.install(account, 'acme', { name: 'Later' });
    expect(view.row.state).toBe('setup-required');
    expect(view.missing.map((setting) => setting.label)).toEqual(['Key ID', 'Key Secret', 'Tenant']);
    await expect(runtime.call(account, view.row.id, 'things.list')).rejects.toMatchObject({
      code: 'installation.setup-required',
      message: 'Acme still needs Key ID, Key Secret, Tenant',
    });
    expect(vendor.requests).toEqual([]);
  });

  it('with everything given is tested at once and becomes active with its identity', async () => {
    const { runtime, account } = await createTestBed();
    const { row } = await runtime.install(account, 'acme', { values: goodValues });
    expect(row).toMatchObject({ state: 'active', stateReason: null, identity: { id: 'u1', name: 'robot' } });
  });

  it('never makes garbage active: the vendor is asked first, and its refusal is the reason', async () => {
    const { runtime, account } = await createTestBed();
    const { row } = await runtime.install(account, 'acme', {
      values: { ...goodValues, keySecret: 'garbage' },
    });
    expect(row).toMatchObject({
      state: 'failing',
      stateReason: { code: 'vendor.bad-credentials' },
      identity: null,
    });
  });

  it('never repeats a secret that the vendor echoes', async () => {
    const { runtime, account } = await createTestBed();
    const { row } = await runtime.install(account, 'acme', {
      values: { ...goodValues, keySecret: 'garbage-secret' },
    });
    const everything = JSON.stringify([
      row,
      await runtime.installation(account, row.id),
      await runtime.calls({}),
    ]);
    expect(everything).not.toContain('garbage-secret');
    expect(everything).not.toContain(Buffer.from('key:garbage-secret').toString('base64'));
  });

  it('asks only for what the console does not give, and says where each value comes from', async () => {
    const { runtime, account } = await createTestBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const { row, settings, missing } = await runtime.install(account, 'acme', { values: { tenant: 't1' } });
    expect(missing).toEqual([]);
    expect(row.state).toBe('active');
    expect(Object.fromEntries(settings.map((state) => [state.setting.key, state.source]))).toEqual({
      keyId: 'console',
      keySecret: 'console',
      region: 'default',
      tenant: 'account',
      style: 'default',
      baseUrl: undefined,
    });
  });

  it('never mixes a key id of the account with a secret of the console', async () => {
    const { runtime, account } = await createTestBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const { missing, row } = await runtime.install(account, 'acme', {
      values: { tenant: 't1', keyId: 'own' },
    });
    expect(row.state).toBe('setup-required');
    expect(missing.map((setting) => setting.key)).toEqual(['keySecret']);
  });
});

describe('console setup', () => {
  it('tells which values are set, and never the secret ones', async () => {
    const { runtime } = await createTestBed();
    expect(await runtime.consoleSetup('acme')).toMatchObject({ state: 'setup-required' });
    const setup = await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    expect(setup.state).toBe('ready');
    expect(setup.settings.map(({ setting, set, value }) => [setting.key, set, value])).toEqual([
      ['keyId', true, 'key'],
      ['keySecret', true, undefined],
      ['style', false, undefined],
      ['baseUrl', false, undefined],
    ]);
    expect(JSON.stringify(setup)).not.toContain('the-key-secret');
  });

  it('tests the dependent installations again when a value changes, and names them', async () => {
    const { runtime, account, vendor } = await createTestBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const dependent = await runtime.install(account, 'acme', { values: { tenant: 't1' } });
    const own = await runtime.install(account, 'acme', { values: goodValues });
    vendor.secret = 'new-key-secret';
    const setup = await runtime.setupConsole('acme', { keySecret: 'wrong' });
    expect(setup.dependents).toEqual([dependent.row.id]);
    expect((await runtime.installation(account, dependent.row.id)).row.state).toBe('failing');
    expect((await runtime.installation(account, own.row.id)).row.state).toBe('active');
    await runtime.setupConsole('acme', { keySecret: 'new-key-secret' });
    expect((await runtime.installation(account, dependent.row.id)).row.state).toBe('active');
  });

  it('taken away leaves the dependents without a value, which is not active', async () => {
    const { runtime, account } = await createTestBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const { row } = await runtime.install(account, 'acme', { values: { tenant: 't1' } });
    await runtime.setupConsole('acme', { keySecret: null });
    expect((await runtime.installation(account, row.id)).row.state).toBe('setup-required');
  });

  it('refuses a base URL that would carry credentials to another machine in clear', async () => {
    const { runtime, account, install } = await createTestBed();
    await runtime.setupConsole('acme', { baseUrl: 'http://elsewhere.example' });
    const id = await install();
    expect((await runtime.installation(account, id)).row).toMatchObject({
      state: 'failing',
      stateReason: { code: 'settings.invalid' },
    });
  });
});

describe('an installation', () => {
  it('of another account is as unknown as one that never was', async () => {
    const { runtime, install } = await createTestBed();
    const id = await install();
    const { id: other } = await runtime.accounts.create({ name: 'Other' });
    for (const attempt of [
      runtime.installation(other, id),
      runtime.call(other, id, 'things.list'),
      runtime.test(other, id),
      runtime.configure(other, id, { name: 'mine' }),
      runtime.deauthenticate(other, id),
      runtime.uninstall(other, id),
      runtime.preview(other, id, 'things.list'),
      runtime.lookup(other, id, 'things'),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'installation.unknown' });
    }
  });

  it('that was de-authenticated has forgotten its credentials, refuses calls, and comes back with new ones under its old id', async () => {
    const { runtime, account, install, store } = await createTestBed();
    const id = await install();
    const view = await runtime.deauthenticate(account, id);
    expect(view.row.state).toBe('de-authenticated');
    expect(
      (await store.list('installationValue', { where: { installationId: id } })).map((row) => row.setting),
    ).toEqual(['tenant']);
    expect(await store.get('token', id)).toBeUndefined();
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({
      code: 'installation.deauthenticated',
    });
    const again = await runtime.configure(account, id, {
      values: { keyId: 'key', keySecret: 'the-key-secret' },
    });
    expect(again.row).toMatchObject({ id, state: 'active' });
  });

  it('that is failing is tested before the next call, and comes back by itself once the vendor takes the key again', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    vendor.secret = 'switched-off';
    const id = await install();
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({
      code: 'vendor.bad-credentials',
    });
    vendor.secret = 'the-key-secret';
    world.advance(60_000);
    expect((await runtime.call(account, id, 'things.list')).status).toBe(200);
    expect((await runtime.installation(account, id)).row.state).toBe('active');
  });

  it('removed takes its values and its token along', async () => {
    const { runtime, account, install, store } = await createTestBed();
    const id = await install();
    await runtime.uninstall(account, id);
    expect(await store.count('installationValue')).toBe(0);
    expect(await store.count('token')).toBe(0);
    await expect(runtime.installation(account, id)).rejects.toMatchObject({ code: 'installation.unknown' });
  });
});

describe('the connection test', () => {
  it('proves the credentials anew, so a key that was switched off is found although its token still works', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    vendor.secret = 'switched-off';
    const result = await runtime.test(account, id);
    expect(result.ok ? 'ok' : result.error.code).toBe('vendor.bad-credentials');
    expect(result.view.row.state).toBe('failing');
    expect((await runtime.installation(account, id)).row.state).toBe('failing');
  });

  it('tells a wrong organisation from a bad key', async () => {
    const { runtime, account, install } = await createTestBed();
    const result = await runtime.test(account, await install({ tenant: 't2' }));
    expect(result.ok ? 'ok' : result.error.code).toBe('vendor.wrong-organisation');
  });

  it('tells an environment that does not exist from both', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    await runtime.configure(account, id, { values: { region: 'mars' } });
    vendor.next(() => {
      throw new FishplateError('transport.host-not-found', 'the host api.mars.acme.example does not exist', {
        outcome: 'not-sent',
      });
    });
    const result = await runtime.test(account, id);
    expect(result.ok ? 'ok' : [result.error.code, result.error.message]).toEqual([
      'vendor.wrong-environment',
      'the host api.mars.acme.example does not exist: is "mars" the right environment of Acme?',
    ]);
  });

  it('leaves an active installation active when it is the vendor that is down', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    vendor.next({ status: 500 }, { status: 500 }, { status: 500 });
    const result = await runtime.test(account, id);
    expect(result.ok ? 'ok' : result.error.code).toBe('vendor.unavailable');
    expect(result.view.row.state).toBe('active');
  });

  it('tells an installation that was never proven why it is not active, also when the vendor is down', async () => {
    const { runtime, account, vendor } = await createTestBed();
    vendor.next({ status: 500 }, { status: 500 }, { status: 500 });
    const { row } = await runtime.install(account, 'acme', { values: goodValues });
    expect(row).toMatchObject({ state: 'failing', stateReason: { code: 'vendor.unavailable' } });
  });

  it('goes on for the others when a caller leaves: they share it', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    vendor.secret = 'other';
    const id = await install();
    vendor.secret = 'the-key-secret';
    world.advance(60_000);
    const leaver = runtime.call(account, id, 'things.list', {}, { signal: AbortSignal.abort() });
    const stayer = runtime.call(account, id, 'things.list');
    await expect(leaver).rejects.toMatchObject({ code: 'transport.cancelled' });
    expect((await stayer).status).toBe(200);
    expect((await runtime.installation(account, id)).row.state).toBe('active');
  });

  it('says what is missing when something is, and leaves the state as it is', async () => {
    const { runtime, account } = await createTestBed();
    const { row } = await runtime.install(account, 'acme');
    const result = await runtime.test(account, row.id);
    expect(result.ok ? 'ok' : result.error.code).toBe('installation.setup-required');
    expect(result.view.row.state).toBe('setup-required');
  });
});

describe('an active installation whose values change', () => {
  it('is not active until the new ones are proven, also when the vendor cannot be asked', async () => {
    const { runtime, account, install, store, world } = await createTestBed();
    const id = await install();
    const cutOff = createRuntime({
      connectors: [...runtime.connectors.list()],
      ...{ store, world, send: unreachable },
    });
    const { row } = await cutOff.configure(account, id, { values: { keySecret: 'garbage' } });
    expect(row).toMatchObject({ state: 'failing', stateReason: { code: 'transport.unreachable' } });
  });

  it('stays active through an outage when the values are the ones it has', async () => {
    const { runtime, account, install, store, world } = await createTestBed();
    const id = await install();
    const cutOff = createRuntime({
      connectors: [...runtime.connectors.list()],
      ...{ store, world, send: unreachable },
    });
    expect((await cutOff.configure(account, id, { values: goodValues })).row.state).toBe('active');
  });

  it('lets no call out with them before they are proven', async () => {
    const bed = await createTestBed();
    const id = await bed.install();
    const { slow, waiting, release } = holding(bed, '/oauth/token');
    const change = slow.configure(bed.account, id, { values: { tenant: 't2' } });
    await waiting;
    const call = slow.call(bed.account, id, 'things.list');
    release();
    await expect(call).rejects.toMatchObject({ code: 'vendor.wrong-organisation' });
    expect((await change).row.state).toBe('failing');
    expect(bed.vendor.requests.some(({ url }) => url.endsWith('/t2/things'))).toBe(false);
  });

  it.each(['the same process', 'another process'])(
    'in the console is judged by the new ones, whatever %s is proving just then',
    async (where) => {
      const bed = await createTestBed();
      const { runtime, account } = bed;
      await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
      const { row } = await runtime.install(account, 'acme', { values: { tenant: 't1' } });
      const { slow, waiting, release } = holding(bed, '/t1/me');
      const proof = slow.test(account, row.id);
      await waiting;
      const setup = (where === 'the same process' ? slow : runtime).setupConsole('acme', {
        keySecret: 'garbage',
      });
      release();
      await Promise.all([proof, setup]);
      expect((await runtime.installation(account, row.id)).row.state).toBe('failing');
    },
  );
});

describe('values for one call', () => {
  const openToCalls = async () => {
    const bed = await createTestBed();
    const [acme] = bed.runtime.connectors.list();
    if (!acme) throw new Error('the bed has no connector');
    const settings = Object.fromEntries(
      Object.entries(acme.settings).map(([key, setting]) => [
        key,
        { ...setting, overridable: 'call' as const },
      ]),
    );
    const { store, world, vendor } = bed;
    const connectors = [{ ...acme, settings }];
    return { ...bed, runtime: createRuntime({ connectors, store, world, send: vendor.send }) };
  };
  const good = { keyId: 'key', keySecret: 'the-key-secret' };

  it.each<[string, Record<string, string>, string]>([
    ['wrong ones', { ...goodValues, keySecret: 'garbage' }, 'failing'],
    ['none', { tenant: 't1' }, 'setup-required'],
  ])('do not make active what has %s of its own', async (_, values, state) => {
    const { runtime, account } = await openToCalls();
    const { row } = await runtime.install(account, 'acme', { values });
    expect((await runtime.call(account, row.id, 'things.list', {}, { settings: good })).status).toBe(200);
    expect((await runtime.installation(account, row.id)).row.state).toBe(state);
  });

  it('do not take out of service what is proven', async () => {
    const { runtime, account } = await openToCalls();
    const { row } = await runtime.install(account, 'acme', { values: goodValues });
    const bad = { ...good, keySecret: 'garbage' };
    await expect(runtime.call(account, row.id, 'things.list', {}, { settings: bad })).rejects.toMatchObject({
      code: 'vendor.bad-credentials',
    });
    expect((await runtime.installation(account, row.id)).row.state).toBe('active');
  });
});

describe('what happens at the same time', () => {
  it('as the deletion of its account leaves nothing of an install behind', async () => {
    const { runtime, store } = await createTestBed();
    for (let turns = 0; turns < 8; turns++) {
      const { id } = await runtime.accounts.create({ name: 'Going' });
      const remove = async () => {
        for (let turn = 0; turn < turns; turn++) await null;
        await runtime.accounts.delete(id);
      };
      await Promise.allSettled([runtime.install(id, 'acme', { values: goodValues }), remove()]);
      expect(await store.count('installation')).toBe(0);
      expect(await store.count('installationValue')).toBe(0);
    }
  });

  it('as a console setup does not keep the other installations from being tested', async () => {
    const { runtime, account, store, world, vendor } = await createTestBed();
    await runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    const [first, second] = [
      await runtime.install(account, 'acme', { values: { tenant: 't1' } }),
      await runtime.install(account, 'acme', { values: { tenant: 't1' } }),
    ];
    const connectors = [...runtime.connectors.list()];
    const removing = createRuntime({
      connectors,
      store,
      world,
      send: async (request) => {
        await runtime.uninstall(account, first.row.id).catch(() => undefined);
        return vendor.send(request);
      },
    });
    await removing.setupConsole('acme', { keySecret: 'garbage' });
    expect((await runtime.installation(account, second.row.id)).row.state).toBe('failing');
  });
});
