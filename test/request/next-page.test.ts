import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, Paging } from '../../src/definition/connector.ts';
import { assertAllowed, readAddress } from '../../src/request/next-page.ts';
import { acme, methodOf } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const link: Paging = {
  ...{ style: 's', kind: 'link', parameter: 'nextPage', items: 'data', first: 0, next: 'next' },
  paths: ['/lists/*/things', '/cursors/**'],
};
const method = (paging: Paging = link) => methodOf(connector, 'things.list', { paging });
const source = {
  url: 'https://api.acme.example/v1/t%201/things?size=2',
  base: 'https://api.acme.example/v1',
};
const read = (address: string, more: object = {}) => readAddress(method(), address, { ...source, ...more });

describe('the address of a next page', () => {
  it.each([
    [
      'https://evil.example/v1/t%201/things?page=2',
      "is at the host evil.example, but the method's is api.acme.example",
    ],
    ['//evil.example/v1/t%201/things', 'is at the host evil.example'],
    ['https://api.acme.example:8443/v1/t%201/things', 'is at the host api.acme.example:8443'],
    ['https://api.acme.example@evil.example/v1/x', 'is at the host evil.example'],
    ['javascript:alert(1)', 'is at the host javascript:'],
    ['file:///etc/passwd', 'is at the host file:'],
    ['https://', 'has no address that can be read'],
    ['/v2/t%201/things', 'is at /v2/t%201/things, which is not below /v1'],
    [
      '/v1/secrets',
      "is at /secrets, which is not the method's own path /t%201/things, nor one of /lists/*/things",
    ],
    ['/v1/lists/a/b/things', 'is at /lists/a/b/things'],
    ['/v1/lists//things', 'is at /lists//things'],
    ['/v1/cursors', 'is at /cursors'],
    ['/v1/cursors/..%2f..%2fsecrets', 'is at /cursors/..%2f..%2fsecrets'],
    ['/v1/cursors/../secrets', 'is at /secrets'],
  ])('is refused, and nothing is sent: %s', (address, message) => {
    expect(() => read(address)).toThrow(
      expect.objectContaining({
        code: 'pages.foreign-link',
        message: expect.stringContaining(`things.list: the next page ${message}`),
      }),
    );
  });

  it.each([
    ['https://api.acme.example/v1/t%201/things?page=2&size=2', '/t%201/things?page=2&size=2'],
    ['http://api.acme.example/v1/t%201/things?page=2', '/t%201/things?page=2'],
    ['/v1/t%201/things?page=2', '/t%201/things?page=2'],
    ['?page=2', '/t%201/things?page=2'],
    ['things?page=2', '/t%201/things?page=2'],
    ['/v1/t%201/things/?page=2#part', '/t%201/things/?page=2'],
    ['/v1/lists/7/things?page=2', '/lists/7/things?page=2'],
    ['/v1/cursors/01gD0-2000', '/cursors/01gD0-2000'],
    ['/v1/cursors/a/b', '/cursors/a/b'],
  ])('is resolved against the request, and only its path and query are kept: %s', (address, kept) => {
    expect(read(address)).toBe(kept);
  });

  it('is kept without the credentials that some vendors write into it', () => {
    const more = { hidden: ['api_key'] };
    expect(read('?page=2&api_key=s3cret&x=1', more)).toBe('/t%201/things?page=2&x=1');
    expect(read('?api%5Fkey=s3cret', more)).toBe('/t%201/things');
  });

  it('goes behind the same path where its arguments have escaped slashes', () => {
    const own = { url: 'https://api.acme.example/v1/group%2Fthing', base: source.base };
    expect(readAddress(method(), '/v1/group%2Fthing?page=2', own)).toBe('/group%2Fthing?page=2');
    expect(() => readAddress(method(), '/v1/group/thing?page=2', own)).toThrow('is at /group/thing');
  });
});

describe('the address of a next page behind a proxy', () => {
  const proxied = {
    url: 'http://127.0.0.1:9000/mirror/cursors/1',
    base: 'http://127.0.0.1:9000/mirror',
    replaced: 'https://api.acme.example/v1',
  };

  it.each(['https://api.acme.example/v1/cursors/2?a=b', '/mirror/cursors/2?a=b', '2?a=b'])(
    'may name the vendor or the proxy: %s',
    (address) => {
      expect(readAddress(method(), address, proxied)).toBe('/cursors/2?a=b');
    },
  );

  it('names nobody else', () => {
    expect(() => readAddress(method(), 'https://evil.example/v1/cursors/2', proxied)).toThrow('evil.example');
    expect(() => readAddress(method(), 'https://api.acme.example/mirror/cursors/2', proxied)).toThrow(
      'not below /v1',
    );
  });
});

describe('what a caller gives in its place', () => {
  it.each([
    'https://evil.example/t1/things',
    '//evil.example/t1/things',
    '@evil.example/t1/things',
    '.evil.example/t1/things',
    '/t1/things/../secrets',
    '/t1/things/%2e%2E/secrets',
    '/cursors/./x',
    '/t1/things#x',
    '/t1/things?a=b c',
    '/t1/things?a=b\r\nX-Admin: 1',
    '/t1/things\\..\\secrets',
    '/t1/thíngs',
    '/t1/other',
    '?page=2',
    '',
  ])('is refused like any other argument: %j', (given) => {
    expect(() => assertAllowed(method(), '/t1/things', given)).toThrow(
      expect.objectContaining({
        code: 'arguments.invalid',
        problems: [expect.objectContaining({ path: 'nextPage' })],
      }),
    );
  });
});
