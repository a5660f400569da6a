import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
let userId: string;
let clientId: string;
let clientSecret: string;
beforeEach(async () => {
  api = await createApi();
  const user = await api.access.serviceUsers.create('local', { name: 'Owner', policies: ['ReadOnly'] });
  const { key, secret } = await api.access.accessKeys.create('local', user.id);
  userId = user.id;
  clientId = key.id;
  clientSecret = secret.reveal();
});

const own = { 'X-Fishplate-Console': '1', 'Sec-Fetch-Site': 'same-origin' };
const signIn = (body: unknown, headers: Record<string, string> = own) =>
  api.ask('POST', '/v1.0/session', { token: '', account: '', body, headers });
const withKey = () => signIn({ ClientId: clientId, ClientSecret: clientSecret });
const newLink = (lifetimeMs = 600_000) =>
  api.access.links.create('local', {
    ...{ kind: 'sign-in', accountId: null, target: { accessKeyId: clientId }, lifetimeMs },
  });
const cookieOf = (response: { headers: Record<string, unknown> }) =>
  String([response.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
/** supertest listens on another port for each request; the cookie's name follows the Host header, so that is fixed. */
const Host = '127.0.0.1:8787';

describe('a browser is not signed in', () => {
  it.each([
    ['without our header', {}],
    ['by a page of another site', { ...own, 'Sec-Fetch-Site': 'cross-site' }],
    ['by a page of another origin', { ...own, Origin: 'https://evil.example' }],
  ])('%s', async (_, headers) => {
    const answer = await signIn({ ClientId: clientId, ClientSecret: clientSecret }, headers);
    expectRefusal(answer, 403, 'access.foreign-page');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('with a wrong secret, or with nothing', async () => {
    expectRefusal(await signIn({ ClientId: clientId, ClientSecret: 'x' }), 401, 'access.invalid-client');
    expectRefusal(await signIn({}), 400, 'input.invalid');
  });

  it('by a link that there is not, that was used, or that is too old', async () => {
    expectRefusal(await signIn({ Link: `fp_link_${'x'.repeat(43)}` }), 404, 'link.unknown');
    expectRefusal(await signIn({ Link: 'short' }), 404, 'link.unknown');
    const { token } = await newLink();
    expect((await signIn({ Link: token })).status).toBe(200);
    expectRefusal(await signIn({ Link: token }), 410, 'link.used');
    const late = await newLink(60_000);
    api.world.advance(60_000);
    expectRefusal(await signIn({ Link: late.token }), 410, 'link.expired');
  });

  it('by a link for a key that was switched off, which leaves the link unused', async () => {
    const { token, link } = await newLink();
    await api.access.accessKeys.update('local', userId, clientId, { status: 'INACTIVE' });
    expectRefusal(await signIn({ Link: token }), 401, 'access.invalid-client');
    expect((await api.store.get('link', link.id))?.usedAt).toBeNull();
  });

  it('twice by one link, however close together', async () => {
    const { token } = await newLink();
    const answers = await Promise.all([1, 2, 3, 4].map(() => signIn({ Link: token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410]);
  });
});

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends, and is in no answer', async () => {
    const answer = await withKey();
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^fishplate_session_\d+=fp_token_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    expect(answer.body).toMatchObject({
      ServiceUser: { Name: 'Owner', Policies: ['ReadOnly'] },
      AccountId: null,
    });
    expect(answer.body.May).toContain('connectors:read');
    expect(answer.body.May).not.toContain('connectors:setup');
    expect(answer.text).not.toContain('fp_token_');
  });

  it('is taken in place of a bearer token from our own page, and from no other', async () => {
    const Cookie = cookieOf(
      await signIn({ ClientId: clientId, ClientSecret: clientSecret }, { ...own, Host }),
    );
    const ask = (headers: Record<string, string>) =>
      api.ask('GET', '/v1.0/accounts', { token: '', account: '', headers: { Host, Cookie, ...headers } });
    expect((await ask(own)).status).toBe(200);
    expectRefusal(await ask({}), 403, 'access.foreign-page');
    expectRefusal(await ask({ ...own, 'Sec-Fetch-Site': 'same-site' }), 403, 'access.foreign-page');
  });

  it('is for the port it was made on', async () => {
    const Cookie = cookieOf(
      await signIn({ ClientId: clientId, ClientSecret: clientSecret }, { ...own, Host }),
    );
    const headers = { ...own, Host: '127.0.0.1:9999', Cookie };
    expectRefusal(
      await api.ask('GET', '/v1.0/accounts', { token: '', account: '', headers }),
      401,
      'access.unauthenticated',
    );
  });

  it('ends when the browser signs out, for its token too', async () => {
    const Cookie = cookieOf(
      await signIn({ ClientId: clientId, ClientSecret: clientSecret }, { ...own, Host }),
    );
    const asking = { token: '', account: '', headers: { ...own, Host, Cookie } };
    const answer = await api.ask('DELETE', '/v1.0/session', asking);
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
    expectRefusal(await api.ask('GET', '/v1.0/session', asking), 401, 'access.unauthenticated');
    const actions = (await api.access.audit.list()).map(({ action }) => action);
    expect(actions).toContain('session.end');
  });

  it('tells a program with a token of its own who it is', async () => {
    const { accessToken } = await api.access.tokens.issue({
      clientId,
      clientSecret: new Secret(clientSecret),
    });
    const { body } = await api.ask('GET', '/v1.0/session', { token: accessToken, account: '' });
    expect(body.ServiceUser.Name).toBe('Owner');
  });
});
