/** Methods in short form come in, a connector of an invented vendor goes out: enough of one to be played. */
import type {
  ClientCredentials,
  Connector,
  JsonSchema,
  Method,
  Paging,
  Verb,
} from '../../src/definition/connector.ts';
import { parseTemplate } from '../../src/definition/template.ts';
import type { SandboxScript } from '../../src/sandbox/script.ts';

const template = (text: string) => parseTemplate(text).template;

export interface ShortMethod {
  readonly host?: string;
  readonly query?: Readonly<Record<string, JsonSchema>>;
  readonly body?: JsonSchema;
  readonly response?: JsonSchema;
  readonly paging?: Paging;
  readonly readOnly?: boolean;
}

/** `method('things.list', 'GET /things', { ... })` */
export function method(key: string, verbAndPath: string, short: ShortMethod = {}): Method {
  const [verb = 'GET', path = '/'] = verbAndPath.split(' ');
  return {
    key,
    id: 1,
    uuid: key,
    name: key,
    category: key.split('.')[0] ?? '',
    description: key,
    verb: verb as Verb,
    host: short.host ?? 'api',
    path: template(path),
    headers: {},
    parameters: Object.fromEntries(
      Object.entries(short.query ?? {}).map(([name, schema]) => [
        name,
        {
          name,
          id: 1,
          in: 'query' as const,
          required: false,
          description: name,
          schema,
          arrays: 'comma' as const,
        },
      ]),
    ),
    ...(short.body !== undefined && {
      body: { required: true, schema: short.body, closed: true, encoding: 'json' as const, fill: [] },
    }),
    ...(short.response !== undefined && { response: short.response }),
    ...(short.paging && { paging: short.paging }),
    limits: [],
    idempotent: verb !== 'POST',
    readOnly: short.readOnly ?? verb === 'GET',
    deprecated: false,
    beta: false,
    sensitive: [],
  };
}

export const tokenPaging: Paging = {
  style: 'token',
  kind: 'token',
  parameter: 'next',
  size: 'limit',
  items: 'items',
  next: 'paging.next',
  first: 0,
};
const pageSize: JsonSchema = { type: 'integer', minimum: 1, maximum: 50 };

const types: Record<string, JsonSchema> = {
  Thing: {
    type: 'object',
    required: ['id', 'colour'],
    properties: {
      id: { type: 'string' },
      version: { type: 'integer' },
      name: { type: 'string' },
      code: { type: 'string' },
      ownerId: { type: 'string' },
      size: { type: 'number' },
      colour: { enum: ['red', 'blue'] },
      createdOn: { type: 'string', format: 'date-time' },
      note: { type: 'string', default: 'none' },
    },
  },
  NewThing: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1 },
      code: { type: 'string' },
      ownerId: { type: 'string' },
      size: { type: 'number' },
      version: { type: 'integer' },
    },
    additionalProperties: false,
  },
  Part: {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, label: { type: 'string' } },
  },
};
const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const listOf = (name: string): JsonSchema => ({
  type: 'object',
  required: ['items', 'took'],
  properties: { items: { type: 'array', items: ref(name) }, took: { type: 'integer' } },
});

export const clientCredentials: ClientCredentials = {
  kind: 'client-credentials',
  id: 'key',
  label: 'Key',
  description: 'Key',
  host: 'api',
  path: template('/oauth/token'),
  clientId: template('{{keyId}}'),
  clientSecret: template('{{secret}}'),
  credentials: 'basic',
  encoding: 'form',
  fields: {},
  lifetimeSeconds: 600,
};

const thing = '/org/{{org}}/things';

