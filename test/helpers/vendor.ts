/** A vendor in memory for the fixture connector: a `Send` with a token endpoint, things, switches for trouble, and a log. */
import type { Send, WireRequest, WireResponse, World } from '../../src/wire.ts';

export interface FakeVendor {
  readonly send: Send;
  /** Every request that arrived, token requests included. */
  readonly requests: WireRequest[];
  /** How many token requests arrived. */
  tokenRequests(): number;
  /** Answers the next matching requests instead of the usual ones; a function that throws breaks the connection. */
  next(...answers: (Partial<WireResponse> | (() => never))[]): void;
  /** Every token issued so far is refused from now on. */
  revokeTokens(): void;
  secret: string;
  lifetimeSeconds: number;
}

const json = (status: number, body: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Creates the vendor. It takes key id `key` with the given secret, and knows the tenant `t1`. */
export function createFakeVendor(): FakeVendor {
  const queue: (Partial<WireResponse> | (() => never))[] = [];
  const requests: WireRequest[] = [];
  let valid = new Set<string>();
  let issued = 0;
  const vendor: FakeVendor = {
    requests,
    secret: 'the-key-secret',
    lifetimeSeconds: 3600,
    tokenRequests: () => requests.filter((request) => request.url.endsWith('/oauth/token')).length,
    next: (...answers) => void queue.push(...answers),
    revokeTokens: () => {
      valid = new Set();
    },
    send: async (request) => {
      requests.push(request);
      await Promise.resolve();
      const url = new URL(request.url);
      if (url.hostname.includes('nowhere')) throw new Error('the test sends to nowhere');
      if (url.pathname === '/oauth/token') {
        const expected = `Basic ${Buffer.from(`key:${vendor.secret}`).toString('base64')}`;
        if (request.headers.authorization !== expected)
          return json(401, { message: `no such key as ${request.headers.authorization}` });
        const payload = Buffer.from(JSON.stringify({ tenant: 't1' })).toString('base64url');
        const token = `h.${payload}.${++issued}`;
        valid.add(token);
        return json(200, { access_token: token, expires_in: vendor.lifetimeSeconds, token_type: 'Bearer' });
      }
      if (!valid.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
        return json(401, { message: 'token expired' });
      const queued = queue.shift();
      if (typeof queued === 'function') queued();
      else if (queued) return { ...json(200, {}), ...queued };
      if (!url.pathname.startsWith('/t1/')) return json(403, { message: 'not your tenant' });
      if (url.pathname === '/t1/me') return json(200, { user: { id: 'u1', name: 'robot' } });
      if (url.pathname === '/t1/things' && request.method === 'GET') return json(200, listOf(url));
      if (request.method === 'POST')
        return json(200, { id: 'new', ...(JSON.parse(String(request.body)) as object) });
      return json(404, { message: 'nothing here' });
    },
  };
  return vendor;
}

/** Five things in pages of the size asked for. */
function listOf(url: URL): unknown {
  const size = Number(url.searchParams.get('size') ?? 2);
  const start = Number(url.searchParams.get('next') ?? 0);
  const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: `Thing ${id}` }));
  const end = start + size;
  return { data: all.slice(start, end), next: end < all.length ? String(end) : null };
}

export interface FakeWorld extends World {
  /** Moves the clock. */
  advance(ms: number): void;
  /** What was slept, in milliseconds. */
  readonly sleeps: number[];
}

/** A clock that stands still unless moved, sleeps that move it, and timers that fire when it has passed them. */
export function createFakeWorld(start = Date.parse('2026-01-01T00:00:00Z')): FakeWorld {
  let now = start;
  let count = 0;
  const sleeps: number[] = [];
  let timers: { readonly at: number; readonly act: () => void }[] = [];
  const advance = (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { act } of due) act();
  };
  return {
    now: () => now,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    sleeps,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      sleeps.push(ms);
      advance(ms);
    },
    after: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance,
  };
}
