import { request } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/sandbox/access.ts';
import { call, createFakeClock, openSandbox } from './open-sandbox.ts';
import { smallConnector, smallScript } from './small-connector.ts';

const create = (accessKeys = {}) => createAccess({ ...smallScript, accessKeys }, createFakeClock());
const notAllowed = expect.objectContaining({ code: 'sandbox.not-allowed' });
const unknown = expect.objectContaining({ code: 'sandbox.unknown' });

describe('the vendor’s rules forbid', () => {
  it('a key more than a service user may have', () => {
    const access = create({ maximum: 2 });
    const { serviceUser } = access.createServiceUser({ name: 'x', generateKey: true });
    access.generateKey(serviceUser.id);
    expect(() => access.generateKey(serviceUser.id)).toThrow(notAllowed);
    expect(access.keys(serviceUser.id)).toHaveLength(2);
  });

  it('deleting a key that is active, unless they allow it', () => {
    const access = create();
    const { key } = access.createServiceUser({ name: 'x', generateKey: true });
    const id = key?.accessKeyId ?? '';
    expect(() => access.deleteKey(id)).toThrow(notAllowed);
    access.setKeyActive(id, false);
    access.deleteKey(id);
    expect(() => access.deleteKey(id)).toThrow(unknown);
    const lenient = create({ deleteActive: true });
    const other = lenient.createServiceUser({ name: 'x', generateKey: true }).key;
    lenient.deleteKey(other?.accessKeyId ?? '');
    expect(lenient.keyById(other?.accessKeyId ?? '')).toBeUndefined();
  });

  it('regenerating, unless they allow it; then the id stays and the old secret is dead', () => {
    const strict = create();
    const first = strict.createServiceUser({ name: 'x', generateKey: true }).key;
    expect(() => strict.regenerateKey(first?.accessKeyId ?? '')).toThrow(notAllowed);
    const access = create({ regenerate: true });
    const old = access.createServiceUser({ name: 'x', generateKey: true }).key;
    const id = old?.accessKeyId ?? '';
    const renewed = access.regenerateKey(id);
    expect(renewed.accessKeyId).toBe(id);
    expect(access.secretMatches(id, old?.apiSecret.reveal() ?? '')).toBe(false);
    expect(access.secretMatches(id, renewed.apiSecret.reveal())).toBe(true);
  });

  it('naming a key, unless its keys have names; then each has one', () => {
    const nameless = create();
    const { serviceUser } = nameless.createServiceUser({ name: 'x' });
    expect(() => nameless.generateKey(serviceUser.id, 'Production')).toThrow(notAllowed);
    expect(nameless.keys(serviceUser.id)).toEqual([]);
    const access = create({ named: true });
    const user = access.createServiceUser({ name: 'x', generateKey: true }).serviceUser.id;
    access.generateKey(user, 'Production');
    access.generateKey(user);
    expect(access.keys(user).map(({ name }) => name)).toEqual(['Key 1', 'Production', 'Key 2']);
  });

  it('changing managed policies, taking a name twice, and deleting a policy in use', () => {
    const access = create();
    const own = { name: 'Things', statements: [{ effect: 'allow', methods: ['things.*'] }] } as const;
    expect(() => access.deletePolicy('All')).toThrow(notAllowed);
    expect(() => access.createPolicy({ ...own, name: 'All' })).toThrow(notAllowed);
    access.createPolicy(own);
    const { serviceUser } = access.createServiceUser({ name: 'x', policies: ['Things'] });
    expect(() => access.deletePolicy('Things')).toThrow(notAllowed);
    access.removePolicy(serviceUser.id, 'Things');
    access.deletePolicy('Things');
    expect(access.policies().map((policy) => policy.name)).toEqual(['All', 'Reader']);
  });

  it('names and ids that do not exist', () => {
    const access = create();
    const { serviceUser } = access.createServiceUser({ name: 'x' });
    expect(() => access.createServiceUser({ name: 'x', policies: ['Nope'] })).toThrow(unknown);
    expect(() => access.createServiceUser({ name: 'x', organisationId: 'three' })).toThrow(unknown);
    expect(() => access.addPolicy(serviceUser.id, 'Nope')).toThrow(unknown);
    expect(() => access.removePolicy(serviceUser.id, 'All')).toThrow(unknown);
    expect(() => access.serviceUser('nobody')).toThrow(unknown);
    expect(() => access.setKeyActive('nothing', true)).toThrow(unknown);
    expect(() => access.deletePolicy('Nope')).toThrow(unknown);
  });
});

