/** An OpenAPI document that says what the fixture connector says, ways to change it, and what a comparison then finds. */
import type { Connector, JsonSchema } from '../../src/definition/connector.ts';
import type { Difference } from '../../src/definition/drift/difference.ts';
import { readOpenApi } from '../../src/definition/drift/document.ts';
import { compareWithOpenApi, type Drift } from '../../src/definition/drift/drift.ts';
import type { KnownDeviation } from '../../src/definition/drift/known.ts';
import { acme, methodOf } from '../helpers/acme.ts';

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const inQuery = (name: string, schema: object) => ({ name, in: 'query', schema });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const answer = (schema: object) => ({ responses: { 200: json(schema), 400: json({ type: 'string' }) } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const page = (fields: object = {}) => ({
  type: 'object',
  properties: { data: { type: 'array', items: ref('Thing') }, ...fields },
});
const size = { type: 'integer', format: 'int32', minimum: 1 };

/** The document; made anew for each test, so that it can be changed. */
export const acmeDocument = () => ({
  openapi: '3.0.1',
  servers: [{ url: 'https://api.acme.example' }],
  paths: {
    '/oauth/token': { post: { operationId: 'Token', responses: {} } },
    '/{tenantId}/things': {
      parameters: [inPath('tenantId')],
      get: {
        operationId: 'ListThings',
        parameters: [
          inQuery('ids', { type: 'array', items: { type: 'string' } }),
          inQuery('limit', { type: 'integer', minimum: 1 }),
          inQuery('next', { type: 'string', nullable: true }),
          inQuery('size', { ...size, maximum: 50 }),
        ],
        ...answer(page({ next: { type: 'string' } })),
      },
      post: {
        operationId: 'CreateThing',
        requestBody: { required: true, ...json(ref('ThingRequest')) },
        ...answer(ref('Thing')),
      },
    },
    '/{tenantId}/things/{id}': {
      get: {
        operationId: 'GetThing',
        parameters: [inPath('tenantId'), inPath('id')],
        ...answer(ref('Thing')),
      },
    },
    '/{tenantId}/search': {
      get: {
        operationId: 'SearchThings',
        parameters: [inPath('tenantId'), inQuery('from', { type: 'integer' }), inQuery('size', size)],
        ...answer(page()),
      },
    },
    '/{tenantId}/rows': {
      post: {
        operationId: 'CreateRows',
        servers: [{ url: 'https://files.acme.example/' }],
        parameters: [inPath('tenantId')],
        requestBody: { required: true, ...json(ref('Rows')) },
        responses: { 204: {} },
      },
    },
    '/{tenantId}/me': {
      get: { operationId: 'GetMe', parameters: [inPath('tenantId')], ...answer({ type: 'object' }) },
    },
  },
  components: {
    schemas: {
      ThingRequest: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1 },
          colour: { type: 'string', enum: ['green', 'red'] },
          born: { type: 'string', format: 'date' },
        },
      },
      Thing: { allOf: [ref('ThingRequest'), { properties: { id: { type: 'string' } } }] },
      Rows: {
        type: 'object',
        required: ['rows'],
        properties: {
          rows: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              properties: { uid: { type: 'string' }, n: { type: 'integer', format: 'int64' } },
            },
          },
        },
      },
    },
  },
});

/** JSON Pointer (RFC 6901) -> new value; undefined takes the value out. */
export type Changes = Readonly<Record<string, unknown>>;

/** The document's text after some changes. */
export function changedDocument(changes: Changes, document: object = acmeDocument()): string {
  const copy = structuredClone(document);
  for (const [pointer, value] of Object.entries(changes)) {
    const steps = pointer.split('/').slice(1);
    const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    let place = copy as Record<string, unknown>;
    for (const name of names.slice(0, -1)) place = place[name] as Record<string, unknown>;
    const last = names.at(-1) ?? '';
    if (value === undefined) delete place[last];
    else place[last] = value;
  }
  return JSON.stringify(copy);
}

/** Compares the fixture, or another connector, with the changed document. */
export async function driftAfter(
  changes: Changes,
  { connector, known }: { connector?: Connector; known?: readonly KnownDeviation[] } = {},
): Promise<Drift> {
  return compareWithOpenApi(connector ?? (await acme()), readOpenApi(changedDocument(changes)), known);
}

/** A difference in one line, without the operation. */
export const brief = ({ method, where, path, what, expected, actual }: Difference): string =>
  `${method} ${where} ${path} ${what} ${JSON.stringify(expected)} ${JSON.stringify(actual)}`;

/** The fixture with another body schema of `things.create`, and types to go with it. */
export async function acmeWithBody(
  schema: JsonSchema,
  types: Readonly<Record<string, JsonSchema>> = {},
): Promise<Connector> {
  const connector = await acme();
  const create = methodOf(connector, 'things.create');
  if (!create.body) throw new Error('the fixture has no body to change');
  return {
    ...connector,
    types: { ...connector.types, ...types },
    methods: { ...connector.methods, [create.key]: { ...create, body: { ...create.body, schema } } },
  };
}

/** Where the body schemas of document and definition differ, in lines of `path what expected actual`. */
export async function bodyDifferences(
  document: object,
  definition: JsonSchema,
  more: { schemas?: object; types?: Readonly<Record<string, JsonSchema>>; openapi?: string } = {},
): Promise<string[]> {
  const { differences } = await driftAfter(
    {
      '/openapi': more.openapi ?? '3.0.3',
      '/paths/~1{tenantId}~1things/post/requestBody/content/application~1json/schema': document,
      ...Object.fromEntries(
        Object.entries(more.schemas ?? {}).map(([name, schema]) => [`/components/schemas/${name}`, schema]),
      ),
    },
    { connector: await acmeWithBody(definition, more.types) },
  );
  return differences.map((difference) => brief(difference).replace('things.create body ', ''));
}
