import type { Response } from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../src/server/route.ts';
import { type Api, basic, createApi } from './api.ts';

/** Ids of things; a request is sent twice, with B's ids and with ids of nothing, and both answers must be the same. */
type Ids = Readonly<Record<'account' | 'installation' | 'call' | 'link' | 'user' | 'key' | 'policy', string>>;

let api: Api;
let a: Ids;
let b: Ids;
let nothing: Ids;
const callers: Record<string, string> = {};

const uuid = (end: string) => `00000000-0000-4000-8000-${end.padStart(12, '0')}`;

/** An account with all that an account can have; its name is in everything that takes a name. */
async function populate(account: string): Promise<Ids> {
  await api.runtime.accounts.create({
    id: account,
    name: `${account} customer`,
    details: { Description: account },
  });
  const { row } = await api.runtime.install(account, 'acme', {
    name: `${account} installation`,
    description: `${account} description`,
    values: { keyId: 'key', keySecret: 'the-key-secret', tenant: 't1' },
  });
  const at = { account, token: api.admin };
  const path = `/v1.0/account/connectors/${row.id}`;
  await api.ask('POST', `${path}/methods/things.list`, { ...at, body: {} });
  const link = await api.ask('POST', `${path}/setup-links`, { ...at, body: {} });
  const [call] = await api.runtime.calls({ accountId: account });
  const user = await api.access.serviceUsers.create('local', {
    name: `${account} user`,
    policies: ['ReadOnly'],
  });
  const { key } = await api.access.accessKeys.create('local', user.id, { name: `${account} key` });
  const statements = [{ effect: 'allow', actions: ['*'], resources: [`account/${account}`] }] as const;
  const policy = await api.access.policies.create('local', { name: `${account} policy`, statements });
  const { id: linkId } = { id: String(link.body.Id) };
  expect([call?.id, linkId].every(Boolean)).toBe(true);
  return {
    ...{ account, installation: row.id, call: call?.id ?? '', link: linkId },
    ...{ user: user.id, key: key.id, policy: policy.id },
  };
}

beforeAll(async () => {
  api = await createApi();
  a = await populate('aaa-account');
  b = await populate('bbb-account');
  nothing = {
    ...{ account: 'zzz-account', installation: uuid('900'), call: uuid('901'), link: 'f'.repeat(64) },
    ...{ user: uuid('902'), key: uuid('903'), policy: uuid('904') },
  };
  const connectors = { effect: 'allow', actions: ['connectors:*'], resources: ['connector/*'] } as const;
  const own = { effect: 'allow', actions: ['*'], resources: [`account/${a.account}`] } as const;
  const both = await api.access.policies.create('local', { name: 'Both', statements: [own, connectors] });
  callers['an administrator with a token pinned to A'] = await api.signIn(
    ['Administrator'],
    `account:${a.account}`,
  );
  callers['a service user whose policy allows A'] = await api.signIn([a.policy]);
  callers['a service user whose policy allows A, with a token pinned to it'] = await api.signIn(
    [a.policy],
    `account:${a.account}`,
  );
  callers['a service user who may set connectors up, and work in A'] = await api.signIn([both.id]);
});

/** What stands in a path for each of its names; a name that is not here must be taught, or the test says nothing of it. */
const inPath = (name: string, ids: Ids): string => {
  const values: Record<string, string> = {
    ...{ accountId: ids.account, installation: ids.installation, call: ids.call, link: ids.link },
    ...{ serviceUser: ids.user, accessKey: ids.key, policy: ids.policy },
    ...{ connector: 'acme', version: '1.0.0', method: 'things.list', methodId: '1', property: 'tenant' },
    ...{ trigger: 'things', upload: 'parts', sandbox: 'acme' },
  };
  const value = values[name];
  if (value === undefined) throw new Error(`this test does not know what {${name}} stands for`);
  return value;
};

interface Sent {
  readonly verb: Route['verb'];
  readonly path: string;
  readonly account: string;
  readonly body?: object;
}

const tenantNames = ['accountId', 'installation', 'call', 'link', 'serviceUser', 'accessKey', 'policy'];
const inQuery: Readonly<Record<string, keyof Ids>> = {
  accountId: 'account',
  installationId: 'installation',
  target: 'installation',
  actor: 'user',
};