describe('a generated key', () => {
  const copy = {
    environment: { ORG: '{{organisationId}}', KEY: '{{accessKeyId}}', SECRET: '{{apiSecret}}' },
    json: { key: '{{accessKeyId}}', secret: '{{apiSecret}}' },
    values: { 'API Secret': '{{apiSecret}}' },
  };

  it('can be copied in three forms with the names of the script', () => {
    const access = create({ copy, idPrefix: 'AK', idLength: 12, secretLength: 24 });
    const { key } = access.createServiceUser({ name: 'x', generateKey: true });
    if (!key) throw new Error('no key');
    const secret = key.apiSecret.reveal();
    expect(key.accessKeyId).toMatch(/^AK[A-Z2-7]{10}$/);
    expect(secret).toMatch(/^[\w-]{24}$/);
    expect(key.copyForms()).toEqual({
      environment: `ORG=one\nKEY=${key.accessKeyId}\nSECRET=${secret}`,
      json: JSON.stringify({ key: key.accessKeyId, secret }, null, 2),
      values: { 'API Secret': secret },
    });
  });

  it('shows its secret nowhere else: not in lists, snapshots or prints', () => {
    const access = create({ copy });
    const { key, serviceUser } = access.createServiceUser({ name: 'x', generateKey: true });
    const secret = key?.apiSecret.reveal() ?? '';
    expect(access.keys(serviceUser.id)).toEqual([
      {
        id: key?.accessKeyId,
        serviceUserId: serviceUser.id,
        status: 'ACTIVE',
        createdAt: expect.any(Number),
      },
    ]);
    for (const text of [JSON.stringify(access.snapshot()), JSON.stringify(key), inspect(key, { depth: 9 })])
      expect(text).not.toContain(secret);
  });
});

describe('permission policies', () => {
  it('let a call through when one allows it and none denies it, and act at once', async () => {
    const opened = await openSandbox(smallConnector(), smallScript);
    const { access } = opened.sandbox;
    access.createPolicy({
      name: 'No parts',
      statements: [
        { effect: 'deny', methods: ['parts.*'] },
        { effect: 'deny', methods: ['*.delete', 'things.*t*e'], reading: false },
      ],
    });
    const { token, serviceUserId } = await opened.enter();
    const statuses = async () => {
      const base = `${opened.urls.api}/org/one/things`;
      const replies = [
        await call(base, { token }),
        await call(base, { token, body: { name: 'x' } }),
        await call(`${base}/x/parts`, { token }),
        await call(`${base}/x`, { token, method: 'DELETE' }),
      ];
      return replies.map((reply) => reply.status);
    };
    expect(await statuses()).toEqual([403, 403, 403, 403]);
    access.addPolicy(serviceUserId, 'Reader');
    expect(await statuses()).toEqual([200, 403, 404, 403]);
    access.addPolicy(serviceUserId, 'All');
    expect(await statuses()).toEqual([200, 200, 404, 404]);
    access.addPolicy(serviceUserId, 'No parts');
    expect(await statuses()).toEqual([200, 403, 403, 403]);
  });
});

