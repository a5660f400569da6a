import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildTokenRequest,
  credentialsFingerprint,
  readTokenResponse,
} from '../../src/auth/client-credentials.ts';
import type { ClientCredentials, Connector } from '../../src/definition/connector.ts';
import { parseTemplate } from '../../src/definition/template.ts';
import type { WireResponse } from '../../src/wire.ts';
import { accountValues, acme, settle } from '../helpers/acme.ts';

let connector: Connector;
let auth: ClientCredentials;
beforeAll(async () => {
  connector = await acme();
  const [first] = connector.auth;
  if (first?.kind !== 'client-credentials') throw new Error('the fixture has changed');
  auth = first;
});

const template = (text: string) => parseTemplate(text).template;
const basic = `Basic ${Buffer.from('the-key-id:the-key-secret').toString('base64')}`;

describe('a token request', () => {
  it('made of a setting without a value is not sent, and says which', () => {
    const scoped = { ...auth, fields: { scope: template('{{baseUrl}}') } };
    expect(() => buildTokenRequest(scoped, settle(connector))).toThrow(
      expect.objectContaining({ code: 'installation.setup-required' }),
    );
  });

  it.each(['../admin', 'a/b', '?x=', '#', '%2e%2e'])('stays on its path with the setting %s', (tenant) => {
    const tenanted = { ...auth, path: template('/{{tenant}}/token') };
    const { url } = buildTokenRequest(tenanted, settle(connector, { ...accountValues, tenant }));
    expect(new URL(url)).toMatchObject({
      host: 'api.acme.example',
      pathname: `/${encodeURIComponent(tenant)}/token`,
      search: '',
    });
  });

  it('is refused for a path that would climb', () => {
    const tenanted = { ...auth, path: template('/{{tenant}}/token') };
    expect(() => buildTokenRequest(tenanted, settle(connector, { ...accountValues, tenant: '..' }))).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: 'tenant' })] }),
    );
  });

  it('carries its credentials in a Basic header and its fields in a form', () => {
    expect(buildTokenRequest(auth, settle(connector))).toEqual({
      method: 'POST',
      url: 'https://api.acme.example/oauth/token',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic,
      },
      body: 'grant_type=client_credentials',
    });
  });

  it('or in the body, and then nowhere else', () => {
    const inBody = { ...auth, credentials: 'body' as const };
    const settings = settle(connector, { ...accountValues, keySecret: 'a&b=c d+é' });
    const { headers, body } = buildTokenRequest(inBody, settings);
    expect(headers).not.toHaveProperty('authorization');
    expect(Object.fromEntries(new URLSearchParams(String(body)))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the-key-id',
      client_secret: 'a&b=c d+é',
    });
  });

  it('may be JSON, with further fields', () => {
    const json = { ...auth, encoding: 'json' as const, fields: { audience: template('urn:{{tenant}}') } };
    const { headers, body } = buildTokenRequest(json, settle(connector));
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(String(body))).toEqual({ grant_type: 'client_credentials', audience: 'urn:t1' });
  });

  it('goes to the host of the environment, or to what replaces it', () => {
    const urlOf = (region: string, console = {}) =>
      buildTokenRequest(auth, settle(connector, { ...accountValues, region }, console)).url;
    expect(urlOf('us')).toBe('https://api.us.acme.example/oauth/token');
    expect(urlOf('us', { baseUrl: 'http://127.0.0.1:9/x' })).toBe('http://127.0.0.1:9/x/oauth/token');
  });
});

describe('a token answer', () => {
  const answer = (body: unknown, status = 200): WireResponse => ({
    status,
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['HTML', '<html>Log in</html>'],
    ['JSON that is no object', '"abc"'],
    ['null', 'null'],
    ['a list', []],
    ['no access_token', { token: 'abc' }],
    ['an empty access_token', { access_token: '' }],
    ['a number for a token', { access_token: 12 }],
    ['a token that would break out of its header', { access_token: 'abc\r\nX-Admin: 1' }],
    ['a token with a space', { access_token: 'abc def' }],
    ['a token beyond ASCII', { access_token: 'abcł' }],
    ['a token that no header has room for', { access_token: 'abc'.repeat(10_000) }],
    ['a token of another type', { access_token: 'abc', token_type: 'mac' }],
  ])('is refused with %s', (_, body) => {
    const read = () => readTokenResponse(auth, answer(body), now);
    expect(read).toThrow(expect.objectContaining({ code: 'token.unreadable', category: 'vendor' }));
    expect(read).not.toThrow(/abc/);
  });

  it.each<[string, unknown, number]>([
    ['as stated', 300, 300_000],
    ['as stated in a text', '35999', 35_999_000],
    ['as stated in fractions', 1.23456, 1234],
    ['at most ten years', 1e300, 315_360_000_000],
    ['as the definition says when nothing is', undefined, 3_600_000],
    ['as the definition says for null', null, 3_600_000],
    ['as the definition says for zero', 0, 3_600_000],
    ['as the definition says for less than nothing', -1, 3_600_000],
    ['as the definition says for words', 'soon', 3_600_000],
  ])('lives %s', (_, expires_in, lifetime) => {
    const token = readTokenResponse(auth, answer({ access_token: 'abc', expires_in }), now);
    expect(token).toMatchObject({ obtainedAt: now, expiresAt: now + lifetime });
    expect(Number.isSafeInteger(token.expiresAt)).toBe(true);
  });

  it.each(['Bearer', 'bearer', 'BEARER', undefined])('is of the type %s', (token_type) => {
    const { access } = readTokenResponse(auth, answer({ access_token: 'a.b-c_d~e+f/g==', token_type }), now);
    expect(access.reveal()).toBe('a.b-c_d~e+f/g==');
  });

  it('does not show its token when it is printed', () => {
    expect(JSON.stringify(readTokenResponse(auth, answer({ access_token: 'abc' }), now))).not.toContain(
      'abc',
    );
  });
});

describe('the fingerprint of credentials', () => {
  const of = (account = {}, console = {}, method = auth) =>
    credentialsFingerprint(method, settle(connector, { ...accountValues, ...account }, console));

  it('differs for everything a token depends on', () => {
    const all = [
      of(),
      of({ keyId: 'other' }),
      of({ keySecret: 'other' }),
      of({ region: 'us' }),
      of({}, { baseUrl: 'http://127.0.0.1:9' }),
      of({}, {}, { ...auth, id: 'second' }),
      of({}, {}, { ...auth, fields: { scope: ['read'] } }),
      of({}, {}, { ...auth, credentials: 'body' }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is the same for what a token does not depend on, and gives nothing away', () => {
    expect(of({ tenant: 't2' })).toBe(of());
    expect(of({}, { style: 'repeat' })).toBe(of());
    expect(of()).toMatch(/^[0-9a-f]{64}$/);
  });
});
