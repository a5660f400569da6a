import { randomBytes } from 'node:crypto';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { isFishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Arguments, Runtime } from '../../src/runtime-contract.ts';
import { Secret } from '../../src/secret.ts';
import { openStore } from '../../src/store/open.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { createFakeWorld } from '../helpers/vendor.ts';

const us = 'https://api.cloud.precisely.com';
const eu = 'https://api.eu1.cloud.precisely.com';
const key = { keyId: 'my-key-id', secret: 'my-api-secret' };
const pair = Buffer.from('my-key-id:my-api-secret').toString('base64');
const connector = await loadConnectorOrThrow('connector/precisely');

let runtime: Runtime;
let account: string;

const tokenAt = (host = us, secret = 'my-api-secret') =>
  nock(host, {
    reqheaders: {
      authorization: `Basic ${Buffer.from(`my-key-id:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  })
    .post('/auth/v2/token', { grant_type: 'client_credentials', scope: 'default' })
    .reply(200, { access_token: 'the-token', expires_in: 3600 });

const probeAt = (host = us, authorization = 'Bearer the-token') =>
  nock(host, { reqheaders: { authorization, accept: 'application/json' } }).get(
    '/v2/catalog/asset-types?limit=1&offset=0',
  );

const found = { data: [{ id: '1', name: 'Term' }], links: { self: '/' } };

async function install(values: Record<string, string> = {}, authId?: string) {
  return runtime.install(account, 'precisely', {
    values: { ...key, ...values },
    ...(authId !== undefined && { authId }),
  });
}

async function installed(): Promise<(method: string, args?: Arguments) => Promise<unknown>> {
  tokenAt();
  probeAt().reply(200, found);
  const { row } = await install();
  expect(row.stateReason).toBeNull();
  return async (method, args = {}) => (await runtime.call(account, row.id, method, args)).body;
}

async function refusal(work: Promise<unknown>) {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!isFishplateError(error)) throw new Error('it was not refused');
  return error;
}

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
beforeEach(async () => {
  runtime = createRuntime({
    connectors: [connector],
    store: await openStore({
      location: ':memory:',
      keys: { key: new Secret(randomBytes(32).toString('base64')) },
    }),
    send: createAxiosSend({ adapter: 'http' }),
    world: createFakeWorld(Date.now()),
  });
  account = (await runtime.accounts.create({ name: 'Customer' })).id;
});
afterEach(async () => {
  await runtime.close();
  const unused = nock.pendingMocks();
  nock.cleanAll();
  expect(unused).toEqual([]);
});

describe('the connection test', () => {
  it('is failed by a bad key, whatever the endpoint words it like', async () => {
    nock(us).post('/auth/v2/token').reply(401, 'nope');
    const { row } = await install();
    expect(row).toMatchObject({ state: 'failing', stateReason: { code: 'vendor.bad-credentials' } });
  });

  it('gives another answer for a good key without the permission, and names the permission', async () => {
    tokenAt();
    probeAt().reply(403, { statusCode: 403, error: 'Forbidden', message: 'Forbidden' });
    const { row } = await install();
    expect(row).toMatchObject({ state: 'failing', stateReason: { code: 'vendor.forbidden' } });
    expect(JSON.stringify(row.stateReason)).toContain('Catalog Meta Model - View');
  });

  it('leaves who may only call location services free to do so, and is passed once the catalog may be read', async () => {
    tokenAt();
    probeAt().reply(403, { statusCode: 403, error: 'Forbidden', message: 'Forbidden' });
    const { row } = await install();
    nock(us).post('/v1/emails/verify').reply(200, { status: 'OK' });
    const { body } = await runtime.call(account, row.id, 'emails.verify', { body: { email: 'a@b.example' } });
    expect(body).toEqual({ status: 'OK' });
    expect((await runtime.installation(account, row.id)).row.state).toBe('failing');
    probeAt().reply(200, found);
    await runtime.call(account, row.id, 'assetTypes.list', { limit: 1, offset: 0 });
    expect((await runtime.installation(account, row.id)).row.state).toBe('active');
  });

  it('says of a token host that does not have the path that it is the wrong one', async () => {
    nock('https://proxy.example.com').post('/v2/auth/v2/token').reply(415);
    await runtime.setupConsole('precisely', { tokenBaseUrl: 'https://proxy.example.com/v2' });
    const { row } = await install();
    expect(row.stateReason).toMatchObject({ code: 'vendor.wrong-environment' });
  });

  it('asks for a token with scope=default, and shows what little the catalog says', async () => {
    tokenAt();
    probeAt().reply(200, found);
    const { row } = await install();
    expect(row).toMatchObject({ state: 'active', identity: { firstAssetType: 'Term' } });
  });

  it('of another region goes there, but has its token from the United States unless the console says otherwise', async () => {
    tokenAt();
    probeAt(eu).reply(200, found);
    expect((await install({ region: 'eu' })).row.state).toBe('active');
    await runtime.setupConsole('precisely', { tokenBaseUrl: eu });
    tokenAt(eu);
    probeAt(eu).reply(200, found);
    const second = await runtime.accounts.create({ name: 'Second' });
    const { row } = await runtime.install(second.id, 'precisely', { values: { ...key, region: 'eu' } });
    expect(row.state).toBe('active');
  });

  it('takes a new secret for the same key', async () => {
    tokenAt();
    probeAt().reply(200, found);
    const { row } = await install();
    tokenAt(us, 'my-new-secret');
    probeAt().reply(200, found);
    const { row: changed } = await runtime.configure(account, row.id, {
      values: { secret: 'my-new-secret' },
    });
    expect(changed.state).toBe('active');
  });

  it.each([
    ['apikey', `Apikey ${pair}`],
    ['basic', `Basic ${pair}`],
  ])('with %s sends key and secret themselves, and no token request', async (authId, header) => {
    probeAt(us, header).reply(200, found);
    expect((await install({}, authId)).row.state).toBe('active');
  });
});

