import { describe, expect, it } from 'vitest';
import type { FishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { MethodResult } from '../../src/runtime-contract.ts';
import { createTestBed } from '../helpers/runtime.ts';
import { createSteppedWorld, settled } from '../helpers/stepped-world.ts';
import { openSandboxBed, type SandboxBed } from './sandbox-bed.ts';

const list = ({ runtime, account }: SandboxBed, id: string) => runtime.call(account, id, 'things.list');
const create = ({ runtime, account }: SandboxBed, id: string) =>
  runtime.call(account, id, 'things.create', { body: { name: 'x' } });
const stateOf = async ({ runtime, account }: SandboxBed, id: string) =>
  (await runtime.installation(account, id)).row;
const codeOf = (result: PromiseSettledResult<MethodResult>) =>
  result.status === 'fulfilled' ? 'ok' : (result.reason as FishplateError).code;

describe('a token', () => {
  it.each([
    [30, 23_000, 2_000],
    [300, 239_000, 2_000],
    [18_000, 17_699_000, 2_000],
  ])(
    'of %i s is used for most of its life, and renewed before the vendor refuses it',
    async (lifetime, stillMs, moreMs) => {
      const bed = await openSandboxBed();
      bed.sandbox.faults.set({ tokenLifetimeSeconds: lifetime });
      const id = await bed.install();
      for (let call = 0; call < 20; call++) {
        await list(bed, id);
        bed.world.advance(stillMs / 20);
      }
      await list(bed, id);
      expect(bed.asked('token')).toBe(1);
      bed.world.advance(moreMs);
      for (let call = 0; call < 20; call++) await list(bed, id);
      expect(bed.asked('token')).toBe(2);
      expect(new Set(bed.sandbox.requests.list().map(({ status }) => status))).toEqual(new Set([200]));
    },
  );

  it('that expires while the vendor keeps a call waiting is renewed before the call is sent again', async () => {
    const bed = await openSandboxBed();
    bed.sandbox.faults.set({ tokenLifetimeSeconds: 30 });
    const id = await bed.install();
    bed.sandbox.faults.add({
      ...{ method: 'things.list', times: 1 },
      status: 429,
      headers: { 'Retry-After': '40' },
    });
    const { status, attempts } = await list(bed, id);
    expect([status, attempts]).toEqual([200, 2]);
    expect(bed.world.sleeps).toEqual([40_000]);
    expect(bed.sandbox.requests.list().map(({ method, status: answer }) => `${method} ${answer}`)).toEqual([
      ...['token 200', 'me.get 200', 'things.list 429', 'token 200', 'things.list 200'],
    ]);
  });

  it('that the vendor gave up early is renewed once for all who are refused', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    bed.revokeTokens();
    const results = await Promise.all(Array.from({ length: 100 }, () => list(bed, id)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200]));
    expect(bed.asked('token')).toBe(2);
  });

  it('is asked for once by all processes on one store, however slow the vendor is', async () => {
    const world = createSteppedWorld(Date.now());
    const bed = await openSandboxBed(world);
    const id = await bed.install();
    await bed.store.write([{ op: 'delete', table: 'token', where: { id } }]);
    const held = bed.hold({ method: 'token' });
    const runtimes = [1, 2, 3, 4].map(() => bed.another());
    const calls = runtimes.flatMap((runtime) =>
      Array.from({ length: 50 }, () => runtime.call(bed.account, id, 'things.list')),
    );
    let done = false;
    const all = Promise.all(calls).finally(() => {
      done = true;
    });
    await held.arrived;
    await world.advance(25_000);
    expect(world.sleeping()).toBe(3);
    held.release();
    while (!done) await world.advance(100);
    expect((await all).every(({ status }) => status === 200)).toBe(true);
    expect(bed.asked('token')).toBe(2);
  });
});

