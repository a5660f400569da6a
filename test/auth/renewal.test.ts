import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LEASE_MS } from '../../src/auth/lease.ts';
import type { Token } from '../../src/auth/token.ts';
import { createTokenCache, type TokenCache } from '../../src/auth/token-cache.ts';
import { FishplateError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createSteppedWorld, type SteppedWorld, settled } from '../helpers/stepped-world.ts';
import { keepInstallations } from './installation-row.ts';

const key = { installationId: 'i', fingerprint: 'f' };
const other = { installationId: 'i', fingerprint: 'g' };
const refusal = new FishplateError('vendor.bad-credentials', 'no such key');
const outage = new FishplateError('vendor.unavailable', 'down');

let store: Store;
let world: SteppedWorld;
/** Exchanges that were asked for, in order; each ends when the test says so. */
let exchanges: { readonly succeed: (seconds?: number) => void; readonly fail: (error: Error) => void }[];

beforeEach(async () => {
  store = await memoryStore();
  onTestFinished(() => store.close());
  await keepInstallations(store, 'i');
  world = createSteppedWorld();
  exchanges = [];
});

const exchange = () =>
  new Promise<Token>((resolve, reject) => {
    const number = exchanges.length + 1;
    const obtainedAt = world.now();
    exchanges.push({
      succeed: (seconds = 3600) =>
        resolve({
          ...{ access: new Secret(`token-${number}`), obtainedAt },
          expiresAt: obtainedAt + seconds * 1000,
        }),
      fail: reject,
    });
  });
const process = (): TokenCache => createTokenCache(store, world);
const textOf = async (token: Promise<Token>) => (await token).access.reveal();
/** Answers the next exchange with success, for a cache that nobody is in the way of. */
async function fill(cache: TokenCache, seconds?: number): Promise<string> {
  const token = textOf(cache.get(key, exchange));
  await settled();
  exchanges.at(-1)?.succeed(seconds);
  return token;
}
async function fails(cache: TokenCache, error: Error): Promise<void> {
  const token = cache.get(key, exchange);
  await settled();
  exchanges.at(-1)?.fail(error);
  await expect(token).rejects.toMatchObject({ message: error.message });
}
const leaseOf = () => store.get('lease', 'token/i');

describe('processes on one store', () => {
  it('exchange once, however many ask: the others wait and take what the first one left', async () => {
    const tokens = Array.from({ length: 50 }, () => textOf(process().get(key, exchange)));
    await settled();
    expect(exchanges).toHaveLength(1);
    expect(world.sleeping()).toBe(49);
    exchanges[0]?.succeed();
    await world.advance(100);
    expect(new Set(await Promise.all(tokens))).toEqual(new Set(['token-1']));
    expect(exchanges).toHaveLength(1);
  });

  it('wait longer and longer, up to a second, while the one that exchanges is slow', async () => {
    const [first, second] = [process(), process()];
    const slow = first.get(key, exchange);
    await settled();
    const waiter = second.get(key, exchange);
    await world.advance(20_000);
    expect(exchanges).toHaveLength(1);
    expect(world.sleeps.slice(0, 3)).toEqual([19, 38, 75]);
    expect(Math.max(...world.sleeps)).toBe(750);
    exchanges[0]?.succeed();
    await world.advance(1_000);
    expect(await textOf(waiter)).toBe(await textOf(slow));
  });

  it('go on when the one that exchanges dies, once its lease has run out', async () => {
    const seen = await leaseOf();
    const dead = { id: 'token/i', owner: 'killed', counter: 1, expiresAt: world.now() + LEASE_MS };
    const row = { ...dead, failures: 0, notBefore: 0, reason: null };
    await store.write([{ op: 'insert', table: 'lease', row }]);
    expect(seen).toBeUndefined();
    const token = textOf(process().get(key, exchange));
    await world.advance(LEASE_MS - 1);
    expect(exchanges).toHaveLength(0);
    await world.advance(1_000);
    expect(exchanges).toHaveLength(1);
    exchanges[0]?.succeed();
    expect(await token).toBe('token-1');
    expect(await leaseOf()).toMatchObject({ owner: null, counter: 2 });
  });

  it('turn a late writer away: it takes the token of whoever took over', async () => {
    const frozen = process();
    const late = textOf(frozen.get(key, exchange));
    await settled();
    // As if the process had stood still: no sign of life.
    const set = { expiresAt: world.now() };
    await store.write([{ op: 'update', table: 'lease', id: 'token/i', set }]);
    const winner = textOf(process().get(key, exchange));
    await settled();
    exchanges[1]?.succeed();
    expect(await winner).toBe('token-2');
    exchanges[0]?.succeed();
    expect(await late).toBe('token-2');
    expect((await store.get('token', 'i'))?.token.reveal()).toBe('token-2');
    expect(exchanges).toHaveLength(2);
  });

  it('use a token that is due but good still, while one of them renews it', async () => {
    const [first, second] = [process(), process()];
    await fill(first);
    await second.get(key, exchange);
    await world.advance(3_400_000);
    const renewed = textOf(first.get(key, exchange));
    await settled();
    expect(await textOf(second.get(key, exchange))).toBe('token-1');
    expect(world.sleeps).toEqual([]);
    exchanges[1]?.succeed();
    expect([await renewed, await textOf(second.get(key, exchange))]).toEqual(['token-2', 'token-2']);
  });

  it('never wait with a transaction or a connection of the store', async () => {
    const waiting = process().get(key, exchange);
    await settled();
    await store.write([{ op: 'insert', table: 'counter', row: { id: 'free', value: 1 } }]);
    exchanges[0]?.succeed();
    await waiting;
    expect(await store.count('counter')).toBe(1);
  });

  it('write twice for an exchange that nobody else wants, and never for a call', async () => {
    let writes = 0;
    const counting: Store = { ...store, write: (changes) => store.write(changes).finally(() => writes++) };
    const cache = createTokenCache(counting, world);
    await fill(cache);
    expect(writes).toBe(2);
    for (let call = 0; call < 100; call++) await cache.get(key, exchange);
    expect(writes).toBe(2);
    expect(cache.peek(key)?.access.reveal()).toBe('token-1');
  });
});

