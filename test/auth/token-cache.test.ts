import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Token } from '../../src/auth/token.ts';
import { createTokenCache, type TokenCache } from '../../src/auth/token-cache.ts';
import { FishplateError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import { openStore } from '../../src/store/open.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/vendor.ts';
import { keepInstallations, rowOf } from './installation-row.ts';

let store: Store;
let world: FakeWorld;
let cache: TokenCache;
let issued: number;

beforeEach(async () => {
  store = await memoryStore();
  await keepInstallations(store, 'i', 'j');
  world = createFakeWorld();
  cache = createTokenCache(store, world);
  issued = 0;
  onTestFinished(() => store.close());
});

const key = { installationId: 'i', fingerprint: 'f' };
/** An exchange that takes a turn of the event loop and numbers its tokens. */
const exchange =
  (seconds = 3600) =>
  async (): Promise<Token> => {
    const number = ++issued;
    await new Promise((resolve) => setImmediate(resolve));
    return {
      access: new Secret(`token-${number}`),
      obtainedAt: world.now(),
      expiresAt: world.now() + seconds * 1000,
    };
  };
const textOf = async (token: Promise<Token>) => (await token).access.reveal();
const get = (over: Partial<typeof key> = {}, seconds = 3600) =>
  textOf(cache.get({ ...key, ...over }, exchange(seconds)));

describe('a failed exchange', () => {
  const refused = new FishplateError('vendor.bad-credentials', 'no such key');

  it('is shared by all who wait for it, and not kept', async () => {
    let tries = 0;
    const fail = async (): Promise<Token> => {
      tries++;
      await new Promise((resolve) => setImmediate(resolve));
      throw refused;
    };
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => cache.get(key, fail)));
    expect(results.every((result) => result.status === 'rejected' && result.reason === refused)).toBe(true);
    expect(tries).toBe(1);
    world.advance(60_000);
    expect(await get()).toBe('token-1');
  });

  it('may throw before it does anything', async () => {
    const fail = () => {
      throw refused;
    };
    await expect(cache.get(key, fail)).rejects.toBe(refused);
    world.advance(60_000);
    expect(await get()).toBe('token-1');
  });

  it('leaves the token that is there', async () => {
    await get();
    await expect(cache.renew(key, () => Promise.reject(refused))).rejects.toBe(refused);
    expect(await get()).toBe('token-1');
  });
});

describe('a token', () => {
  it('is exchanged once for a thousand who ask at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => get()));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(issued).toBe(1);
  });

  it('is exchanged once more for a thousand who ask when it is due', async () => {
    await get();
    world.advance(3_300_000);
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, () => get())))).toEqual(
      new Set(['token-2']),
    );
    expect(issued).toBe(2);
  });

  it.each([
    [30, 23_000, 24_000],
    [300, 239_000, 240_000],
    [18_000, 17_699_000, 17_700_000],
  ])('of %i s is kept for most of its life', async (seconds, stillMs, dueMs) => {
    await get({}, seconds);
    world.advance(stillMs);
    expect(await get({}, seconds)).toBe('token-1');
    world.advance(dueMs - stillMs);
    expect(await get({}, seconds)).toBe('token-2');
  });

  it('is never given to another installation', async () => {
    expect(await get()).toBe('token-1');
    expect(await get({ installationId: 'j' })).toBe('token-2');
    expect(await get()).toBe('token-1');
  });

  it('is never given to other credentials, also not from the store', async () => {
    expect(await get()).toBe('token-1');
    expect(await get({ fingerprint: 'g' })).toBe('token-2');
    cache = createTokenCache(store, world);
    expect(await get({ fingerprint: 'h' })).toBe('token-3');
  });

  it('that is under way for old credentials is not given to new ones', async () => {
    const [old, fresh] = await Promise.all([get(), get({ fingerprint: 'g' })]);
    expect(old).not.toBe(fresh);
  });

  it('is found again by a cache that is opened on the same store', async () => {
    await get();
    cache = createTokenCache(store, world);
    expect(await Promise.all([get(), get()])).toEqual(['token-1', 'token-1']);
    expect(issued).toBe(1);
  });

  it('survives a restart, sealed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const options = {
      location: join(folder, 'fishplate.db'),
      keys: { key: new Secret(randomBytes(32).toString('base64')) },
    };
    const first = await openStore(options);
    await keepInstallations(first, 'i');
    await createTokenCache(first, world).get(key, exchange());
    await first.close();
    const second = await openStore(options);
    onTestFinished(() => second.close());
    expect(await textOf(createTokenCache(second, world).get(key, exchange()))).toBe('token-1');
  });

  it('that is due is not taken from the store either', async () => {
    await get({}, 30);
    cache = createTokenCache(store, world);
    world.advance(24_000);
    expect(await get()).toBe('token-2');
  });

  it('is exchanged anew when that is asked for, and replaces the old one', async () => {
    await get();
    expect(await textOf(cache.renew(key, exchange()))).toBe('token-2');
    expect(await get()).toBe('token-2');
    cache = createTokenCache(store, world);
    expect(await get()).toBe('token-2');
  });
});

