import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { type Api, basic, createApi, expectRefusal } from './api.ts';

let api: Api;
let user: string;
let keys: string;
beforeEach(async () => {
  api = await createApi();
  const { body } = await api.ask('POST', '/v1.0/service-users', {
    body: { Name: 'Sync', Policies: ['ReadOnly'] },
  });
  user = body.Id;
  keys = `/v1.0/service-users/${user}/access-keys`;
});

const signIn = (id: string, secret: string) =>
  api.access.tokens.issue({ clientId: id, clientSecret: new Secret(secret) });

describe('service users', () => {
  it.each([
    ['without a name', { Policies: [] }],
    ['with a policy that there is not', { Name: 'x', Policies: ['Nothing'] }],
    ['with an unknown key', { Name: 'x', Role: 'admin' }],
  ])('are refused %s', async (_, body) => {
    expectRefusal(await api.ask('POST', '/v1.0/service-users', { body }), 400, 'input.invalid');
  });

  it.each(['GET', 'PUT', 'DELETE'] as const)('that are unknown are 404: %s', async (verb) => {
    expectRefusal(await api.ask(verb, '/v1.0/service-users/nobody', { body: {} }), 404, 'access.unknown');
  });

  it('are created, listed by name, changed and deleted', async () => {
    const path = `/v1.0/service-users/${user}`;
    const { body } = await api.ask('GET', path);
    expect(body).toMatchObject({ Id: user, Name: 'Sync', Policies: ['ReadOnly'] });
    expect((await api.ask('PUT', path, { body: { Name: 'Nightly' } })).body).toEqual({
      ...body,
      Name: 'Nightly',
    });
    const listed = await api.ask('GET', '/v1.0/service-users?orderBy=Name');
    expect(listed.body.map(({ Name }: { Name: string }) => Name)).toEqual(['Nightly', 'User 1']);
    expect((await api.ask('DELETE', path)).status).toBe(200);
    expectRefusal(await api.ask('GET', path), 404, 'access.unknown');
  });

  it('can be given policies only by who may do everything', async () => {
    const statements = [
      { effect: 'allow', actions: ['access:*'], resources: [`service-user/${user}`] } as const,
    ];
    const policy = await api.access.policies.create('local', { name: 'Own keys', statements });
    const token = await api.signIn([policy.id]);
    expect((await api.ask('POST', keys, { token, body: {} })).status).toBe(200);
    const path = `/v1.0/service-users/${user}`;
    const body = { Policies: ['Administrator'] };
    expectRefusal(await api.ask('PUT', path, { token, body }), 403, 'access.forbidden');
  });
});

