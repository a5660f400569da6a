import { describe, expect, it } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { acme, methodOf } from '../helpers/acme.ts';
import { brief, type Changes, driftAfter } from './drift-bed.ts';

const things = '/paths/~1{tenantId}~1things';
const list = `${things}/get`;
const create = `${things}/post`;

/** The fixture with one method changed. */
async function acmeWith(key: string, change: Parameters<typeof methodOf>[2]): Promise<Connector> {
  const connector = await acme();
  return { ...connector, methods: { ...connector.methods, [key]: methodOf(connector, key, change) } };
}

const differencesAfter = async (changes: Changes, connector?: Connector) => {
  const { differences } = await driftAfter(changes, connector ? { connector } : {});
  return differences.map(brief);
};

describe('a definition and the document that it was made from', () => {
  it('do not differ, and the token exchange is no operation that is missing', async () => {
    expect(await driftAfter({})).toEqual({
      operations: { total: 6, matched: 6, missing: [], extra: [] },
      differences: [],
      known: [],
      unusedKnown: [],
    });
  });

  it('are both left as they were', async () => {
    const connector = await acme();
    const before = JSON.stringify(connector);
    await driftAfter({ '/servers/0/url': 'https://other.example' }, { connector });
    expect(JSON.stringify(connector)).toBe(before);
  });
});

describe('an operation', () => {
  it('that no method does is missing', async () => {
    const { operations } = await driftAfter({ '/paths/~1things~1{id}': { delete: { responses: {} } } });
    expect(operations).toEqual({
      total: 7,
      matched: 6,
      missing: [{ operationId: 'DELETE /things/{id}', verb: 'DELETE', path: '/things/{id}' }],
      extra: [],
    });
  });

  it('that the document lacks makes its method an extra one', async () => {
    const { operations } = await driftAfter({ [list]: undefined });
    expect(operations).toMatchObject({
      total: 5,
      matched: 5,
      missing: [],
      extra: [{ method: 'things.list', verb: 'GET', path: '/{tenantId}/things' }],
    });
  });

  it('that changed its verb is one difference, not a missing and an extra one', async () => {
    const me = { get: undefined, post: { operationId: 'GetMe', responses: {} } };
    const { operations, differences } = await driftAfter({ '/paths/~1{tenantId}~1me': me });
    expect(operations).toMatchObject({ missing: [], extra: [] });
    expect(differences.map(brief)).toContain('users.me verb  verb "POST" "GET"');
  });

  it('that is deprecated is one that the definition should mark', async () => {
    expect(await differencesAfter({ [`${list}/deprecated`]: true })).toEqual([
      'things.list operation GET /{tenantId}/things deprecated true false',
    ]);
  });

  it('that two methods do is reported for the second', async () => {
    const connector = await acmeWith('users.me', { path: methodOf(await acme(), 'things.search').path });
    expect(await differencesAfter({}, connector)).toContain(
      'users.me operation GET /{tenantId}/search repeated null "things.search"',
    );
  });

  it.each(['https://api.acme.example/v2', '/v2'])(
    'is found where the path begins in the URL of its server, %s',
    async (url) => {
      const path = ['/v2/', { name: 'tenant' }, '/me'];
      const connector = await acmeWith('users.me', { path });
      const servers = { '/paths/~1{tenantId}~1me/servers': [{ url }] };
      expect((await driftAfter(servers, { connector })).operations.matched).toBe(6);
      expect(await differencesAfter(servers, connector)).toEqual([]);
    },
  );
});