describe('memory', () => {
  it('holds ten thousand tokens: the least recently used go first, and come back from the store', async () => {
    const reads: string[] = [];
    const rows = new Map<string, unknown>();
    const counting = {
      get: async (table: string, id: string) => {
        if (table === 'installation') return rowOf(id);
        if (table !== 'token') return undefined;
        reads.push(id);
        return rows.get(id);
      },
      write: async (changes: readonly Change[]) => {
        for (const change of changes)
          if (change.op === 'upsert' && change.table === 'token') rows.set(change.row.id, change.row);
      },
    } as unknown as Store;
    cache = createTokenCache(counting, world);
    const ask = (id: string) => get({ installationId: id });
    await ask('often');
    await ask('seldom');
    for (let n = 0; n < 9_999; n++) {
      if (n % 1_000 === 0) await ask('often');
      await ask(`i${n}`);
    }
    reads.length = 0;
    expect([await ask('often'), await ask('seldom')]).toEqual(['token-1', 'token-2']);
    expect(reads).toEqual(['seldom']);
  });
});

describe('forgetting', () => {
  it('drops the token everywhere', async () => {
    const token = await cache.get(key, exchange());
    await cache.forget(key, token);
    expect(await store.count('token')).toBe(0);
    expect(await get()).toBe('token-2');
  });

  it('never drops a newer one', async () => {
    const old = await cache.get(key, exchange());
    await cache.renew(key, exchange());
    await cache.forget(key, old);
    expect(await get()).toBe('token-2');
    cache = createTokenCache(store, world);
    expect(await get()).toBe('token-2');
  });

  it('never drops a newer one that is written while it looks', async () => {
    const old = await cache.get(key, exchange());
    world.advance(1);
    const renewing: Store = {
      ...store,
      write: async (changes) => {
        if (changes.some(({ op }) => op === 'delete')) await cache.renew(key, exchange());
        await store.write(changes);
      },
    };
    const other = createTokenCache(renewing, world);
    await other.forget(key, old);
    expect((await store.get('token', 'i'))?.token.reveal()).toBe('token-2');
  });

  it('never drops the token of other credentials', async () => {
    const old = await cache.get(key, exchange());
    expect(await get({ fingerprint: 'g' })).toBe('token-2');
    await cache.forget(key, old);
    expect(await get({ fingerprint: 'g' })).toBe('token-2');
  });

  it('by a crowd costs one exchange', async () => {
    const token = await cache.get(key, exchange());
    const tokens = await Promise.all(
      Array.from({ length: 200 }, async () => {
        await cache.forget(key, token);
        return get();
      }),
    );
    expect(new Set(tokens)).toEqual(new Set(['token-2']));
    expect(issued).toBe(2);
  });

  it('does not give the forgotten token to those who come in between', async () => {
    const token = await cache.get(key, exchange());
    const [, ...others] = await Promise.all([
      cache.forget(key, token),
      ...Array.from({ length: 50 }, (_, turns) => later(turns, () => get())),
    ]);
    expect(await get()).toBe('token-2');
    // Those who were there before it was gone may still have got it; nobody puts it back.
    expect(new Set(others).size).toBeLessThanOrEqual(2);
    expect(issued).toBe(2);
  });
});

/** Runs `act` after so many microtasks. */
async function later<T>(turns: number, act: () => Promise<T>): Promise<T> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  return act();
}
