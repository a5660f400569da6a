/** A connector and a script come in, a listening sandbox with a clock of its own and a small client goes out. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterEach } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import type { GeneratedKey } from '../../src/sandbox/access-keys.ts';
import { createSandbox, type ListeningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import type { World } from '../../src/wire.ts';

export interface FakeClock extends World {
  advance(ms: number): void;
  /** The waits that were asked for, in milliseconds. */
  readonly slept: number[];
}

/** A clock that stands still until it is moved; waits end at once and are noted. */
export function createFakeClock(start = Date.UTC(2026, 2, 1, 12)): FakeClock {
  let now = start;
  const slept: number[] = [];
  return {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      slept.push(ms);
      signal?.throwIfAborted();
    },
    after: () => () => undefined,
    uuid: () => randomUUID(),
    advance: (ms) => {
      now += ms;
    },
    slept,
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
}

export interface CallOptions {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Sends JSON and reads the answer as text and, if it is JSON, as JSON. */
export async function call(url: string, options: CallOptions = {}): Promise<Reply> {
  const { body } = options;
  const response = await fetch(url, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

export const basicHeader = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export interface OpenSandbox {
  readonly sandbox: Sandbox;
  readonly urls: Readonly<Record<string, string>>;
  readonly clock: FakeClock;
  /** A service user with these policies, its key, and a token for it. */
  enter(...policies: string[]): Promise<{ key: GeneratedKey; serviceUserId: string; token: string }>;
}

// Making an RSA key takes longer than any of the tests.
const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const open: ListeningSandbox[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Opens a sandbox on free ports; it is closed after the test. */
export async function openSandbox(
  connector: Connector,
  script: SandboxScript,
  options: { tokenPath?: string; seed?: boolean } = {},
): Promise<OpenSandbox> {
  const clock = createFakeClock();
  const sandbox = createSandbox({ connector, script, world: clock, signingKey, seed: options.seed ?? true });
  const listening = await sandbox.listen();
  open.push(listening);
  const { urls } = listening;
  return {
    sandbox,
    urls,
    clock,
    enter: async (...policies) => {
      const { serviceUser, key } = sandbox.access.createServiceUser({
        name: `with ${policies.join(' and ')}`,
        policies,
        generateKey: true,
      });
      if (!key) throw new Error('no key');
      const reply = await call(`${urls.token ?? urls.api}${options.tokenPath ?? '/oauth/token'}`, {
        body: { grant_type: 'client_credentials' },
        headers: { authorization: basicHeader(key.accessKeyId, key.apiSecret.reveal()) },
      });
      return { key, serviceUserId: serviceUser.id, token: reply.json.access_token };
    },
  };
}
