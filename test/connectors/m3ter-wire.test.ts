import { randomBytes } from 'node:crypto';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Runtime } from '../../src/runtime-contract.ts';
import { Secret } from '../../src/secret.ts';
import { openStore } from '../../src/store/open.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { createFakeWorld } from '../helpers/vendor.ts';

const org = '3b9e5f1c-0a1d-4a83-9c1b-6f2f0d7b8f10';
const basic = `Basic ${Buffer.from('my-key-id:my-api-secret').toString('base64')}`;
const connector = await loadConnectorOrThrow('connector/m3ter');

let runtime: Runtime;
let account: string;

const tokenAt = (host: string) =>
  nock(host, { reqheaders: { authorization: basic, 'content-type': 'application/json' } })
    .post('/oauth/token', { grant_type: 'client_credentials' })
    .reply(200, { access_token: 'the-token', token_type: 'Bearer', expires_in: 18_000, scope: null });

const meAt = (host: string) =>
  nock(host, { reqheaders: { authorization: 'Bearer the-token' } })
    .get(`/organizations/${org}/users/me`)
    .reply(200, {
      serviceUser: { id: 'su', name: 'robot' },
      organization: { id: org, organizationName: 'Acme', type: 'PRODUCTION', status: 'ACTIVE' },
    });

async function install(environment: string): Promise<string> {
  const values = { accessKeyId: 'my-key-id', apiSecret: 'my-api-secret', environment, organisationId: org };
  const { row } = await runtime.install(account, 'm3ter', { values });
  expect(row.stateReason).toBeNull();
  return row.id;
}

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
beforeEach(async () => {
  const store = await openStore({
    location: ':memory:',
    keys: { key: new Secret(randomBytes(32).toString('base64')) },
  });
  runtime = createRuntime({
    connectors: [connector],
    store,
    // What stands in for the network sees axios's own adapter only.
    send: createAxiosSend({ adapter: 'http' }),
    world: createFakeWorld(Date.now()),
  });
  account = (await runtime.accounts.create({ name: 'Customer' })).id;
});
afterEach(async () => {
  await runtime.close();
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

describe('m3ter on the wire', () => {
  it('in environment prod exchanges the key and proves itself at the bare hosts', async () => {
    tokenAt('https://api.m3ter.com');
    meAt('https://api.m3ter.com');
    const id = await install('prod');
    expect((await runtime.installation(account, id)).row.identity).toMatchObject({
      name: 'robot',
      organisation: 'Acme',
      organisationType: 'PRODUCTION',
    });
  });

  it('in any other environment uses the hosts of that name', async () => {
    tokenAt('https://api.staging.m3ter.com');
    meAt('https://api.staging.m3ter.com');
    const id = await install('staging');
    nock('https://ingest.staging.m3ter.com')
      .post(`/organizations/${org}/measurements`)
      .reply(200, { result: 'accepted' });
    await runtime.call(account, id, 'measurements.submit', {
      body: { measurements: [{ meter: 'm', account: 'a', ts: '2026-01-01T00:00:00Z' }] },
    });
  });

  it('sends measurements to the ingest host again when it has to repeat them, with the same uid', async () => {
    tokenAt('https://api.m3ter.com');
    meAt('https://api.m3ter.com');
    const id = await install('prod');
    const bodies: unknown[] = [];
    const keep = (body: unknown) => bodies.push(body) > 0;
    const path = `/organizations/${org}/measurements`;
    nock('https://ingest.m3ter.com').post(path, keep).reply(503, 'upstream');
    nock('https://ingest.m3ter.com')
      .post(path, keep)
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    nock('https://ingest.m3ter.com').post(path, keep).reply(200, { result: 'accepted' });
    const result = await runtime.call(account, id, 'measurements.submit', {
      body: { measurements: [{ meter: 'm', account: 'a', ts: '2026-01-01T00:00:00Z' }] },
    });
    expect(result).toMatchObject({ body: { result: 'accepted' }, attempts: 3 });
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]).toMatchObject({ measurements: [{ uid: expect.any(String) }] });
  });

  it('with host overrides from the console sends everything there', async () => {
    tokenAt('https://proxy.example.com/m3ter');
    meAt('https://proxy.example.com/m3ter');
    await runtime.setupConsole('m3ter', {
      apiBaseUrl: 'https://proxy.example.com/m3ter/',
      ingestBaseUrl: 'https://proxy.example.com/ingest',
    });
    const id = await install('prod');
    nock('https://proxy.example.com')
      .post(`/ingest/organizations/${org}/measurements`)
      .reply(200, { result: 'accepted' });
    await runtime.call(account, id, 'measurements.submit', {
      body: { measurements: [{ meter: 'm', account: 'a', ts: '2026-01-01T00:00:00Z' }] },
    });
  });

  it('follows no redirect: the credentials stay with the host of the definition', async () => {
    tokenAt('https://api.m3ter.com');
    nock('https://api.m3ter.com')
      .get(`/organizations/${org}/users/me`)
      .reply(302, '', { location: 'https://elsewhere.example/' });
    const { row } = await runtime.install(account, 'm3ter', {
      values: { accessKeyId: 'my-key-id', apiSecret: 'my-api-secret', organisationId: org },
    });
    expect(row).toMatchObject({ state: 'failing', stateReason: { code: 'vendor.failed' } });
  });

  it('pages through lists by nextToken, and joins lists by commas or repeats the key as the console says', async () => {
    tokenAt('https://api.m3ter.com');
    meAt('https://api.m3ter.com');
    const id = await install('prod');
    const api = nock('https://api.m3ter.com');
    api
      .get(`/organizations/${org}/accounts?codes=a,b&pageSize=2`)
      .reply(200, { data: [{ id: '1' }, { id: '2' }], nextToken: 'n+1' });
    api
      .get(`/organizations/${org}/accounts?codes=a,b&pageSize=2&nextToken=n%2B1`)
      .reply(200, { data: [{ id: '3' }], nextToken: '' });
    const ids: unknown[] = [];
    for await (const { page } of runtime.pages(account, id, 'accounts.list', {
      codes: ['a', 'b'],
      pageSize: 2,
    }))
      ids.push(...(page?.items ?? []));
    expect(ids).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
    // A changed console value has the dependent installations tested again.
    tokenAt('https://api.m3ter.com');
    meAt('https://api.m3ter.com');
    await runtime.setupConsole('m3ter', { arrayStyle: 'repeat' });
    api.get(`/organizations/${org}/accounts?codes=a&codes=b`).reply(200, { data: [] });
    await runtime.call(account, id, 'accounts.list', { codes: ['a', 'b'] });
  });
});
