/** The vendor of the fixture connector with several keys, which can be switched off while calls go on. */
import type { Send, WireResponse } from '../../src/wire.ts';

export interface Key {
  readonly secret: string;
  readonly tenant: string;
  readonly user: string;
  active: boolean;
  /** What this key may not do: paths without the tenant. */
  readonly forbidden?: readonly string[];
}

export interface RotatingVendor {
  readonly send: Send;
  readonly keys: Map<string, Key>;
  /** `key id` of each request, in order; token requests are `token <key id>`. */
  readonly log: string[];
  /** Deletes a key and its tokens, as vendors do. */
  revoke(id: string): void;
  /** Called before each request is answered. */
  before: (what: string) => Promise<void>;
}

const json = (status: number, body: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Knows the key `key` with the secret that `goodValues` has. */
export function createRotatingVendor(): RotatingVendor {
  const keys = new Map<string, Key>([
    ['key', { secret: 'the-key-secret', tenant: 't1', user: 'robot', active: true }],
  ]);
  const tokens = new Map<string, string>();
  let issued = 0;
  const log: string[] = [];
  const vendor: RotatingVendor = {
    ...{ keys, log },
    before: async () => undefined,
    revoke: (id) => {
      keys.delete(id);
      for (const [token, key] of tokens) if (key === id) tokens.delete(token);
    },
    send: async (request) => {
      const { pathname } = new URL(request.url);
      const authorization = request.headers.authorization ?? '';
      if (pathname === '/oauth/token') {
        const [id = '', secret] = Buffer.from(authorization.replace('Basic ', ''), 'base64')
          .toString()
          .split(':');
        log.push(`token ${id}`);
        await vendor.before(`token ${id}`);
        const key = keys.get(id);
        if (key?.secret !== secret) return json(401, { message: 'no such key' });
        if (!key?.active) return json(401, { message: 'the key is inactive' });
        const payload = Buffer.from(JSON.stringify({ tenant: key.tenant })).toString('base64url');
        const token = `h.${payload}.${++issued}`;
        tokens.set(token, id);
        return json(200, { access_token: token, expires_in: 3600, token_type: 'Bearer' });
      }
      const token = authorization.replace('Bearer ', '');
      log.push(`${tokens.get(token) ?? 'nobody'} ${pathname}`);
      await vendor.before(pathname);
      const key = keys.get(tokens.get(token) ?? '');
      if (!key?.active) return json(401, { message: 'not valid' });
      const [, tenant, ...rest] = pathname.split('/');
      if (tenant !== key.tenant) return json(403, { message: 'not your tenant' });
      if (key.forbidden?.includes(rest.join('/'))) return json(403, { message: 'not allowed' });
      if (rest.join('/') === 'me') return json(200, { user: { id: key.user, name: key.user } });
      if (request.method === 'POST') return json(200, { id: 'new' });
      return json(200, { data: [], next: null });
    },
  };
  return vendor;
}
