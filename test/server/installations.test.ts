import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/runtime.ts';
import { type Api, createApi, expectRefusal } from './api.ts';

const secret = 'the-key-secret';
const base64 = Buffer.from(`key:${secret}`).toString('base64');
let api: Api;
beforeEach(async () => {
  api = await createApi();
});
afterEach(() => {
  // Whatever was asked, in whatever way it failed: the vendor's secret is nowhere to be seen.
  for (const text of [...api.answers, ...api.log]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(base64);
  }
});

const install = (body: object, connector = 'acme') =>
  api.ask('POST', `/v1.0/connectors/${connector}/install`, { body });
const tenant = { Name: 'tenant', Value: 't1' };

describe('an install is refused', () => {
  it.each([
    [
      'for a property that the connector does not have',
      { Properties: [{ Name: 'Dont exist', Value: 'x' }] },
      'settings.unknown',
      'Dont exist',
    ],
    [
      'for one that only the console gives',
      { Properties: [{ Name: 'style', Value: 'comma' }] },
      'settings.wrong-level',
      'style',
    ],
    [
      'for one whose value breaks the rules',
      { Properties: [{ Name: 'region', Value: 'EU 1' }] },
      'settings.invalid',
      'Region',
    ],
    [
      'for one that is given twice',
      { Properties: [tenant, { Name: 'TENANT', Value: 't2' }] },
      'input.invalid',
      'Tenant',
    ],
    ['for a property without a name', { Properties: [{ Value: 'x' }] }, 'settings.unknown', 'none'],
    ['for a list that is none', { Properties: tenant }, 'input.invalid', 'Properties'],
    ['for a blank name', { Name: ' ' }, 'input.invalid', 'Name'],
    ['for a name that moves the cursor', { Name: 'A\u001b[2J' }, 'input.invalid', 'Name'],
    ['for a way to authenticate that there is not', { AuthenticationId: 'magic' }, 'input.invalid', 'magic'],
    [
      'for an AuthValue that holds nothing',
      { AuthValue: `${secret}==` },
      'settings.paste-unreadable',
      'AuthValue',
    ],
    [
      'for an access token',
      { AuthValue: JSON.stringify({ AccessToken: secret }) },
      'settings.paste-unreadable',
      'AuthValue',
    ],
    [
      'for credentials that contradict each other',
      { AuthValue: base64, Properties: [{ Name: 'keyId', Value: 'other' }] },
      'input.invalid',
      'keyId',
    ],
    ['for a key that is mistyped', { Propertys: [] }, 'input.invalid', 'Propertys'],
  ])('%s', async (_, body, code, word) => {
    const response = await install(body);
    expectRefusal(response, 400, code);
    expect(response.body.Message).toContain(word);
    expect(await api.runtime.installations(api.account)).toEqual([]);
  });

  it('for an unknown connector, by name and by id', async () => {
    expectRefusal(await install({}, 'acmee'), 404, 'connector.unknown');
    expectRefusal(await install({}, '123'), 404, 'connector.unknown');
  });

  it('for a draft', async () => {
    const live = api.runtime.connectors.find('acme');
    const draft = { ...live, id: 77, version: '2.0.0', status: 'draft' } as const;
    const send = () => Promise.reject(new Error('a draft must not be called'));
    const drafting = await createApi({}, ({ store }) =>
      createRuntime({ connectors: [live, draft], store, send }),
    );
    expect((await drafting.ask('GET', '/v1.0/connectors/77')).body.Status).toBe('Draft');
    const response = await drafting.ask('POST', '/v1.0/connectors/77/install', { body: {} });
    expectRefusal(response, 400, 'connector.not-live');
  });
});

