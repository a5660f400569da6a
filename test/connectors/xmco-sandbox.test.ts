import { describe, expect, it, onTestFinished } from 'vitest';
import { testConnector } from '../../src/conformance/suite.ts';
import { withEnvironment } from '../../src/definition/environment.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { isFishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Arguments } from '../../src/runtime-contract.ts';
import type { NewServiceUser } from '../../src/sandbox/access.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeClock, call as send } from '../sandbox/open-sandbox.ts';

const definition = await loadConnectorOrThrow('connector/xmco');
const loaded = await loadSandboxScript('connector/xmco', definition);
if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
const { script } = loaded;
const [firstPerimeter] = script.serviceUsers?.details?.serenetyPerimeters?.choices ?? [];

async function open() {
  const world = createFakeClock(Date.UTC(2026, 2, 5, 12));
  const sandbox = createSandbox({ connector: definition, script, world });
  const { urls, close } = await sandbox.listen();
  const network = createAxiosSend({ allowAddresses: ['loopback'] });
  const connector = withEnvironment(definition, 'sandbox', 'Sandbox', urls);
  const runtime = createRuntime({
    connectors: [connector],
    store: await memoryStore(),
    send: network,
    world,
  });
  onTestFinished(async () => {
    await runtime.close();
    network.close();
    await close();
  });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });

  async function enter(user: Partial<NewServiceUser> = {}) {
    const made = sandbox.access.createServiceUser({
      ...{ name: 'Camille', policies: ['Regular user'], generateKey: true },
      ...user,
    });
    const apiKey = made.key?.apiSecret.reveal() ?? '';
    const values = { environment: 'sandbox', apiKey };
    const { row } = await runtime.install(account, 'xmco', { values });
    const call = async (method: string, args: Arguments = {}) =>
      (await runtime.call(account, row.id, method, args)).body as Record<string, never>;
    const refusal = async (method: string, args: Arguments = {}) => {
      const error = await call(method, args).catch((thrown: unknown) => thrown);
      if (!isFishplateError(error)) throw new Error(`${method} was not refused`);
      return error;
    };
    const items = async (method: string, args: Arguments = {}) => {
      const all: Record<string, unknown>[] = [];
      for await (const { page } of runtime.pages(account, row.id, method, args))
        all.push(...((page?.items ?? []) as Record<string, unknown>[]));
      return all;
    };
    return { user: made.serviceUser, keyId: made.key?.accessKeyId ?? '', apiKey, row, call, refusal, items };
  }
  return { sandbox, api: urls.api ?? '', world, enter };
}

describe('the sandbox of XMCO refuses', () => {
  it('in French, with the code in the body, and 401 where no key or a wrong one is sent', async () => {
    const { api } = await open();
    for (const token of [undefined, 'a-wrong-key']) {
      const { status, json } = await send(`${api}/user/current`, { token });
      expect({ status, json }).toEqual({
        status: 401,
        json: { _status: 'ERR', _error: { code: 401, message: expect.stringMatching(/authentifier|clé/) } },
      });
    }
  });

  it('with 200 around the same body, once it is told to', async () => {
    const { sandbox, api, enter } = await open();
    sandbox.faults.set({ refusals: { badToken: { sentAs: 200 } } });
    const { status, json } = await send(`${api}/user/current`, { token: 'a-wrong-key' });
    expect([status, json._error.code]).toEqual([200, 401]);
    const { user, row, keyId } = await enter();
    expect(row.state).toBe('active');
    sandbox.access.regenerateKey(keyId);
    expect(sandbox.access.keys(user.id)).toHaveLength(1);
  });

  it('a second key, and after a reset the old one', async () => {
    const { sandbox, api, enter } = await open();
    const { user, keyId, apiKey, refusal } = await enter();
    const notAllowed = expect.objectContaining({ code: 'sandbox.not-allowed' });
    expect(() => sandbox.access.generateKey(user.id)).toThrow(notAllowed);
    const fresh = sandbox.access.regenerateKey(keyId).apiSecret.reveal();
    expect(fresh).not.toBe(apiKey);
    expect(await refusal('users.current')).toMatchObject({ code: 'vendor.bad-credentials' });
    expect((await send(`${api}/user/current`, { token: fresh })).status).toBe(200);
  });

  it('to make a classic account a service account, or the other way round', async () => {
    const { sandbox, enter } = await open();
    const { user } = await enter({ details: { serviceAccount: false } });
    const change = (serviceAccount: boolean) => () =>
      sandbox.access.changeDetails(user.id, { serviceAccount });
    expect(change(true)).toThrow(expect.objectContaining({ code: 'sandbox.not-allowed' }));
    expect(change(false)().details).toMatchObject({ serviceAccount: false });
  });

  it('what the account has no subscription for, and takes it once it has', async () => {
    const { sandbox, enter } = await open();
    const { user, call, refusal } = await enter({ details: { subscriptions: ['serenety'] } });
    await call('alerts.list');
    expect(await refusal('advisories.list')).toMatchObject({ code: 'vendor.forbidden' });
    sandbox.access.changeDetails(user.id, { subscriptions: ['yuno'] });
    await call('advisories.list');
    expect(await refusal('alerts.list')).toMatchObject({ code: 'vendor.forbidden' });
  });

  it('a change without an ETag with 428, with an old one 412, and one that does not fit with 422', async () => {
    const { api, enter } = await open();
    const { apiKey: token, items } = await enter();
    const [ticket] = await items('tickets.list');
    const patch = (body: unknown, headers: Record<string, string> = {}) =>
      send(`${api}/yuno/ticket/${ticket?._id}`, { method: 'PATCH', token, body, headers });
    expect((await patch({ status: 'resolved' })).json._error.code).toBe(428);
    expect((await patch({ status: 'resolved' }, { 'if-match': 'old' })).status).toBe(412);
    expect((await patch({ status: 'unheard' }, { 'if-match': String(ticket?._etag) })).status).toBe(422);
  });

  it('an id that nothing has, and a condition that is none', async () => {
    const { api, enter } = await open();
    const { apiKey, refusal } = await enter();
    const id = 'f'.repeat(24);
    for (const method of ['advisories.get', 'tickets.get', 'cves.get', 'vulnerabilities.get'])
      expect(await refusal(method, { id })).toMatchObject({ code: 'vendor.not-found' });
    const where = encodeURIComponent('{"severity":{"$near":1}}');
    expect((await send(`${api}/advisory?where=${where}`, { token: apiKey })).status).toBe(400);
  });
});

