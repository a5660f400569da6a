import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, Method } from '../../src/definition/connector.ts';
import { prepareRequest, provenanceOf } from '../../src/request/prepare.ts';
import { accountValues, acme, methodOf, settle } from '../helpers/acme.ts';
import { createFakeWorld } from '../helpers/vendor.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

interface Given {
  readonly change?: Partial<Method>;
  readonly account?: Record<string, string>;
  readonly console?: Record<string, string>;
}
const prepare = (key: string, args: Record<string, unknown> = {}, { change, account, console }: Given = {}) =>
  prepareRequest(
    methodOf(connector, key, change),
    args,
    settle(connector, { ...accountValues, ...account }, console),
    createFakeWorld(),
  );
const urlOf = (...given: Parameters<typeof prepare>) => prepare(...given).wire.url;

describe('a path', () => {
  it.each(['', '.', '..'])('is never built with %j: it would be the path of something else', (id) => {
    expect(() => prepare('things.get', { id })).toThrow(
      expect.objectContaining({
        code: 'arguments.invalid',
        problems: [expect.objectContaining({ path: 'id' })],
      }),
    );
  });

  it('is never built with a setting that would climb, and says which', () => {
    expect(() => prepare('users.me', {}, { account: { tenant: '..' } })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: 'tenant' })] }),
    );
  });

  it('is never built without a setting that it names', () => {
    const change = { path: ['/', { name: 'baseUrl' }] };
    expect(() => prepare('users.me', {}, { change })).toThrow(
      expect.objectContaining({ code: 'installation.setup-required' }),
    );
  });

  it.each(['../admin', '%2e%2e%2fadmin', 'a/b', '?x=1', '#x', '\\..\\', '//evil.example', '@evil.example'])(
    'stays on its host and in its segment with %s, from an argument or a setting',
    (text) => {
      const url = new URL(urlOf('things.get', { id: text }, { account: { tenant: text } }));
      const encoded = encodeURIComponent(text);
      expect([url.host, url.pathname, url.search, url.hash]).toEqual([
        'api.acme.example',
        `/${encoded}/things/${encoded}`,
        '',
        '',
      ]);
    },
  );

  it('takes the argument, not the setting of the same name', () => {
    const { id } = methodOf(connector, 'things.get').parameters;
    const change = {
      path: ['/', { name: 'tenant' }],
      parameters: { tenant: { ...id, name: 'tenant' } as never },
    };
    expect(urlOf('things.get', { tenant: 'argument' }, { change })).toBe('https://api.acme.example/argument');
  });

  it('holds lists joined by commas', () => {
    expect(urlOf('things.get', { id: ['a', 'b'] })).toBe('https://api.acme.example/t1/things/a%2Cb');
  });
});

describe('a query', () => {
  it('holds only what was given, in the order of the caller', () => {
    expect(urlOf('things.list', { size: 5, limit: 0, ids: ['b', 'a'], next: undefined })).toBe(
      'https://api.acme.example/t1/things?size=5&limit=0&ids=b%2Ca',
    );
    expect(urlOf('things.list')).toBe('https://api.acme.example/t1/things');
  });

  it('writes lists as the setting says', () => {
    expect(urlOf('things.list', { ids: ['a', 'b'] }, { console: { style: 'repeat' } })).toBe(
      'https://api.acme.example/t1/things?ids=a&ids=b',
    );
  });

  it('does not take for an argument what objects inherit', () => {
    const parameter = {
      name: 'toString',
      id: 1,
      in: 'query',
      required: false,
      description: '',
      schema: true,
      arrays: 'comma',
    } as const;
    const change = { parameters: { toString: parameter } as unknown as Method['parameters'] };
    expect(urlOf('users.me', {}, { change })).toBe('https://api.acme.example/t1/me');
    expect(urlOf('users.me', { toString: 'x' }, { change })).toBe(
      'https://api.acme.example/t1/me?toString=x',
    );
  });
});

describe('headers', () => {
  it('are those of the definition and the arguments, by lower-case name; arguments win', () => {
    const parameter = {
      id: 1,
      in: 'header',
      required: false,
      description: '',
      schema: true,
      arrays: 'comma',
    } as const;
    const change: Partial<Method> = {
      headers: { Accept: 'text/csv', 'X-Fixed': '1' },
      parameters: {
        'X-Trace': { ...parameter, name: 'X-Trace' },
        ACCEPT: { ...parameter, name: 'ACCEPT' },
        'X-Unset': { ...parameter, name: 'X-Unset' },
      },
    };
    expect(prepare('users.me', { 'X-Trace': ['a', 'b'], ACCEPT: 'x/y' }, { change }).wire.headers).toEqual({
      accept: 'x/y',
      'x-fixed': '1',
      'x-trace': 'a,b',
    });
  });

  it('speak of a body only where there is one', () => {
    expect(prepare('users.me').wire).toEqual({
      method: 'GET',
      url: 'https://api.acme.example/t1/me',
      headers: { accept: 'application/json' },
    });
    expect(prepare('things.create', { body: { name: 'x' } }).wire.headers['content-type']).toBe(
      'application/json',
    );
  });
});

