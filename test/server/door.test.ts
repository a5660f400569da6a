import { beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await createApi();
});

/** A path that leads somewhere, of every guarded route. */
async function everyPath(): Promise<{ verb: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string }[]> {
  const installation = await api.install();
  const values: Record<string, string> = {
    accountId: api.account,
    connector: 'acme',
    version: '1.0.0',
    installation,
    method: 'things.create',
    methodId: '1',
    property: 'tenant',
    trigger: 'things',
    call: 'c',
    link: 'l',
    sandbox: 's',
    upload: 'parts',
    serviceUser: 'u',
    accessKey: 'k',
    policy: 'p',
  };
  return api.routes
    .filter(({ access }) => access !== 'public')
    .map(({ verb, path }) => ({
      verb,
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
    }));
}

describe('who does not say who it is', () => {
  it('is refused on every path that is not public', async () => {
    for (const { verb, path } of await everyPath())
      expectRefusal(await api.ask(verb, path, { token: '' }), 401, 'access.unauthenticated');
  });

  it.each(['fp_token_wrong', `fp_token_${'x'.repeat(43)}`, 'a b'])(
    'is refused with the token %s',
    async (token) => {
      const response = await api.ask('GET', '/v1.0/connectors', { token });
      expectRefusal(response, 401, 'access.unauthenticated');
      expect(response.headers['www-authenticate']).toBe('Bearer realm="fishplate"');
    },
  );

  it('is refused with a token of another scheme', async () => {
    const headers = { Authorization: `Token ${api.admin}` };
    expectRefusal(
      await api.ask('GET', '/v1.0/connectors', { token: '', headers }),
      401,
      'access.unauthenticated',
    );
  });
});

describe('the account of a call', () => {
  it.each([
    ['is missing', ''],
    ['is blank', '  '],
    ['does not exist', 'nobody'],
  ])('makes it 401 when it %s', async (_, account) => {
    expectRefusal(
      await api.ask('GET', '/v1.0/account/connectors', { account }),
      401,
      'access.account-required',
    );
    const body = { Name: 'x' };
    expectRefusal(
      await api.ask('POST', '/v1.0/connectors/acme/install', { account, body }),
      401,
      'access.account-required',
    );
  });

  it('is the one that the token is pinned to when no header says otherwise', async () => {
    await api.install();
    const token = await api.signIn(['ReadOnly'], `account:${api.account}`);
    const { body } = await api.ask('GET', '/v1.0/account/connectors', { token, account: '' });
    expect(body).toHaveLength(1);
  });

  it('is not needed where the path has none', async () => {
    expect((await api.ask('GET', '/v1.0/connectors', { account: '' })).status).toBe(200);
  });
});

