import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi, expectRefusal } from './api.ts';

const secret = 'the-key-secret';
const path = '/v1.0/connectors/acme/setup';
let api: Api;
beforeEach(async () => {
  api = await createApi();
});
afterEach(() => {
  for (const text of [...api.answers, ...api.log]) expect(text).not.toContain(secret);
});

const settingsOf = (body: { Settings: { Name: string }[] }) =>
  Object.fromEntries(body.Settings.map((setting) => [setting.Name, setting]));

describe('console setup is refused', () => {
  it.each([
    ['without settings', {}, 'input.invalid'],
    ['with none', { Settings: {} }, 'input.invalid'],
    ['with a value that is no text', { Settings: { keyId: 5 } }, 'input.invalid'],
    ['for an unknown setting', { Settings: { keyIdd: 'x', keyId: 'y' } }, 'settings.unknown'],
    ['for a setting that is named twice', { Settings: { keyId: 'x', 'Key ID': 'y' } }, 'settings.unknown'],
    ['for a setting of the account', { Settings: { tenant: 'x', keyId: 'y' } }, 'settings.wrong-level'],
    ['for a value that breaks the rules', { Settings: { style: 'zigzag', keyId: 'y' } }, 'settings.invalid'],
  ])('%s, and nothing is set', async (_, body, code) => {
    expectRefusal(await api.ask('PUT', path, { body }), 400, code);
    expect(settingsOf((await api.ask('GET', path)).body).keyId).toMatchObject({ IsSet: false });
  });
});

describe('console setup', () => {
  it('says what is set, when, and never shows a secret', async () => {
    const before = await api.ask('GET', path);
    expect(before.body).toMatchObject({
      State: 'setup-required',
      Dependents: [],
      Connector: { Name: 'acme' },
    });
    const { body } = await api.ask('PUT', path, {
      body: { Settings: { 'Key ID': 'key', keySecret: secret } },
    });
    expect(body.State).toBe('ready');
    expect(settingsOf(body)).toMatchObject({
      keyId: { IsSet: true, Value: 'key', Source: 'console', UpdatedDate: '2026-01-01T00:00:00.000Z' },
      keySecret: { IsSet: true, Value: null, IsSensitive: true },
      baseUrl: { IsSet: false, Value: null, IsOptional: true },
    });
    expect(settingsOf(body).tenant).toBeUndefined();
    expect({ ...(await api.ask('GET', path)).body, Retested: [] }).toEqual(body);
  });

  it('names the installations that depend on it, as far as the caller may read them', async () => {
    await api.ask('PUT', path, { body: { Settings: { keyId: 'key', keySecret: secret } } });
    const { row } = await api.runtime.install(api.account, 'acme', { values: { tenant: 't1' } });
    const { body } = await api.ask('GET', path);
    expect(body.Dependents).toEqual([row.id]);
    expect(body.Installations).toEqual([
      {
        ...{ Id: row.id, AccountId: api.account, AccountName: 'Customer', Name: row.name },
        ...{ State: row.state, StateReason: null },
      },
    ]);
    const policy = await api.access.policies.create('local', {
      name: 'Library',
      statements: [{ effect: 'allow', actions: ['connectors:read'], resources: ['*'] }],
    });
    const token = await api.signIn([policy.id]);
    expect((await api.ask('GET', path, { token })).body).toMatchObject({ Dependents: [], Installations: [] });
  });

  it('tests the installations that depend on it when it changes', async () => {
    await api.ask('PUT', path, { body: { Settings: { keyId: 'key', keySecret: secret } } });
    const { row } = await api.runtime.install(api.account, 'acme', { values: { tenant: 't1' } });
    expect(row.state).toBe('active');
    await api.ask('PUT', path, { body: { Settings: { keySecret: 'wrong' } } });
    const { body } = await api.ask('GET', `/v1.0/account/connectors/${row.id}`);
    expect(body).toMatchObject({ State: 'failing', StateReason: { Code: 'vendor.bad-credentials' } });
    await api.ask('PUT', path, { body: { Settings: { keySecret: null } } });
    const without = await api.ask('GET', `/v1.0/account/connectors/${row.id}`);
    expect(without.body).toMatchObject({ State: 'setup-required', Missing: [{ Name: 'keySecret' }] });
  });

  it('says of each installation that a change concerns whether it depends on it since, still, or no more', async () => {
    const { row } = await api.runtime.install(api.account, 'acme', { values: { tenant: 't1' } });
    const own = { tenant: 't1', keyId: 'key', keySecret: secret };
    await api.runtime.install(api.account, 'acme', { name: 'With its own', values: own });
    const change = async (settings: Readonly<Record<string, string | null>>, token?: string) => {
      const { body } = await api.ask('PUT', path, { body: { Settings: settings }, ...(token && { token }) });
      return body.Retested.map((one: Record<string, unknown>) => [one.Id, one.Dependence, one.State]);
    };
    expect(await change({ keyId: 'key', keySecret: secret })).toEqual([[row.id, 'begun', 'active']]);
    expect(await change({ keySecret: 'wrong' })).toEqual([[row.id, 'kept', 'failing']]);
    const policy = await api.access.policies.create('local', {
      name: 'Setup alone',
      statements: [{ effect: 'allow', actions: ['connectors:setup', 'connectors:read'], resources: ['*'] }],
    });
    expect(await change({ keySecret: secret }, await api.signIn([policy.id]))).toEqual([]);
    expect(await change({ keyId: null, keySecret: null })).toEqual([[row.id, 'ended', 'setup-required']]);
  });

  it('leaves a trail with names and without values', async () => {
    await api.ask('PUT', path, { body: { Settings: { keyId: 'a-key-id', keySecret: secret } } });
    const { body } = await api.ask('GET', '/v1.0/audit?action=connector.setup');
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({
      Target: 'acme',
      AccountId: null,
      Detail: { settings: ['keyId', 'keySecret'] },
    });
    expect(JSON.stringify(body)).not.toContain('a-key-id');
  });
});