/** The requests to a route that name something of `other` - in the path, the header, the query or the body - beside what is A's own. */
function requestsTo(route: Route, other: Ids): Sent[] {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const pathWith = (foreign: readonly string[]) =>
    route.path.replace(/\{(\w+)\}/g, (_, name: string) => inPath(name, foreign.includes(name) ? other : a));
  const { verb } = route;
  const sent: Sent[] = [];
  const own = { verb, account: a.account, ...(verb !== 'GET' && { body: {} }) };
  for (const name of names.filter((each) => tenantNames.includes(each))) {
    sent.push({ ...own, path: pathWith([name]) });
    sent.push({ ...own, path: pathWith(tenantNames) });
    sent.push({ ...own, path: pathWith(tenantNames), account: other.account });
  }
  // Elsewhere the header means nothing, and A's own account would be deleted.
  if (verb !== 'DELETE' || route.path.startsWith('/v1.0/account/'))
    sent.push({ ...own, path: pathWith([]), account: other.account });
  for (const name of Object.keys(route.query === 'any' ? inQuery : (route.query ?? {}))) {
    const kind = inQuery[name];
    if (kind !== undefined) sent.push({ ...own, path: `${pathWith([])}?${name}=${other[kind]}` });
  }
  if (verb === 'POST' || verb === 'PUT')
    for (const body of [
      { ParentAccountId: other.account },
      { Name: 'x', ParentAccountId: other.account },
      { Id: other.installation, AccountId: other.account, Name: 'x' },
      { AccountConnectorId: other.installation, Id: other.installation },
      { Installations: [other.installation] },
    ])
      sent.push({ ...own, path: pathWith([]), body });
  return sent;
}

const ask = (token: string, { verb, path, account, body }: Sent): Promise<Response> =>
  api.ask(verb, path, { token, account, ...(body && { body }) });

/** What a caller can tell two answers apart by, with the ids that it gave itself taken out. */
const tellingOf = ({ status, text, headers }: Response, given: Ids): string => {
  let told = JSON.stringify([status, text, headers['www-authenticate'], headers.allow]);
  for (const id of Object.values(given)) told = told.replaceAll(id, '(given)');
  return told.replace(/"RequestId\\":\\"[^"]+"/g, '').replace(/00000000-0000-4000-8000-\d{12}/g, '(new)');
};

/** Whatever of B is in the answer, but for what the request itself said. */
const seenOf = (response: Response, sent: Sent): string[] => {
  const answer = JSON.stringify(response.headers) + response.text;
  const said = JSON.stringify(sent);
  return [
    ...Object.values(b),
    'bbb-account customer',
    'bbb-account installation',
    'bbb-account description',
  ].filter((mark) => answer.includes(mark) && !said.includes(mark));
};

const stateOfB = async () => {
  const [installation, account, links] = await Promise.all([
    api.store.get('installation', b.installation),
    api.store.get('account', b.account),
    api.store.list('link', { where: { accountId: b.account } }),
  ]);
  const values = await api.store.list('installationValue', { where: { installationId: b.installation } });
  return JSON.stringify([
    installation,
    account,
    links,
    values,
    await api.runtime.calls({ accountId: b.account }),
  ]);
};

const guarded = () => api.routes.filter(({ access }) => access !== 'public');

