import { describe, expect, it } from 'vitest';
import type { AuthMethod, Connector } from '../../src/definition/connector.ts';
import { basicHeader, call, openSandbox } from './open-sandbox.ts';
import { clientCredentials, smallConnector, smallScript } from './small-connector.ts';

async function open(auth: AuthMethod = clientCredentials, script = smallScript) {
  const connector: Connector = smallConnector({ auth: [auth] });
  const opened = await openSandbox(connector, script);
  const { key } = opened.sandbox.access.createServiceUser({
    name: 'x',
    policies: ['All'],
    generateKey: true,
  });
  if (!key) throw new Error('no key');
  const authorization = basicHeader(key.accessKeyId, key.apiSecret.reveal());
  return {
    ...opened,
    key,
    authorization,
    tokenUrl: `${opened.urls.api}/oauth/token`,
    url: `${opened.urls.api}/org/one/me`,
  };
}

const grant = { grant_type: 'client_credentials' };

describe('the token endpoint refuses', () => {
  it('a request without Basic credentials, or with malformed ones, and says how to send them', async () => {
    const { tokenUrl } = await open();
    for (const authorization of ['', 'Basic', 'Basic !!!', 'Bearer abc', basicHeader('', '').slice(0, -4)]) {
      const reply = await call(tokenUrl, { body: grant, headers: { authorization } });
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="token"']);
    }
  });

  it('an unknown key and a wrong secret in the same words', async () => {
    const { tokenUrl, key } = await open();
    const unknown = await call(tokenUrl, {
      body: grant,
      headers: { authorization: basicHeader('nobody', 'x') },
    });
    const wrong = await call(tokenUrl, {
      body: grant,
      headers: { authorization: basicHeader(key.accessKeyId, 'wrong') },
    });
    expect(unknown.status).toBe(401);
    expect([wrong.status, wrong.json]).toEqual([unknown.status, unknown.json]);
  });

  it('an inactive key only to who has its secret', async () => {
    const { sandbox, tokenUrl, key, authorization } = await open();
    sandbox.access.setKeyActive(key.accessKeyId, false);
    const known = await call(tokenUrl, { body: grant, headers: { authorization } });
    const guessed = await call(tokenUrl, {
      body: grant,
      headers: { authorization: basicHeader(key.accessKeyId, 'guess') },
    });
    expect(known.json.message).toContain('INACTIVE');
    expect(guessed.json.message).not.toContain('INACTIVE');
  });

  it('a missing or other grant type, a missing scope, unreadable bodies and other media types', async () => {
    const script = { ...smallScript, token: { require: { scope: 'default' } } };
    const { tokenUrl, authorization } = await open(clientCredentials, script);
    const ask = async (body: unknown, headers = {}) => {
      const reply = await call(tokenUrl, { method: 'POST', body, headers: { authorization, ...headers } });
      return [reply.status, reply.json.message];
    };
    expect(await ask(undefined)).toEqual([400, 'grant_type is missing']);
    expect(await ask({ grant_type: 'password' })).toEqual([400, 'grant_type must be client_credentials']);
    expect(await ask(grant)).toEqual([400, 'scope is missing']);
    expect(await ask({ ...grant, scope: 'all' })).toEqual([400, 'scope must be default']);
    expect(await ask('{"grant_type":')).toEqual([400, expect.stringContaining('not JSON')]);
    expect(await ask('x', { 'content-type': 'text/plain' })).toEqual([
      415,
      expect.stringContaining('text/plain'),
    ]);
  });

  it('another verb than POST', async () => {
    const { tokenUrl } = await open();
    const reply = await call(tokenUrl);
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('the token endpoint', () => {
  it('takes JSON and form bodies and answers with a token that works', async () => {
    const { tokenUrl, authorization, url } = await open();
    for (const [body, type] of [
      [JSON.stringify(grant), 'application/json'],
      ['grant_type=client_credentials', 'application/x-www-form-urlencoded'],
    ] as const) {
      const reply = await call(tokenUrl, { body, headers: { authorization, 'content-type': type } });
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.json).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600 });
      expect((await call(url, { token: reply.json.access_token })).json.company).toBe('One');
    }
  });

  it('reads credentials from the body where the definition sends them there', async () => {
    const { tokenUrl, key, authorization } = await open({ ...clientCredentials, credentials: 'body' });
    const fields = { client_id: key.accessKeyId, client_secret: key.apiSecret.reveal() };
    expect((await call(tokenUrl, { body: { ...grant, ...fields } })).status).toBe(200);
    expect((await call(tokenUrl, { body: grant, headers: { authorization } })).status).toBe(401);
  });

  it('signs with a key of the process, and the claims are those of the script', async () => {
    const token = { claims: { sub: '{{serviceUserId}}', key: '{{accessKeyId}}', rights: '{{permissions}}' } };
    const { tokenUrl, authorization, key } = await open(clientCredentials, { ...smallScript, token });
    const reply = await call(tokenUrl, { body: grant, headers: { authorization } });
    const [, claims = '', signature = ''] = reply.json.access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      key: key.accessKeyId,
      rights: {},
    });
    expect(Buffer.from(signature, 'base64url')).toHaveLength(256);
  });
});

