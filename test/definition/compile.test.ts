import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import type { JsonSchema } from '../../src/definition/connector.ts';
import { loadSource } from '../../src/definition/source.ts';
import { createSchemaChecker } from '../../src/schema.ts';
import { acme, compileAcme } from '../helpers/acme.ts';
import { fixture } from '../helpers/overlay.ts';

const isFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isFrozen));

describe('a compiled connector', () => {
  it('cannot be changed, however deep', async () => {
    expect(isFrozen(await acme())).toBe(true);
  });

  it('can be kept as JSON', async () => {
    const connector = await acme();
    expect(JSON.parse(JSON.stringify(connector))).toEqual(connector);
  });

  it('comes out the same each time it is compiled', async () => {
    const source = await loadSource(fixture('acme'));
    expect(compile(source)).toEqual(compile(source));
    expect(await acme()).toEqual(compile(source));
  });

  it('gives every method, setting, lookup and parameter an id of its own', async () => {
    const { methods, settings, lookups } = await acme();
    const ids = [methods, settings, lookups].flatMap((group) => Object.values(group).map(({ id }) => id));
    const parameters = Object.values(methods).flatMap(({ parameters }) => Object.values(parameters));
    const all = [...ids, ...parameters.map(({ id }) => id)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('keeps UUIDs over releases, and changes the integer ids', async () => {
    const old = await acme();
    const next = await compileAcme(({ connector }) => {
      connector.version = '1.0.1';
    });
    const [before, after] = [old, next].map(({ uuid, id, methods }) => ({
      uuid,
      id,
      list: methods['things.list'],
    }));
    expect([after?.uuid, after?.list?.uuid]).toEqual([before?.uuid, before?.list?.uuid]);
    expect(after?.id).not.toBe(before?.id);
    expect(after?.list?.id).not.toBe(before?.list?.id);
  });
});

describe('what a definition leaves unsaid', () => {
  it('is filled in for settings: required, in clear, to be replaced by the account where both may give it', async () => {
    const { settings } = await acme();
    expect(settings.tenant).toMatchObject({
      required: true,
      secret: false,
      multiline: false,
      open: false,
      overridable: 'none',
      maxLength: 2000,
      aliases: [],
    });
    expect(settings.keySecret).toMatchObject({ overridable: 'account', secret: true });
  });

  it.each([
    ['GET', true, true],
    ['PUT', true, false],
    ['DELETE', true, false],
    ['POST', false, false],
    ['PATCH', false, false],
  ] as const)('is filled in for %s: idempotent %s, read-only %s', async (verb, idempotent, readOnly) => {
    const { methods } = await compileAcme(({ things }) => {
      things.methods.any = { name: 'Do Any', description: 'Do it.', verb, path: '/any' };
    });
    expect(methods['things.any']).toMatchObject({ idempotent, readOnly, beta: false, deprecated: false });
  });

  it('takes a key for what changes something, where the connector or the method names the header', async () => {
    const { methods } = await compileAcme(({ connector, things }) => {
      connector.defaults.idempotencyKey = { header: 'X-Once' };
      things.methods.own = {
        ...{ name: 'Do Own', description: 'Do it.', verb: 'POST', path: '/own' },
        idempotencyKey: { header: 'X-Own' },
      };
    });
    expect(methods['things.create']?.idempotencyKey).toEqual({ header: 'X-Once' });
    expect(methods['things.own']?.idempotencyKey).toEqual({ header: 'X-Own' });
    expect(methods['things.list']).not.toHaveProperty('idempotencyKey');
  });

  it('gives way to what a method says', async () => {
    const { methods } = await acme();
    expect(methods['things.upload']).toMatchObject({ idempotent: true, readOnly: false, host: 'files' });
  });
});

describe('a parameter', () => {
  it('stands in the path when the path names it, else in the query, and is required in a path', async () => {
    const { methods } = await acme();
    expect(methods['things.get']?.parameters.id).toMatchObject({
      in: 'path',
      required: true,
      lookup: 'things',
      schema: { type: 'string', minLength: 1 },
    });
    expect(methods['things.list']?.parameters.ids).toMatchObject({
      in: 'query',
      required: false,
      arrays: { setting: 'style' },
    });
  });

  it('keeps its place and lists out of its schema', async () => {
    const { methods } = await compileAcme(({ things }) => {
      things.methods.get = {
        ...things.methods.get,
        parameters: {
          id: {
            description: 'x',
            in: 'path',
            required: true,
            arrays: 'repeat',
            lookup: 'things',
            maxLength: 9,
          },
          'X-Trace': { description: 'x', in: 'header' },
          ref: { description: 'x', $ref: '#/types/Thing' },
        },
      } as (typeof things.methods)[string];
    });
    const { id, 'X-Trace': trace, ref } = methods['things.get']?.parameters ?? {};
    expect(id?.schema).toEqual({ type: 'string', minLength: 1, maxLength: 9 });
    expect(id?.arrays).toBe('repeat');
    expect(trace).toMatchObject({ in: 'header', required: false });
    expect(ref?.schema).toEqual({ $ref: '#/$defs/Thing' });
  });

  it('is added by a paging style: a cursor, and a size with the largest page', async () => {
    const { methods } = await acme();
    expect(methods['things.list']?.parameters).toMatchObject({
      next: { in: 'query', required: false, schema: { type: 'string' } },
      size: { schema: { type: 'integer', minimum: 1, maximum: 50 } },
    });
    expect(methods['things.search']?.parameters.from?.schema).toEqual({ type: 'integer', minimum: 0 });
    expect(methods['things.search']?.parameters.size?.schema).toEqual({ type: 'integer', minimum: 1 });
  });
});

describe('the answer of a paged method', () => {
  const check = async (style: Record<string, unknown>, page: unknown) => {
    const { methods, types } = await compileAcme(({ connector, things }) => {
      connector.paging = { own: style as never };
      for (const method of Object.values(things.methods)) delete method.paging;
      things.methods.list = {
        ...things.methods.list,
        paging: { style: 'own' },
      } as (typeof things.methods)[string];
    });
    const schema: JsonSchema | undefined = methods['things.list']?.response;
    return createSchemaChecker(types)
      .check(schema ?? false, page)
      .map(({ path }) => path);
  };
  const token = { kind: 'token', parameter: 'next', items: 'data', next: 'next' };

  it('has its items and its token where the style says', async () => {
    expect(await check(token, { data: [{ name: 'a' }], next: null })).toEqual([]);
    expect(await check(token, { data: [{ colour: 'red' }], next: 5 })).toEqual(['data.0.name', 'next']);
  });

  it('has them at dotted paths too', async () => {
    const deep = { ...token, items: 'page.data', next: 'page.meta.next' };
    expect(await check(deep, { page: { data: [{ name: 'a' }], meta: { next: 'x' } } })).toEqual([]);
    expect(await check(deep, { page: { data: [{}], meta: { next: 5 } } })).toEqual([
      'page.data.0.name',
      'page.meta.next',
    ]);
  });

  it('may be the list itself', async () => {
    const bare = { kind: 'offset', parameter: 'from', items: '' };
    expect(await check(bare, [{ name: 'a' }])).toEqual([]);
    expect(await check(bare, { data: [] })).toEqual(['']);
  });

  it('counts offsets from 0 and pages from 1 unless the style says otherwise', async () => {
    const firstOf = async (kind: 'offset' | 'page', first?: number) => {
      const { methods } = await compileAcme(({ connector }) => {
        connector.paging = {
          token: { kind: 'token', parameter: 'next', items: 'data', next: 'next' },
          offset: { kind, parameter: 'from', items: 'data', ...(first !== undefined && { first }) },
        };
      });
      return methods['things.search']?.paging?.first;
    };
    expect([await firstOf('offset'), await firstOf('page'), await firstOf('page', 0)]).toEqual([0, 1, 0]);
  });
});

describe('references', () => {
  it('lead into the types of the connector wherever they stand', async () => {
    const connector = await acme();
    const checker = createSchemaChecker(connector.types);
    const body = connector.methods['things.create']?.body?.schema ?? false;
    expect(checker.check(body, { name: '' }).map(({ path }) => path)).toEqual(['name']);
    expect(JSON.stringify(connector)).not.toContain('#/types/');
  });

  it('are not looked for in properties that are called $ref', async () => {
    const body = { type: 'object', properties: { $ref: { type: 'string' } } };
    const { methods } = await compileAcme(({ things }) => {
      things.methods.create = { ...things.methods.create, body } as (typeof things.methods)[string];
    });
    expect(methods['things.create']?.body?.schema).toEqual(body);
  });
});