describe('of account B nothing is told and nothing is changed, on any path, by any id, to', () => {
  it.each([
    'an administrator with a token pinned to A',
    'a service user whose policy allows A',
    'a service user whose policy allows A, with a token pinned to it',
  ])('%s', async (name) => {
    const token = callers[name] ?? '';
    const before = await stateOfB();
    let count = 0;
    for (const route of guarded()) {
      const twins = requestsTo(route, nothing);
      for (const [index, sent] of requestsTo(route, b).entries()) {
        const twin = twins[index];
        if (!twin) throw new Error('the two lists of requests differ');
        // The other way round in every second turn: what the first one changes must not make the second one equal.
        const [first, second] = index % 2 === 0 ? [sent, twin] : [twin, sent];
        const [one, two] = [await ask(token, first), await ask(token, second)];
        const [theirs, none] = index % 2 === 0 ? [one, two] : [two, one];
        const of = `${sent.verb} ${sent.path} ${sent.account} ${JSON.stringify(sent.body)}`;
        expect([of, tellingOf(theirs, b)]).toEqual([of, tellingOf(none, nothing)]);
        expect([of, seenOf(theirs, sent)]).toEqual([of, []]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(200);
    expect(await stateOfB()).toBe(before);
  });
});

describe('lists and reads without any id have no row of B, for', () => {
  it.each([
    'an administrator with a token pinned to A',
    'a service user whose policy allows A',
    'a service user whose policy allows A, with a token pinned to it',
    'a service user who may set connectors up, and work in A',
  ])('%s', async (name) => {
    let answered = 0;
    for (const route of guarded().filter(({ verb }) => verb === 'GET')) {
      const path = route.path.replace(/\{(\w+)\}/g, (_, each: string) => inPath(each, a));
      for (const account of [a.account, '']) {
        const sent = { verb: route.verb, path, account };
        const response = await ask(callers[name] ?? '', sent);
        expect([path, seenOf(response, sent)]).toEqual([path, []]);
        if (response.status === 200) answered++;
      }
    }
    expect(answered).toBeGreaterThan(10);
  });

  it('but have them for somebody who may see all: what was looked for can be found', async () => {
    const found = new Set<string>();
    for (const route of guarded().filter(({ verb }) => verb === 'GET')) {
      const path = route.path.replace(/\{(\w+)\}/g, (_, each: string) => inPath(each, b));
      const response = await ask(api.admin, { verb: route.verb, path, account: b.account });
      for (const mark of Object.values(b)) if (response.text.includes(mark)) found.add(mark);
    }
    expect([...found].sort()).toEqual(Object.values(b).sort());
  });
});

describe('a token for account B', () => {
  it('is refused to a client that can do nothing there, as for an account that does not exist', async () => {
    const make = async (policies: readonly string[]) => {
      const user = await api.access.serviceUsers.create('local', { name: `Scoped ${policies}`, policies });
      return api.access.accessKeys.create('local', user.id);
    };
    const { key, secret } = await make([a.policy]);
    const issue = (account: string, client = { key, secret }) =>
      api.ask('POST', '/oauth/token', {
        ...{ token: '', account: '', headers: { Authorization: basic(client.key.id, client.secret) } },
        body: { grant_type: 'client_credentials', scope: `account:${account}` },
      });
    const [theirs, none] = [await issue(b.account), await issue(nothing.account)];
    expect(theirs.body).toMatchObject({ Code: 'access.bad-scope', error: 'invalid_scope' });
    expect(tellingOf(theirs, b)).toBe(tellingOf(none, nothing));
    expect((await issue(a.account)).status).toBe(200);
    const byConnector = await api.access.policies.create('local', {
      name: 'By connector',
      statements: [{ effect: 'allow', actions: ['methods:read'], resources: ['connector/acme'] }],
    });
    expect((await issue(b.account, await make([byConnector.id]))).status).toBe(200);
    const denied = await api.access.policies.create('local', {
      name: 'Not B',
      statements: [{ effect: 'deny', actions: ['*'], resources: ['account/b*'] }],
    });
    expect((await issue(b.account, await make(['Administrator', denied.id]))).body.Code).toBe(
      'access.bad-scope',
    );
  });
});

describe('an account id', () => {
  it.each(['*', 'a*', '../b', 'a/b', 'a b', 'a\u0000', '', "a' or '1'='1", 'ä', '.a', 'x'.repeat(101)])(
    'cannot be one that paths, policies or stores would read as something else: %j',
    async (Id) => {
      const response = await api.ask('POST', '/v1.0/accounts', { body: { Id, Name: 'Odd' } });
      expect(response.status).toBe(400);
    },
  );

  it.each([
    'aaa-accoun',
    'AAA-ACCOUNT',
    'aaa-account/',
    'aaa-account,bbb-account',
    '*',
    'aaa-account*',
    '%62bb-account',
    "' or '1'='1",
  ])('means no other account than the one it names exactly: %s', async (account) => {
    for (const token of Object.values(callers))
      for (const path of ['/v1.0/account/connectors', '/v1.0/account/calls'])
        expect([401, 403]).toContain((await api.ask('GET', path, { token, account })).status);
  });
});

describe('requests that no method describes', () => {
  it('are a right of their own, which a policy can deny and ReadOnly does not have', async () => {
    api = await createApi();
    const installation = await api.install();
    const deny = await api.access.policies.create('local', {
      name: 'No raw requests',
      statements: [{ effect: 'deny', actions: ['requests:send'], resources: ['*'] }],
    });
    const methods = await api.access.policies.create('local', {
      name: 'Methods',
      statements: [{ effect: 'allow', actions: ['methods:*'], resources: ['*'] }],
    });
    const path = `/v1.0/account/connectors/${installation}/request`;
    const send = async (policies: readonly string[]) =>
      api.ask('POST', path, {
        ...{ token: await api.signIn(policies), account: api.account },
        body: { Verb: 'GET', Path: '/t1/things' },
      });
    for (const policies of [['ReadOnly'], [methods.id], ['Administrator', deny.id]])
      expect((await send(policies)).body).toMatchObject({ Code: 'access.forbidden' });
    expect((await send(['Administrator'])).status).toBe(200);
  });
});