/** Things with parts, a singleton, two hosts of one origin and one of another. */
export const smallMethods: Method[] = [
  method('things.list', `GET ${thing}`, {
    query: {
      ids: { type: 'array', items: { type: 'string' } },
      owner: { type: 'string' },
      minSize: { type: 'number' },
      limit: pageSize,
      next: { type: 'string' },
    },
    paging: tokenPaging,
    response: listOf('Thing'),
  }),
  method('things.get', `GET ${thing}/{{id}}`, { response: ref('Thing') }),
  method('things.create', `POST ${thing}`, { body: ref('NewThing'), response: ref('Thing') }),
  method('things.update', `PUT ${thing}/{{id}}`, { body: ref('NewThing'), response: ref('Thing') }),
  method('things.patch', `PATCH ${thing}/{{id}}`, {
    body: { type: 'object', properties: { name: { type: 'string' }, version: { type: 'integer' } } },
    response: ref('Thing'),
  }),
  method('things.delete', `DELETE ${thing}/{{id}}`),
  method('things.report', `GET ${thing}/{{id}}/report`, {
    response: { type: 'object', required: ['total'], properties: { total: { type: 'number', minimum: 3 } } },
  }),
  method('things.numbered', `GET ${thing}/numbered`, {
    query: { page: { type: 'integer' }, limit: pageSize },
    paging: { style: 'page', kind: 'page', parameter: 'page', size: 'limit', items: 'items', first: 1 },
    response: listOf('Thing'),
  }),
  method('parts.list', `GET ${thing}/{{thingId}}/parts`, {
    response: { type: 'array', items: ref('Part') },
  }),
  method('parts.create', `POST ${thing}/{{thingId}}/parts`, {
    body: { type: 'object', properties: { label: { type: 'string' } } },
    response: ref('Part'),
  }),
  method('parts.get', `GET ${thing}/{{thingId}}/parts/{{id}}`, { response: ref('Part') }),
  method('settings.get', 'GET /org/{{org}}/settings', {
    response: { type: 'object', properties: { version: { type: 'integer' }, theme: { type: 'string' } } },
  }),
  method('settings.update', 'PUT /org/{{org}}/settings', {
    body: { type: 'object', properties: { version: { type: 'integer' }, theme: { type: 'string' } } },
    response: { type: 'object', properties: { version: { type: 'integer' }, theme: { type: 'string' } } },
  }),
  method('me.get', 'GET /org/{{org}}/me', {
    response: { type: 'object', properties: { id: { type: 'string' }, company: { type: 'string' } } },
  }),
  method('events.send', 'POST /org/{{org}}/events', {
    host: 'ingest',
    body: { type: 'object', required: ['rows'], properties: { rows: { type: 'array' } } },
    response: { type: 'object', properties: { ok: { type: 'boolean' } } },
  }),
];

export function smallConnector(
  change: Partial<Connector> & { methodList?: readonly Method[] } = {},
): Connector {
  const { methodList = smallMethods, ...rest } = change;
  const setting = { id: 1, label: 'x', description: 'x', level: 'either', required: true } as const;
  const plain = { ...setting, secret: false, multiline: false, overridable: 'none', open: false } as const;
  return {
    id: 1,
    uuid: 'u',
    name: 'small',
    title: 'Small',
    version: '1.0.0',
    status: 'live',
    description: 'Small',
    categories: [],
    settings: Object.fromEntries(
      ['org', 'keyId', 'secret'].map((key) => [key, { ...plain, key, maxLength: 100, aliases: [] }]),
    ),
    environments: {
      named: {
        main: {
          label: 'Main',
          hosts: {
            api: template('https://api.example.com/v1'),
            reports: template('https://api.example.com/reports'),
            ingest: template('https://ingest.example.com'),
          },
        },
      },
    },
    overrides: {},
    auth: [clientCredentials],
    test: { method: 'me.get', arguments: {}, identity: { id: 'id' } },
    failures: [],
    limits: {},
    lookups: {},
    uploads: {},
    types,
    methods: Object.fromEntries(methodList.map((each) => [each.key, each])),
    ...rest,
  };
}

export const smallScript: SandboxScript = {
  organisationSetting: 'org',
  organisations: [
    { id: 'one', name: 'One' },
    { id: 'two', name: 'Two' },
  ],
  policies: [
    { name: 'All', managed: true, statements: [{ effect: 'allow', methods: ['*'] }] },
    { name: 'Reader', managed: true, statements: [{ effect: 'allow', methods: ['*'], reading: true }] },
  ],
  entities: { created: { createdOn: '{{now}}' }, unique: ['code'] },
  collections: {
    things: { filters: { minSize: { field: 'size', is: 'from' } } },
  },
  methods: {
    'me.get': { as: 'answer', body: { id: '{{serviceUserId}}', company: '{{organisationName}}' } },
    'things.numbered': { as: 'list', of: 'things' },
  },
};