describe('the screens under /_sandbox', () => {
  const open = async () => {
    const script = { ...smallScript, accessKeys: { maximum: 2, regenerate: true } };
    const opened = await openSandbox(smallConnector(), script);
    return { ...opened, screens: `${new URL(opened.urls.api ?? '').origin}/_sandbox` };
  };

  it('refuse what a web page could send: an Origin, a foreign Host, a body that is not JSON', async () => {
    const { screens, sandbox } = await open();
    const url = `${screens}/service-users`;
    const body = { name: 'x' };
    expect((await call(url, { body, headers: { origin: 'http://127.0.0.1' } })).status).toBe(403);
    expect((await call(url, { body: 'name=x', headers: { 'content-type': 'text/plain' } })).status).toBe(400);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '10.0.0.1'])
      expect(await statusWithHost(url, host)).toBe(403);
    expect(await statusWithHost(url, 'localhost:4010')).toBe(200);
    expect(sandbox.access.serviceUsers()).toEqual([]);
  });

  it('are also below a base URL that has a path, where the URL of the API leads to', async () => {
    const { urls } = await openSandbox(smallConnector(), smallScript);
    expect(new URL(urls.api ?? '').pathname).not.toBe('/');
    expect((await call(`${urls.api}/_sandbox/organisations`)).json).toEqual(smallScript.organisations);
    expect((await call(`${urls.ingest}/_sandbox/organisations`)).status).not.toBe(200);
  });

  it('say what is wrong with a request', async () => {
    const { screens } = await open();
    const replies = [
      await call(`${screens}/service-users`, { body: { nam: 'x' } }),
      await call(`${screens}/service-users`, { body: '{' }),
      await call(`${screens}/service-users/nobody`),
      await call(`${screens}/nowhere`),
      await call(`${screens}/service-users`, { method: 'DELETE' }),
      await call(`${screens}/policies/All`, { method: 'DELETE' }),
      await call(`${screens}/%E0%A4%A`),
    ];
    expect(replies.map((reply) => reply.status)).toEqual([400, 400, 404, 404, 404, 409, 400]);
    expect(replies[0]?.json.problems).toEqual([
      { path: 'name', message: 'is missing' },
      { path: 'nam', message: 'is not known here' },
    ]);
    expect(replies[4]?.json.hint).toBe('The path has GET, POST.');
  });

  it('walk through the life of a service user and its keys', async () => {
    const { screens } = await open();
    const created = await call(`${screens}/service-users`, {
      body: { name: 'Nightly export', policies: ['Reader'], generateKey: true },
    });
    expect(created.status).toBe(201);
    expect(created.json.accessKey).toEqual({
      organisationId: 'one',
      accessKeyId: expect.any(String),
      apiSecret: expect.any(String),
      copyForms: { environment: '', json: '{}', values: {} },
    });
    const user = `${screens}/service-users/${created.json.id}`;
    const second = await call(`${user}/access-keys`, { method: 'POST' });
    const key = `${user}/access-keys/${second.json.accessKeyId}`;
    expect((await call(`${user}/access-keys`, { method: 'POST' })).status).toBe(409);
    expect((await call(`${user}/access-keys/none`, { method: 'DELETE' })).status).toBe(404);
    expect((await call(key, { method: 'DELETE' })).status).toBe(409);
    expect((await call(`${key}/regenerate`, { method: 'POST' })).json.accessKeyId).toBe(
      second.json.accessKeyId,
    );
    expect((await call(key, { method: 'PUT', body: { active: false } })).json.status).toBe('INACTIVE');
    expect((await call(key, { method: 'DELETE' })).status).toBe(204);
    await call(`${user}/policies`, { body: { policy: 'All' } });
    await call(`${user}/policies/Reader`, { method: 'DELETE' });
    await call(user, { method: 'PUT', body: { name: 'Renamed' } });
    const read = await call(user);
    expect(read.json).toMatchObject({
      name: 'Renamed',
      policies: ['All'],
      accessKeys: [{ status: 'ACTIVE' }],
    });
    expect(read.text).not.toContain(created.json.accessKey.apiSecret);
    expect((await call(user, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`${screens}/service-users`)).json).toEqual([]);
  });

  it('list service users with their keys, and never a secret', async () => {
    const { screens, sandbox } = await open();
    const { key } = sandbox.access.createServiceUser({ name: 'Mine', generateKey: true });
    const listed = await call(`${screens}/service-users`);
    expect(listed.json).toMatchObject([{ name: 'Mine', accessKeys: [{ id: key?.accessKeyId }] }]);
    expect(listed.text).not.toContain(key?.apiSecret.reveal());
  });

  it('tell what the vendor allows, and what a fault can be aimed at', async () => {
    const { screens } = await open();
    expect((await call(`${screens}/rules`)).json).toEqual({
      accessKeys: {
        ...{ maximum: 2, regenerate: true, deleteActive: false, active: 'ACTIVE', inactive: 'INACTIVE' },
        ...{ switchable: true, named: false, publicKeys: false },
      },
      tokenLifetimeSeconds: 600,
      hosts: ['api', 'reports', 'ingest'],
      methods: Object.keys(smallConnector().methods).sort(),
      limits: false,
    });
  });

  it('make policies of an organisation’s own', async () => {
    const { screens } = await open();
    const policy = {
      name: 'Things',
      organisationId: 'two',
      statements: [{ effect: 'allow', methods: ['things.*'] }],
    };
    expect((await call(`${screens}/policies`, { body: policy })).status).toBe(201);
    const names = async (query: string) =>
      (await call(`${screens}/policies${query}`)).json.map((each: { name: string }) => each.name);
    expect(await names('')).toEqual(['All', 'Reader']);
    expect(await names('?organisationId=two')).toEqual(['All', 'Reader', 'Things']);
    expect((await call(`${screens}/organisations`)).json).toEqual(smallScript.organisations);
  });
});

/** fetch does not let a caller choose the Host header. */
function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