describe('a token that is pinned to account A', () => {
  let token: string;
  let theirs: string;
  let other: string;
  beforeEach(async () => {
    theirs = await api.install();
    other = (await api.ask('POST', '/v1.0/accounts', { body: { Name: 'A', Id: 'A' } })).body.Id;
    token = await api.signIn(['Administrator'], 'account:A');
  });

  it('cannot name account B', async () => {
    for (const path of [
      '/v1.0/account/connectors',
      `/v1.0/account/connectors/${theirs}`,
      '/v1.0/account/calls',
    ])
      expectRefusal(await api.ask('GET', path, { token }), 403, 'access.forbidden');
    expectRefusal(await api.ask('GET', '/v1.0/accounts/nobody', { token }), 403, 'access.forbidden');
    expectRefusal(await api.ask('GET', `/v1.0/accounts/${api.account}`, { token }), 403, 'access.forbidden');
    expectRefusal(
      await api.ask('GET', `/v1.0/calls?accountId=${api.account}`, { token }),
      403,
      'access.forbidden',
    );
  });

  it('finds no installation of account B by its id, on any path', async () => {
    for (const { verb, path } of await everyPath()) {
      if (!path.startsWith('/v1.0/account/connectors/')) continue;
      const theirPath = path.replace(/connectors\/[^/]+/, `connectors/${theirs}`);
      expectRefusal(await api.ask(verb, theirPath, { token, account: other }), 404, 'installation.unknown');
    }
  });

  it('can do nothing to the console, the accounts or access', async () => {
    for (const [verb, path] of [
      ['POST', '/v1.0/accounts'],
      ['PUT', '/v1.0/accounts/A'],
      ['DELETE', '/v1.0/accounts/A'],
      ['GET', '/v1.0/connectors/acme/setup'],
      ['PUT', '/v1.0/connectors/acme/setup'],
      ['GET', '/v1.0/service-users'],
      ['POST', '/v1.0/service-users'],
      ['GET', '/v1.0/policies'],
      ['GET', '/v1.0/audit'],
    ] as const)
      expectRefusal(await api.ask(verb, path, { token, account: '' }), 403, 'access.forbidden');
  });

  it('sees itself only in lists over all accounts', async () => {
    const { body } = await api.ask('GET', '/v1.0/accounts', { token, account: '' });
    expect(body.map(({ Id }: { Id: string }) => Id)).toEqual(['A']);
    expect((await api.ask('GET', '/v1.0/calls', { token, account: '' })).body).toEqual([]);
    expect((await api.ask('GET', '/v1.0/calls', { account: '' })).body).not.toEqual([]);
  });

  it('works in account A', async () => {
    const body = {
      Properties: [{ Name: 'tenant', Value: 't1' }],
      AuthValue: { ClientId: 'key', ClientSecret: 'the-key-secret' },
    };
    const { body: made } = await api.ask('POST', '/v1.0/connectors/acme/install', {
      token,
      account: '',
      body,
    });
    expect(made).toMatchObject({ Authenticated: true, AccountId: 'A' });
  });
});

describe('a caller with the policy ReadOnly', () => {
  it('is let in exactly where the route table asks for a right to read', async () => {
    const token = await api.signIn(['ReadOnly']);
    const paths = await everyPath();
    const guarded = api.routes.filter(({ access }) => access !== 'public');
    expect(paths).toHaveLength(guarded.length);
    for (const [index, { verb, path }] of paths.entries()) {
      const access = guarded[index]?.access;
      const reads = typeof access === 'object' && access.action.endsWith(':read');
      const response = await api.ask(verb, path, { token });
      if (!reads) expectRefusal(response, 403, 'access.forbidden');
      else expect([verb, path, response.status]).not.toEqual([verb, path, 403]);
    }
    expect(await api.runtime.installations(api.account)).toHaveLength(1);
  });

  it('may call what changes nothing at the vendor, and look at the request of what does', async () => {
    const token = await api.signIn(['ReadOnly']);
    const installation = await api.install();
    const path = `/v1.0/account/connectors/${installation}`;
    expect((await api.ask('POST', `${path}/methods/things.list`, { token, body: {} })).status).toBe(200);
    const body = { Body: { name: 'x' } };
    expect((await api.ask('POST', `${path}/preview/things.create`, { token, body })).status).toBe(200);
    expectRefusal(
      await api.ask('POST', `${path}/methods/things.create`, { token, body }),
      403,
      'access.forbidden',
    );
    expectRefusal(
      await api.ask('POST', `${path}/test/things.create`, { token, body }),
      403,
      'access.forbidden',
    );
    expectRefusal(
      await api.ask('POST', `${path}/paste`, { token, body: { Text: 'tenant: t1' } }),
      403,
      'access.forbidden',
    );
  });
});

