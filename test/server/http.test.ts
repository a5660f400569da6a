import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await createApi({ bodyLimitBytes: 1_000, bodyDepth: 10 });
});
const post = (body: string, headers: Record<string, string> = {}) =>
  supertest(api.app)
    .post('/v1.0/accounts')
    .set({ Authorization: `Bearer ${api.admin}`, 'Content-Type': 'application/json', ...headers })
    .send(body);

describe('a body is refused', () => {
  it.each([
    ['that is no JSON', '{"Name": "the-key-secret', /not valid JSON/],
    ['with single quotes', "{'Name': 'the-key-secret'}", /not valid JSON \(from character 2 on\)/],
    ['that is only a word', 'the-key-secret', /not valid JSON/],
  ])('%s, without quoting it', async (_, body, message) => {
    const response = await post(body);
    expectRefusal(response, 400, 'input.unreadable');
    expect(response.body.Message).toMatch(message);
    expect(response.text).not.toContain('the-key-secret');
    expect(api.log.join()).not.toContain('the-key-secret');
  });

  it('with more than a thousand problems by the first of them, also to somebody who has not signed in', async () => {
    const roomy = await createApi();
    const keys = Object.fromEntries(Array.from({ length: 3_000 }, (_, number) => [`k${number}`, 1]));
    const response = await roomy.ask('POST', '/oauth/token', { token: '', account: '', body: keys });
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Problems.length).toBeLessThan(1_010);
  });

  it('of another type, or of none', async () => {
    expectRefusal(
      await post('Name=A', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      400,
      'input.unreadable',
    );
    expectRefusal(await post('<Name/>', { 'Content-Type': 'text/xml' }), 400, 'input.unreadable');
    expectRefusal(
      await post('{}', { 'Content-Type': 'application/json; charset=ebcdic' }),
      400,
      'input.unreadable',
    );
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number', '5'],
  ])('that is %s where an object is meant', async (_, body) => {
    expectRefusal(await post(body), 400, 'input.invalid');
  });

  it('over the limit', async () => {
    const response = await post(JSON.stringify({ Name: 'x'.repeat(2_000) }));
    expectRefusal(response, 413, 'input.too-large');
    expect(response.body.Message).toContain('1000');
  });

  it('that is nested too deeply', async () => {
    const deep = (levels: number) => `${'{"Name":'.repeat(levels)}1${'}'.repeat(levels)}`;
    expect((await post(deep(11))).body.Message).toContain('more than 10 levels');
    expectRefusal(await post(`${'['.repeat(400)}${']'.repeat(400)}`), 400, 'input.invalid');
  });

  it('that would change a prototype', async () => {
    const response = await post('{"Name":"A","__proto__":{"x":1}}');
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Message).toContain('__proto__');
  });

  it('from a stranger without being parsed', async () => {
    expectRefusal(await post('{', { Authorization: 'Bearer x' }), 401, 'access.unauthenticated');
  });
});

describe('a path', () => {
  it.each(['/', '/v1.0', '/v1.0/nothing', '/v2.0/accounts', '/v1.0/account/connectors/x/nothing', '/.env'])(
    'that does not exist is 404, with or without a token: %s',
    async (path) => {
      expectRefusal(await api.ask('GET', path), 404, 'route.unknown');
      expectRefusal(await api.ask('GET', path, { token: '' }), 404, 'route.unknown');
    },
  );

  it('with another verb is 405 and says which there are', async () => {
    const response = await api.ask('DELETE', '/v1.0/accounts');
    expectRefusal(response, 405, 'route.wrong-verb');
    expect(response.headers.allow).toBe('GET, HEAD, POST');
    const install = await api.ask('GET', '/v1.0/connectors/acme/install');
    expect(install.headers.allow).toBe('POST');
    expect((await supertest(api.app).patch('/v1.0/accounts')).status).toBe(405);
  });

  it('that cannot be decoded is 400', async () => {
    expectRefusal(await api.ask('GET', '/v1.0/connectors/%E0%A4%A'), 400, 'input.invalid');
  });

  it('takes HEAD where it takes GET, and a slash at the end', async () => {
    expect((await supertest(api.app).head('/healthz')).status).toBe(200);
    expect((await api.ask('GET', '/v1.0/connectors/')).status).toBe(200);
  });
});

