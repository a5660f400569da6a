import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import supertest, { type Response } from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
let installation: string;
beforeAll(async () => {
  api = await createApi({ bodyNodes: 1_000 });
  installation = await api.install();
});

const headersOf = () => ({ Authorization: `Bearer ${api.admin}`, 'X-Cyclr-Account': api.account });
const post = (body: string | Buffer, headers: Record<string, string> = {}, path = '/v1.0/accounts') =>
  supertest(api.app)
    .post(path)
    .set({ ...headersOf(), 'Content-Type': 'application/json', ...headers })
    // As it is: bytes would be sent as JSON of a Buffer.
    .serialize((bytes) => bytes as string)
    .send(body as string);
const create = () => `/v1.0/account/connectors/${installation}/methods/things.create`;
/** The body that the vendor got last. */
const arrived = () => JSON.parse(String(api.vendor.requests.at(-1)?.body)) as Record<string, unknown>;

describe('a body is refused before it is parsed', () => {
  it.each([
    ['of ten million lists side by side', () => `[${'[],'.repeat(10_000_000)}[]]`, 'more than 1000 entries'],
    ['of ten million lists in each other', () => '['.repeat(10_000_000), 'more than 64 levels'],
    ['of a million numbers', () => `{"Name":[${'1,'.repeat(1_000_000)}1]}`, 'more than 1000 entries'],
    ['of a million keys', () => `{${'"a":1,'.repeat(1_000_000)}"a":1}`, 'more than 1000 entries'],
  ])('%s', async (_, body, message) => {
    const response = await post(body());
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Message).toContain(message);
  });

  it('that is small, and large when it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(100_000);
    expectRefusal(await post(bomb, { 'Content-Encoding': 'gzip' }), 413, 'input.too-large');
  });

  it('but not for commas and brackets in a text', async () => {
    const name = '[{,"\\"'.repeat(20);
    expect((await post(JSON.stringify({ Name: name, Description: ',[{'.repeat(5_000) }))).status).not.toBe(
      413,
    );
    expect((await post(JSON.stringify({ Name: name }))).body).toMatchObject({ Name: name });
  });
});

