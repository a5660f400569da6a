import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConnector } from '../../src/definition/load.ts';
import { withOverlay } from '../helpers/overlay.ts';

type Edit = readonly [file: 'connector.yaml' | 'methods/things.yaml', from: string, to: string];

const load = (...edits: Edit[]) =>
  withOverlay(['acme'], async (folder) => {
    for (const [file, from, to] of edits) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(from);
      writeFileSync(path, text.replace(from, to));
    }
    const result = await loadConnector(folder);
    return 'problems' in result
      ? { problems: result.problems.map(({ pointer, message }) => `${pointer}: ${message}`) }
      : { problems: [], connector: result.connector };
  });

const TOKEN = '{ kind: token, parameter: next, size: size, items: data, next: next }';
const style = (text: string): Edit => ['connector.yaml', TOKEN, text];
const method = (from: string, to: string): Edit => ['methods/things.yaml', from, to];

describe('a paging style', () => {
  it.each([
    [
      '{ kind: token, parameter: next, items: data }',
      '/paging/token: the key "next" is missing in paging.token',
    ],
    [
      '{ kind: token, items: data, next: next }',
      '/paging/token: the key "parameter" is missing in paging.token',
    ],
    ['{ kind: link, items: data }', '/paging/token: the key "next" is missing in paging.token'],
    [
      `{ kind: token, parameter: next, items: data, next: next, last: done }`,
      '/paging/token/last: last has no effect on pages of kind token',
    ],
    [
      '{ kind: token, parameter: next, items: data, next: next, first: 1 }',
      '/paging/token/first: first has no effect on pages of kind token',
    ],
    [
      '{ kind: token, parameter: next, items: data, next: next, paths: [/x] }',
      '/paging/token/paths: paths has no effect on pages of kind token',
    ],
    [
      '{ kind: page, parameter: next, items: data, next: next }',
      '/paging/token/next: next has no effect on pages of kind page',
    ],
    [
      '{ kind: page, parameter: next, items: data, last: done, more: more }',
      '/paging/token/more: more and last say the same',
    ],
    [
      '{ kind: offset, parameter: next, items: data, pages: pages }',
      '/paging/token/pages: pages has no effect on pages of kind offset',
    ],
    [
      '{ kind: offset, parameter: next, items: data, totalOverflow: x }',
      '/paging/token/totalOverflow: totalOverflow has no effect without total',
    ],
    [
      '{ kind: offset, parameter: next, items: data, maximum: 5 }',
      '/paging/token/maximum: maximum has no effect without size',
    ],
    [
      '{ kind: whole, items: data, more: more }',
      '/paging/token/more: more has no effect on pages of kind whole',
    ],
    [
      '{ kind: link, items: data, next: { lastItem: url } }',
      '/paging/token/next: an item has no address of the page behind it',
    ],
    [
      '{ kind: link, in: body, items: data, next: next }',
      '/paging/token/in: in has no effect on pages of kind link',
    ],
    [
      '{ kind: link, items: data, next: next, paths: [/a/b*] }',
      '/paging/token/paths: "/a/b*" is no pattern of paths',
    ],
    [
      '{ kind: link, items: data, next: next, paths: [/a/**/b] }',
      '/paging/token/paths: "/a/**/b" is no pattern of paths',
    ],
    [
      '{ kind: token, parameter: next, items: data, next: data.-1.id }',
      '/paging/token/next: "data.-1.id" counts from the end with -1, which paths cannot',
    ],
    [
      '{ kind: token, parameter: next, items: data, next: { lastItem: a..b } }',
      '/paging/token/next/lastItem: "a..b" has an empty step',
    ],
    [
      '{ kind: token, parameter: next, items: $.data, next: next }',
      '/paging/token/items: "$.data" is another path language',
    ],
  ])('is refused: %s', async (text, problem) => {
    expect((await load(style(text))).problems).toEqual([problem]);
  });

  it.each(['{ body: a, header: b }', '{}', '{ query: a }', "{ header: 'a b' }"])(
    'has one place for what comes next, not %s',
    async (next) => {
      expect(
        (await load(style(`{ kind: token, parameter: next, items: data, next: ${next} }`))).problems,
      ).not.toEqual([]);
    },
  );

  it('brings the argument of its address along, which no other parameter may be called', async () => {
    const link = style('{ kind: link, size: size, items: data, next: { header: Link } }');
    const { connector } = await load(link);
    expect(connector?.methods['things.list']?.paging).toMatchObject({
      parameter: 'nextPage',
      nextHeader: 'Link',
    });
    expect(connector?.methods['things.list']?.parameters.nextPage).toMatchObject({
      in: 'query',
      required: false,
    });
    expect((await load(link, method('      limit:', '      nextPage:'))).problems).toEqual([
      '/methods/list/parameters/nextPage: the paging style gives the parameter "nextPage" already',
    ]);
  });

  it('may have its list at the root, and names with dots', async () => {
    const { connector } = await load(style("{ kind: link, items: '', next: { header: Link } }"));
    expect(connector?.methods['things.list']?.response).toMatchObject({ type: 'array' });
    const dotted = await load(style("{ kind: link, items: value, next: '@odata\\.nextLink' }"));
    expect(JSON.stringify(dotted.connector?.methods['things.list']?.response)).toContain(
      '"@odata.nextLink":{"type":["string","null"]}',
    );
  });
});