describe('an install', () => {
  it.each([
    ['base64 of id and secret', base64],
    ['JSON as text', JSON.stringify({ ClientId: 'key', ClientSecret: secret })],
    ['JSON as an object', { client_id: 'key', client_secret: secret }],
    ["the vendor's environment variables", `export ACME_KEY=key\nexport ACME_SECRET="${secret}"`],
  ])('takes %s for an AuthValue, proves it and never shows it', async (_, AuthValue) => {
    const { status, body } = await install({ Name: 'Mine', AuthValue, Properties: [tenant] });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      AccountId: api.account,
      Name: 'Mine',
      AuthValue: null,
      Authenticated: true,
      State: 'active',
      StateReason: null,
      AuthenticationId: 'key',
      Identity: { id: 'u1', name: 'robot' },
      Missing: [],
      CustomFields: [],
      Connector: { Name: 'acme', Status: 'Approved' },
    });
    expect(body.Properties).toContainEqual(
      expect.objectContaining({
        Name: 'keySecret',
        Value: null,
        IsSet: true,
        IsSensitive: true,
        Source: 'account',
        AccountConnectorId: body.Id,
      }),
    );
  });

  it('finds properties by key, label, alias and id, whatever the case and punctuation', async () => {
    const { connector } = await api.runtime.consoleSetup('acme');
    const { body } = await install({
      Properties: [
        { Name: 'key id', Value: 'key' },
        { Name: 'KEY-SECRET', Value: secret },
        { Id: connector.settings.tenant?.id, Value: 't1' },
        { Name: 'Region', Value: 'eu' },
      ],
    });
    expect(body.Authenticated).toBe(true);
  });

  it('without setup is allowed, says what is missing, and is never active', async () => {
    const { body } = await install({ Properties: [{ Name: 'keyId', Value: null }], AuthValue: '{}' });
    expect(body).toMatchObject({ Name: 'Acme', Authenticated: false, State: 'setup-required' });
    expect(body.Missing.map(({ Name }: { Name: string }) => Name)).toEqual(['keyId', 'keySecret', 'tenant']);
    const call = await api.ask('POST', `/v1.0/account/connectors/${body.Id}/methods/things.list`, {
      body: {},
    });
    expectRefusal(call, 424, 'installation.setup-required');
  });

  it('by the integer id of a release is the same as by name, and needs no body', async () => {
    const { connector } = await api.runtime.consoleSetup('acme');
    const response = await api.ask('POST', `/v1.0/connectors/${connector.id}/install`);
    expect(response.body.Connector.Id).toBe(connector.id);
  });

  it('with wrong credentials is made, but says why it does not work', async () => {
    const { status, body } = await install({
      AuthValue: { ClientId: 'key', ClientSecret: 'wrong' },
      Properties: [tenant],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Authenticated: false,
      State: 'failing',
      StateReason: { Code: 'vendor.bad-credentials' },
    });
    expect(body.StateReason.Hint.length).toBeGreaterThan(0);
  });

  it('with "{}" uses what the console gives, and does not show that', async () => {
    await api.runtime.setupConsole('acme', { keyId: 'key', keySecret: secret });
    const { body } = await install({ AuthValue: '{}', Properties: [tenant] });
    expect(body.Authenticated).toBe(true);
    const property = (name: string) => body.Properties.find(({ Name }: { Name: string }) => Name === name);
    expect(property('keyId')).toMatchObject({ Value: null, Source: 'console', IsSet: true });
    expect(property('tenant')).toMatchObject({ Value: 't1', Source: 'account' });
    expect(property('region')).toMatchObject({ Value: 'eu', Source: 'default' });
  });
});