describe('a body is refused', () => {
  it.each([
    ['of JSON', '{"Body":{"name":"x","count":12345678901234567890}}', ''],
    [
      'that holds a text of JSON',
      '{"Body":"{\\"name\\":\\"x\\",\\"count\\":12345678901234567890}"}',
      '/body',
    ],
  ])('%s, with an integer that would reach the vendor rounded', async (_, body, end) => {
    const before = api.vendor.requests.length;
    const response = await post(body, {}, `${create()}${end}`);
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Message).toContain('20 digits');
    expect(api.vendor.requests.length).toBe(before);
  });

  it.each([
    ['half a letter', Buffer.from([0x7b, 0x22, 0x4e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xc3, 0x22, 0x7d])],
    ['half a pair of surrogates', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{"Name":"A"}', 'utf16le')],
  ])('that is not UTF-8: %s', async (_, bytes) => {
    expectRefusal(await post(bytes), 400, 'input.unreadable');
  });

  it.each([
    ['/v1.0/accounts', '{"Name":"a\\ud800"}'],
    ['/v1.0/connectors/acme/install', '{"Name":"a\\udfff"}'],
    ['/v1.0/connectors/acme/install', '{"Description":"a\\ud800b"}'],
    ['/v1.0/service-users', '{"Name":"a\\ud800","Policies":[]}'],
  ])('whose name for something to keep holds half a character: %s %s', async (path, body) => {
    expectRefusal(await post(body, {}, path), 400, 'input.invalid');
  });

  it('that says it is of another encoding', async () => {
    const type = { 'Content-Type': 'application/json; charset=utf-16' };
    expectRefusal(await post(Buffer.from('{"Name":"A"}', 'utf16le'), type), 400, 'input.unreadable');
    expectRefusal(await post('{}', { 'Content-Encoding': 'compress' }), 400, 'input.unreadable');
    expectRefusal(await post('{}', { 'Content-Encoding': 'gzip' }), 400, 'input.unreadable');
  });

  it.each(['__proto__', '\\u005f_proto__', '__proto\\u005f_'])(
    'with the key %s, at any depth',
    async (key) => {
      for (const body of [`{"${key}":1}`, `{"Name":"A","Fields":[{"a":{"${key}":{"polluted":true}}}]}`]) {
        const response = await post(body, {}, create());
        expectRefusal(response, 400, 'input.invalid');
        expect(response.body.Message).toContain('__proto__');
      }
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );

  it('that hides such a key in a text of JSON', async () => {
    const response = await post(
      JSON.stringify({ Body: '{"__proto__":{"polluted":true}}' }),
      {},
      `${create()}/body`,
    );
    expectRefusal(response, 400, 'input.invalid');
  });

  it('as a form with more fields than anybody needs', async () => {
    const form = Array.from({ length: 50 }, (_, n) => `a${n}=1`).join('&');
    const response = await post(
      form,
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      '/oauth/token',
    );
    expectRefusal(response, 400, 'input.invalid');
  });
});

describe('keys that objects have of their own', () => {
  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
    'are keys like any others: %s',
    async (key) => {
      const polluting = `{"${key}":{"prototype":{"polluted":true},"polluted":true}}`;
      expectRefusal(await post(polluting), 400, 'input.invalid');
      for (const group of ['Parameters', 'Mergefields', 'Fields', 'Settings', 'Body'])
        expect((await post(`{"${group}":${polluting}}`, {}, create())).status).toBe(400);
      expect(
        (await post(`{"Settings":${polluting}}`, {}, '/v1.0/connectors/acme/setup')).status,
      ).toBeGreaterThanOrEqual(400);
      const query = await api.ask(
        'GET',
        `/v1.0/account/connectors/${installation}/methods/things.list?${key}=x`,
      );
      expectRefusal(query, 400, 'arguments.invalid');
      const body = { FileName: 'a', ContentType: 'b', Content: 'c' };
      const own = `/v1.0/account/connectors/${installation}`;
      const asks: ((name: string) => Promise<Response>)[] = [
        (name) => api.ask('GET', `/v1.0/connectors/${name}`),
        (name) => api.ask('GET', `/v1.0/accounts/${name}`),
        (name) => api.ask('GET', `/v1.0/connectors/acme/methods/${name}`),
        (name) => api.ask('POST', `${own}/triggers/${name}`, { body: {} }),
        (name) => api.ask('POST', `${own}/uploads/${name}`, { body }),
        (name) => api.ask('POST', `${own}/methods/${name}`, { body: {} }),
      ];
      for (const ask of asks) {
        const [known, unknown] = [await ask(key), await ask('nothing')];
        expect([known.status, known.body.Code]).toEqual([unknown.status, unknown.body.Code]);
        expect(known.status).toBeGreaterThanOrEqual(400);
        expect(known.status).toBeLessThan(500);
      }
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect((() => undefined) as { polluted?: boolean }).not.toHaveProperty('polluted');
    },
  );

  it.each(['__proto__', 'constructor'])('are no more in a query: %s', async (key) => {
    const path = `/v1.0/account/connectors/${installation}/methods/things.list`;
    expectRefusal(await api.ask('GET', `${path}?${key}=x&${key}[a]=y`), 400, 'arguments.invalid');
    expectRefusal(await api.ask('GET', `/v1.0/accounts?${key}=x`), 400, 'input.invalid');
  });
});

describe('a key that is given twice', () => {
  it('counts as it stands last, and what was checked is what is sent on', async () => {
    expect((await post('{"Body":{"name":"first","name":"second"}}', {}, create())).status).toBe(200);
    expect(arrived()).toEqual({ name: 'second' });
    expect((await post('{"Body":{"name":"fine","name":5}}', {}, create())).body.Code).toBe(
      'arguments.invalid',
    );
  });
});

describe('a request that says one thing twice', () => {
  it.each(['host', 'authorization', 'x-cyclr-account', 'content-type', 'content-encoding'])(
    'is refused, whichever would count: %s',
    async (name) => {
      const server = createServer(api.app).listen(0, '127.0.0.1');
      try {
        await new Promise((resolve) => server.once('listening', resolve));
        const { port } = server.address() as { port: number };
        const { request } = await import('node:http');
        const headers = [
          'Host',
          'x',
          ...Object.entries(headersOf()).flat(),
          name,
          'a',
          name.toUpperCase(),
          'b',
        ];
        const text = await new Promise<string>((resolve, reject) => {
          request({ port, path: '/v1.0/accounts', headers }, (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => resolve(body));
          })
            .on('error', reject)
            .end();
        });
        expect(JSON.parse(text)).toMatchObject({
          Code: 'input.invalid',
          Message: `the header ${name} is given twice`,
        });
      } finally {
        server.close();
      }
    },
  );

  it('or has more query parameters than are read, is refused', async () => {
    const query = Array.from({ length: 501 }, () => 'a=').join('&');
    const response = await api.ask(
      'GET',
      `/v1.0/account/connectors/${installation}/methods/things.list?${query}`,
    );
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Message).toContain('more than 500 parameters');
  });
});
