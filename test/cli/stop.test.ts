import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { openStore } from '../../src/store/open.ts';
import { makeTempFolder } from '../store/temp-folder.ts';

/** A vendor for the fixture connector, on this machine: it takes every key. */
async function startVendor(): Promise<string> {
  const server = createServer((request, response) => {
    const body = request.url?.startsWith('/oauth')
      ? { access_token: `t.${'x'.repeat(40)}`, expires_in: 3600, token_type: 'Bearer' }
      : { data: [], next: null, user: { id: 'u1', name: 'robot' } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The fixture connector without a limit worth the name. */
function makeConnectors(folder: string): string {
  cpSync('test/fixtures/acme', join(folder, 'acme'), { recursive: true });
  const file = join(folder, 'acme/connector.yaml');
  const text = readFileSync(file, 'utf8').replace('requests: 10,', 'requests: 100000,');
  expect(text).toContain('requests: 100000,');
  writeFileSync(file, text);
  return folder;
}

async function startServe(cwd: string, env: Readonly<Record<string, string>>) {
  const hooks = new URL('../helpers/ts-hooks.mjs', import.meta.url).href;
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', hooks, main, 'serve', '--port', '0'], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr.on('data', (part: Buffer) => {
    log += part.toString();
  });
  await vi.waitFor(() => expect(log).toMatch(/serves on \S+\n/), { timeout: 30_000 });
  return { child, url: /serves on (\S+)\n/.exec(log)?.[1] ?? '' };
}

/** Asks the API as the administrator of the first access key. */
async function createAsker(url: string, folder: string) {
  const ask = async (
    verb: string,
    path: string,
    body: object,
    more: Readonly<Record<string, string>> = {},
  ) => {
    const headers = { 'content-type': 'application/json', ...more };
    const response = await fetch(`${url}${path}`, { method: verb, headers, body: JSON.stringify(body) });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const key = JSON.parse(readFileSync(join(folder, 'data/first-access-key.json'), 'utf8'));
  const signIn = {
    ...{ grant_type: 'client_credentials', client_id: key.clientId, client_secret: key.clientSecret },
  };
  const authorization = `Bearer ${(await ask('POST', '/oauth/token', signIn)).body.access_token}`;
  const account = (await ask('POST', '/v1.0/accounts', { Name: 'A' }, { authorization })).body.Id;
  return (verb: string, path: string, body: object, more = {}) =>
    ask(verb, path, body, { authorization, 'x-cyclr-account': account, ...more });
}

it('keeps the row of every call that was answered, when it is told to stop in the middle of many', async () => {
  const cwd = makeTempFolder();
  const key = randomBytes(32).toString('base64');
  const { child, url } = await startServe(cwd, {
    ...{ FISHPLATE_KEY: key, FISHPLATE_CONNECTORS: makeConnectors(join(cwd, 'connectors')) },
    ...{ FISHPLATE_ALLOW_ADDRESSES: 'loopback', FISHPLATE_LOG_LEVEL: 'error' },
  });
  const ask = await createAsker(url, cwd);
  const baseUrl = await startVendor();
  await ask('PUT', '/v1.0/connectors/acme/setup', { Settings: { baseUrl } });
  const values = { keyId: 'key', keySecret: 'a-key-secret', tenant: 't1' };
  const Properties = Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  const installed = (await ask('POST', '/v1.0/connectors/acme/install', { Properties })).body;
  expect(installed).toMatchObject({ State: 'active' });
  const path = `/v1.0/account/connectors/${installed.Id}/methods/things.list`;
  const answered: string[] = [];
  const callOn = async () => {
    for (;;) {
      const requestId = randomUUID();
      const { status } = await ask('POST', path, {}, { 'x-request-id': requestId });
      expect(status).toBe(200);
      answered.push(requestId);
      if (answered.length === 300) child.kill('SIGTERM');
    }
  };
  const callers = await Promise.allSettled(Array.from({ length: 16 }, callOn));
  // Each went on until nobody took its request any more.
  for (const caller of callers)
    expect(caller).toMatchObject({ status: 'rejected', reason: new TypeError('fetch failed') });
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  const location = join(cwd, 'data/fishplate.db');
  const store = await openStore({ location, keys: { key: new Secret(key) } });
  const kept = new Set((await store.list('call')).map(({ requestId }) => requestId));
  await store.close();
  expect(answered.length).toBeGreaterThanOrEqual(300);
  expect(answered.filter((requestId) => !kept.has(requestId))).toEqual([]);
}, 60_000);