describe('the host', () => {
  it.each([
    ['of the document', { '/servers/0/url': 'https://api.other.example' }, 5],
    ['of a path', { [`${things}/servers`]: [{ url: 'https://api.other.example' }] }, 2],
    ['of an operation', { [`${create}/servers`]: [{ url: 'https://api.other.example' }] }, 1],
  ])('%s is compared with that of the default environment', async (_, changes, times) => {
    const found = await differencesAfter(changes);
    expect(found).toHaveLength(times);
    expect(found).toContain(
      'things.create host api url "https://api.other.example" "https://api.acme.example"',
    );
  });

  it('may be any of several servers, and is told by the defaults of their variables', async () => {
    const servers = [
      { url: 'https://old.example' },
      { url: 'https://{name}.acme.example', variables: { name: { default: 'api' } } },
    ];
    expect(await differencesAfter({ '/servers': servers })).toEqual([]);
  });

  it('is not compared where the document names none', async () => {
    expect(await differencesAfter({ '/servers': undefined })).toEqual([]);
  });

  it('with a setting that has no default may be any such host', async () => {
    const connector = await acme();
    const eu = {
      label: 'Europe',
      hosts: { api: ['https://', { name: 'tenant' }, '.acme.example'], files: [] },
    };
    const changed = { ...connector, environments: { ...connector.environments, named: { eu } } };
    expect((await differencesAfter({}, changed)).filter((line) => line.includes('host api'))).toEqual([]);
    const found = await differencesAfter({ '/servers/0/url': 'https://api.other.example' }, changed);
    expect(found).toContain(
      'things.get host api url "https://api.other.example" "https://{tenantId}.acme.example"',
    );
  });
});

describe('a path', () => {
  it("has the names of the document; a setting counts by the vendor's name for it", async () => {
    const changes = {
      '/paths/~1{tenantId}~1things~1{id}': undefined,
      '/paths/~1{org}~1things~1{thingId}': { get: { operationId: 'GetThing', responses: {} } },
    };
    const found = await differencesAfter(changes);
    expect(found).toContain('things.get path org name "org" "tenantId"');
    expect(found).toContain('things.get path thingId name "thingId" "id"');
  });

  it('has parameters of the same type, which are never empty anyway', async () => {
    const parameter = '/paths/~1{tenantId}~1things~1{id}/get/parameters/1/schema';
    expect(await differencesAfter({ [parameter]: { type: 'string', minLength: 1 } })).toEqual([]);
    expect(await differencesAfter({ [parameter]: { type: 'string', maxLength: 36 } })).toEqual([
      'things.get parameter id maxLength 36 null',
    ]);
  });
});

describe('a parameter', () => {
  const second = `${list}/parameters/1`;

  it('is missing, or there without need', async () => {
    const found = await differencesAfter({ [`${second}/name`]: 'top', [`${second}/required`]: true });
    expect(found).toEqual([
      'things.list parameter top missing "query integer, required" null',
      'things.list parameter limit extra null "query integer"',
    ]);
  });

  it.each([
    ['type', { type: 'string' }, 'type ["string"] ["integer"]'],
    ['minimum', { type: 'integer', minimum: 2 }, 'minimum 2 1'],
    ['maximum', { type: 'integer', minimum: 1, maximum: 9 }, 'maximum 9 null'],
    ['values', { type: 'integer', minimum: 1, enum: [1, 2] }, 'enum [1,2] null'],
    ['deprecation', { type: 'integer', minimum: 1, deprecated: true }, 'deprecated true null'],
  ])('is of another %s', async (_, schema, line) => {
    expect(await differencesAfter({ [`${second}/schema`]: schema })).toEqual([
      `things.list parameter limit ${line}`,
    ]);
  });

  it.each([
    ['required', true, 'required true false'],
    ['in', 'header', 'in "header" "query"'],
    ['deprecated', true, 'deprecated true null'],
  ])('has another mark "%s"', async (mark, value, line) => {
    expect(await differencesAfter({ [`${second}/${mark}`]: value })).toEqual([
      `things.list parameter limit ${line}`,
    ]);
  });

  it('that is a list is written as the document says, or as one of the ways that a setting offers', async () => {
    const exploded = { [`${list}/parameters/0/explode`]: false };
    expect(await differencesAfter(exploded)).toEqual([]);
    const { parameters } = methodOf(await acme(), 'things.list');
    const ids = { ...parameters.ids, arrays: 'repeat' } as NonNullable<typeof parameters.ids>;
    const connector = await acmeWith('things.list', { parameters: { ...parameters, ids } });
    expect(await differencesAfter({}, connector)).toEqual([]);
    expect(await differencesAfter(exploded, connector)).toEqual([
      'things.list parameter ids arrays "comma" "repeat"',
    ]);
  });

  it('may be described for all operations of a path, or by reference', async () => {
    const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 3 } };
    const changes = {
      [second]: { $ref: '#/components/parameters/Limit' },
      '/components/parameters': { Limit: limit },
    };
    expect(await differencesAfter(changes)).toEqual(['things.list parameter limit minimum 3 1']);
    const shared = [
      { name: 'tenantId', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'all', in: 'query', schema: { type: 'boolean' } },
    ];
    expect(await differencesAfter({ [`${things}/parameters`]: shared })).toEqual([
      'things.list parameter all missing "query boolean" null',
      'things.create parameter all missing "query boolean" null',
    ]);
  });

  it('that is a header the definition sends by itself is not missing', async () => {
    const header = (name: string) => ({ name, in: 'header', required: true, schema: { type: 'string' } });
    const connector = await acmeWith('users.me', { headers: { 'X-Client': 'kit' } });
    const parameters = '/paths/~1{tenantId}~1me/get/parameters';
    const given = [header('x-client'), header('Authorization'), header('Accept')];
    expect(await differencesAfter({ [parameters]: given }, connector)).toEqual([]);
    expect(await differencesAfter({ [parameters]: [header('X-Other')] }, connector)).toEqual([
      'users.me parameter X-Other missing "header string, required" null',
    ]);
  });
});

