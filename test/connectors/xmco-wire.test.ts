import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Arguments, Runtime } from '../../src/runtime-contract.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld } from '../helpers/vendor.ts';

const key = 'a-key-of-a-service-account';
const host = 'https://leportail.xmco.fr';
const ticketId = '65f1c0a2b3d4e5f601234567';
const connector = await loadConnectorOrThrow('connector/xmco');

/** As it was recorded, but for the sentence. */
const refused = (code: number) => ({ _status: 'ERR', _error: { code, message: 'Accès refusé' } });

let runtime: Runtime;
let account: string;

const api = (origin = host) => nock(origin, { reqheaders: { authorization: `Bearer ${key}` } });
const meAt = (origin = host, path = '/api') =>
  api(origin)
    .get(`${path}/user/current`)
    .reply(200, { user: { first_name: 'Camille', surname: 'Martin' } });

const install = async () => (await runtime.install(account, 'xmco', { values: { apiKey: key } })).row;

async function installed() {
  meAt();
  const { id, stateReason } = await install();
  expect(stateReason).toBeNull();
  return {
    call: (method: string, args: Arguments = {}) => runtime.call(account, id, method, args),
    pages: async (method: string, args: Arguments = {}) => {
      const sizes: (number | undefined)[] = [];
      for await (const { page } of runtime.pages(account, id, method, args)) sizes.push(page?.items.length);
      return sizes;
    },
  };
}

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
beforeEach(async () => {
  runtime = createRuntime({
    connectors: [connector],
    store: await memoryStore(),
    // What stands in for the network sees axios's own adapter only.
    send: createAxiosSend({ adapter: 'http' }),
    world: createFakeWorld(Date.now()),
  });
  account = (await runtime.accounts.create({ name: 'Customer' })).id;
});
afterEach(async () => {
  await runtime.close();
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});

describe('the connection test of XMCO', () => {
  it.each([
    ['with its own status', 401],
    ['inside of 200', 200],
  ])('fails for a key that is refused %s', async (_, status) => {
    api().get('/api/user/current').reply(status, refused(401));
    expect(await install()).toMatchObject({
      state: 'failing',
      stateReason: { code: 'vendor.bad-credentials' },
    });
  });

  it.each([
    ['with its own status', 403],
    ['inside of 200', 200],
  ])('fails as forbidden when 403 comes %s', async (_, status) => {
    api().get('/api/user/current').reply(status, refused(403));
    expect(await install()).toMatchObject({ state: 'failing', stateReason: { code: 'vendor.forbidden' } });
  });

  it('fails for any other answer of 200 that says ERR', async () => {
    api()
      .get('/api/user/current')
      .reply(200, { _status: 'ERR', user: { first_name: 'x', surname: 'y' } });
    expect(await install()).toMatchObject({ state: 'failing', stateReason: { code: 'vendor.failed' } });
  });

  it('refuses a key with the word Bearer before it, without asking XMCO', async () => {
    const values = { apiKey: `Bearer ${key}` };
    await expect(runtime.install(account, 'xmco', { values })).rejects.toMatchObject({
      code: 'settings.invalid',
    });
  });

  it('sends the key as it is and shows whose it is', async () => {
    meAt();
    expect(await install()).toMatchObject({
      state: 'active',
      identity: { firstName: 'Camille', surname: 'Martin' },
    });
  });

  it('goes to the base URL that the console gives', async () => {
    await runtime.setupConsole('xmco', { baseUrl: 'https://proxy.example.com/xmco/api/' });
    meAt('https://proxy.example.com', '/xmco/api');
    expect((await install()).state).toBe('active');
  });
});

