import { describe, expect, it } from 'vitest';
import { testConnector } from '../../src/conformance/suite.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import type { GeneratedKey } from '../../src/sandbox/access-keys.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { basicHeader, call, openSandbox } from '../sandbox/open-sandbox.ts';

const connector = await loadConnectorOrThrow('connector/precisely');
const loaded = await loadSandboxScript('connector/precisely', connector);
if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
const { script } = loaded;

async function open(...groups: string[]) {
  const bed = await openSandbox(connector, script, { tokenPath: '/auth/v2/token' });
  const url = bed.urls.api ?? '';
  const { access } = bed.sandbox;
  const { serviceUser } = access.createServiceUser({ name: 'robot', policies: groups });
  const tokenFor = ({ accessKeyId, apiSecret }: GeneratedKey, scope = 'default') =>
    call(`${url}/auth/v2/token`, {
      body: `grant_type=client_credentials&scope=${scope}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basicHeader(accessKeyId, apiSecret.reveal()),
      },
    });
  const key = access.generateKey(serviceUser.id);
  const { access_token: token } = (await tokenFor(key)).json;
  const send = (verb: string, path: string, body?: unknown) =>
    call(url + path, { token, method: verb, ...(body !== undefined && { body }) });
  return { ...bed, access, userId: serviceUser.id, key, tokenFor, send };
}

describe('every method of the suite', () => {
  it('prepares a valid request, is answered as its schema says, and every failure rule and page end holds', async () => {
    const report = await testConnector('connector/precisely');
    expect(report.findings.filter(({ level }) => level !== 'warning')).toEqual([]);
    expect(report.ok).toBe(true);
  }, 120_000);
});

describe('a service user of the suite', () => {
  it('cannot join the group of workspace owners, neither at creation nor later', async () => {
    const { access, userId } = await open();
    const refused = expect.objectContaining({ code: 'sandbox.not-allowed' });
    expect(() => access.createServiceUser({ name: 'boss', policies: ['Workspace Owner'] })).toThrow(refused);
    expect(() => access.addPolicy(userId, 'Workspace Owner')).toThrow(refused);
    expect(access.serviceUser(userId).policies).toEqual([]);
  });

  it('has two keys at most, and a deleted one makes room', async () => {
    const { access, userId, key } = await open();
    access.generateKey(userId);
    expect(() => access.generateKey(userId)).toThrow(
      expect.objectContaining({ code: 'sandbox.not-allowed' }),
    );
    access.deleteKey(key.accessKeyId);
    access.generateKey(userId);
    expect(access.keys(userId)).toHaveLength(2);
  });

  it('has a description, and keys with names', async () => {
    const { access, userId } = await open();
    access.changeDetails(userId, { description: 'For the nightly run' });
    access.generateKey(userId, 'Production');
    expect(access.serviceUser(userId).details).toEqual({ description: 'For the nightly run' });
    expect(access.keys(userId).map(({ name }) => name)).toEqual(['Key 1', 'Production']);
  });

  it('cannot have a key switched off: it is deleted instead', async () => {
    const { access, key } = await open();
    expect(() => access.setKeyActive(key.accessKeyId, false)).toThrow(
      expect.objectContaining({ code: 'sandbox.not-allowed' }),
    );
  });

  it('keeps the id of a regenerated key; the old secret is dead at once, the token lives on', async () => {
    const { access, key, tokenFor, send } = await open('Catalog Viewer');
    const renewed = access.regenerateKey(key.accessKeyId);
    expect(renewed.accessKeyId).toBe(key.accessKeyId);
    expect((await tokenFor(key)).status).toBe(401);
    expect((await tokenFor(renewed)).status).toBe(200);
    expect((await send('GET', '/v2/catalog/asset-types?limit=1')).status).toBe(200);
  });

  it('is shown a secret once: neither its keys nor what is kept have it', async () => {
    const { access, userId, key } = await open();
    expect(JSON.stringify([access.keys(userId), access.snapshot()])).not.toContain(key.apiSecret.reveal());
  });

  it('has what its groups give at once, with tokens of all its keys', async () => {
    const { access, userId, urls, tokenFor } = await open();
    const tokens = [(await tokenFor(access.generateKey(userId))).json.access_token];
    const status = async () => (await call(`${urls.api}/v2/catalog/assets`, { token: tokens[0] })).status;
    expect(await status()).toBe(403);
    access.addPolicy(userId, 'Catalog Viewer');
    expect(await status()).toBe(200);
    access.removePolicy(userId, 'Catalog Viewer');
    expect(await status()).toBe(403);
  });

  it('gets no token without scope=default', async () => {
    const { key, tokenFor } = await open();
    expect(await tokenFor(key, 'other')).toMatchObject({ status: 400, json: { error: 'invalid_client' } });
  });
});

describe('the catalog in the sandbox', () => {
  it('refuses in its own form, location services in theirs, GraphQL in its', async () => {
    const { send } = await open();
    expect((await send('GET', '/v2/catalog/assets')).json).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: expect.any(String),
    });
    expect((await send('GET', '/v1/spatial/tables')).json).toMatchObject({
      errors: [{ code: 'SANDBOX-403' }],
    });
    expect((await send('POST', '/data-graph/graphql', { query: '{ x }' })).json).toEqual({
      errors: [{ message: expect.any(String) }],
    });
  });

  it('does what it can of a bulk write, and says of the rest why not', async () => {
    const { send } = await open('Workspace Admin');
    const types = (await send('GET', '/v2/catalog/asset-types?filter=name:eq(term)')).json;
    expect(types).toMatchObject({
      data: [{ name: 'Term' }],
      links: { self: expect.any(String) },
      meta: { total: 1 },
    });
    const made = await send('POST', '/v2/catalog/assets', [
      { assetTypeId: types.data[0].id, properties: [{ name: 'Name', value: 'One' }], xref: ['one'] },
      { assetTypeId: 'nothing', properties: [{ name: 'Name', value: 'Two' }] },
    ]);
    expect(made).toMatchObject({
      status: 201,
      json: { data: [{ keyPath: 'One', class: 'Business' }], errors: [{ id: 'nothing', status: 404 }] },
    });
    const gone = await send('DELETE', '/v2/catalog/assets', [{ xref: 'one' }, { id: 'nobody' }]);
    expect(gone.json).toMatchObject({ data: {}, errors: [{ id: 'nobody' }] });
    expect((await send('GET', '/v2/catalog/assets?filter=xref:eq(one)')).json.data).toEqual([]);
  });

  it('filters with alternatives and sorts, and refuses what it cannot read', async () => {
    const { send } = await open('Catalog Viewer');
    const list = async (query: string) => {
      const { status, json } = await send('GET', `/v2/catalog/asset-types?${query}`);
      return status === 200 ? json.data.map(({ name }: { name: string }) => name) : status;
    };
    expect(await list('filter=name:eq(Term):0&filter=name:eq(Table):1&sort=asc(name)')).toEqual([
      'Table',
      'Term',
    ]);
    expect(await list('filter=class:eq(Technical)&filter=name:sw(Col)')).toEqual(['Column']);
    expect(await list('filter=name:like(x)')).toBe(400);
    expect(await list('sort=name')).toBe(400);
  });

  it('patches by JSON Patch, keeps what it was not told of, and follows lineage', async () => {
    const { send } = await open('Workspace Admin');
    const [feeds] = (await send('GET', '/v2/catalog/predicates?filter=name:eq(feeds)')).json.data;
    const patch = [{ op: 'replace', path: '/name', value: 'fills' }];
    const { json } = await send('PATCH', `/v2/catalog/predicates/${feeds.id}`, patch);
    expect(json.data).toMatchObject({ name: 'fills', inverse: feeds.inverse, class: 'Lineage' });
    const bad = [{ op: 'replace', path: '/nothing', value: 1 }];
    expect((await send('PATCH', `/v2/catalog/predicates/${feeds.id}`, bad)).status).toBe(400);
    const [orders] = (await send('GET', '/v2/catalog/assets?filter=keyPath:eq(sales.orders)')).json.data;
    const down = await send('GET', `/v2/catalog/lineage/${orders.id}/downstream`);
    expect(down.json.data).toMatchObject([{ displayValue: 'reports.revenue' }]);
    expect((await send('GET', '/v2/catalog/lineage/nobody/upstream')).status).toBe(404);
  });

  it('keeps submitted scores', async () => {
    const { send } = await open('Workspace Admin');
    const [asset] = (await send('GET', '/v2/catalog/assets?limit=1')).json.data;
    const metrics = [{ metricTypeId: 'quality', value: 12.5 }];
    const body = [{ assetId: asset.id, effectiveDate: '2026-01-01T00:00:00Z', metrics }];
    expect((await send('POST', '/v2/catalog/metric-instances', body)).status).toBe(202);
    const { json } = await send('GET', `/v2/catalog/metric-instances?filter=assetId:eq(${asset.id})`);
    expect(json.data).toMatchObject([{ metricTypeId: 'quality', value: '12.5' }]);
  });
});

describe('location services in the sandbox', () => {
  it('answer each record by itself, with a status of its own', async () => {
    const { send } = await open('Location Services');
    const addresses = [
      { addressId: 'a', addressLines: ['1 Main St'], country: 'USA' },
      { addressId: 'b', addressLines: ['nowhere'], country: 'USA' },
    ];
    expect((await send('POST', '/v1/geocode', { addresses })).json.responses).toMatchObject([
      { addressId: 'a', status: 'OK', results: [{ score: 100 }] },
      { addressId: 'b', status: 'ZERO_RESULTS', results: [] },
    ]);
  });

  it('have errors of GraphQL on demand', async () => {
    const { send } = await open('Location Services');
    const body = { variables: { address: 'nowhere' } };
    const { status, json } = await send('POST', '/data-graph/graphql', { ...body, query: 'query { x }' });
    expect([status, json.errors]).toEqual([200, [{ message: 'No property has this address' }]]);
  });
});