describe('after a refusal', () => {
  it('nobody asks again before the time is up, in no process and after no restart', async () => {
    await fails(process(), refusal);
    for (const cache of [process(), process()])
      for (let call = 0; call < 500; call++)
        await expect(cache.get(key, exchange)).rejects.toMatchObject({
          code: 'vendor.bad-credentials',
          retryAfterMs: 1_000,
        });
    expect(exchanges).toHaveLength(1);
    await world.advance(1_000);
    const again = process().get(key, exchange);
    await settled();
    expect(exchanges).toHaveLength(2);
    exchanges[1]?.succeed();
    await again;
    expect(await leaseOf()).toMatchObject({ failures: 0, notBefore: 0, reason: null });
  });

  it('the wait doubles with every failure up to its cap', async () => {
    const cache = process();
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      await fails(cache, refusal);
      const waitMs = ((await leaseOf())?.notBefore ?? 0) - world.now();
      waits.push(waitMs);
      await world.advance(waitMs);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('other credentials are asked for at once', async () => {
    await fails(process(), refusal);
    const token = textOf(process().get(other, exchange));
    await settled();
    exchanges[1]?.succeed();
    expect(await token).toBe('token-2');
  });

  it('who renews explicitly asks at once, and starts the waits anew', async () => {
    const cache = process();
    for (let n = 0; n < 3; n++) {
      await fails(cache, refusal);
      await world.advance(60_000);
    }
    await fails(cache, refusal);
    const renewed = cache.renew(key, exchange);
    await settled();
    exchanges.at(-1)?.fail(refusal);
    await expect(renewed).rejects.toBe(refusal);
    expect(await leaseOf()).toMatchObject({ failures: 1, notBefore: world.now() + 1_000 });
  });

  it('a token that is fresh still serves calls, but proves nothing until an exchange succeeds', async () => {
    const cache = process();
    await fill(cache);
    const renewed = cache.renew(key, exchange);
    await settled();
    exchanges[1]?.fail(refusal);
    await expect(renewed).rejects.toBe(refusal);
    expect(await textOf(cache.get(key, exchange))).toBe('token-1');
    await expect(cache.confirm(key, exchange, 0)).rejects.toMatchObject({ retryAfterMs: 1_000 });
    await world.advance(1_000);
    const confirmed = textOf(cache.confirm(key, exchange, 0));
    await settled();
    exchanges[2]?.succeed();
    expect(await confirmed).toBe('token-3');
    expect(await textOf(cache.confirm(key, exchange, 0))).toBe('token-3');
    expect(exchanges).toHaveLength(3);
    const newer = textOf(process().confirm(key, exchange, world.now()));
    await settled();
    exchanges[3]?.succeed();
    expect(await newer).toBe('token-4');
  });

  it('what is kept of it names no secret, and says who said what', async () => {
    await fails(process(), new FishplateError('vendor.key-inactive', 'off', { vendor: { status: 401 } }));
    expect((await leaseOf())?.reason).toMatchObject({
      ...{ code: 'vendor.key-inactive', message: 'off', vendor: { status: 401 }, fingerprint: 'f' },
    });
  });
});

describe('in an outage', () => {
  it('a token that is due but good still is used to its end', async () => {
    const cache = process();
    await fill(cache);
    await world.advance(3_400_000);
    const token = textOf(cache.get(key, exchange));
    await settled();
    exchanges[1]?.fail(outage);
    expect(await token).toBe('token-1');
    for (let call = 0; call < 100; call++) expect(await textOf(cache.get(key, exchange))).toBe('token-1');
    expect(exchanges).toHaveLength(2);
    await world.advance(200_000);
    await fails(cache, outage);
  });

  it('a refusal is not mistaken for one: the key is bad, although its token is good still', async () => {
    const cache = process();
    await fill(cache);
    await world.advance(3_400_000);
    await fails(cache, refusal);
  });

  it('the vendor is asked again sooner than after a refusal, or when it says', async () => {
    await fails(process(), outage);
    expect((await leaseOf())?.notBefore).toBe(world.now() + 250);
    await world.advance(250);
    await fails(process(), new FishplateError('vendor.throttled', 'later', { retryAfterMs: 20_000 }));
    expect((await leaseOf())?.notBefore).toBe(world.now() + 20_000);
  });

  it('trouble of our own is not counted against the vendor', async () => {
    await fails(process(), new TypeError('a defect'));
    expect(await leaseOf()).toMatchObject({ owner: null, failures: 0, notBefore: 0 });
  });
});

describe('an exchange under way', () => {
  const change = (set: object) => store.write([{ op: 'update', table: 'installation', id: 'i', set }]);

  it.each([
    [
      'de-authenticated',
      'installation.deauthenticated',
      () => change({ state: 'de-authenticated', revision: 2 }),
    ],
    [
      'removed',
      'installation.unknown',
      () => store.write([{ op: 'delete', table: 'installation', where: { id: 'i' } }]),
    ],
  ] as const)(
    'does not bring back the token of an installation that was %s meanwhile',
    async (_, code, act) => {
      const cache = process();
      const token = cache.get(key, exchange);
      await settled();
      await act();
      exchanges[0]?.succeed();
      await expect(token).rejects.toMatchObject({ code });
      expect(await store.count('token')).toBe(0);
      expect(cache.peek(key)).toBeUndefined();
      expect((await leaseOf())?.owner).toBeNull();
    },
  );

  it('is not disturbed by other changes of the installation, also while it is written', async () => {
    let changes = 1;
    const moving: Store = {
      ...store,
      get: async (table, id) => {
        const row = await store.get(table, id);
        if (table === 'installation' && changes < 4) await change({ revision: ++changes });
        return row;
      },
    };
    const cache = createTokenCache(moving, world);
    expect(await fill(cache)).toBe('token-1');
    expect(changes).toBe(4);
  });

  it('is shared by those who renew in other processes while they wait, if it was sent after they asked', async () => {
    const first = textOf(process().renew(key, exchange));
    await settled();
    const second = textOf(process().renew(key, exchange));
    await settled();
    exchanges[0]?.succeed();
    await world.advance(100);
    expect([await first, await second]).toEqual(['token-1', 'token-1']);
    await world.advance(1);
    const before = textOf(process().renew(key, exchange));
    await settled();
    await world.advance(1);
    const after = textOf(process().renew(key, exchange));
    await settled();
    exchanges[1]?.succeed();
    await world.advance(100);
    exchanges[2]?.succeed();
    expect([await before, await after]).toEqual(['token-2', 'token-3']);
  });
});