describe('a request', () => {
  it('repeats the keys of conditions and orders, and keeps their brackets', async () => {
    const call = await installed();
    let path = '';
    nock(us)
      .get(/assets/)
      .reply(function () {
        path = this.req.path;
        return [200, { data: [] }];
      });
    await call('assets.list', {
      filter: ['name:eq(Bob):0', 'name:eq(Alice):1'],
      sort: ['asc(name)', 'desc(createdAt)'],
    });
    expect(path).toBe(
      '/v2/catalog/assets?filter=name%3Aeq(Bob)%3A0&filter=name%3Aeq(Alice)%3A1&sort=asc(name)&sort=desc(createdAt)',
    );
  });

  it('deletes with a body, and says that it is a batch', async () => {
    const call = await installed();
    nock(us, { reqheaders: { 'x-batch': 'true', 'content-type': 'application/json' } })
      .delete('/v2/catalog/assets', [{ id: 'a1' }, { xref: 'mine' }])
      .reply(200, { data: {}, errors: [] });
    expect(await call('assets.delete', { body: [{ id: 'a1' }, { xref: 'mine' }] })).toMatchObject({
      data: {},
    });
  });

  it('sends a JSON Patch as the type that the console chose', async () => {
    const call = await installed();
    const body = [{ op: 'replace', path: '/name', value: 'x' }];
    const patchAs = (type: string) =>
      nock(us, { reqheaders: { 'content-type': type } })
        .patch('/v2/catalog/predicates/p1', JSON.stringify(body))
        .reply(200, { data: { id: 'p1', name: 'x' } });
    patchAs('application/json');
    await call('predicates.update', { id: 'p1', body });
    tokenAt();
    probeAt().reply(200, found);
    await runtime.setupConsole('precisely', { patchType: 'application/json-patch+json' });
    patchAs('application/json-patch+json');
    await call('predicates.update', { id: 'p1', body });
  });

  it('asks spatial analyses for GeoJSON, and reads it', async () => {
    const call = await installed();
    nock(us, { reqheaders: { accept: 'application/geo+json' } })
      .post('/v1/spatial/summarize')
      .reply(200, JSON.stringify({ type: 'FeatureCollection', features: [] }), {
        'content-type': 'application/geo+json',
      });
    const body = {
      tableName: 'a/b',
      location: { format: 'LonLat', value: '1,2' },
      aggregateColumns: { population: ['sum'] },
    };
    expect(await call('spatialAnalyses.summarize', { body })).toMatchObject({ features: [] });
  });

  it('leaves the slashes of a table name in the path, and cannot be led out of it', async () => {
    const call = await installed();
    nock(us).get('/v1/spatial/tables/risks/us/flood%20zones/metadata').reply(200, { tableName: 'x' });
    await call('spatialTables.getMetadata', { tableName: 'risks/us/flood zones' });
    for (const tableName of ['../products', 'a//b', '/a', 'a/..'])
      expect(await refusal(call('spatialTables.getMetadata', { tableName }))).toMatchObject({
        code: 'arguments.invalid',
      });
  });

  it('fills in the GraphQL query of a typed method, unless the caller has one of the same variables', async () => {
    const call = await installed();
    const queries: string[] = [];
    const graph = () =>
      nock(us)
        .post('/data-graph/graphql', (sent: { query: string; variables: unknown }) => {
          queries.push(sent.query);
          return JSON.stringify(sent.variables) === '{"address":"1 Main St"}';
        })
        .reply(200, { data: {} });
    const variables = { address: '1 Main St' };
    graph();
    await call('propertyGraphs.getByAddress', { body: { variables } });
    graph();
    const own = 'query ($address: String!) { getByAddress(address: $address) { schools { data { name } } } }';
    await call('propertyGraphs.getByAddress', { body: { query: own, variables } });
    expect(queries).toEqual([expect.stringMatching(/^query ByAddress\(\$address: String!/), own]);
    for (const body of [{ variables: {} }, { query: 'mutation { x }', variables }])
      expect(await refusal(call('propertyGraphs.getByAddress', { body }))).toMatchObject({
        code: 'arguments.invalid',
      });
  });
});

describe('an answer', () => {
  it('with errors beside data is a part, and has all of it in the error', async () => {
    const call = await installed();
    const body = {
      data: [{ id: 'a1' }],
      errors: [{ id: 'e1', status: 400, code: 'BAD', detail: 'not this' }],
    };
    nock(us).patch('/v2/catalog/assets').reply(202, body);
    const patch = [{ op: 'remove', path: '/xref' }];
    const error = await refusal(call('assets.update', { body: [{ id: 'a1', patch }] }));
    expect(error).toMatchObject({ code: 'vendor.partial', vendor: { message: 'not this', body } });
  });

  it('of GraphQL with errors and no data is a refusal, although it is 200', async () => {
    const call = await installed();
    nock(us)
      .post('/data-graph/graphql')
      .reply(200, { data: null, errors: [{ message: 'No such field' }] });
    const error = await refusal(call('propertyGraphs.query', { body: { query: '{ x }' } }));
    expect(error).toMatchObject({ code: 'vendor.invalid', vendor: { message: 'No such field' } });
  });

  it('of 401 to an old token costs a new one, and the call succeeds', async () => {
    const call = await installed();
    nock(us)
      .get('/v1/spatial/tables')
      .reply(401, { statusCode: 401, error: 'Unauthorized', message: 'Expired' });
    tokenAt();
    nock(us).get('/v1/spatial/tables').reply(200, ['a/b']);
    expect(await call('spatialTables.list')).toEqual(['a/b']);
  });
});

describe('pages', () => {
  const all = async (method: string, args: Arguments = {}) => {
    tokenAt();
    probeAt().reply(200, found);
    const { row } = await install();
    const sizes: (number | undefined)[] = [];
    for await (const { page } of runtime.pages(account, row.id, method, args)) sizes.push(page?.items.length);
    return sizes;
  };
  let last = 0;
  const items = (count: number) => Array.from({ length: count }, () => ({ id: `${++last}` }));
  const assets = (query: string, body: unknown) =>
    nock(us)
      .get(`/v2/catalog/assets?${query}`)
      .reply(200, body as Record<string, unknown>);

  it('of the catalog end where the count says so', async () => {
    assets('limit=2', { data: items(2), meta: { total: 4, totalOverflow: false } });
    assets('limit=2&offset=2', { data: items(2), meta: { total: 4, totalOverflow: false } });
    expect(await all('assets.list', { limit: 2 })).toEqual([2, 2]);
  });

  it('go on over a count that is only the most that was counted', async () => {
    const meta = { total: 2, totalOverflow: true };
    assets('limit=2', { data: items(2), meta });
    assets('limit=2&offset=2', { data: items(1), meta });
    expect(await all('assets.list', { limit: 2 })).toEqual([2, 1]);
  });

  it('without a count end with one that is not full', async () => {
    nock(us)
      .get('/v2/catalog/assets')
      .reply(200, { data: items(20) });
    assets('offset=20', { data: items(3) });
    expect(await all('assets.list')).toEqual([20, 3]);
  });

  it('of jobs are counted from 1', async () => {
    nock(us)
      .get('/v1/quality/pipelines/jobs?limit=2')
      .reply(200, { data: items(2) });
    nock(us).get('/v1/quality/pipelines/jobs?limit=2&page=2').reply(200, { data: [] });
    expect(await all('pipelineJobs.list', { limit: 2 })).toEqual([2, 0]);
  });
});