describe('a body', () => {
  it('is counted in bytes, not characters', () => {
    const { wire, bodyBytes } = prepare('things.create', { body: { name: 'zażółć \u{1F511}' } });
    expect(bodyBytes).toBe(Buffer.byteLength(String(wire.body)));
    expect(bodyBytes).toBeGreaterThan(String(wire.body).length);
    expect(prepare('users.me').bodyBytes).toBe(0);
  });

  it('is not sent by a method that has none', () => {
    expect(prepare('users.me', { body: { a: 1 } }).wire).not.toHaveProperty('body');
  });

  it('may be a form', () => {
    const { body } = methodOf(connector, 'things.create');
    const change = { ...(body && { body: { ...body, encoding: 'form' as const } }) };
    const args = { body: { a: 'x y&z', n: 5, deep: { b: [1] }, none: undefined } };
    const { wire } = prepare('things.create', args, { change });
    expect(wire.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(wire.body).toBe('a=x+y%26z&n=5&deep=%7B%22b%22%3A%5B1%5D%7D');
  });

  it('has what the caller left out filled in once, on a copy', () => {
    const given = { rows: [{ n: 1 }, { uid: 'mine' }, 'odd', null], other: [{}] };
    const before = structuredClone(given);
    const { body, wire } = prepare('things.upload', { body: given });
    expect(body).toEqual({
      rows: [{ n: 1, uid: '00000000-0000-4000-8000-000000000001' }, { uid: 'mine' }, 'odd', null],
      other: [{}],
    });
    expect(wire.body).toBe(JSON.stringify(body));
    expect(given).toEqual(before);
  });

  it.each<[string, unknown, unknown]>([
    ['a', {}, { a: 'NOW' }],
    ['a', { a: null }, { a: null }],
    ['a', { a: '' }, { a: '' }],
    ['a.b', { a: {} }, { a: { b: 'NOW' } }],
    ['a.b', {}, {}],
    ['a.b', { a: 5 }, { a: 5 }],
    ['a[].b', { a: 5 }, { a: 5 }],
    ['a[].b', {}, {}],
    ['a[].b[].c', { a: [{ b: [{}] }] }, { a: [{ b: [{ c: 'NOW' }] }] }],
    ['[].a', [{}, { a: 1 }], [{ a: 'NOW' }, { a: 1 }]],
    ['a', [{}], [{}]],
    ['toString', {}, { toString: 'NOW' }],
  ])('fills %s in %j where it can', (path, given, expected) => {
    const { body } = methodOf(connector, 'things.upload');
    const change = { ...(body && { body: { ...body, fill: [{ path, value: 'now' as const }] } }) };
    const filled = JSON.stringify(prepare('things.upload', { body: given }, { change }).body);
    expect(filled.replace('2026-01-01T00:00:00.000Z', 'NOW')).toBe(JSON.stringify(expected));
  });
});

describe('the provenance of a request', () => {
  it('says of each part where it comes from, and nothing of what it holds', () => {
    const settings = settle(connector, { ...accountValues, region: 'us' }, { baseUrl: 'http://127.0.0.1:9' });
    const list = provenanceOf(methodOf(connector, 'things.get'), { id: 'hidden' }, settings);
    expect(list).toEqual([
      { name: 'region', in: 'host', source: 'account' },
      { name: 'baseUrl', in: 'host', source: 'console' },
      { name: 'tenant', in: 'path', source: 'account' },
      { name: 'id', in: 'path', source: 'argument' },
      { name: 'Accept', in: 'header', source: 'definition' },
    ]);
  });

  it('tells given from generated, and passes over what is not there', () => {
    const settings = settle(connector);
    const args = { body: { rows: [{}] } };
    expect(provenanceOf(methodOf(connector, 'things.upload'), args, settings).slice(-2)).toEqual([
      { name: 'body', in: 'body', source: 'argument' },
      { name: 'rows[].uid', in: 'body', source: 'generated' },
    ]);
    const listed = provenanceOf(methodOf(connector, 'things.list'), { limit: 5 }, settings);
    expect(listed.filter((item) => item.in === 'query')).toEqual([
      { name: 'limit', in: 'query', source: 'argument' },
    ]);
    expect(listed[0]).toEqual({ name: 'region', in: 'host', source: 'default' });
  });
});
