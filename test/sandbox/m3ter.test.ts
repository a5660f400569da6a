import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';
import { basicHeader, call, openSandbox } from './open-sandbox.ts';

const folder = new URL('../../connector/m3ter', import.meta.url).pathname;
const ORGANISATION = '5f0b7a3e-2c41-4d8e-9b6a-71c3d9e4f208';
const FOREIGN = 'c8d1e6f4-90a7-4b35-8e2d-3f64a1b5c790';
const FIVE_HOURS_MS = 18_000_000;

let connector: Connector;
let script: SandboxScript;

beforeAll(async () => {
  connector = await loadConnectorOrThrow(folder);
  const loaded = await loadSandboxScript(folder, connector);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  script = loaded.script;
});

async function enterAs(...policies: string[]) {
  const opened = await openSandbox(connector, script, { seed: false });
  const entered = await opened.enter(...policies);
  const base = `${opened.urls.api}/organizations/${ORGANISATION}`;
  return { ...opened, ...entered, base };
}

const account = (number: number, more: object = {}) => ({
  name: `Account ${number}`,
  code: `account-${number}`,
  emailAddress: `billing${number}@example.com`,
  ...more,
});

const measurement = (uid: string, code: string) => ({
  uid,
  meter: 'storage',
  account: code,
  ts: '2026-03-01T10:00:00Z',
  measure: { gigabytes: 2.5 },
});

