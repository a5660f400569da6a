import { describe, expect, it } from 'vitest';
import type { AuthMethod, Connector } from '../../src/definition/connector.ts';
import { readAuthValue } from '../../src/server/auth-value.ts';

const base = { id: 'a', label: 'A', description: '' };
const name = (text: string) => [{ name: text }];
const withAuth = (auth: AuthMethod) => ({ auth: [auth] }) as unknown as Connector;
const read = (auth: AuthMethod, value: unknown) =>
  readAuthValue(withAuth(auth), 'a', value, (text) => ({ values: { pasted: text } }));

const client: AuthMethod = {
  ...base,
  kind: 'client-credentials',
  host: 'api',
  path: ['/token'],
  clientId: name('id'),
  clientSecret: name('secret'),
  credentials: 'basic',
  encoding: 'form',
  fields: {},
  lifetimeSeconds: 60,
};
const password: AuthMethod = { ...base, kind: 'basic', username: name('user'), password: name('word') };
const key: AuthMethod = { ...base, kind: 'api-key', in: 'header', name: 'X-Key', value: name('key') };
const bearer: AuthMethod = { ...base, kind: 'bearer', token: name('token') };
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('an AuthValue', () => {
  it.each([undefined, null, '', ' ', '{}', {}])('of %j uses what is there', (value) => {
    expect(read(client, value)).toEqual({});
  });

  it.each<[string, AuthMethod, unknown, object]>([
    ['base64 of id and secret', client, base64('i:s:t'), { id: 'i', secret: 's:t' }],
    [
      'JSON with the names of clients',
      client,
      '{"ClientId":"i","ClientSecret":"s"}',
      { id: 'i', secret: 's' },
    ],
    [
      'JSON with the names of OAuth',
      client,
      { client_id: 'i', client_secret: 's' },
      { id: 'i', secret: 's' },
    ],
    ['base64 of user and password', password, base64('u:p'), { user: 'u', word: 'p' }],
    ['a key', key, 'abc', { key: 'abc' }],
    ['a key that could be base64', key, base64('a:b'), { key: base64('a:b') }],
    ['a bearer token', bearer, ' abc ', { token: 'abc' }],
  ])('of %s', (_, auth, value, expected) => {
    expect(read(auth, value)).toEqual(expected);
  });

  it.each<[string, AuthMethod, string]>([
    ['text', client, 'ID=i\nSECRET=s'],
    ['base64 of something else', client, base64('nothing with a colon')],
    ['base64 of bytes', client, Buffer.from([255, 58, 1]).toString('base64')],
    ['JSON with other names', client, '{"apiKey":"i"}'],
    ['JSON for a key', key, '{"key":"i"}'],
  ])('of %s is read as a paste', (_, auth, value) => {
    expect(read(auth, value)).toEqual({ pasted: value });
  });

  it('whose credentials are composed of several settings is read as a paste', () => {
    const composed: AuthMethod = { ...client, clientId: [{ name: 'a' }, '/', { name: 'b' }] };
    expect(read(composed, base64('i:s'))).toEqual({ pasted: base64('i:s') });
  });

  it('that is an access token is refused, without quoting it', () => {
    expect(() => read(client, { AccessToken: 'abc', RefreshToken: 'def' })).toThrow(
      expect.objectContaining({
        code: 'settings.paste-unreadable',
        message: expect.not.stringContaining('abc'),
      }),
    );
  });
});
