import { beforeAll, describe, expect, it } from 'vitest';
import { authorize, buildCredential, maskedCredential } from '../../src/auth/authorize.ts';
import type { AuthMethod, Connector } from '../../src/definition/connector.ts';
import { Secret } from '../../src/secret.ts';
import type { WireRequest } from '../../src/wire.ts';
import { accountValues, acme, settle } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const base = { id: 'x', label: 'The key', description: '' };
const secret = [{ name: 'keySecret' }];
const methods = {
  bearer: { ...base, kind: 'bearer', token: secret },
  basic: { ...base, kind: 'basic', username: [{ name: 'keyId' }], password: secret },
  header: { ...base, kind: 'api-key', in: 'header', name: 'X-API-Key', value: secret },
  prefixed: { ...base, kind: 'api-key', in: 'header', name: 'Authorization', value: ['Token ', ...secret] },
  query: { ...base, kind: 'api-key', in: 'query', name: 'api key', value: secret },
} as const satisfies Record<string, AuthMethod>;

const request: WireRequest = {
  method: 'GET',
  url: 'https://api.acme.example/x',
  headers: { accept: 'application/json', authorization: 'from the definition' },
};
const credentialOf = (auth: AuthMethod, keySecret: string) =>
  buildCredential(auth, settle(connector, { ...accountValues, keySecret }), undefined);

describe('a credential', () => {
  it.each(['bearer', 'header', 'prefixed'] as const)(
    'that no header can carry is refused before a client can drop the half of it: %s',
    (kind) => {
      for (const text of ['zażółć', 'sécret', 'a\u{1F511}']) {
        const build = () => credentialOf(methods[kind], text);
        expect(build).toThrow(expect.objectContaining({ code: 'settings.invalid' }));
        expect(build).not.toThrow(text);
      }
    },
  );

  it('with line breaks cannot become another header', () => {
    const { settings } = connector;
    const multiline = { ...settings.keySecret, multiline: true } as NonNullable<typeof settings.keySecret>;
    const open = { ...connector, settings: { ...settings, keySecret: multiline } };
    const values = settle(open, { ...accountValues, keySecret: 'a\r\nX-Admin: 1' });
    expect(() => buildCredential(methods.header, values, undefined)).toThrow(
      expect.objectContaining({ code: 'settings.invalid' }),
    );
  });

  it('made of a setting without a value says which', () => {
    const bearer = { ...methods.bearer, token: [{ name: 'baseUrl' }] };
    expect(() => buildCredential(bearer, settle(connector), undefined)).toThrow(
      expect.objectContaining({
        code: 'installation.setup-required',
        problems: [{ path: 'baseUrl', message: 'Base URL is missing' }],
      }),
    );
  });

  it('of client credentials needs a token first', () => {
    const [auth] = connector.auth;
    expect(() => auth && buildCredential(auth, settle(connector), undefined)).toThrow(TypeError);
  });

  it.each([
    ['bearer', 'authorization', 'Bearer s3cr:et/=='],
    ['basic', 'authorization', `Basic ${Buffer.from('the-key-id:s3cr:et/==').toString('base64')}`],
    ['header', 'x-api-key', 's3cr:et/=='],
    ['prefixed', 'authorization', 'Token s3cr:et/=='],
  ] as const)('of the kind %s stands in its header, in place of what stood there', (kind, name, value) => {
    const { headers, url } = authorize(request, credentialOf(methods[kind], 's3cr:et/=='));
    expect(headers[name]).toBe(value);
    expect(headers.accept).toBe('application/json');
    expect(Object.keys(headers)).toHaveLength(name === 'authorization' ? 2 : 3);
    expect(url).toBe(request.url);
  });

  it('of Basic may be of any script: base64 carries it', () => {
    const { headers } = authorize(request, credentialOf(methods.basic, 'zażółć'));
    const encoded = headers.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(encoded, 'base64').toString()).toBe('the-key-id:zażółć');
  });

  it.each([
    ['https://api.acme.example/x', 'https://api.acme.example/x?api%20key=a%26b%3Dc%23'],
    ['https://api.acme.example/x?a=1', 'https://api.acme.example/x?a=1&api%20key=a%26b%3Dc%23'],
  ])('in the query is escaped and goes last: %s', (url, expected) => {
    const made = authorize({ ...request, url }, credentialOf(methods.query, 'a&b=c#'));
    expect(made.url).toBe(expected);
    expect(made.headers).toEqual(request.headers);
  });

  it('of a token is that token', () => {
    const [auth] = connector.auth;
    const token = { access: new Secret('tok'), obtainedAt: 0, expiresAt: 1 };
    const credential = auth && buildCredential(auth, settle(connector), token);
    expect(credential && authorize(request, credential).headers.authorization).toBe('Bearer tok');
  });

  it('leaves the request it was put onto as it was', () => {
    const before = structuredClone(request);
    authorize(request, credentialOf(methods.bearer, 'x'));
    expect(request).toEqual(before);
  });
});

describe('a masked credential', () => {
  it('stands where the real one would, and holds nothing of it', () => {
    const settings = settle(connector, { ...accountValues, keySecret: 's3cret' });
    for (const auth of [...Object.values(methods), ...connector.auth]) {
      const token = { access: new Secret('s3cret'), obtainedAt: 0, expiresAt: 1 };
      const { secret: _, ...real } = buildCredential(auth, settings, token);
      const { secret: mask, ...masked } = maskedCredential(auth);
      expect(masked).toEqual(real);
      expect(mask).toBe('[redacted]');
    }
  });
});