describe('what m3ter refuses', () => {
  it('answers 403 with a message for a foreign and for an unknown organisation', async () => {
    const { urls, token } = await enterAs('Administrator');
    for (const id of [FOREIGN, 'no-such-organisation']) {
      const reply = await call(`${urls.api}/organizations/${id}/users/me`, { token });
      expect(reply.status).toBe(403);
      expect(reply.json.message).toContain(`organization ${id}`);
    }
  });

  it('lets a ReadOnly key read, and refuses every change with 403', async () => {
    const { base, urls, token } = await enterAs('ReadOnly');
    expect((await call(`${base}/accounts`, { token })).status).toBe(200);
    const refused = [
      await call(`${base}/accounts`, { token, body: account(1) }),
      await call(`${base}/accounts/x`, { token, method: 'DELETE' }),
      await call(`${base}/customfields`, { token, method: 'PUT', body: { version: 1 } }),
      await call(`${urls.ingest}/organizations/${ORGANISATION}/measurements`, {
        token,
        body: { measurements: [measurement('1', 'a')] },
      }),
    ];
    expect(refused.map((reply) => reply.status)).toEqual([403, 403, 403, 403]);
    expect(refused[0]?.json.message).toContain('permission');
  });

  it('tells an inactive key from a wrong one', async () => {
    const { sandbox, urls, key } = await enterAs('Administrator');
    const ask = (user: string, password: string) =>
      call(`${urls.token}/oauth/token`, {
        body: { grant_type: 'client_credentials' },
        headers: { authorization: basicHeader(user, password) },
      });
    const wrong = await ask(key.accessKeyId, 'not-the-secret');
    expect(wrong.status).toBe(401);
    expect(wrong.json.message.toLowerCase()).not.toContain('inactive');
    sandbox.access.setKeyActive(key.accessKeyId, false);
    const inactive = await ask(key.accessKeyId, key.apiSecret.reveal());
    expect(inactive.status).toBe(401);
    expect(inactive.json.message.toLowerCase()).toContain('inactive');
  });

  it('refuses a token with 403 after five hours, and with 401 once its key is inactive', async () => {
    const { sandbox, base, clock, token, enter } = await enterAs('Administrator');
    clock.advance(FIVE_HOURS_MS - 1);
    expect((await call(`${base}/users/me`, { token })).status).toBe(200);
    clock.advance(1);
    const expired = await call(`${base}/users/me`, { token });
    expect([expired.status, expired.json]).toEqual([403, { message: 'Forbidden' }]);
    const fresh = await enter('Administrator');
    sandbox.access.setKeyActive(fresh.key.accessKeyId, false);
    expect((await call(`${base}/users/me`, { token: fresh.token })).status).toBe(401);
  });

  it('answers 401 without a token and for one that it did not issue', async () => {
    const { base } = await enterAs('Administrator');
    expect((await call(`${base}/users/me`)).status).toBe(401);
    expect((await call(`${base}/users/me`, { token: 'a.b.c' })).status).toBe(401);
  });

  it('answers 400 that names the field for a body that breaks the schema', async () => {
    const { base, token } = await enterAs('Administrator');
    const reply = await call(`${base}/accounts`, { token, body: { name: 'x', code: ' padded ' } });
    expect(reply.status).toBe(400);
    expect(reply.json.message).toContain('emailAddress is missing');
    expect(reply.json.message).toContain('code must match');
  });

  it('answers 400 that names the version for an update without it or with an old one', async () => {
    const { base, token } = await enterAs('Administrator');
    const created = (await call(`${base}/accounts`, { token, body: account(1) })).json;
    const url = `${base}/accounts/${created.id}`;
    const missing = await call(url, { token, method: 'PUT', body: account(1) });
    expect([missing.status, missing.json.message]).toEqual([
      400,
      expect.stringContaining('version is missing'),
    ]);
    await call(url, { token, method: 'PUT', body: account(1, { version: 1 }) });
    const stale = await call(url, { token, method: 'PUT', body: account(1, { version: 1 }) });
    expect([stale.status, stale.json.message]).toEqual([400, expect.stringContaining('current version (2)')]);
  });

  it('answers 400 for a code that is taken, 404 for an unknown id, 400 for a page size over 100', async () => {
    const { base, token } = await enterAs('Administrator');
    await call(`${base}/accounts`, { token, body: account(1) });
    expect((await call(`${base}/accounts`, { token, body: account(1) })).status).toBe(400);
    expect((await call(`${base}/accounts/none`, { token })).status).toBe(404);
    expect((await call(`${base}/accounts/none/children`, { token })).status).toBe(404);
    expect((await call(`${base}/accounts?pageSize=101`, { token })).status).toBe(400);
    expect((await call(`${base}/accounts?nextToken=invented`, { token })).status).toBe(400);
  });

  it('answers 403 for more than 512,000 bytes of measurements, on both ports', async () => {
    const { urls, token } = await enterAs('Administrator');
    const metadata = { note: 'x'.repeat(600) };
    const rows = Array.from({ length: 900 }, (_, index) => ({ ...measurement(`u${index}`, 'a'), metadata }));
    for (const host of [urls.ingest, urls.api]) {
      const url = `${host}/organizations/${ORGANISATION}/measurements`;
      const reply = await call(url, { token, body: { measurements: rows } });
      expect([reply.status, reply.json.message]).toEqual([403, expect.stringContaining('512000')]);
    }
  });

  it('has nothing but measurements on the ingest port', async () => {
    const { urls, token } = await enterAs('Administrator');
    expect((await call(`${urls.ingest}/organizations/${ORGANISATION}/accounts`, { token })).status).toBe(404);
    expect((await call(`${urls.ingest}/oauth/token`, { body: {} })).status).toBe(404);
    expect((await call(`${urls.ingest}/_sandbox/requests`)).status).toBe(404);
  });
});

