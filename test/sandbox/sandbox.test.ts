import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { call, createFakeClock, openSandbox } from './open-sandbox.ts';
import { smallConnector, smallScript } from './small-connector.ts';

describe('ports', () => {
  it('are refused when they are taken, and none stays open then', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const taken = (blocker.address() as AddressInfo).port;
    const sandbox = createSandbox({
      connector: smallConnector(),
      script: smallScript,
      world: createFakeClock(),
    });
    await expect(sandbox.listen({ ports: { ingest: taken } })).rejects.toThrow(
      expect.objectContaining({
        code: 'sandbox.port-in-use',
        message: expect.stringContaining(String(taken)),
      }),
    );
    await new Promise((resolve) => blocker.close(resolve));
    const listening = await sandbox.listen({ ports: { ingest: taken } });
    expect(listening.urls.ingest).toBe(`http://127.0.0.1:${taken}`);
    await listening.close();
  });

  it('are shared by hosts of one origin, and base URLs keep their paths', async () => {
    const { urls } = await openSandbox(smallConnector(), smallScript);
    const origin = new URL(urls.api ?? '').origin;
    expect(urls).toEqual({
      api: `${origin}/v1`,
      reports: `${origin}/reports`,
      ingest: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(urls.ingest).not.toBe(origin);
  });

  it('answer the methods of their own hosts only, but on the API port every path is answered', async () => {
    const { urls, enter } = await openSandbox(smallConnector(), smallScript);
    const { token } = await enter('All');
    const body = { rows: [] };
    const at = (base: string | undefined, path: string) => call(`${base}${path}`, { token, body });
    expect((await at(urls.ingest, '/org/one/events')).status).toBe(200);
    expect((await at(new URL(urls.api ?? '').origin, '/org/one/events')).status).toBe(200);
    expect((await call(`${urls.ingest}/v1/org/one/me`, { token })).status).toBe(404);
    expect((await call(`${urls.ingest}/_sandbox/faults`)).status).toBe(404);
  });

  it('are free again after close, and requests that wait are broken off', async () => {
    const world = { ...createFakeClock(), sleep: waitUntilAborted };
    const sandbox = createSandbox({ connector: smallConnector(), script: smallScript, world });
    const listening = await sandbox.listen();
    sandbox.faults.add({ delayMs: 60_000 });
    const pending = call(`${listening.urls.api}/org/one/me`).catch((error: Error) => error.message);
    await expect.poll(() => waits).toBe(1);
    await listening.close();
    expect(await pending).toBe('fetch failed');
    await expect(call(`${listening.urls.api}/org/one/me`)).rejects.toThrow('fetch failed');
  });
});

let waits = 0;

function waitUntilAborted(_ms: number, signal?: AbortSignal): Promise<void> {
  waits++;
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

describe('a snapshot', () => {
  it('of another vendor or format is refused', () => {
    const sandbox = createSandbox({ connector: smallConnector(), script: smallScript });
    const snapshot = sandbox.snapshot();
    const invalid = expect.objectContaining({ code: 'sandbox.invalid' });
    expect(() => sandbox.restore({ ...snapshot, connector: 'other' })).toThrow(invalid);
    expect(() => sandbox.restore({ ...snapshot, format: 2 as never })).toThrow(invalid);
  });

  it('carries keys, tokens, policies and entities into the next process, as plain JSON without secrets', async () => {
    const first = await openSandbox(smallConnector(), smallScript);
    const { token, key } = await first.enter('All');
    const thing = await call(`${first.urls.api}/org/one/things`, { token, body: { name: 'kept' } });
    first.sandbox.access.createPolicy({ name: 'Own', statements: [{ effect: 'allow', methods: ['*'] }] });
    const text = JSON.stringify(first.sandbox.snapshot());
    expect(text).not.toContain(key.apiSecret.reveal());
    expect(text).not.toContain(token);

    const second = await openSandbox(smallConnector(), smallScript);
    await second.enter('All');
    second.sandbox.restore(JSON.parse(text));
    expect(JSON.stringify(second.sandbox.snapshot())).toBe(text);
    const url = `${second.urls.api}/org/one/things`;
    expect((await call(`${url}/${thing.json.id}`, { token })).json).toEqual(thing.json);
    const newer = await call(url, { token, body: { name: 'newer' } });
    expect((await call(url, { token })).json.items).toEqual([newer.json, thing.json]);
    expect(second.sandbox.access.policies().map((policy) => policy.name)).toContain('Own');
    expect(second.sandbox.access.secretMatches(key.accessKeyId, key.apiSecret.reveal())).toBe(true);
  });
});

describe('a sandbox whose script is known to fit', () => {
  const things = { ...smallScript.collections?.things, seeds: [{ name: 'first' }] };
  const script = { ...smallScript, collections: { ...smallScript.collections, things } };
  const open = () =>
    createSandbox({ connector: smallConnector(), script, world: createFakeClock(), checked: true });

  it('has its seeds before anybody has asked for anything', () => {
    expect(JSON.stringify(open().snapshot().collections)).toContain('"name":"first"');
  });

  it('keeps what was restored before the first request, and no seeds beside it', async () => {
    const empty = createSandbox({ connector: smallConnector(), script, seed: false }).snapshot();
    const sandbox = open();
    sandbox.restore(empty);
    const listening = await sandbox.listen();
    expect((await call(`${listening.urls.api}/org/one/me`)).status).toBe(401);
    await listening.close();
    expect(sandbox.snapshot().collections).toEqual(empty.collections);
  });
});