describe('the sandbox of XMCO', () => {
  it('stands the whole conformance suite: valid requests, true answers, pages that end, every rule', async () => {
    const { ok, findings, skipped } = await testConnector('connector/xmco');
    expect(findings.filter(({ level }) => level === 'failure')).toEqual([]);
    expect({ ok, skipped }).toEqual({ ok: true, skipped: [] });
  });

  it('keeps what was changed, under a new ETag', async () => {
    const { enter } = await open();
    const { call, items } = await enter();
    const [ticket] = await items('tickets.list', { where: { status: 'new' } });
    const id = String(ticket?._id);
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    await call('tickets.update', { id, body: { status: 'resolved', severity: 'low' } });
    const after = await call('tickets.get', { id });
    expect(after).toMatchObject({ title: ticket?.title, status: 'resolved', severity: 'low' });
    expect(after._etag).not.toBe(ticket?._etag);
    expect(await items('tickets.list', { where: { status: 'new' } })).toEqual([]);
  });

  it('filters by conditions, and by dates only in the form that XMCO wants', async () => {
    const { api, enter } = await open();
    const { apiKey, items } = await enter();
    const bad = await items('advisories.list', { where: { severity: { $in: ['high', 'urgent'] } } });
    expect(bad.map(({ severity }) => severity).sort()).toEqual(['high', 'high', 'urgent']);
    const since = (moment: string) => items('advisories.list', { where: { _created: { $gt: moment } } });
    expect(await since('2026-03-05T11:00:00Z')).toHaveLength(5);
    expect(await since('2026-03-05T12:00:00Z')).toHaveLength(0);
    const iso = encodeURIComponent('{"_created":{"$gt":"2026-03-05T11:00:00Z"}}');
    expect((await send(`${api}/advisory?where=${iso}`, { token: apiKey })).json._items).toEqual([]);
    expect(await items('cves.find', { where: { cve_id: 'CVE-1999-0001' }, max_results: 1 })).toEqual([]);
  });

  it('goes through resources page by page, each once', async () => {
    const { sandbox, enter } = await open();
    const { items } = await enter();
    const refs = (await items('advisories.list', { max_results: 2 })).map(({ ref }) => ref);
    expect(new Set(refs).size).toBe(5);
    expect(sandbox.requests.list('advisories.list')).toHaveLength(3);
  });

  it('shows the queue of the account’s perimeters, in its own envelope, and never as the test', async () => {
    const { sandbox, api, enter } = await open();
    const { apiKey, items } = await enter({ details: { serenetyPerimeters: [firstPerimeter] } });
    const { json } = await send(`${api}/ticketor/serenety`, { token: apiKey });
    expect(json).toMatchObject({ total: 2, page: 1, size: 50, pages: 1 });
    expect(await items('alerts.list')).toHaveLength(2);
    expect(await items('alerts.list', { scope: '0'.repeat(24) })).toEqual([]);
    expect(sandbox.requests.list('users.current')).toHaveLength(1);
  });

  it('says who the key belongs to', async () => {
    const { enter } = await open();
    const { row } = await enter({ name: 'Dominique', details: { lastName: 'Petit' } });
    expect(row.identity).toEqual({ firstName: 'Dominique', surname: 'Petit' });
  });
});
