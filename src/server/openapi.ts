/** The route table and the schemas come in; an OpenAPI 3.1 document goes out. */
import { needsAccount } from './door.ts';
import { errorStatuses } from './error-response.ts';
import type { QuerySpec } from './query.ts';
import type { Route, RouteAnswer } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

/** Builds the document. Every route becomes an operation; schemas become components, named after their nouns. */
export function buildOpenApi(
  routes: readonly Route[],
  schemas: Readonly<Record<string, Json>>,
  version: string,
): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.verb.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fishplate',
      version,
      description:
        'Connectors are set up once in the console, installed in accounts, and called. Every error has a Message for people and a Code for programs.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([noun, schema]) => [componentName(noun), componentOf(schema)]),
      ),
      responses: { Error: errorResponse },
      parameters: { Account: accountHeader, IdempotencyKey: keyHeader },
      securitySchemes: { token: tokenScheme },
    },
  };
}

const errorResponse: Json = {
  description: 'What went wrong and what to do about it.',
  headers: { 'X-Request-Id': { schema: { type: 'string' } } },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

const accountHeader: Json = {
  name: 'X-Cyclr-Account',
  in: 'header',
  required: false,
  description: 'Id of the account to work in. Not needed with a token that is pinned to one account.',
  schema: { type: 'string' },
};

const keyHeader: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A key of your own for this one call. The same request with the same key gets the first answer, for 24 hours, marked with Idempotent-Replayed; nothing is sent to the vendor again. 422: the key was used for another request. 409: the first one is still running. Ignored by methods that change nothing.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]*$' },
};

const replayedHeader: Json = {
  description: 'Whether this is the first answer to the Idempotency-Key, told once more.',
  schema: { const: 'true' },
};

const tokenScheme: Json = {
  type: 'oauth2',
  description: 'Send the token as Bearer.',
  flows: {
    clientCredentials: {
      tokenUrl: '/oauth/token',
      scopes: { 'account:{id}': 'Pins the token to one account.' },
    },
  },
};

function operationOf(route: Route): Json {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  return {
    operationId: route.operation,
    tags: [route.tag],
    summary: route.summary,
    security: route.access === 'public' ? [] : [{ token: [] }],
    ...(route.access !== 'public' && {
      'x-action': route.access.action === 'by-method' ? 'methods:read or methods:write' : route.access.action,
      'x-resources': route.access.resources,
    }),
    parameters: [
      ...(needsAccount(route) ? [{ $ref: '#/components/parameters/Account' }] : []),
      ...(route.keyed ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...queryParameters(route.query ?? {}),
    ],
    ...(route.body && { requestBody: requestBodyOf(route) }),
    responses: {
      200: {
        description: 'Done.',
        ...(route.keyed === true && { headers: { 'Idempotent-Replayed': replayedHeader } }),
        content: { 'application/json': { schema: answerSchema(route.answer) } },
      },
      default: {
        $ref: '#/components/responses/Error',
        description: `Any of ${errorStatuses.join(', ')}.`,
      },
    },
  };
}

function queryParameters(spec: QuerySpec | 'any'): Json[] {
  if (spec === 'any')
    return [
      {
        name: 'parameters',
        in: 'query',
        style: 'form',
        explode: true,
        description: "The method's parameters, by name or integer id.",
        schema: { type: 'object', additionalProperties: true },
      },
    ];
  return Object.entries(spec).map(([name, { type, description, values, minimum, maximum }]) => ({
    name,
    in: 'query',
    description,
    schema: {
      type: type === 'text' ? 'string' : type,
      ...(values && { enum: values }),
      ...(minimum !== undefined && { minimum }),
      ...(maximum !== undefined && { maximum }),
    },
  }));
}

function requestBodyOf({ body, verb }: Route): Json {
  if (!body) return {};
  const $ref = `#/components/schemas/${componentName(body.schema)}`;
  const schema = body.required ? { $ref, required: body.required } : { $ref };
  return {
    required: verb !== 'GET' && body.required !== undefined,
    content: {
      'application/json': { schema },
      ...(body.form && { 'application/x-www-form-urlencoded': { schema } }),
    },
  };
}

function answerSchema(answer: RouteAnswer): Json {
  if (answer === 'anything') return {};
  if (typeof answer === 'string') return { $ref: `#/components/schemas/${componentName(answer)}` };
  return { type: 'array', items: { $ref: `#/components/schemas/${componentName(answer.list)}` } };
}

/** `connection-test` -> `ConnectionTest`. */
export function componentName(noun: string): string {
  return noun
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
}

/** A schema as a component: without its own address, and with references to other files turned into references here. */
function componentOf(schema: Json): Json {
  const { $schema: _, $id: __, ...rest } = schema;
  return turnRefs(rest) as Json;
}

function turnRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === '$ref' ? turnRef(inner) : turnRefs(inner)]),
  );
}

function turnRef(ref: unknown): unknown {
  const noun = typeof ref === 'string' ? /^([a-z-]+)\.schema\.json$/.exec(ref)?.[1] : undefined;
  return noun === undefined ? ref : `#/components/schemas/${componentName(noun)}`;
}