describe("the walk through m3ter's core", () => {
  it('issues a token that tells organisation, service user and permissions', async () => {
    const { token, serviceUserId } = await enterAs('ReadOnly');
    const parts = token.split('.');
    expect(parts).toHaveLength(3);
    const [header, claims] = parts
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT', pt: 'service', kid: `serviceUser_${ORGANISATION}` });
    expect(claims).toMatchObject({
      sub: serviceUserId,
      orgId: ORGANISATION,
      iss: 'https://m3ter.com/oauth2',
    });
    expect(claims.exp - claims.iat).toBe(18_000);
    expect(claims.permissions).toEqual({ 'CONFIG#CONFIG_RETRIEVE#ITEM#*': true });
  });

  it('says who the token belongs to', async () => {
    const { base, token, serviceUserId } = await enterAs('Administrator');
    const { json } = await call(`${base}/users/me`, { token });
    expect(json.serviceUser).toMatchObject({ id: serviceUserId, name: 'with Administrator' });
    expect(json.organization).toMatchObject({ id: ORGANISATION, type: 'SANDBOX', status: 'ACTIVE' });
  });

  it('creates, reads, replaces and deletes an account', async () => {
    const { base, token, serviceUserId, clock } = await enterAs('Administrator');
    const body = account(1, { version: 7, unheardOf: true, customFields: { region: 'EMEA' } });
    const created = await call(`${base}/accounts`, { token, body });
    expect(created.status).toBe(200);
    expect(created.json).toEqual({
      ...account(1),
      customFields: { region: 'EMEA' },
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      version: 1,
      dtCreated: '2026-03-01T12:00:00.000Z',
      dtLastModified: '2026-03-01T12:00:00.000Z',
      createdBy: serviceUserId,
      lastModifiedBy: serviceUserId,
    });
    const url = `${base}/accounts/${created.json.id}`;
    expect((await call(url, { token })).json).toEqual(created.json);
    clock.advance(60_000);
    const updated = await call(url, { token, method: 'PUT', body: account(1, { name: 'New', version: 1 }) });
    expect(updated.json).toMatchObject({
      name: 'New',
      version: 2,
      dtCreated: '2026-03-01T12:00:00.000Z',
      dtLastModified: '2026-03-01T12:01:00.000Z',
    });
    expect(updated.json).not.toHaveProperty('customFields');
    const deleted = await call(url, { token, method: 'DELETE' });
    expect([deleted.status, deleted.json]).toEqual([200, updated.json]);
    expect((await call(url, { token })).status).toBe(404);
  });

  it('pages through 25 accounts by 10, newest first, and ends without a token', async () => {
    const { base, token } = await enterAs('Administrator');
    for (let number = 1; number <= 25; number++)
      await call(`${base}/accounts`, { token, body: account(number) });
    const codes: string[] = [];
    const lengths: number[] = [];
    let next: string | undefined;
    do {
      const url = `${base}/accounts?pageSize=10${next === undefined ? '' : `&nextToken=${next}`}`;
      const { json } = await call(url, { token });
      codes.push(...json.data.map((each: { code: string }) => each.code));
      lengths.push(json.data.length);
      next = json.nextToken;
    } while (next !== undefined);
    expect(lengths).toEqual([10, 10, 5]);
    expect(codes).toEqual(Array.from({ length: 25 }, (_, index) => `account-${25 - index}`));
  });

  it('finds accounts by ids and codes, and children by their parent', async () => {
    const { base, token } = await enterAs('Administrator');
    const parent = (await call(`${base}/accounts`, { token, body: account(1) })).json;
    const child = (
      await call(`${base}/accounts`, { token, body: account(2, { parentAccountId: parent.id }) })
    ).json;
    await call(`${base}/accounts`, { token, body: account(3) });
    const codesAt = async (path: string) =>
      (await call(`${base}/accounts${path}`, { token })).json.data.map((each: { code: string }) => each.code);
    expect(await codesAt(`?ids=${parent.id},${child.id}`)).toEqual(['account-2', 'account-1']);
    expect(await codesAt('?codes=account-3&codes=account-1')).toEqual(['account-3', 'account-1']);
    expect(await codesAt('?codes=nobody')).toEqual([]);
    expect(await codesAt(`/${parent.id}/children`)).toEqual(['account-2']);
  });

  it('searches accounts with conditions, order and offset', async () => {
    const { base, token } = await enterAs('Administrator');
    const accounts = [
      account(1, { name: 'Acme One', currency: 'GBP', daysBeforeBillDue: 10 }),
      account(2, { name: 'Acme Two', currency: 'USD', daysBeforeBillDue: 30 }),
      account(3, { name: 'Other', currency: 'GBP', daysBeforeBillDue: 9 }),
    ];
    for (const body of accounts) await call(`${base}/accounts`, { token, body });
    const search = async (query: Record<string, string>) => {
      const reply = await call(`${base}/accounts/search?${new URLSearchParams(query)}`, { token });
      return reply.json.data?.map((each: { name: string }) => each.name) ?? reply.json;
    };
    expect(await search({ searchQuery: 'name~Acme$currency:GBP' })).toEqual(['Acme One']);
    expect(
      await search({
        searchQuery: 'name~Acme$currency:GBP',
        operator: 'OR',
        sortBy: 'name',
        sortOrder: 'ASC',
      }),
    ).toEqual(['Acme One', 'Acme Two', 'Other']);
    expect(await search({ searchQuery: 'daysBeforeBillDue>9', sortBy: 'daysBeforeBillDue' })).toEqual([
      'Acme Two',
      'Acme One',
    ]);
    expect(await search({ sortBy: 'name', sortOrder: 'ASC', fromDocument: '1', pageSize: '1' })).toEqual([
      'Acme Two',
    ]);
    expect(await search({ searchQuery: 'codes:account-1,account-3' })).toEqual(['Other', 'Acme One']);
    expect(await search({ searchQuery: 'nonsense' })).toEqual({
      message: expect.stringContaining('searchQuery'),
    });
  });

  it("reads and replaces the organisation's custom fields with their version", async () => {
    const { base, token } = await enterAs('Administrator');
    const url = `${base}/customfields`;
    expect((await call(url, { token })).json).toMatchObject({ version: 1, account: {} });
    const body = { account: { region: 'EMEA' } };
    expect((await call(url, { token, method: 'PUT', body })).status).toBe(400);
    const written = await call(url, { token, method: 'PUT', body: { ...body, version: 1 } });
    expect(written.json).toMatchObject({ version: 2, account: { region: 'EMEA' } });
    expect((await call(url, { token })).json).toEqual(written.json);
  });

  it('takes measurements on both ports, drops repeated uids and makes bare accounts', async () => {
    const { sandbox, base, urls, token } = await enterAs('Administrator');
    const rows = [measurement('u1', 'known'), measurement('u2', 'new'), measurement('u1', 'new')];
    for (const host of [urls.ingest, urls.api]) {
      const url = `${host}/organizations/${ORGANISATION}/measurements`;
      const reply = await call(url, { token, body: { measurements: rows } });
      expect([reply.status, reply.json]).toEqual([200, { result: 'accepted' }]);
    }
    const kept = await call(`${urls.api}/_sandbox/collections/measurements`);
    expect(kept.json.map((row: { uid: string }) => row.uid)).toEqual(['u2', 'u1']);
    const { data } = (await call(`${base}/accounts`, { token })).json;
    expect(data.map((each: { code: string }) => each.code)).toEqual(['new', 'known']);
    expect(sandbox.requests.list('measurements.submit')).toHaveLength(2);
  });
});