describe('an installation', () => {
  let id: string;
  let path: string;
  beforeEach(async () => {
    id = await api.install();
    path = `/v1.0/account/connectors/${id}`;
  });

  it.each(['GET', 'PUT', 'DELETE'] as const)('that is unknown is 404: %s', async (verb) => {
    expectRefusal(
      await api.ask(verb, '/v1.0/account/connectors/9999999', { body: {} }),
      404,
      'installation.unknown',
    );
  });

  it('of another account is as unknown as one that never was', async () => {
    await api.runtime.accounts.create({ id: 'other', name: 'Other' });
    const asked = await api.ask('GET', path, { account: 'other' });
    expectRefusal(asked, 404, 'installation.unknown');
    expect((await api.ask('GET', '/v1.0/account/connectors', { account: 'other' })).body).toEqual([]);
  });

  it('is listed and read alike', async () => {
    const { body } = await api.ask('GET', '/v1.0/account/connectors?pageSize=30&page=1');
    expect(body).toHaveLength(1);
    expect((await api.ask('GET', path)).body).toEqual(body[0]);
    expect((await api.ask('GET', '/v1.0/account/connectors?page=2&pageSize=1')).body).toEqual([]);
  });

  it('changes its name and description, and takes back what it was answered', async () => {
    const { body } = await api.ask('PUT', path, { body: { Description: 'of my account' } });
    expect(body).toMatchObject({ Name: 'Acme', Description: 'of my account' });
    const renamed = await api.ask('PUT', path, { body: { ...body, Name: 'New' } });
    expect(renamed.body).toMatchObject({ Name: 'New', Description: 'of my account', Authenticated: true });
    expect((await api.ask('PUT', path, { body: { Description: null } })).body.Description).toBe('');
  });

  it('refuses changes that it would otherwise drop', async () => {
    const change = (body: object) => api.ask('PUT', path, { body });
    expectRefusal(await change({ AuthenticationId: 'other' }), 400, 'input.invalid');
    const response = await change({ Properties: [{ Name: 'tenant', Value: 't2' }] });
    expectRefusal(response, 400, 'input.invalid');
    expect(response.body.Message).toContain('tenant');
  });

  it('that was de-authenticated refuses calls until a new AuthValue proves itself', async () => {
    const { status, body } = await api.ask('PUT', `${path}/deauthenticate`, { body: {} });
    expect({ status, body }).toEqual({
      status: 200,
      body: { Message: "Connector 'acme' successfully de-authenticated." },
    });
    expect((await api.ask('GET', path)).body).toMatchObject({
      Authenticated: false,
      State: 'de-authenticated',
    });
    const call = () => api.ask('POST', `${path}/methods/things.list`, { body: {} });
    expectRefusal(await call(), 424, 'installation.deauthenticated');
    const again = await api.ask('PUT', path, { body: { AuthValue: base64 } });
    expect(again.body).toMatchObject({ Authenticated: true, AuthValue: null });
    expect((await call()).status).toBe(200);
  });

  it('that was de-authenticated and has its credentials from the console comes back when that is asked for', async () => {
    await api.runtime.setupConsole('acme', { keyId: 'key', keySecret: 'the-key-secret' });
    for (const again of [
      () => api.ask('PUT', `${path}/reauthenticate`, { body: {} }),
      () => api.ask('PUT', path, { body: { AuthValue: '{}' } }),
    ]) {
      await api.ask('PUT', `${path}/deauthenticate`, { body: {} });
      expect((await api.ask('POST', `${path}/test`)).body).toMatchObject({
        ...{ Ok: false, State: 'de-authenticated', Code: 'installation.deauthenticated' },
      });
      expect((await api.ask('PUT', path, { body: { Name: 'New' } })).body.State).toBe('de-authenticated');
      expect((await again()).body).toMatchObject({ Authenticated: true, State: 'active' });
    }
  });

  it('says in Retry-After when the vendor is asked again after it refused the key', async () => {
    api.vendor.secret = 'changed';
    await api.ask('POST', `${path}/test`);
    const refused = await api.ask('POST', `${path}/methods/things.list`, { body: {} });
    expectRefusal(refused, 424, 'vendor.bad-credentials');
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.body.Message).toContain('the next try is in 1 s');
  });

  it('is deleted with 200 and gone', async () => {
    const { body } = await api.ask('DELETE', path, { body: {} });
    expect(body.Message).toContain("'acme'");
    expectRefusal(await api.ask('GET', path), 404, 'installation.unknown');
  });

  it('is tested on demand: what is wrong is an answer, not an error', async () => {
    const good = await api.ask('POST', `${path}/test`);
    expect(good.body).toEqual({ Ok: true, State: 'active', Identity: { id: 'u1', name: 'robot' } });
    api.vendor.secret = 'changed';
    const bad = await api.ask('POST', `${path}/test`, { body: {} });
    expect(bad.status).toBe(200);
    expect(bad.body).toMatchObject({
      Ok: false,
      State: 'failing',
      Code: 'vendor.bad-credentials',
      Vendor: { Status: 401 },
    });
    expect(bad.body.Hint.length).toBeGreaterThan(0);
  });

  it('leaves a trail of who changed it', async () => {
    await api.ask('PUT', path, { body: { Name: 'New', AuthValue: base64 } });
    await api.ask('PUT', `${path}/deauthenticate`);
    await api.ask('DELETE', path);
    const { body } = await api.ask('GET', `/v1.0/audit?target=${id}`);
    expect(body.map(({ Action }: { Action: string }) => Action)).toEqual([
      'installation.uninstall',
      'installation.deauthenticate',
      'installation.update',
    ]);
    expect(body[2]).toMatchObject({
      AccountId: api.account,
      Detail: { keys: ['name'], settings: ['keyId', 'keySecret'] },
    });
  });
});