it('has the styles that the documentation shows', async () => {
  const [, styles = ''] =
    /^```yaml\n(paging:\n[\s\S]*?\n)```$/m.exec(readFileSync('docs/definitions.md', 'utf8')) ?? [];
  const connector = await load(
    [
      'connector.yaml',
      /^paging:\n( .*\n)+/m.exec(readFileSync('test/fixtures/acme/connector.yaml', 'utf8'))?.[0] ?? '',
      styles,
    ],
    method('      limit:', '      most:'),
  );
  expect(connector.problems).toEqual([]);
  expect(styles.match(/kind: \w+/g)).toHaveLength(8);
});

describe('a paged method', () => {
  const search = (paging: string): Edit[] => [
    method(
      '    verb: GET\n    path: /{{tenant}}/search\n    paging: { style: offset }',
      `    verb: POST\n    readOnly: true\n    path: /{{tenant}}/search\n    body: { type: object }\n    paging: ${paging}`,
    ),
  ];

  it('with a body says where what names the page goes', async () => {
    expect((await load(...search('{ style: offset }'))).problems).toEqual([
      '/methods/search/paging: nothing says whether "from" goes into the body',
    ]);
    expect((await load(...search('{ style: offset, in: query }'))).problems).toEqual([]);
    const { connector } = await load(...search('{ style: offset, in: body }'));
    expect(connector?.methods['things.search']?.parameters.from).toMatchObject({
      in: 'body',
      schema: { type: 'integer' },
    });
  });

  it('without a body has no place for it there', async () => {
    expect(
      (await load(method('paging: { style: offset }', 'paging: { style: offset, in: body }'))).problems,
    ).toEqual(['/methods/search/paging: there is no body for what names the page']);
  });

  it('follows links only when it reads', async () => {
    const link = style('{ kind: link, items: data, next: next }');
    expect(
      (
        await load(
          link,
          method(
            '    verb: GET\n    path: /{{tenant}}/things\n',
            '    verb: POST\n    path: /{{tenant}}/things\n',
          ),
        )
      ).problems,
    ).toEqual(['/methods/list/paging: links are followed by methods that only read']);
  });
});

describe('a lookup', () => {
  const unpaged = (response: string) =>
    method(
      "    paging: { style: token, maximum: 50 }\n    items: { $ref: '#/types/Thing' }",
      `    response: ${response}`,
    );
  const object = '{ type: object, properties: { data: { type: array, items: { type: object } } } }';

  it('is refused over what is no list', async () => {
    expect((await load(unpaged(object))).problems).toEqual([
      '/lookups/things/method: "things.list" answers no list to choose from',
    ]);
    expect((await load(unpaged("{ $ref: '#/types/Thing' }"))).problems).toEqual([
      '/lookups/things/method: "things.list" answers no list to choose from',
    ]);
  });

  it.each(['{ type: array, items: { type: object } }', '{}'])('is taken over %s', async (response) => {
    expect((await load(unpaged(response))).problems).toEqual([]);
  });

  it('says where the list is, where no paging style does', async () => {
    const items: Edit = [
      'connector.yaml',
      'method: things.list, value',
      'method: things.list, items: data, value',
    ];
    expect((await load(unpaged(object), items)).problems).toEqual([]);
    expect((await load(items)).problems).toEqual([
      '/lookups/things/items: the paging style says where the items are',
    ]);
  });
});

describe('paths into answers', () => {
  it.each<[string, Edit]>([
    [
      '/lookups/things/value',
      ['connector.yaml', 'value: id, name: name', 'value: "items[0].id", name: name'],
    ],
    ['/failures/', ['connector.yaml', 'body: { path: error }', 'body: { path: errors.-1.code }']],
    ['/test/identity/', ['connector.yaml', 'user.id', 'user..id']],
  ])('are looked at everywhere: %s', async (pointer, edit) => {
    expect((await load(edit)).problems).toEqual([expect.stringContaining(pointer)]);
  });
});

describe('the name that a vendor has for a parameter', () => {
  const limit = (text: string) =>
    method(
      'limit: { type: integer, minimum: 1, description: A number. }',
      `limit: { ${text}, description: A number. }`,
    );
  it.each([
    [
      'type: array, objects: brackets',
      '/methods/list/parameters/limit/objects: a array has no fields to write in brackets',
    ],
    [
      'type: object, objects: brackets, encode: json',
      '/methods/list/parameters/limit/objects: what is written as JSON is one text',
    ],
    [
      'in: header, type: object, objects: brackets',
      '/methods/list/parameters/limit/objects: brackets belong to names of the query',
    ],
    ["in: header, name: 'a b'", '/methods/list/parameters/limit/name: "a b" is no name of a header'],
  ])('is refused: %s', async (text, problem) => {
    expect((await load(limit(text))).problems).toEqual([problem]);
  });

  it('is that of one parameter alone', async () => {
    expect((await load(limit('name: ids'))).problems).toEqual([
      '/methods/list/parameters/limit/name: "ids" is sent as "ids" already',
    ]);
  });

  it('may hold what no key may', async () => {
    const { connector } = await load(limit("name: 'filter[max]', type: integer"));
    expect(connector?.methods['things.list']?.parameters.limit).toMatchObject({
      name: 'limit',
      wire: 'filter[max]',
      in: 'query',
    });
  });
});
