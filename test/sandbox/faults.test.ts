import { describe, expect, it } from 'vitest';
import { createFaults } from '../../src/sandbox/faults.ts';
import { createRequestLog } from '../../src/sandbox/request-log.ts';
import { call, openSandbox } from './open-sandbox.ts';
import { smallConnector, smallScript } from './small-connector.ts';

async function open() {
  const opened = await openSandbox(smallConnector(), smallScript);
  const { token } = await opened.enter('All');
  opened.sandbox.requests.clear();
  const base = `${opened.urls.api}/org/one`;
  const things = (body?: unknown) => call(`${base}/things`, { token, body });
  const screens = `${new URL(opened.urls.api ?? '').origin}/_sandbox`;
  return { ...opened, token, base, things, screens };
}

describe('a fault is refused', () => {
  const invalid = expect.objectContaining({ code: 'input.invalid' });
  it.each([
    {},
    { times: 1 },
    { status: 99 },
    { status: 429, tims: 1 },
    { delayMs: -1 },
    { drop: 'sometimes' },
    { status: 429, times: 0 },
    { headers: { 'X-A': 'a\r\nb' } },
    { status: 500, pathPrefix: 'org' },
  ])('when it is %j', (fault) => {
    expect(() => createFaults().add(fault as never)).toThrow(invalid);
  });

  it.each([{ tokenLifetimeSeconds: 0 }, { lifetime: 1 }, { refusals: { nope: { status: 401 } } }])(
    'as a switch when it is %j',
    (switches) => {
      expect(() => createFaults().set(switches as never)).toThrow(invalid);
    },
  );
});

describe('faults', () => {
  it('answer the next so many requests in the vendor’s place, with status, headers and body', async () => {
    const { sandbox, things } = await open();
    sandbox.faults.add({ status: 429, times: 2, headers: { 'Retry-After': '7' } });
    const replies = [await things({ name: 'a' }), await things(), await things()];
    expect(replies.map((reply) => reply.status)).toEqual([429, 429, 200]);
    expect(replies[0]?.headers.get('retry-after')).toBe('7');
    expect(replies[0]?.json.message).toContain('429');
    expect(replies[2]?.json.items).toEqual([]);
    expect(sandbox.faults.list()).toEqual([]);
  });

  it('that break the sandbox itself are answered, not hung up on', async () => {
    const { sandbox, things } = await open();
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    sandbox.faults.add({ status: 500, times: 1, body: endless });
    const reply = await things({ name: 'a' });
    expect([reply.status, reply.json.message]).toEqual([500, expect.stringContaining('The sandbox failed')]);
  });

  it('answer a text as it is, and JSON as JSON', async () => {
    const { sandbox, things } = await open();
    sandbox.faults.add({ status: 502, times: 1, body: '<html>Bad gateway</html>', contentType: 'text/html' });
    sandbox.faults.add({ status: 200, times: 1, body: { error: { code: 'expired' } } });
    const html = await things();
    expect([html.status, html.text, html.headers.get('content-type')]).toEqual([
      502,
      '<html>Bad gateway</html>',
      'text/html',
    ]);
    expect((await things()).json).toEqual({ error: { code: 'expired' } });
  });

  it('concern a method, a host, a path, the token endpoint - or all, until they are cleared', async () => {
    const { sandbox, things, base, token, urls, enter } = await open();
    const events = `/org/one/events`;
    sandbox.faults.add({ status: 500, method: 'things.create' });
    sandbox.faults.add({ status: 501, host: 'ingest' });
    sandbox.faults.add({ status: 502, pathPrefix: '/v1/org/one/settings' });
    expect((await things({ name: 'a' })).status).toBe(500);
    expect((await things()).status).toBe(200);
    const body = { rows: [] };
    expect((await call(`${urls.ingest}${events}`, { token, body })).status).toBe(501);
    expect((await call(`${base}/settings`, { token })).status).toBe(502);
    sandbox.faults.clear();
    expect((await things({ name: 'a' })).status).toBe(200);
    sandbox.faults.add({ status: 503, method: 'token', times: 1 });
    expect((await things()).status).toBe(200);
    expect((await enter('All')).token).toBeUndefined();
  });

  it('break the connection before anything is processed, or after', async () => {
    const { sandbox, things } = await open();
    sandbox.faults.add({ drop: 'before', times: 1 });
    await expect(things({ name: 'lost' })).rejects.toThrow('fetch failed');
    expect((await things()).json.items).toEqual([]);
    sandbox.faults.add({ drop: 'after', times: 1 });
    await expect(things({ name: 'kept' })).rejects.toThrow('fetch failed');
    expect((await things()).json.items).toMatchObject([{ name: 'kept' }]);
    expect(sandbox.requests.list('things.create')).toMatchObject([
      { fault: true, bodyBytes: 0 },
      { fault: true, bodyBytes: 15 },
    ]);
    expect(sandbox.requests.list('things.create')[0]).not.toHaveProperty('status');
  });

  it('cut the answer short', async () => {
    const { sandbox, things } = await open();
    sandbox.faults.add({ truncate: true, times: 1 });
    await expect(things()).rejects.toThrow();
    expect((await things()).status).toBe(200);
  });

  it('claim another content type, or add headers, for what the vendor answers', async () => {
    const { sandbox, things } = await open();
    sandbox.faults.add({ contentType: 'text/html', headers: { 'X-Should-Retry': 'false' }, times: 1 });
    const reply = await things();
    expect([reply.headers.get('content-type'), reply.headers.get('x-should-retry')]).toEqual([
      'text/html',
      'false',
    ]);
    expect(JSON.parse(reply.text).items).toEqual([]);
  });

  it('wait on the world’s clock', async () => {
    const { sandbox, things, clock } = await open();
    sandbox.faults.add({ delayMs: 90_000, times: 1 });
    expect((await things()).status).toBe(200);
    expect(clock.slept).toEqual([90_000]);
  });

  it('change the lifetime of tokens, the vendor’s clock, and how it refuses', async () => {
    const { sandbox, base, clock, enter } = await open();
    sandbox.faults.set({ tokenLifetimeSeconds: 30 });
    const { token } = await enter('All');
    const me = () => call(`${base}/me`, { token });
    clock.advance(29_000);
    expect((await me()).status).toBe(200);
    sandbox.faults.set({ clockSkewSeconds: 1 });
    expect((await me()).status).toBe(401);
    sandbox.faults.set({
      clockSkewSeconds: 1,
      refusals: { expiredToken: { status: 403, message: 'Forbidden' } },
    });
    expect([(await me()).status, (await me()).json]).toEqual([403, { message: 'Forbidden' }]);
    sandbox.faults.clear();
    expect((await me()).status).toBe(200);
  });

  it('are listed, added, switched and cleared over HTTP', async () => {
    const { screens, things } = await open();
    const added = await call(`${screens}/faults`, { body: { status: 429, times: 2 } });
    const id = expect.any(String);
    expect([added.status, added.json]).toEqual([201, { faults: [{ id, status: 429, times: 2 }] }]);
    expect((await call(`${screens}/faults`, { body: { status: 'x' } })).status).toBe(400);
    expect((await things()).status).toBe(429);
    const switched = await call(`${screens}/faults`, { method: 'PUT', body: { tokenLifetimeSeconds: 9 } });
    expect(switched.json).toEqual({ faults: [{ id, status: 429, times: 1 }], tokenLifetimeSeconds: 9 });
    expect((await call(`${screens}/faults`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`${screens}/faults`)).json).toEqual({ faults: [] });
    expect((await things()).status).toBe(200);
  });
});