describe('access keys', () => {
  it('show their secret in the answer that made it, and never again', async () => {
    const { body } = await api.ask('POST', keys, { body: { Name: 'First' } });
    expect(body).toMatchObject({ Name: 'First', Status: 'ACTIVE', ServiceUserId: user, LastUsedDate: null });
    expect((await signIn(body.Id, body.Secret)).tokenType).toBe('bearer');
    const seen = await Promise.all([
      api.ask('GET', keys),
      api.ask('GET', `${keys}/${body.Id}`),
      api.ask('PUT', `${keys}/${body.Id}`, { body: { Name: 'Other' } }),
      api.ask('GET', '/v1.0/audit'),
    ]);
    for (const { text } of seen) expect(text).not.toContain(body.Secret);
    expect(api.log.join()).not.toContain(body.Secret);
  });

  it('are at most two, and another user cannot be asked for them', async () => {
    const { body } = await api.ask('POST', keys, { body: {} });
    await api.ask('POST', keys, { body: {} });
    expectRefusal(await api.ask('POST', keys, { body: {} }), 409, 'access.too-many-keys');
    const other = (await api.ask('POST', '/v1.0/service-users', { body: { Name: 'Other' } })).body.Id;
    expectRefusal(
      await api.ask('GET', `/v1.0/service-users/${other}/access-keys/${body.Id}`),
      404,
      'access.unknown',
    );
  });

  it('keep their id when they are regenerated, and the old secret is void', async () => {
    const { body } = await api.ask('POST', keys, { body: {} });
    const again = await api.ask('POST', `${keys}/${body.Id}/regenerate`);
    expect(again.body.Id).toBe(body.Id);
    expect(again.body.Secret).not.toBe(body.Secret);
    await expect(signIn(body.Id, body.Secret)).rejects.toMatchObject({ code: 'access.invalid-client' });
    expect((await signIn(body.Id, again.body.Secret)).expiresIn).toBeGreaterThan(0);
  });

  it('are deleted only when they are INACTIVE, which takes their tokens away at once', async () => {
    const { body } = await api.ask('POST', keys, { body: {} });
    const { accessToken: token } = await signIn(body.Id, body.Secret);
    expect((await api.ask('GET', '/v1.0/connectors', { token })).status).toBe(200);
    expectRefusal(await api.ask('DELETE', `${keys}/${body.Id}`), 409, 'access.key-active');
    expectRefusal(
      await api.ask('PUT', `${keys}/${body.Id}`, { body: { Status: 'off' } }),
      400,
      'input.invalid',
    );
    await api.ask('PUT', `${keys}/${body.Id}`, { body: { Status: 'INACTIVE' } });
    expectRefusal(await api.ask('GET', '/v1.0/connectors', { token }), 401, 'access.unauthenticated');
    expect((await api.ask('DELETE', `${keys}/${body.Id}`)).status).toBe(200);
    expect((await api.ask('GET', keys)).body).toEqual([]);
  });
});

describe('permission policies', () => {
  const Statements = [{ Effect: 'allow', Actions: ['*:read'], Resources: ['account/test-*'] }];

  it.each([
    ['without statements', { Name: 'x' }],
    [
      'with an action that there is not',
      { Name: 'x', Statements: [{ ...Statements[0], Actions: ['account:reed'] }] },
    ],
    ['with an effect that there is not', { Name: 'x', Statements: [{ ...Statements[0], Effect: 'maybe' }] }],
  ])('are refused %s', async (_, body) => {
    expectRefusal(await api.ask('POST', '/v1.0/policies', { body }), 400, 'input.invalid');
  });

  it('are created, listed, changed and deleted; managed ones are not', async () => {
    const { body } = await api.ask('POST', '/v1.0/policies', { body: { Name: 'Tests', Statements } });
    expect(body).toMatchObject({ Name: 'Tests', Managed: false, Statements });
    const path = `/v1.0/policies/${body.Id}`;
    expect((await api.ask('PUT', path, { body: { Name: 'New' } })).body).toEqual({ ...body, Name: 'New' });
    const listed = await api.ask('GET', '/v1.0/policies');
    expect(listed.body.map(({ Name }: { Name: string }) => Name)).toEqual([
      'Administrator',
      'ReadOnly',
      'New',
    ]);
    expect((await api.ask('DELETE', path)).status).toBe(200);
    expectRefusal(await api.ask('GET', path), 404, 'access.unknown');
    for (const verb of ['PUT', 'DELETE'] as const)
      expectRefusal(
        await api.ask(verb, '/v1.0/policies/ReadOnly', { body: { Name: 'x' } }),
        409,
        'access.managed-policy',
      );
  });
});

describe('the audit', () => {
  it('names who did what, newest first, and can be filtered', async () => {
    await api.ask('POST', keys, { body: {} });
    const { body } = await api.ask('GET', '/v1.0/audit?action=access-key.create&limit=1');
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({ Action: 'access-key.create', Detail: { serviceUserId: user } });
    expect(body[0].Actor).toMatch(/^[0-9a-f-]+\/[0-9a-f-]+$/);
    const { body: refused } = await api.ask('GET', '/v1.0/audit?actor=nobody');
    expect(refused).toEqual([]);
  });
});