describe('a caller with a policy of its own', () => {
  const policyOf = async (
    ...statements: { effect: 'allow' | 'deny'; actions: string[]; resources: string[] }[]
  ) => (await api.access.policies.create('local', { name: 'Own', statements })).id;

  it('learns nothing about accounts and installations that it may not see', async () => {
    const policy = await policyOf({ effect: 'allow', actions: ['*'], resources: ['account/A'] });
    const token = await api.signIn([policy]);
    const installation = await api.install();
    const known = await api.ask('GET', `/v1.0/account/connectors/${installation}`, { token });
    const unknown = await api.ask('GET', '/v1.0/account/connectors/nothing', { token, account: 'nobody' });
    expectRefusal(known, 403, 'access.forbidden');
    expectRefusal(unknown, 403, 'access.forbidden');
  });

  it('may be let at the methods of one connector, whatever the account', async () => {
    const policy = await policyOf({ effect: 'allow', actions: ['methods:*'], resources: ['connector/acme'] });
    const token = await api.signIn([policy]);
    const installation = await api.install();
    const path = `/v1.0/account/connectors/${installation}/methods/things.list`;
    expect((await api.ask('POST', path, { token, body: {} })).status).toBe(200);
    expectRefusal(
      await api.ask('GET', `/v1.0/account/connectors/${installation}`, { token }),
      403,
      'access.forbidden',
    );
  });

  it('is kept off a connector by a denial, also where it is installed', async () => {
    const policy = await policyOf({ effect: 'deny', actions: ['*'], resources: ['connector/acme'] });
    const token = await api.signIn(['Administrator', policy]);
    const installation = await api.install();
    expectRefusal(await api.ask('GET', '/v1.0/connectors/ACME', { token }), 403, 'access.forbidden');
    expectRefusal(
      await api.ask('GET', `/v1.0/account/connectors/${installation}`, { token }),
      403,
      'access.forbidden',
    );
    expectRefusal(
      await api.ask('POST', '/v1.0/connectors/acme/install', { token, body: {} }),
      403,
      'access.forbidden',
    );
    const { connector } = await api.runtime.installation(api.account, installation);
    for (const id of [connector.id, connector.uuid])
      expectRefusal(
        await api.ask('GET', `/v1.0/connectors/${id}/methods`, { token }),
        403,
        'access.forbidden',
      );
    const [method] = Object.values(connector.methods);
    expectRefusal(await api.ask('GET', `/v1.0/methods/${method?.id}`, { token }), 403, 'access.forbidden');
  });

  it('sees in lists what it may read, and is refused a list of which it may read nothing', async () => {
    await api.install();
    const no = await policyOf({ effect: 'deny', actions: ['*'], resources: ['connector/acme'] });
    const denied = await api.signIn(['Administrator', no]);
    expect((await api.ask('GET', '/v1.0/account/connectors', { token: denied })).body).toEqual([]);
    expectRefusal(await api.ask('GET', '/v1.0/connectors', { token: denied }), 403, 'access.forbidden');
    await api.access.policies.update('local', no, {
      name: 'Acme',
      statements: [{ effect: 'allow', actions: ['*:read'], resources: ['connector/acme'] }],
    });
    const scoped = await api.signIn([no]);
    expect((await api.ask('GET', '/v1.0/connectors', { token: scoped })).body).toHaveLength(1);
    expect((await api.ask('GET', '/v1.0/account/connectors', { token: scoped })).body).toHaveLength(1);
    await api.runtime.accounts.create({ id: 'empty', name: 'Empty' });
    for (const account of ['empty', 'nobody'])
      expectRefusal(
        await api.ask('GET', '/v1.0/account/connectors', { token: scoped, account }),
        403,
        'access.forbidden',
      );
    const path = `/v1.0/account/connectors/${await api.install()}/methods/things.lst`;
    expectRefusal(await api.ask('GET', path, { token: scoped }), 404, 'method.unknown');
  });

  it('loses what is taken from it at once', async () => {
    const policy = await policyOf({ effect: 'allow', actions: ['connectors:read'], resources: ['*'] });
    const token = await api.signIn([policy]);
    expect((await api.ask('GET', '/v1.0/connectors', { token })).status).toBe(200);
    await api.access.policies.update('local', policy, {
      statements: [{ effect: 'allow', actions: ['logs:read'], resources: ['*'] }],
    });
    expectRefusal(await api.ask('GET', '/v1.0/connectors', { token }), 403, 'access.forbidden');
  });
});
