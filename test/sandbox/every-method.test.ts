import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Method } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { createSandbox, type ListeningSandbox } from '../../src/sandbox/sandbox.ts';
import { createSchemaChecker } from '../../src/schema.ts';
import { createRequests, type Requests } from './method-requests.ts';
import { basicHeader, call, createFakeClock, type Reply } from './open-sandbox.ts';

const connector = await loadConnectorOrThrow('connector/m3ter');
const result = await loadSandboxScript('connector/m3ter', connector);
if ('problems' in result) throw new Error(JSON.stringify(result.problems));
const { script } = result;
const [home, foreign] = script.organisations.map(({ id }) => id);
const methods = Object.values(connector.methods);
const checker = createSchemaChecker(connector.types);
const clock = createFakeClock();

let listening: ListeningSandbox;
let requests: Requests;
let administrator: string;
let reader: string;
/** What is still to be sent. */
let rounds: Method[][];
/** The answers to valid requests, by method. */
const answers = new Map<string, Reply>();

async function enter(sandbox: ReturnType<typeof createSandbox>, policy: string): Promise<string> {
  const { key } = sandbox.access.createServiceUser({ name: policy, policies: [policy], generateKey: true });
  if (!key) throw new Error('no key');
  const reply = await call(`${listening.urls.token}/oauth/token`, {
    body: { grant_type: 'client_credentials' },
    headers: { authorization: basicHeader(key.accessKeyId, key.apiSecret.reveal()) },
  });
  return reply.json.access_token;
}

const send = (
  method: Method,
  token: string,
  change: { organisation?: string; id?: string; body?: unknown } = {},
) => {
  const url = `${listening.urls[method.host]}${requests.path(method, change)}`;
  const body = 'body' in change ? change.body : requests.body(method);
  return call(url, { token, method: method.verb, ...(body !== undefined && { body }) });
};

beforeAll(async () => {
  const sandbox = createSandbox({ connector, script, world: clock });
  listening = await sandbox.listen();
  administrator = await enter(sandbox, 'Administrator');
  reader = await enter(sandbox, 'ReadOnly');
  const [serviceUser] = sandbox.access.serviceUsers().filter(({ name }) => name === 'ReadOnly');
  requests = createRequests(connector, home ?? '', serviceUser?.id ?? '');
  rounds = requests.rounds();
  for (const round of rounds.splice(0, rounds.length - 1)) await sendAll(round);
});
afterAll(() => listening.close());

async function sendAll(round: readonly Method[]): Promise<void> {
  for (const method of round) {
    const reply = await send(method, administrator);
    answers.set(method.key, reply);
    requests.learn(method, reply.json);
  }
  // Jobs are done by the time that the next round comes.
  clock.advance(10_000);
}

/** Keys of the methods for which something is not as it should be. */
async function wrong(
  list: readonly Method[],
  isRight: (method: Method) => Promise<boolean>,
): Promise<string[]> {
  const keys: string[] = [];
  for (const method of list) if (!(await isRight(method))) keys.push(method.key);
  return keys;
}

describe('every method of m3ter', () => {
  it('is refused with 403 and a message in the organisation of somebody else', async () => {
    const isRefused = async (method: Method) => {
      const { status, json } = await send(method, administrator, { organisation: foreign ?? '' });
      return status === 403 && typeof json.message === 'string';
    };
    expect(await wrong(methods, isRefused)).toEqual([]);
  });

  it('is refused with 403 for ReadOnly when it changes something, and only then', async () => {
    const writing = methods.filter(({ readOnly }) => !readOnly);
    expect(await wrong(writing, async (method) => (await send(method, reader)).status === 403)).toEqual([]);
    const reading = methods.filter(({ readOnly }) => readOnly);
    expect(await wrong(reading, async (method) => (await send(method, reader)).status !== 403)).toEqual([]);
  });

  it('answers 400 and nothing but a message to a body that breaks the schema', async () => {
    const breakable = methods.filter((method) => requests.brokenBody(method) !== undefined);
    expect(breakable.length).toBeGreaterThan(110);
    const isRefused = async (method: Method) => {
      const { status, json } = await send(method, administrator, { body: requests.brokenBody(method) });
      return status === 400 && Object.keys(json).join() === 'message' && json.message !== '';
    };
    expect(await wrong(breakable, isRefused)).toEqual([]);
  });

  it('answers 404 for an id that nothing has', async () => {
    const single = methods.filter((method) => requests.isOfOne(method));
    expect(single.length).toBeGreaterThan(120);
    const isRefused = async (method: Method) => {
      const { status, json } = await send(method, administrator, { id: 'nobody' });
      return status === 404 && json.message.includes('nobody');
    };
    expect(await wrong(single, isRefused)).toEqual([]);
  });

  it('answers 200 to a request that satisfies its schema', async () => {
    for (const round of rounds.splice(0)) await sendAll(round);
    const refused = [...answers].filter(([, { status }]) => status !== 200);
    expect(refused.map(([key, { status, text }]) => `${key} ${status} ${text}`)).toEqual([]);
    expect(answers.size).toBe(methods.length);
  });

  it('answers what its response schema says', () => {
    const problems = methods.flatMap(({ key, response }) =>
      checker
        .check(response ?? true, answers.get(key)?.json)
        .map(({ path, message }) => `${key}: ${path} ${message}`),
    );
    expect(problems).toEqual([]);
  });
});
