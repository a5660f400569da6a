import { beforeEach, describe, expect, it } from 'vitest';
import type { Method } from '../../src/definition/connector.ts';
import { FishplateError } from '../../src/errors.ts';
import { goodValues } from '../helpers/runtime.ts';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await createApi();
  path = `/v1.0/account/connectors/${await api.install()}`;
  api.vendor.requests.length = 0;
});

const method = (key: string): Method =>
  api.runtime.connectors.method(api.runtime.connectors.find('acme'), key);
const call = (key: string, body: object = {}) => api.ask('POST', `${path}/methods/${key}`, { body });
const lastUrl = () => new URL(api.vendor.requests.at(-1)?.url ?? '');
const lastBody = () => JSON.parse(String(api.vendor.requests.at(-1)?.body));
const fieldIds = async (key: string): Promise<Record<string, number>> => {
  const { body } = await api.ask('GET', `/v1.0/connectors/acme/methods/${key}`);
  return Object.fromEntries(
    body.RequestFormat.Fields.map((field: { Id: number; ConnectorField: string }) => [
      field.ConnectorField,
      field.Id,
    ]),
  );
};

describe('a call is refused and nothing is sent', () => {
  it.each([
    ['9afbeecc-6019-49c6-ade9-721874d81c5aa', 400, 'input.invalid'],
    ['not-a-uuid', 400, 'input.invalid'],
    ['9afbeecc-6019-49c6-ade9-721874d81555', 404, 'method.unknown'],
    ['999999999', 404, 'method.unknown'],
    ['things.lst', 404, 'method.unknown'],
  ])('for the method %s', async (id, status, code) => {
    for (const kind of ['methods', 'test'])
      for (const verb of ['GET', 'POST'] as const)
        expectRefusal(await api.ask(verb, `${path}/${kind}/${id}`, { body: {} }), status, code);
    expect(api.vendor.requests).toEqual([]);
  });

  it.each(['Parameters', 'Settings', 'Fields'])(
    'for a crowd of bad %s by the first of them',
    async (group) => {
      const keys = Object.fromEntries(Array.from({ length: 3_000 }, (_, number) => [`${number}`, 1]));
      const { body } = await call('things.create', { [group]: keys });
      expect(body.Code).toBe('arguments.invalid');
      expect(body.Problems).toHaveLength(1_000);
    },
  );

  it('with a near miss for a hint', async () => {
    expect((await call('things.lst')).body.Hint).toContain('things.list');
  });

  it.each([
    ['an unknown parameter id', 'things.list', { Parameters: { 296077: 1 } }, 'Parameters.296077'],
    ['an unknown parameter name', 'things.list', { Parameters: { limt: 1 } }, 'Parameters.limt'],
    ['a parameter of the wrong type', 'things.list', { Parameters: { limit: 'many' } }, 'limit'],
    [
      'a parameter that is given twice',
      'things.get',
      { Parameters: { id: 'a' }, Mergefields: { id: 'b' } },
      'Mergefields.id',
    ],
    [
      'a mergefield that is not in the path',
      'things.list',
      { Mergefields: { limit: 1 } },
      'Mergefields.limit',
    ],
    ['an unknown field id', 'things.create', { Fields: { 123: 'x' } }, 'Fields.123'],
    ['a location that is none', 'things.create', { Fields: { 'a..b': 'x' } }, 'Fields.a..b'],
    ['fields for a method without body', 'things.list', { Fields: { name: 'x' } }, 'Fields'],
    ['fields and a body', 'things.create', { Fields: { name: 'x' }, Body: {} }, 'Fields'],
    ['a field that is missing', 'things.create', { Fields: {} }, 'name'],
    ['a field that is none of the schema', 'things.create', { Body: { name: 'x', nme: 'y' } }, 'nme'],
    ['a setting that is none', 'things.list', { Settings: { nothing: 'x' } }, 'Settings.nothing'],
    [
      'a setting that a call may not change',
      'things.list',
      { Settings: { tenant: 't2' } },
      'Settings.tenant',
    ],
    // Taken for "no", the fields to change would replace all others.
    ...['yes', '1', ' true', ''].flatMap((word): [string, string, object, string][] => [
      [`a Merge that says "${word}"`, 'things.create', { Body: { name: 'x' }, Merge: word }, '"Merge"'],
      [`a Strict that says "${word}"`, 'things.create', { Body: { name: 'x' }, Strict: word }, '"Strict"'],
    ]),
  ])('for %s', async (_, key, body, word) => {
    const response = await call(key, body);
    expectRefusal(response, 400, 'arguments.invalid');
    expect(JSON.stringify(response.body.Problems)).toContain(word);
    expect(api.vendor.requests).toEqual([]);
  });

  it('with what would have been right, for a parameter that is unknown', async () => {
    const hintOf = async (key: string, Parameters: object) =>
      (await call(key, { Parameters })).body.Problems[0].Hint;
    expect(await hintOf('things.create', { name: 'x' })).toContain(
      'it is a field of the body: give it in Body',
    );
    expect(await hintOf('things.get', { whatever: 'x' })).toBe('known are: id');
  });

  it.each([
    ['nested without end', `{"name":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['with the reserved key', '{"name":"x","__proto__":{}}'],
    ['with an infinite number', '{"name":"x","size":1e999}'],
  ])('with a text for a body that holds JSON %s', async (_, text) => {
    const response = await api.ask('POST', `${path}/methods/things.create/body`, { body: { Body: text } });
    expectRefusal(response, 400, 'input.invalid');
    expect(api.vendor.requests).toEqual([]);
  });

  it('with all problems at once', async () => {
    const { body } = await call('things.create', {
      Parameters: { a: 1, b: 2 },
      Fields: { 9: 1 },
      Settings: { c: 'x' },
    });
    expect(body.Problems.map(({ Path }: { Path: string }) => Path)).toEqual([
      'Parameters.a',
      'Parameters.b',
      'Fields.9',
      'Settings.c',
    ]);
  });

  it('for GET on a method that changes something', async () => {
    expectRefusal(await api.ask('GET', `${path}/methods/things.create?name=x`), 400, 'input.invalid');
    expect(api.vendor.requests).toEqual([]);
  });
});

describe('a call', () => {
  it('by key, UUID and integer id is the same call; the answer is the vendor body', async () => {
    const { id, uuid } = method('things.list');
    for (const name of ['things.list', uuid, uuid.toUpperCase(), String(id)]) {
      const { body, headers } = await call(name);
      expect(body.data).toHaveLength(2);
      expect(headers).toMatchObject({ 'x-vendor-status': '200', 'x-attempts': '1' });
    }
  });

  it('takes parameters by integer id or name, and texts for numbers, as older clients send them', async () => {
    const { limit, ids } = method('things.list').parameters;
    await call('things.list', { Parameters: { [String(limit?.id)]: '7', IDS: 'a' } });
    expect(lastUrl().search).toBe('?limit=7&ids=a');
    await call('things.list', { parameters: { [String(ids?.id)]: ['a', 'b'] } });
    expect(lastUrl().search).toBe('?ids=a%2Cb');
  });

  it('takes null for what a client does not use, and nothing at all', async () => {
    const body = { Parameters: null, Fields: null, Mergefields: null, Settings: null };
    expect((await call('things.list', body)).status).toBe(200);
    expect((await api.ask('POST', `${path}/methods/things.list`)).status).toBe(200);
  });

  it('takes parameters of the path as mergefields', async () => {
    expectRefusal(await call('things.get', { Mergefields: { id: 'a b' } }), 404, 'vendor.not-found');
    expect(lastUrl().pathname).toBe('/t1/things/a%20b');
  });

  it('takes the body as fields by integer id or location, or whole', async () => {
    const ids = await fieldIds('things.create');
    const bodies = [
      { Fields: { [String(ids.name)]: 'Nut', [String(ids.colour)]: 'red' } },
      { Fields: { name: 'Nut', colour: 'red' } },
      { Body: { name: 'Nut', colour: 'red' } },
    ];
    for (const body of bodies) {
      expect((await call('things.create', body)).body).toMatchObject({ id: 'new', name: 'Nut' });
      expect(lastBody()).toEqual({ name: 'Nut', colour: 'red' });
    }
  });

  it('puts fields inside lists, one item for each value', async () => {
    await call('things.upload', { Fields: { '[rows].n': ['1', 2] } });
    expect(lastBody().rows.map(({ n }: { n: number }) => n)).toEqual([1, 2]);
    await call('things.upload', { Fields: { '[rows].n': '3' } });
    expect(lastBody().rows).toMatchObject([{ n: 3 }]);
  });

  it('takes the whole body as JSON or as a text of JSON under /body', async () => {
    for (const Body of [{ name: 'Nut' }, '{"name":"Nut"}']) {
      await api.ask('POST', `${path}/methods/things.create/body`, { body: { Body } });
      expect(lastBody()).toEqual({ name: 'Nut' });
    }
    const broken = await api.ask('POST', `${path}/methods/things.create/body`, { body: { Body: '{' } });
    expectRefusal(broken, 400, 'input.unreadable');
    const missing = await api.ask('POST', `${path}/methods/things.create/body`, { body: {} });
    expectRefusal(missing, 400, 'input.invalid');
  });

  it('with GET takes parameters from the query', async () => {
    const { body } = await api.ask('GET', `${path}/methods/things.list?size=3&ids=a&ids=b`);
    expect(body.data).toHaveLength(3);
    expect(lastUrl().searchParams.get('ids')).toBe('a,b');
    expectRefusal(await api.ask('GET', `${path}/methods/things.list?sze=3`), 400, 'arguments.invalid');
  });

  it('may change the settings that the definition lets a call change', async () => {
    await call('things.list', { Parameters: { ids: ['a', 'b'] }, Settings: { 'Array Style': 'repeat' } });
    expect(lastUrl().search).toBe('?ids=a&ids=b');
  });

  it('as a trial is the same call', async () => {
    const { body } = await api.ask('POST', `${path}/test/things.list`, { body: {} });
    expect(body.data).toHaveLength(2);
    expect((await api.ask('GET', `${path}/test/things.list`)).body).toEqual(body);
  });

  it('answers null for nothing, and text as plain text whatever the vendor calls it', async () => {
    api.vendor.next({ status: 204, headers: {}, body: '' });
    const empty = await call('things.list');
    expect({ status: empty.status, text: empty.text }).toEqual({ status: 200, text: 'null' });
    api.vendor.next({ headers: { 'content-type': 'text/html' }, body: '<script>1</script>' });
    const page = await call('things.upload', { Body: { rows: [{ n: 1 }] } });
    expect(page.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(page.text).toBe('<script>1</script>');
  });
});

describe("a vendor's refusal", () => {
  it.each([
    [400, 400, 'vendor.invalid'],
    [403, 424, 'vendor.forbidden'],
    [404, 404, 'vendor.not-found'],
    [409, 409, 'vendor.conflict'],
    [422, 400, 'vendor.invalid'],
  ])('of %i is answered with %i and its own words', async (status, ours, code) => {
    api.vendor.next({ status, body: '{"message":"because"}' });
    const response = await call('things.create', { Body: { name: 'x' } });
    expectRefusal(response, ours, code);
    expect(response.body.Vendor).toEqual({
      Status: status,
      Message: 'because',
      Body: { message: 'because' },
    });
  });

  it('of the credentials is never our own 401', async () => {
    api.vendor.secret = 'changed';
    api.vendor.revokeTokens();
    api.world.advance(10_000);
    const response = await call('things.list');
    expectRefusal(response, 424, 'vendor.bad-credentials');
    expect(response.body.Vendor.Status).toBe(401);
    expect(response.headers['www-authenticate']).toBeUndefined();
  });

  it('never carries the secret that the vendor quotes', async () => {
    api.vendor.next({ status: 400, body: '{"message":"bad the-key-secret"}' });
    const response = await call('things.create', { Body: { name: 'x' } });
    expect(response.text).not.toContain('the-key-secret');
  });

  it.each([
    ['transport.unreachable', 503],
    ['transport.timeout', 504],
    ['vendor.throttled', 429],
    ['vendor.failed', 502],
    ['token.refused', 424],
    ['installation.changed', 409],
    ['store.sealed-unreadable', 500],
  ] as const)('or our own trouble %s is answered with %i', async (code, status) => {
    const failing = await createApi({}, (runtime) => ({
      ...runtime,
      call: () => Promise.reject(new FishplateError(code, 'it went wrong', { outcome: 'sent-unknown' })),
    }));
    const id = await failing.install();
    const response = await failing.ask('POST', `/v1.0/account/connectors/${id}/methods/things.list`, {
      body: {},
    });
    expectRefusal(response, status, code);
    expect(response.body.Outcome).toBe('sent-unknown');
  });
});

describe('a preview', () => {
  it('shows the request, masked, and sends nothing', async () => {
    const body = { Parameters: {}, Fields: { name: 'Nut' } };
    const response = await api.ask('POST', `${path}/preview/things.create`, { body });
    expect(response.body).toMatchObject({
      Method: 'POST',
      Url: 'https://api.acme.example/t1/things',
      Body: { name: 'Nut' },
    });
    expect(response.body.Provenance).toContainEqual({ Name: 'tenant', In: 'path', Source: 'account' });
    expect(response.body.Curl).toContain('curl');
    expect(response.text).not.toContain('the-key-secret');
    expect(api.vendor.requests).toEqual([]);
  });

  it('refuses what a call would refuse', async () => {
    const response = await api.ask('POST', `${path}/preview/things.create`, { body: {} });
    expectRefusal(response, 400, 'arguments.invalid');
  });
});

describe('a lookup', () => {
  it('that is unknown is 404', async () => {
    expectRefusal(await api.ask('POST', `${path}/triggers/99999999`, { body: {} }), 404, 'lookup.unknown');
  });

  it('offers values and names, by integer id or key', async () => {
    const { body } = await api.ask('GET', path);
    const [trigger] = body.Connector.Triggers;
    expect(trigger).toMatchObject({ Name: 'Thing', MethodId: method('things.list').id });
    for (const id of [trigger.TriggerId, 'things']) {
      const found = await api.ask('POST', `${path}/triggers/${id}`, { body: {} });
      expect(found.body).toHaveLength(5);
      expect(found.body[0]).toEqual({ Value: 'a', Name: 'Thing a' });
    }
  });
});

describe('the call log', () => {
  it('has a row for each call, newest first, with the request id', async () => {
    const headers = { 'X-Request-Id': 'my-request.1' };
    await api.ask('POST', `${path}/methods/things.list`, { body: {}, headers });
    api.vendor.next({ status: 409 });
    api.world.advance(1);
    await call('things.create', { Body: { name: 'x' } });
    const { body } = await api.ask('GET', `/v1.0/calls?accountId=${api.account}&limit=2`);
    expect(
      body.map(({ Method: name, Outcome, RequestId }: Record<string, string>) => [name, Outcome, RequestId]),
    ).toEqual([
      ['things.create', 'vendor.conflict', expect.any(String)],
      ['things.list', 'ok', 'my-request.1'],
    ]);
    expect((await api.ask('GET', '/v1.0/account/calls?pageSize=2')).body).toEqual(body);
    expect((await api.ask('GET', `/v1.0/calls?installationId=nothing`)).body).toEqual([]);
  });

  it('of an account does not begin before the account: an earlier one of its id was somebody else', async () => {
    const { runtime, world } = api;
    await runtime.accounts.create({ id: 'reused', name: 'Before' });
    const { row } = await runtime.install('reused', 'acme', { values: goodValues });
    await runtime.call('reused', row.id, 'things.list');
    await runtime.accounts.delete('reused');
    world.advance(1);
    await runtime.accounts.create({ id: 'reused', name: 'After' });
    const token = await api.signIn(['ReadOnly'], 'account:reused');
    for (const list of ['/v1.0/account/calls', '/v1.0/calls'])
      expect((await api.ask('GET', list, { token, account: 'reused' })).body).toEqual([]);
    const { body: usage } = await api.ask('GET', '/v1.0/accounts/reused/usage', { token });
    expect(usage.TasksUsed).toBe(0);
    expect((await api.ask('GET', '/v1.0/calls?accountId=reused')).body).toHaveLength(2);
  });
});