describe('a key that the vendor has switched off', () => {
  const switchOff = async () => {
    const bed = await openSandboxBed();
    const values = bed.makeKey();
    const id = await bed.install(values);
    bed.sandbox.access.setKeyActive(values.keyId, false);
    return { bed, id, keyId: values.keyId, before: bed.asked('token') };
  };

  it('costs a thousand calls at once one token request; all hear why, and the installation is failing', async () => {
    const { bed, id, before } = await switchOff();
    const results = await Promise.allSettled(Array.from({ length: 1_000 }, () => list(bed, id)));
    expect(new Set(results.map(codeOf))).toEqual(new Set(['vendor.bad-credentials']));
    expect(bed.asked('token') - before).toBe(1);
    expect(await stateOf(bed, id)).toMatchObject({
      state: 'failing',
      stateReason: { code: 'vendor.bad-credentials', message: expect.not.stringContaining('next try') },
    });
  });

  it('costs a thousand calls, one after the other over a minute and in two processes, a handful', async () => {
    const { bed, id, before } = await switchOff();
    const runtimes = [bed.runtime, bed.another()];
    for (let call = 0; call < 1_000; call++) {
      const [result] = await Promise.allSettled([
        runtimes[call % 2]?.call(bed.account, id, 'things.list') ?? Promise.reject(new Error('no runtime')),
      ]);
      expect(result && codeOf(result)).toBe('vendor.bad-credentials');
      bed.world.advance(60);
    }
    expect(bed.asked('token') - before).toBeLessThanOrEqual(8);
    expect(bed.asked('things.list') + bed.asked('me.get')).toBeLessThanOrEqual(3);
    const told = await list(bed, id).catch((error: unknown) => error as FishplateError);
    expect(told).toMatchObject({ outcome: 'not-sent', retryAfterMs: expect.any(Number) });
    expect((told as FishplateError).message).toMatch(/the next try is in \d+ s\)$/);
  });

  it('works again by itself when it is switched on: after the back-off, or at once after a test', async () => {
    for (const mend of ['wait', 'test'] as const) {
      const { bed, id, keyId } = await switchOff();
      for (let call = 0; call < 5; call++) await list(bed, id).catch(() => undefined);
      bed.sandbox.access.setKeyActive(keyId, true);
      await expect(list(bed, id)).rejects.toMatchObject({ code: 'vendor.bad-credentials' });
      if (mend === 'wait') bed.world.advance(60_000);
      else expect((await bed.runtime.test(bed.account, id)).ok).toBe(true);
      expect((await list(bed, id)).status).toBe(200);
      expect((await stateOf(bed, id)).state).toBe('active');
    }
  });

  it('does not keep a new key waiting', async () => {
    const { bed, id } = await switchOff();
    await list(bed, id).catch(() => undefined);
    const { row } = await bed.runtime.configure(bed.account, id, { values: bed.makeKey() });
    expect(row.state).toBe('active');
    expect((await list(bed, id)).status).toBe(200);
  });
});

describe('a vendor that calls every token expired', () => {
  it('is asked a handful of times by a thousand calls', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    bed.sandbox.faults.add({ host: 'api', pathPrefix: '/v1/org', status: 401 });
    bed.sandbox.requests.clear();
    for (let call = 0; call < 1_000; call++) {
      await expect(list(bed, id)).rejects.toMatchObject({ code: 'vendor.expired' });
      bed.world.advance(60);
    }
    expect(bed.asked('token')).toBeLessThanOrEqual(14);
    expect(bed.sandbox.requests.list().length).toBeLessThanOrEqual(30);
  });
});

describe('a vendor that calls a token revoked', () => {
  it('is asked for another one by the test that follows, not only when the token is due', async () => {
    const { vendor, world, store, account, ...bed } = await createTestBed();
    const id = await bed.install();
    const failures = [{ when: { at: 'call', status: [401] }, means: 'revoked' }] as const;
    const connectors = bed.runtime.connectors.list().map((each) => ({ ...each, failures }));
    const runtime = createRuntime({ connectors, store, world, send: vendor.send });
    vendor.revokeTokens();
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({ code: 'vendor.revoked' });
    world.advance(1);
    expect((await runtime.call(account, id, 'things.list')).status).toBe(200);
    expect(vendor.tokenRequests()).toBe(2);
    expect((await runtime.installation(account, id)).row.state).toBe('active');
  });
});

describe('a vendor whose token endpoint is down', () => {
  it('does not disturb calls while the token lasts, and is asked a few times only', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    bed.world.advance(500_000);
    bed.sandbox.faults.add({ method: 'token', status: 500 });
    bed.sandbox.requests.clear();
    // Sleeps move this clock, so the attempts of one exchange are counted as well.
    for (let call = 0; call < 200; call++) {
      expect((await list(bed, id)).status).toBe(200);
      bed.world.advance(100);
    }
    expect(bed.asked('token')).toBeLessThanOrEqual(24);
  });

  it('fails calls with its own trouble once the token is over, at once while it is left in peace', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    bed.world.advance(700_000);
    bed.sandbox.faults.add({ method: 'token', drop: 'before' });
    await expect(list(bed, id)).rejects.toMatchObject({ category: 'unavailable', outcome: 'not-sent' });
    bed.sandbox.requests.clear();
    const results = await Promise.allSettled(Array.from({ length: 500 }, () => list(bed, id)));
    expect(new Set(results.map(codeOf))).toEqual(new Set(['transport.interrupted']));
    expect(bed.asked('token')).toBe(0);
    expect((await stateOf(bed, id)).state).toBe('active');
    bed.sandbox.faults.clear();
    bed.world.advance(10_000);
    expect((await list(bed, id)).status).toBe(200);
  });
});