it('takes one fault away and leaves the others and the switches', async () => {
  const { screens, things } = await open();
  await call(`${screens}/faults`, { method: 'PUT', body: { clockSkewSeconds: 1 } });
  await call(`${screens}/faults`, { body: { status: 500 } });
  const { json } = await call(`${screens}/faults`, { body: { status: 501, times: 1 } });
  const [first] = json.faults;
  expect((await call(`${screens}/faults/${first.id}`, { method: 'DELETE' })).status).toBe(204);
  const again = await call(`${screens}/faults/${first.id}`, { method: 'DELETE' });
  expect([again.status, again.json.code]).toEqual([404, 'sandbox.unknown']);
  const left = await call(`${screens}/faults`);
  expect(left.json).toEqual({ faults: [expect.objectContaining({ status: 501 })], clockSkewSeconds: 1 });
  expect((await things()).status).toBe(501);
});

describe('the request log', () => {
  it('tells what was asked, and nothing of the headers', async () => {
    const { sandbox, things, screens, token, base } = await open();
    await things({ name: 'a' });
    await call(`${base}/things?limit=2&ids=a,b`, { token });
    await call(`${base}/nowhere`, { token });
    const rows = sandbox.requests.list();
    expect(rows).toEqual([
      expect.objectContaining({
        verb: 'POST',
        path: '/v1/org/one/things',
        status: 200,
        method: 'things.create',
        bodyBytes: 12,
      }),
      expect.objectContaining({
        verb: 'GET',
        query: 'limit=2&ids=a%2Cb',
        method: 'things.list',
        fault: false,
      }),
      expect.objectContaining({ path: '/v1/org/one/nowhere', status: 404 }),
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await call(`${screens}/requests?method=things.list`)).json).toEqual([rows[1]]);
    expect((await call(`${screens}/requests?last=1`)).json).toEqual([rows[2]]);
    expect((await call(`${screens}/requests?last=0`)).status).toBe(400);
    await call(`${screens}/requests`, { method: 'DELETE' });
    expect((await call(`${screens}/requests`)).json).toEqual([]);
  });

  it('keeps the last ten thousand', () => {
    const row = { at: 0, hosts: [], verb: 'GET', query: '', headers: {}, bodyBytes: 0, fault: false };
    const log = createRequestLog();
    for (let number = 1; number <= 12_500; number++) log.add({ ...row, path: `/${number}` });
    expect(log.list()).toHaveLength(10_000);
    expect(log.list().at(-1)?.path).toBe('/12500');
  });
});
