import { beforeAll, describe, expect, it } from 'vitest';
import type { ArrayStyle, Connector, JsonSchema, Paging, Parameter } from '../../src/definition/connector.ts';
import type { Arguments } from '../../src/request/arguments.ts';
import { queryPairs, queryString } from '../../src/request/url.ts';
import { readPage } from '../../src/response/pages.ts';
import { pageOf } from '../../src/sandbox/page.ts';
import { readQuery } from '../../src/sandbox/query.ts';
import { createSchemaChecker } from '../../src/schema.ts';
import { acme, methodOf } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const parameter = (name: string, schema: JsonSchema, more: Partial<Parameter> = {}): Parameter => ({
  ...{ name, id: 1, in: 'query', required: false, description: '', schema, arrays: 'comma' },
  ...more,
});

/** What the sandbox reads of a query that has been written from a value. */
function readBack(its: Parameter, style: ArrayStyle, value: unknown, body?: unknown) {
  const method = methodOf(connector, 'things.list', { parameters: { [its.name]: its } });
  const query = new URLSearchParams(queryString(queryPairs(its, style, value)));
  return readQuery(method, query, {}, {}, createSchemaChecker({}), body)[its.name];
}

describe('the played vendor reads what is written into queries', () => {
  const texts: JsonSchema = { type: 'array', items: { type: 'string' } };
  const span: JsonSchema = {
    type: 'object',
    properties: {
      gte: { type: 'integer' },
      by: { type: 'object', properties: { ids: { type: 'array', items: { type: 'integer' } } } },
    },
  };

  it.each<[string, Parameter, ArrayStyle, unknown]>([
    ['lists in brackets', parameter('expand', texts, { arrays: 'brackets' }), 'brackets', ['a,b', 'c']],
    ['names that are no keys', parameter('after', { type: 'string' }, { wire: 'page[after]' }), 'comma', 'x'],
    [
      'objects in brackets',
      parameter('created', span, { objects: 'brackets' }),
      'brackets',
      { gte: 5, by: { ids: [1, 2] } },
    ],
    [
      'fields with dots',
      parameter('f', { type: 'object' }, { objects: 'brackets' }),
      'comma',
      { 'a.b': 'x' },
    ],
  ])('%s', (_, its, style, value) => {
    expect(readBack(its, style, value)).toEqual(value);
  });

  it('and refuses what is no number', () => {
    expect(() =>
      readBack(parameter('created', span, { objects: 'brackets' }), 'comma', { gte: 'soon' }),
    ).toThrow('created.gte');
  });

  it('and what pages take from the body', () => {
    const its = parameter('page.after', { type: 'string' }, { in: 'body' });
    expect(readBack(its, 'comma', [], { page: { after: 'x' } })).toBe('x');
    expect(readBack(its, 'comma', [], {})).toBeUndefined();
  });
});

describe('the played vendor gives pages as the definition says', () => {
  const stored = Array.from({ length: 5 }, (_, index) => ({
    id: `id${5 - index}`,
    sequence: 5 - index,
    entity: {},
  }));
  const base = { style: 's', items: 'data', first: 0, defaultSize: 2 } as const;

  it.each<[string, Paging]>([
    ['tokens', { ...base, kind: 'token', parameter: 'next', next: 'meta.next' }],
    [
      'tokens, and whether there are more',
      { ...base, kind: 'token', parameter: 'next', next: 'next', more: 'more' },
    ],
    ['tokens in a header', { ...base, kind: 'token', parameter: 'next', nextHeader: 'X-Next' }],
    ['the last item', { ...base, kind: 'token', parameter: 'after', nextItem: 'id', more: 'has_more' }],
    ['the last item alone', { ...base, kind: 'token', parameter: 'after', nextItem: 'id' }],
    [
      'numbers, and whether there are more',
      { ...base, kind: 'page', parameter: 'page', first: 1, more: 'more' },
    ],
    ['addresses', { ...base, kind: 'link', parameter: 'nextPage', next: '@odata\\.nextLink' }],
    [
      'addresses in a header, of a bare list',
      { ...base, kind: 'link', parameter: 'nextPage', nextHeader: 'Link', items: '' },
    ],
    ['all at once', { ...base, kind: 'whole' }],
  ])('by %s', (_, paging) => {
    const method = methodOf(connector, 'things.list', { paging });
    const seen: unknown[] = [];
    let args: Arguments | undefined = {};
    for (let asked = 0; args && asked < 9; asked++) {
      const headers: Record<string, string> = {};
      const given = args[paging.parameter ?? ''];
      const token =
        paging.kind === 'link' && given !== undefined
          ? new URL(String(given), 'http://x').searchParams.get('nextPage')
          : given;
      const query = token === undefined ? {} : { [paging.parameter ?? '']: token };
      const ways = {
        address: (name: string, text: string) => `http://x/things?${name}=${text}`,
        header: (name: string, value: string) => {
          headers[name.toLowerCase()] = value;
        },
      };
      const body = pageOf(stored, paging, query, { size: 2 }, ({ id }) => ({ id }), ways);
      const page = readPage(method, args, body, { url: 'http://x/things', base: 'http://x', headers });
      seen.push(...(page?.items ?? []));
      args = page?.next;
    }
    expect(seen).toEqual(stored.map(({ id }) => ({ id })));
  });

  it('refuses an item that there is not', () => {
    const paging: Paging = { ...base, kind: 'token', parameter: 'after', nextItem: 'id' };
    expect(() => pageOf(stored, paging, { after: 'nobody' }, { size: 2 }, ({ id }) => ({ id }))).toThrow(
      'after cannot be "nobody"',
    );
  });
});