describe('a caller who waits for a token that others wait for too', () => {
  const waiting = async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    await bed.store.write([{ op: 'delete', table: 'token', where: { id } }]);
    const held = bed.hold({ method: 'token', times: 1 });
    const runtime = bed.another();
    const call = (options: { deadlineMs?: number; signal?: AbortSignal } = {}) =>
      runtime.call(bed.account, id, 'things.list', {}, options);
    return { bed, held, call };
  };

  it('leaves at its deadline; the others get their token', async () => {
    const { bed, held, call } = await waiting();
    const stayer = call();
    const leaver = call({ deadlineMs: 5_000 });
    await held.arrived;
    bed.world.advance(5_000);
    await expect(leaver).rejects.toMatchObject({ code: 'transport.timeout', outcome: 'not-sent' });
    held.release();
    expect((await stayer).status).toBe(200);
    expect(bed.asked('token')).toBe(2);
  });

  it('leaves when it is told to', async () => {
    const { bed, held, call } = await waiting();
    const controller = new AbortController();
    const leaver = call({ signal: controller.signal });
    const stayer = call();
    await held.arrived;
    controller.abort();
    await expect(leaver).rejects.toMatchObject({ code: 'transport.cancelled', outcome: 'not-sent' });
    held.release();
    expect((await stayer).status).toBe(200);
    expect(bed.asked('token')).toBe(2);
  });

  it('does so as well while the connection is tested before its call', async () => {
    const { bed, id } = await failing();
    const held = bed.hold({ method: 'token', times: 1 });
    const late = bed.runtime.call(bed.account, id, 'things.list', {}, { deadlineMs: 5_000 });
    const controller = new AbortController();
    const gone = bed.runtime.call(bed.account, id, 'things.list', {}, { signal: controller.signal });
    const stayer = list(bed, id);
    await held.arrived;
    bed.world.advance(5_000);
    controller.abort();
    await expect(late).rejects.toMatchObject({ code: 'transport.timeout', outcome: 'not-sent' });
    await expect(gone).rejects.toMatchObject({ code: 'transport.cancelled', outcome: 'not-sent' });
    held.release();
    expect((await stayer).status).toBe(200);
  });

  /** An installation that works again, and may be tested. */
  async function failing() {
    const bed = await openSandboxBed();
    const values = bed.makeKey();
    bed.sandbox.access.setKeyActive(values.keyId, false);
    const id = await bed.install(values);
    expect((await stateOf(bed, id)).state).toBe('failing');
    bed.sandbox.access.setKeyActive(values.keyId, true);
    bed.world.advance(60_000);
    return { bed, id };
  }
});

describe('a permission that is missing', () => {
  const reader = async () => {
    const bed = await openSandboxBed();
    const values = bed.makeKey('Reader');
    const id = await bed.install(values);
    await expect(create(bed, id)).rejects.toMatchObject({ code: 'vendor.forbidden' });
    bed.sandbox.requests.clear();
    return { bed, id };
  };

  it('leaves the installation failing with the reason, also when other calls go well', async () => {
    const { bed, id } = await reader();
    expect((await list(bed, id)).status).toBe(200);
    expect(await stateOf(bed, id)).toMatchObject({
      state: 'failing',
      stateReason: { code: 'vendor.forbidden', method: 'things.create' },
    });
  });

  it('costs the calls that follow no token and no test: only the call itself can prove a permission', async () => {
    const { bed, id } = await reader();
    const { revision } = await stateOf(bed, id);
    for (let call = 0; call < 50; call++) {
      await list(bed, id);
      await expect(create(bed, id)).rejects.toMatchObject({ code: 'vendor.forbidden' });
    }
    expect([bed.asked('token'), bed.asked('me.get')]).toEqual([0, 0]);
    expect([bed.asked('things.list'), bed.asked('things.create')]).toEqual([50, 50]);
    expect((await stateOf(bed, id)).revision).toBe(revision);
  });

  it('is forgotten as soon as the call that lacked it goes well', async () => {
    const { bed, id } = await reader();
    const [user] = bed.sandbox.access.serviceUsers();
    bed.sandbox.access.addPolicy(user?.id ?? '', 'All');
    expect((await create(bed, id)).status).toBe(200);
    expect(await stateOf(bed, id)).toMatchObject({ state: 'active', stateReason: null });
  });

  it('is told from an expiry once, where the vendor answers the same to both, and costs no renewal after that', async () => {
    const { runtime, account, vendor, world, install } = await createTestBed();
    const id = await install();
    const create = (...answers: { status: number }[]) => {
      world.advance(60_000);
      vendor.next(...answers);
      return runtime.call(account, id, 'things.create', { body: { name: 'x' } });
    };
    await expect(create({ status: 403 }, { status: 403 })).rejects.toMatchObject({
      code: 'vendor.forbidden',
    });
    expect(vendor.tokenRequests()).toBe(2);
    for (let n = 0; n < 10; n++)
      await expect(create({ status: 403 })).rejects.toMatchObject({ code: 'vendor.forbidden' });
    expect(vendor.tokenRequests()).toBe(2);
    expect((await create({ status: 401 })).status).toBe(200);
    expect(vendor.tokenRequests()).toBe(3);
  });

  it('lets no call out with other credentials before they are proven', async () => {
    const { bed, id } = await reader();
    const held = bed.hold({ method: 'token', times: 1 });
    const change = bed.runtime.configure(bed.account, id, {
      values: { ...bed.makeKey(), secret: 'garbage' },
    });
    await held.arrived;
    const call = list(bed, id);
    held.release();
    await expect(call).rejects.toMatchObject({ code: 'vendor.bad-credentials' });
    expect((await change).row.state).toBe('failing');
    expect(bed.asked('things.list')).toBe(0);
  });
});