describe("m3ter's own SDKs", () => {
  it('are answered as they speak: Basic and JSON for the token, X-Stainless headers, comma lists, one base URL', async () => {
    const { sandbox, urls, key } = await enterAs('Administrator');
    const baseUrl = urls.api ?? '';
    const stainless = {
      accept: 'application/json',
      'user-agent': 'M3ter/JS 0.3.1',
      'x-stainless-lang': 'js',
      'x-stainless-package-version': '0.3.1',
      'x-stainless-os': 'Linux',
      'x-stainless-arch': 'x64',
      'x-stainless-runtime': 'node',
      'x-stainless-runtime-version': 'v20.20.2',
      'x-stainless-retry-count': '0',
      'x-stainless-timeout': '60',
    };
    sandbox.requests.clear();
    const answer = await call(`${baseUrl}/oauth/token`, {
      body: { grant_type: 'client_credentials' },
      headers: { ...stainless, authorization: basicHeader(key.accessKeyId, key.apiSecret.reveal()) },
    });
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expires_in: 18_000,
      token_type: 'Bearer',
      scope: null,
    });
    const token: string = answer.json.access_token;
    const organisation = `${baseUrl}/organizations/${ORGANISATION}`;
    for (const number of [1, 2, 3])
      await call(`${organisation}/accounts`, { token, headers: stainless, body: account(number) });
    const listed = await call(`${organisation}/accounts?codes=account-1%2Caccount-3&pageSize=2`, {
      token,
      headers: stainless,
    });
    expect(listed.json.data.map((each: { code: string }) => each.code)).toEqual(['account-3', 'account-1']);
    // The ingest URL is the base URL with api replaced by ingest: on a local address that changes nothing.
    const ingest = baseUrl.replace('api.', 'ingest.');
    const submitted = await call(`${ingest}/organizations/${ORGANISATION}/measurements`, {
      token,
      headers: stainless,
      body: { measurements: [measurement('u1', 'account-1')] },
    });
    expect(submitted.json).toEqual({ result: 'accepted' });
    expect(sandbox.requests.list('token')).toHaveLength(1);
  });
});