describe('a call of XMCO', () => {
  it.each([
    [401, 'vendor.bad-credentials'],
    [403, 'vendor.forbidden'],
    [404, 'vendor.not-found'],
    [412, 'vendor.conflict'],
    [422, 'vendor.invalid'],
    [418, 'vendor.failed'],
  ])('that is refused inside of 200 with %i is %s', async (code, meaning) => {
    const { call } = await installed();
    api().get(`/api/cve/${ticketId}`).reply(200, refused(code));
    await expect(call('cves.get', { id: ticketId })).rejects.toMatchObject({ code: meaning });
  });

  it('writes conditions as JSON, with their dates as HTTP has them', async () => {
    const { call } = await installed();
    let sent: unknown;
    api()
      .get('/api/advisory')
      .query((query) => {
        sent = query;
        return true;
      })
      .reply(200, { _items: [] });
    const where = { _created: { $gt: '2023-02-08T01:00:00+01:00' }, severity: { $in: ['high', 'urgent'] } };
    await call('advisories.list', { where, max_results: 50, page: 1 });
    expect(sent).toEqual({
      page: '1',
      max_results: '50',
      where: '{"_created":{"$gt":"Wed, 08 Feb 2023 00:00:00 GMT"},"severity":{"$in":["high","urgent"]}}',
    });
  });

  it('is not sent with a page of more than 50, or a CVE name in the place of an id', async () => {
    const { call } = await installed();
    const invalid = { code: 'arguments.invalid' };
    await expect(call('advisories.list', { max_results: 51 })).rejects.toMatchObject(invalid);
    await expect(call('cves.get', { id: 'CVE-2019-6580' })).rejects.toMatchObject(invalid);
  });

  it('that changes a ticket reads its ETag first, unless the caller has named it', async () => {
    const { call } = await installed();
    const patched = (tag: string) =>
      nock(host, { reqheaders: { 'if-match': tag } })
        .patch(`/api/yuno/ticket/${ticketId}`, { status: 'resolved' })
        .reply(200, { _id: ticketId, _etag: 'next', _status: 'OK' });
    api().get(`/api/yuno/ticket/${ticketId}`).reply(200, { _id: ticketId, _etag: 'newest' });
    patched('newest');
    await call('tickets.update', { id: ticketId, body: { status: 'resolved' } });
    patched('mine');
    const args = { id: ticketId, 'If-Match': 'mine', body: { status: 'resolved' } };
    expect((await call('tickets.update', args)).body).toMatchObject({ _etag: 'next' });
  });

  it('for the queue is never repeated, and counts as one that changes something', async () => {
    const { call } = await installed();
    api()
      .get('/api/ticketor/serenety?to_sync=false')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await expect(call('alerts.list', { to_sync: false })).rejects.toMatchObject({ outcome: 'sent-unknown' });
    expect(connector.methods['alerts.list']).toMatchObject({ readOnly: false, warning: expect.any(String) });
  });
});

describe('going through pages of XMCO', () => {
  let last = 0;
  const items = (count: number) =>
    Array.from({ length: count }, () => ({ _id: (++last).toString(16).padStart(24, '0'), data: {} }));

  it('ends resources with a page that is not full, when no total is told', async () => {
    const { pages } = await installed();
    api()
      .get('/api/yuno/ticket?max_results=2')
      .reply(200, { _items: items(2) });
    api()
      .get('/api/yuno/ticket?max_results=2&page=2')
      .reply(200, { _items: items(1) });
    expect(await pages('tickets.list', { max_results: 2 })).toEqual([2, 1]);
  });

  it('ends resources with the total, when it is told', async () => {
    const { pages } = await installed();
    const meta = { total: 4 };
    api()
      .get('/api/yuno/ticket?max_results=2')
      .reply(200, { _items: items(2), _meta: meta });
    api()
      .get('/api/yuno/ticket?max_results=2&page=2')
      .reply(200, { _items: items(2), _meta: meta });
    expect(await pages('tickets.list', { max_results: 2 })).toEqual([2, 2]);
  });

  it('goes on behind 25 that came unasked: no more than that is known of the page', async () => {
    const { pages } = await installed();
    api()
      .get('/api/yuno/ticket')
      .reply(200, { _items: items(25) });
    api().get('/api/yuno/ticket?page=2').reply(200, { _items: [] });
    expect((await pages('tickets.list'))[0]).toBe(25);
  });

  it('ends loudly when XMCO does not heed the page, which nothing says of technologies', async () => {
    const { pages } = await installed();
    const body = { _items: items(25) };
    api().get('/api/followed_cpe_name').reply(200, body);
    api().get('/api/followed_cpe_name?page=2').reply(200, body);
    const error = await pages('technologies.list').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'pages.repeated',
      message: expect.stringContaining('technologies.list answered page 1 once more'),
    });
  });

  it('ends loudly when only what stands around the items says another page', async () => {
    const { pages } = await installed();
    const _items = items(2);
    for (const page of [1, 2])
      api()
        .get(`/api/followed_cpe_name?max_results=2${page === 1 ? '' : `&page=${page}`}`)
        .reply(200, { _items, _links: { self: { href: `followed_cpe_name?page=${page}` } } });
    await expect(pages('technologies.list', { max_results: 2 })).rejects.toMatchObject({
      code: 'pages.repeated',
    });
  });

  it('ends the queue with the last of its pages, of which an empty one has one', async () => {
    const { pages } = await installed();
    const page = (number: number, pages: number, count: number) => ({
      ...{ total: 60, page: number, size: 50, pages },
      items: items(count),
    });
    api()
      .get('/api/ticketor/serenety')
      .reply(200, page(1, 2, 50));
    api()
      .get('/api/ticketor/serenety?page=2')
      .reply(200, page(2, 2, 50));
    expect(await pages('alerts.list')).toEqual([50, 50]);
    api()
      .get('/api/ticketor/serenety')
      .reply(200, page(1, 1, 0));
    expect((await pages('alerts.list')).flat().filter(Boolean)).toEqual([]);
  });
});