describe('a call is refused', () => {
  it('without a token, with a malformed header, and with a token from elsewhere', async () => {
    const { url } = await open();
    expect((await call(url)).status).toBe(401);
    expect((await call(url, { headers: { authorization: 'Token abc' } })).status).toBe(401);
    expect((await call(url, { token: 'e30.e30.e30' })).status).toBe(401);
  });

  it('at the very millisecond the token expires', async () => {
    const { clock, enter, url } = await open();
    const { token } = await enter('All');
    clock.advance(599_999);
    expect((await call(url, { token })).status).toBe(200);
    clock.advance(1);
    const reply = await call(url, { token });
    expect([reply.status, reply.json.message]).toEqual([401, expect.stringContaining('expired')]);
  });

  it('once its key is inactive or deleted, or its service user is gone; an activated key works again', async () => {
    const { sandbox, enter, url } = await open();
    const { token, key, serviceUserId } = await enter('All');
    sandbox.access.setKeyActive(key.accessKeyId, false);
    expect((await call(url, { token })).status).toBe(401);
    sandbox.access.setKeyActive(key.accessKeyId, true);
    expect((await call(url, { token })).status).toBe(200);
    sandbox.access.deleteServiceUser(serviceUserId);
    expect((await call(url, { token })).status).toBe(401);
  });
});

describe('vendors without a token endpoint', () => {
  const bearer: AuthMethod = {
    kind: 'bearer',
    id: 'k',
    label: 'k',
    description: 'k',
    token: [{ name: 'secret' }],
  };
  it('take the secret itself as bearer, in a header, in the query, or by HTTP Basic', async () => {
    const forms: [AuthMethod, (id: string, secret: string) => [string, Record<string, string>]][] = [
      [bearer, (_, secret) => ['', { authorization: `Bearer ${secret}` }]],
      [
        { ...bearer, kind: 'api-key', in: 'header', name: 'X-Key', value: [{ name: 'secret' }] },
        (_, secret) => ['', { 'x-key': secret }],
      ],
      [
        { ...bearer, kind: 'api-key', in: 'query', name: 'key', value: [{ name: 'secret' }] },
        (_, secret) => [`?key=${secret}`, {}],
      ],
      [
        { ...bearer, kind: 'basic', username: [{ name: 'keyId' }], password: [{ name: 'secret' }] },
        (id, secret) => ['', { authorization: basicHeader(id, secret) }],
      ],
    ];
    for (const [auth, write] of forms) {
      const { url, key, sandbox } = await open(auth);
      const [query, headers] = write(key.accessKeyId, key.apiSecret.reveal());
      const [wrongQuery, wrongHeaders] = write(key.accessKeyId, 'wrong');
      expect((await call(url + wrongQuery, { headers: wrongHeaders })).status).toBe(401);
      expect((await call(url + query, { headers })).status).toBe(200);
      expect(JSON.stringify(sandbox.requests.list())).not.toContain(key.apiSecret.reveal());
    }
  });
});