describe('pasted text', () => {
  const text = `ACME_KEY=key\nACME_SECRET=${secret}\ntenantId=t1\nOTHER=1\nbaseUrl=https://api.acme.example`;

  it.each([
    ['without text', {}, 'input.invalid'],
    ['with an empty one', { Text: '' }, 'input.invalid'],
    ['that names nothing', { Text: `${secret}==` }, 'settings.paste-unreadable'],
  ])('is refused %s', async (_, body, code) => {
    expectRefusal(await api.ask('POST', '/v1.0/connectors/acme/paste', { body }), 400, code);
  });

  it('is read into settings; secrets are named and not shown', async () => {
    const { body } = await api.ask('POST', '/v1.0/connectors/acme/paste', { body: { Text: text } });
    expect(body.Settings.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value])).toEqual([
      ['keyId', 'key'],
      ['keySecret', null],
      ['tenant', 't1'],
      ['baseUrl', 'https://api.acme.example'],
    ]);
    expect(body.Unknown).toEqual(['OTHER']);
  });

  it('is set in an installation and proved; what only the console gives is left alone and named', async () => {
    const { row } = await api.runtime.install(api.account, 'acme');
    const { body } = await api.ask('POST', `/v1.0/account/connectors/${row.id}/paste`, {
      body: { Text: text },
    });
    expect(body.Settings.map(({ Name }: { Name: string }) => Name)).toEqual(['keyId', 'keySecret', 'tenant']);
    expect(body.Skipped).toMatchObject([{ Name: 'baseUrl', Level: 'console' }]);
    expect(body.Installation).toMatchObject({ Id: row.id, Authenticated: true });
  });

  it('with settings of the console only is refused for an installation', async () => {
    const { row } = await api.runtime.install(api.account, 'acme');
    const body = { Text: 'baseUrl=https://api.acme.example' };
    const response = await api.ask('POST', `/v1.0/account/connectors/${row.id}/paste`, { body });
    expectRefusal(response, 400, 'settings.wrong-level');
  });
});