describe('paging', () => {
  const size = `${list}/parameters/3/schema`;

  it('has the largest page of the document', async () => {
    expect(await differencesAfter({ [`${size}/maximum`]: 200 })).toEqual([
      'things.list paging size maximum 200 50',
    ]);
    expect(await differencesAfter({ [`${size}/maximum`]: undefined })).toEqual([
      'things.list paging size maximum null 50',
    ]);
  });

  it('is no paging when the document has no parameter for it', async () => {
    expect(await differencesAfter({ [`${list}/parameters/2/name`]: 'cursor' })).toEqual([
      'things.list parameter cursor missing "query string" null',
      'things.list paging next extra null "query string"',
    ]);
  });

  it('of what the document types as one entity is told, and the entity compared with an item', async () => {
    const content = `${list}/responses/200/content/application~1json/schema`;
    expect(await differencesAfter({ [content]: { $ref: '#/components/schemas/Thing' } })).toEqual([
      'things.list paging data extra null "array"',
    ]);
    expect(await differencesAfter({ [content]: { type: 'object', properties: {} } })).toContain(
      'things.list response name extra null "string"',
    );
  });
});

describe('a body', () => {
  const body = `${create}/requestBody`;

  it('is missing, or there without need', async () => {
    expect(await differencesAfter({ [body]: undefined })).toEqual([
      'things.create body  extra null "application/json"',
    ]);
    const put = { content: { 'text/csv': { schema: { type: 'string' } } } };
    expect(await differencesAfter({ '/paths/~1{tenantId}~1me/get/requestBody': put })).toEqual([
      'users.me body  missing ["text/csv"] null',
    ]);
  });

  it('may be left out where the document says so', async () => {
    expect(await differencesAfter({ [`${body}/required`]: undefined })).toEqual([
      'things.create body  required false true',
    ]);
  });

  it('has a media type of the document', async () => {
    const content = { 'application/xml': { schema: { $ref: '#/components/schemas/ThingRequest' } } };
    expect(await differencesAfter({ [`${body}/content`]: content })).toEqual([
      'things.create body  mediaType ["application/xml"] "application/json"',
    ]);
    const json = { 'application/merge-patch+json; charset=utf-8': content['application/xml'] };
    expect(await differencesAfter({ [`${body}/content`]: json })).toEqual([]);
  });
});

describe('an answer', () => {
  it('is missing, or there without need', async () => {
    const content = `${create}/responses/200/content`;
    expect(await differencesAfter({ [content]: undefined })).toEqual([
      'things.create response  extra null "object"',
    ]);
    const partial = '/paths/~1{tenantId}~1rows/post/responses/206';
    const count = { content: { 'application/json': { schema: { type: 'integer' } } } };
    const changes = {
      [partial]: { $ref: '#/components/responses/Count' },
      '/components/responses': { Count: count },
    };
    expect(await differencesAfter(changes)).toEqual(['things.upload response  missing "integer" null']);
  });

  it('has the fields of the document with their types, in pages too', async () => {
    const id = '/components/schemas/Thing/allOf/1/properties/id/type';
    expect(await differencesAfter({ [id]: 'integer' })).toEqual([
      'things.list response data[].id type ["integer"] ["string"]',
      'things.search response data[].id type ["integer"] ["string"]',
      'things.get response id type ["integer"] ["string"]',
      'things.create response id type ["integer"] ["string"]',
    ]);
  });
});