describe('every answer', () => {
  it('carries the caller request id when it is sane, and a fresh one otherwise', async () => {
    const idFor = async (id: string) =>
      (await api.ask('GET', '/healthz', { headers: { 'X-Request-Id': id } })).headers['x-request-id'];
    expect(await idFor('abc-1.2:3_4')).toBe('abc-1.2:3_4');
    for (const id of ['has space', 'x'.repeat(129), '<script>', '-x'])
      expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has the request id in its error too', async () => {
    const response = await api.ask('GET', '/nothing', { headers: { 'X-Request-Id': 'mine' } });
    expect(response.body.RequestId).toBe('mine');
  });

  it('may be kept by nobody and load nothing', async () => {
    const { headers } = await api.ask('GET', '/v1.0/connectors');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.etag).toBeUndefined();
  });
});

describe('the log', () => {
  it('has one line for a request, with the pattern of its path and without its query', async () => {
    api.log.length = 0;
    const id = await api.install();
    await api.ask('GET', `/v1.0/account/connectors/${id}/methods/things.list?ids=the-key-secret`, {
      headers: { 'X-Request-Id': 'mine' },
    });
    const lines = api.log.map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        message: 'request',
        requestId: 'mine',
        verb: 'GET',
        path: '/v1.0/account/connectors/{installation}/methods/{method}',
        status: 200,
        durationMs: 0,
        actor: expect.stringMatching(/^[0-9a-f-]+\/[0-9a-f-]+$/),
        account: api.account,
        installation: id,
      },
    ]);
  });

  it('says why a request was refused', async () => {
    await api.ask('GET', '/v1.0/the-key-secret');
    expect(JSON.parse(api.log.at(-1) ?? '')).toMatchObject({
      path: '(none)',
      status: 404,
      code: 'route.unknown',
    });
    expect(api.log.join()).not.toContain('the-key-secret');
  });

  it('keeps what is unexpected, and the caller learns only where to ask', async () => {
    const failing = await createApi({}, (runtime) => ({
      ...runtime,
      installations: () => Promise.reject(new TypeError('x.the-key-secret is not a function')),
    }));
    const response = await failing.ask('GET', '/v1.0/account/connectors');
    expectRefusal(response, 500, 'internal.unexpected');
    expect(response.text).not.toContain('not a function');
    const [error, line] = failing.log.slice(-2).map((text) => JSON.parse(text));
    expect(error.stack).toContain('TypeError');
    expect(line).toMatchObject({
      status: 500,
      code: 'internal.unexpected',
      requestId: response.body.RequestId,
    });
  });
});

describe('trouble with the database', () => {
  it('is told in the log, and to the caller without its place and reason', async () => {
    const failing = await createApi({}, (runtime) => ({
      ...runtime,
      installations: () =>
        Promise.reject(new FishplateError('store.unavailable', 'the store /srv/data/x.db is full')),
    }));
    const response = await failing.ask('GET', '/v1.0/account/connectors');
    expectRefusal(response, 503, 'store.unavailable');
    expect(response.text).not.toContain('/srv/data');
    expect(failing.log.join()).toContain('/srv/data/x.db is full');
  });
});

describe('health', () => {
  it('is told without a token', async () => {
    const response = await api.ask('GET', '/healthz', { token: '', account: '' });
    expect(response.body).toEqual({ Status: 'ok', Store: 'ok' });
  });

  it('is 503 when the store does not answer', async () => {
    const failing = await createApi({}, (runtime) => ({
      ...runtime,
      store: { ...runtime.store, get: () => Promise.reject(new Error('disk full')) },
    }));
    const response = await failing.ask('GET', '/healthz', { token: '' });
    expectRefusal(response, 503, 'store.unavailable');
    expect(response.text).not.toContain('disk full');
  });
});

describe('a client that goes away', () => {
  it('takes the vendor call with it', async () => {
    let aborted: (value: unknown) => void = () => undefined;
    const gone = new Promise((resolve) => {
      aborted = resolve;
    });
    let called: (value: unknown) => void = () => undefined;
    const waiting = new Promise((resolve) => {
      called = resolve;
    });
    const slow = await createApi({}, (runtime) => ({
      ...runtime,
      call: (_account, _id, _method, _args, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            reject(new FishplateError('transport.cancelled', 'the caller went away'));
            aborted('aborted');
          });
          called('called');
        }),
    }));
    const id = await slow.install();
    const server = createServer(slow.app).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const request = httpRequest({
        port: (server.address() as AddressInfo).port,
        path: `/v1.0/account/connectors/${id}/methods/things.list`,
        headers: { Authorization: `Bearer ${slow.admin}`, 'X-Cyclr-Account': slow.account },
      });
      request.on('error', () => undefined).end();
      await waiting;
      request.destroy();
      expect(await gone).toBe('aborted');
    } finally {
      server.close();
    }
    expect(JSON.parse(slow.log.at(-1) ?? '')).toMatchObject({ status: 499 });
  });
});