describe('a de-authenticated installation', () => {
  it('does not get its token back from an exchange that was under way', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    await bed.store.write([{ op: 'delete', table: 'token', where: { id } }]);
    const held = bed.hold({ method: 'token', times: 1 });
    const call = bed.another().call(bed.account, id, 'things.list');
    await held.arrived;
    await bed.runtime.deauthenticate(bed.account, id);
    held.release();
    await expect(call).rejects.toMatchObject({ code: 'installation.deauthenticated', outcome: 'not-sent' });
    expect(await bed.store.count('token')).toBe(0);
    expect((await stateOf(bed, id)).state).toBe('de-authenticated');
  });

  it('stays so on credentials of the console until somebody says otherwise', async () => {
    const bed = await openSandboxBed();
    const { runtime, account } = bed;
    const { org, ...credentials } = bed.makeKey();
    await runtime.setupConsole('small', credentials);
    const id = await bed.install({ org });
    await runtime.deauthenticate(account, id);
    bed.sandbox.requests.clear();
    expect(await runtime.test(account, id)).toMatchObject({
      ok: false,
      error: { code: 'installation.deauthenticated' },
    });
    await runtime.configure(account, id, { values: {} });
    await runtime.configure(account, id, { values: { org } });
    await runtime.setupConsole('small', credentials);
    await expect(list(bed, id)).rejects.toMatchObject({ code: 'installation.deauthenticated' });
    expect((await stateOf(bed, id)).state).toBe('de-authenticated');
    expect(bed.sandbox.requests.list()).toEqual([]);
    expect((await runtime.reauthenticate(account, id)).row.state).toBe('active');
    expect((await list(bed, id)).status).toBe(200);
  });

  it('comes back with credentials of its own, and says what is missing when they are half given', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    await bed.runtime.deauthenticate(bed.account, id);
    const { keyId, secret } = bed.makeKey();
    const half = await bed.runtime.configure(bed.account, id, { values: { keyId } });
    expect([half.row.state, half.missing.map(({ key }) => key)]).toEqual(['setup-required', ['secret']]);
    const whole = await bed.runtime.configure(bed.account, id, { values: { secret } });
    expect(whole.row.state).toBe('active');
  });

  it('and one that was removed leave nothing of a token or a lease behind', async () => {
    const bed = await openSandboxBed();
    const id = await bed.install();
    await bed.runtime.uninstall(bed.account, id);
    expect([await bed.store.count('token'), await bed.store.count('lease')]).toEqual([0, 0]);
  });
});

describe('a change in the console', () => {
  it('tests what depends on it eight at a time, and every one', async () => {
    const { runtime, account, store, world, vendor } = await createTestBed();
    const credentials = { keyId: 'key', keySecret: 'the-key-secret' };
    await runtime.setupConsole('acme', credentials);
    const install = async () => (await runtime.install(account, 'acme', { values: { tenant: 't1' } })).row.id;
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push(await install());
    let open: (() => void)[] = [];
    const slow = createRuntime({
      ...{ connectors: [...runtime.connectors.list()], store, world },
      send: async (request, options) => {
        if (request.url.endsWith('/oauth/token')) await new Promise<void>((resolve) => open.push(resolve));
        return vendor.send(request, options);
      },
    });
    vendor.secret = 'new-secret';
    const setup = slow.setupConsole('acme', { keySecret: 'new-secret' });
    const rounds: number[] = [];
    for (await settled(); open.length > 0; await settled()) {
      rounds.push(open.length);
      const these = open;
      open = [];
      for (const release of these) release();
    }
    expect(rounds).toEqual([8, 8, 4]);
    expect([...(await setup).dependents].sort()).toEqual([...ids].sort());
    for (const id of ids) expect((await runtime.installation(account, id)).row.state).toBe('active');
  });
});