describe('the token endpoint', () => {
  let id: string;
  let secret: string;
  beforeEach(async () => {
    const { body } = await api.ask('POST', keys, { body: {} });
    id = body.Id;
    secret = body.Secret;
  });
  const grant = { grant_type: 'client_credentials' };
  const token = (body: object | string, headers: Record<string, string> = {}) =>
    api.ask('POST', '/oauth/token', { token: '', account: '', body, headers });
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  it.each([
    [
      'another grant',
      { grant_type: 'password', client_id: 'x', client_secret: 'y' },
      400,
      'access.unsupported-grant',
      'unsupported_grant_type',
    ],
    ['no grant', { client_id: 'x', client_secret: 'y' }, 400, 'input.invalid', 'invalid_request'],
    ['no client', grant, 401, 'access.invalid-client', 'invalid_client'],
    [
      'a client that is unknown',
      { ...grant, client_id: 'x', client_secret: 'y' },
      401,
      'access.invalid-client',
      'invalid_client',
    ],
    ['a field that is unknown', { ...grant, audience: 'x' }, 400, 'input.invalid', 'invalid_request'],
  ])('refuses %s, in the words of RFC 6749', async (_, body, status, code, error) => {
    const response = await token(body);
    expectRefusal(response, status, code);
    expect(response.body.error).toBe(error);
    expect(response.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('refuses a scope that it cannot give, and a body that it cannot read', async () => {
    const scoped = await token({ ...grant, client_id: id, client_secret: secret, scope: 'account:nobody' });
    expectRefusal(scoped, 400, 'access.bad-scope');
    expect(scoped.body.error).toBe('invalid_scope');
    const broken = await token('{', { 'Content-Type': 'application/json' });
    expectRefusal(broken, 400, 'input.unreadable');
    expect(broken.body.error).toBe('invalid_request');
  });

  it('asks for Basic again when Basic was wrong', async () => {
    for (const Authorization of [basic(id, 'wrong'), 'Basic !', 'Bearer x']) {
      const response = await token(grant, { Authorization });
      expectRefusal(response, 401, 'access.invalid-client');
      expect(response.headers['www-authenticate']).toBe('Basic realm="fishplate"');
    }
  });

  it('refuses a client that is given twice', async () => {
    const body = { ...grant, client_id: id, client_secret: secret };
    expectRefusal(await token(body, { Authorization: basic(id, secret) }), 400, 'input.invalid');
  });

  it('takes the client as Basic or in the body, form or JSON', async () => {
    const inBody = { ...grant, client_id: id, client_secret: secret };
    const asForm = (body: Record<string, string>) => new URLSearchParams(body).toString();
    const answers = [
      await token(inBody),
      await token(asForm(inBody), form),
      await token(grant, { Authorization: basic(id, secret) }),
      await token(asForm(grant), { ...form, Authorization: basic(id, secret) }),
      await token(asForm({ ...grant, client_id: id }), { ...form, Authorization: basic(id, secret) }),
    ];
    for (const { body, headers } of answers) {
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 1_209_599,
        clientId: id,
      });
      expect(headers['cache-control']).toBe('no-store');
      expect((await api.ask('GET', '/v1.0/connectors', { token: body.access_token })).status).toBe(200);
    }
  });

  it('pins a token to one account', async () => {
    const { body } = await token({
      ...grant,
      client_id: id,
      client_secret: secret,
      scope: `account:${api.account}`,
    });
    expect(body.scope).toBe(`account:${api.account}`);
    const list = await api.ask('GET', '/v1.0/account/connectors', { token: body.access_token, account: '' });
    expect(list.body).toEqual([]);
  });

  it('never logs client or secret', async () => {
    await token({ ...grant, client_id: id, client_secret: `${secret}x` });
    expect(api.log.join()).not.toContain(secret);
  });
});
