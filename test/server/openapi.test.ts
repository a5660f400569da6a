import { beforeAll, describe, expect, it } from 'vitest';
import { createSchemaChecker } from '../../src/schema.ts';
import { type Api, createApi } from './api.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name?: string; readonly in?: string; readonly $ref?: string }[];
  readonly responses: Readonly<Record<string, object>>;
  readonly 'x-action'?: string;
  readonly 'x-resources'?: readonly string[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let api: Api;
let document: Document;
beforeAll(async () => {
  api = await createApi({ version: '1.2.3' });
  document = (await api.ask('GET', '/openapi.json', { token: '', account: '' })).body;
});

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

describe('the route table', () => {
  it('says for every route but those of strangers what a caller must be allowed', () => {
    const open = api.routes.filter(({ access }) => access === 'public').map(({ path }) => path);
    expect(open.sort()).toEqual([
      '/healthz',
      '/oauth/token',
      '/openapi.json',
      '/v1.0/session',
      '/v1.0/session',
      '/v1.0/session',
      '/v1.0/session/link',
      '/v1.0/setup-links/complete',
      '/v1.0/setup-links/open',
    ]);
    for (const { access } of api.routes)
      if (access !== 'public') {
        expect(access.action).toMatch(/^[a-z]+:[a-z]+$|^by-method$/);
        expect(access.resources.length).toBeGreaterThan(0);
      }
  });

  it('asks for more than a right to read wherever something may change', () => {
    const reading = api.routes.filter(
      ({ verb, access }) => verb !== 'GET' && access !== 'public' && access.action.endsWith(':read'),
    );
    expect(reading.map(({ operation }) => operation).sort()).toEqual([
      'lookUp',
      'previewMethod',
      'readPaste',
    ]);
  });

  it('audits every change, here or in the access model itself', () => {
    const own = /^(?:create|update|delete|regenerate)(?:ServiceUser|AccessKey|Policy|SetupLink|SignInLink)$/;
    const silent = api.routes.filter(
      ({ verb, audit, operation }) => verb !== 'GET' && audit === undefined && !own.test(operation),
    );
    // Calls are in the call log; tokens, sessions and setup links audit themselves; the others change nothing.
    expect(silent.map(({ operation }) => operation).sort()).toEqual([
      'askSandbox',
      'callMethod',
      'callMethodWithBody',
      'completeSetupLink',
      'issueToken',
      'lookUp',
      'openSetupLink',
      'previewMethod',
      'readPaste',
      'signIn',
      'signOut',
      'tryMethod',
    ]);
  });
});

describe('the documentation', () => {
  it('describes every route, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(api.routes.map(({ verb, path }) => `${verb} ${path}`).sort());
  });

  it('says for each operation what it needs', () => {
    const create = document.paths['/v1.0/accounts']?.post;
    expect(create).toMatchObject({
      operationId: 'createAccount',
      security: [{ token: [] }],
      'x-action': 'accounts:write',
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Account', required: ['Name'] } },
        },
      },
    });
    expect(document.paths['/oauth/token']?.post?.security).toEqual([]);
  });

  it('gives each operation an id of its own, and each name in a path a parameter', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, verbs] of Object.entries(document.paths))
      for (const { parameters } of Object.values(verbs)) {
        const inPath = parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => `{${name}}`);
        expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
        const names = parameters.map(({ $ref, in: place, name }) => $ref ?? `${place} ${name}`);
        expect(new Set(names).size).toBe(names.length);
      }
  });

  it('refers only to what it holds, and no file of ours is in it', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of new Set(refs)) {
      const found = ref
        .split('/')
        .slice(1)
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
      expect({ ref, found: typeof found }).toEqual({ ref, found: 'object' });
    }
  });

  it('has schemas that compile, with a title, a description and examples that they accept', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const {
        title,
        description,
        examples = [],
      } = schema as { title: string; description: string; examples?: unknown[] };
      expect({ name, title: typeof title, description: typeof description }).toEqual({
        name,
        title: 'string',
        description: 'string',
      });
      const local = JSON.parse(
        JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'),
      ) as object;
      const others = JSON.parse(
        JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
      ) as Record<string, object>;
      const { check } = createSchemaChecker(others);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples)
        expect({ name, problems: check(local, example) }).toEqual({ name, problems: [] });
    }
  });

  it('names the version that it was built for', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Fishplate', version: '1.2.3' } });
  });
});