describe('properties', () => {
  let path: string;
  let id: number;
  beforeEach(async () => {
    const installation = await api.install();
    path = `/v1.0/account/connectors/${installation}/properties`;
    const { body } = await api.ask('GET', path);
    id = body.find(({ Name }: { Name: string }) => Name === 'tenant').Id;
  });

  it.each([
    ['GET', 'unknown', 404, 'property.unknown'],
    ['PUT', '12345', 404, 'property.unknown'],
    ['DELETE', '12345', 404, 'property.unknown'],
    ['GET', 'style', 404, 'property.unknown'],
    ['DELETE', 'region', 404, 'property.unknown'],
  ] as const)('are refused: %s %s', async (verb, property, status, code) => {
    const body = { Name: 'tenant', Value: 'x' };
    expectRefusal(await api.ask(verb, `${path}/${property}`, { body }), status, code);
  });

  it.each([
    ['that are unknown', { Name: 'nothing', Value: 'x' }, 'settings.unknown'],
    ['of the console', { Name: 'style', Value: 'comma' }, 'settings.wrong-level'],
    ['without a value', { Name: 'tenant' }, 'input.invalid'],
    ['with null for a value', { Name: 'tenant', Value: null }, 'input.invalid'],
    ['with an object for a value', { Name: 'tenant', Value: {} }, 'input.invalid'],
    ['with a number that has lost digits', { Name: 'tenant', Value: 2 ** 60 }, 'input.invalid'],
    [
      'of which one is wrong',
      [
        { Name: 'tenant', Value: 't2' },
        { Name: 'region', Value: '!' },
      ],
      'settings.invalid',
    ],
  ])('are refused when posted: %s, and nothing is set', async (_, body, code) => {
    expectRefusal(await api.ask('POST', path, { body }), 400, code);
    expect((await api.ask('GET', `${path}/tenant`)).body.Value).toBe('t1');
  });

  it('are refused when the body names another one than the path', async () => {
    const body = { Name: 'region', Value: 'eu' };
    expectRefusal(await api.ask('PUT', `${path}/${id}`, { body }), 400, 'input.invalid');
    expectRefusal(await api.ask('PUT', `${path}/${id}`, { body: { Name: 'tenant' } }), 400, 'input.invalid');
  });

  it('are listed by name, without what is not set and what only the console gives', async () => {
    const { body } = await api.ask('GET', `${path}?orderBy=Name&sortOrderAsc=true`);
    expect(body.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value])).toEqual([
      ['keyId', 'key'],
      ['keySecret', null],
      ['region', 'eu'],
      ['tenant', 't1'],
    ]);
  });

  it('are set one by one: the answer is the property', async () => {
    const { body } = await api.ask('POST', path, { body: { Name: 'Region', Value: 'us', Id: 0 } });
    expect(body).toMatchObject({ Name: 'region', Value: 'us', Source: 'account' });
    const changed = await api.ask('PUT', `${path}/${body.Id}`, {
      body: { Name: 'region', Value: 'eu', Id: 0 },
    });
    expect(changed.body).toMatchObject({ Id: body.Id, Value: 'eu' });
    expect((await api.ask('DELETE', `${path}/${body.Id}`, { body: {} })).status).toBe(200);
    expect((await api.ask('GET', `${path}/${body.Id}`)).body.Source).toBe('default');
    expectRefusal(await api.ask('DELETE', `${path}/${body.Id}`), 404, 'property.unknown');
  });

  it('are set together: the answer is a list, and secrets are null in it', async () => {
    const body = [
      { Name: 'keyId', Value: 'key' },
      { name: 'keySecret', value: secret },
    ];
    const response = await api.ask('POST', path, { body });
    expect(
      response.body.map(({ Value, IsSet }: { Value: unknown; IsSet: boolean }) => [Value, IsSet]),
    ).toEqual([
      ['key', true],
      [null, true],
    ]);
  });

  it('prove themselves when they are set', async () => {
    await api.ask('PUT', `${path}/tenant`, { body: { Value: 'foreign' } });
    const { body } = await api.ask('GET', path.replace('/properties', ''));
    expect(body).toMatchObject({ State: 'failing', StateReason: { Code: 'vendor.wrong-organisation' } });
  });
});
