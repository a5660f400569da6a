import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/definition/connector.ts';
import { buildBody } from '../../src/server/field-body.ts';
import { describeValue, flattenSchema, formatLocation, parseLocation } from '../../src/server/fields.ts';
import { fromText } from '../../src/server/texts.ts';

const types: Record<string, JsonSchema> = {
  Node: { type: 'object', properties: { name: { type: 'string' }, child: { $ref: '#/$defs/Node' } } },
  Id: { type: 'string', readOnly: true, description: 'An id.' },
};
const locations = (schema: JsonSchema) => flattenSchema(schema, types).map(({ location }) => location);
const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});
const text: JsonSchema = { type: 'string' };

describe('flattening a schema', () => {
  it.each<[string, JsonSchema, string[]]>([
    ['names in names', object({ a: object({ b: text }), c: text }), ['a.b', 'c']],
    [
      'lists of objects',
      object({ items: { type: 'array', items: object({ name: text }) } }),
      ['[items].name'],
    ],
    ['lists of texts', object({ tags: { type: 'array', items: text } }), ['[tags]']],
    [
      'lists in lists',
      object({ a: { type: 'array', items: object({ b: { type: 'array', items: object({ c: text }) } }) } }),
      ['[a].[b].c'],
    ],
    ['a list of lists', object({ m: { type: 'array', items: { type: 'array', items: text } } }), ['[m].[]']],
    ['a list at the root', { type: 'array', items: object({ a: text }) }, ['[].a']],
    [
      'names with dots and brackets',
      object({ 'a.b': text, 'c[d]': object({ e: text }) }),
      ['\\a.b\\', '\\c[d]\\.e'],
    ],
    [
      'an object with open keys as one field',
      object({ map: { type: 'object', additionalProperties: text } }),
      ['map'],
    ],
    ['a type inside itself as one field', { $ref: '#/$defs/Node' }, ['name', 'child']],
    [
      'joined and chosen parts',
      { allOf: [object({ a: text })], oneOf: [object({ b: text }), object({ c: text })] },
      ['a', 'b', 'c'],
    ],
    ['nothing of a schema that says nothing', true, []],
    ['nothing of a text', text, []],
  ])('gives %s', (_, schema, expected) => {
    expect(locations(schema)).toEqual(expected);
  });

  it('says which fields may be left out: those that are not required all the way down', () => {
    const schema = object({ a: object({ b: text, c: text }, ['b']), d: object({ e: text }, ['e']) }, ['a']);
    const optional = flattenSchema(schema, {}).map(({ location, optional }) => [location, optional]);
    expect(optional).toEqual([
      ['a.b', false],
      ['a.c', true],
      ['d.e', true],
    ]);
  });

  it('takes words from a reference, and its own before them', () => {
    const schema = object({
      id: { $ref: '#/$defs/Id', description: 'Its own.' },
      kind: { enum: ['x', 1, null] },
    });
    expect(flattenSchema(schema, types)).toMatchObject([
      { location: 'id', types: ['string'], readOnly: true, description: 'Its own.' },
      { location: 'kind', values: ['x', '1'] },
    ]);
  });

  it('describes a parameter through its reference', () => {
    expect(describeValue({ type: 'array', items: { $ref: '#/$defs/Id' } }, types)).toMatchObject({
      types: ['array'],
      itemTypes: ['string'],
    });
  });
});

describe('a location', () => {
  it.each(['a', 'a.b', '[a].b', '[a].[b].c', '[m].[]', '[].a', '\\a.b\\.c', '[\\a.b\\].c'])(
    '%s is read back as it was',
    (location) => {
      expect(formatLocation(parseLocation(location) ?? [])).toBe(location);
    },
  );

  it.each(['', '.', 'a.', '.a', 'a..b', '[a', 'a]', '[a]b', '\\a'])('"%s" is none', (location) => {
    expect(parseLocation(location)).toBeUndefined();
  });

  it('is none when it leads deeper than a body may be', () => {
    expect(parseLocation(Array(64).fill('a').join('.'))).toHaveLength(64);
    expect(parseLocation(Array(100_000).fill('a').join('.'))).toBeUndefined();
  });
});

describe('building a body', () => {
  const build = (fields: Record<string, unknown>) =>
    buildBody(
      Object.entries(fields).map(([location, value]) => ({ segments: parseLocation(location) ?? [], value })),
    );

  it.each<[Record<string, unknown>, unknown]>([
    [
      { a: 1, 'b.c': 2, 'b.d': 3 },
      { a: 1, b: { c: 2, d: 3 } },
    ],
    [{ '[items].name': 'x', '[items].price': 1 }, { items: [{ name: 'x', price: 1 }] }],
    [
      { '[items].name': ['x', 'y'], '[items].price': [1, 2] },
      {
        items: [
          { name: 'x', price: 1 },
          { name: 'y', price: 2 },
        ],
      },
    ],
    [{ '[tags]': ['a', 'b'] }, { tags: ['a', 'b'] }],
    [{ '[tags]': 'a' }, { tags: ['a'] }],
    [{ '[].a': [1, 2] }, [{ a: 1 }, { a: 2 }]],
    [{ '[m].[]': [[1, 2], [3]] }, { m: [[1, 2], [3]] }],
    [{ map: { any: 'thing' } }, { map: { any: 'thing' } }],
  ])('from %j', (fields, body) => {
    expect(build(fields)).toEqual({ body });
  });

  it.each([
    { a: 1, 'a.b': 2 },
    { 'a.b': 2, a: 1 },
    { '[a]': 1, 'a.b': 2 },
  ])('refuses what cannot stand together: %j', (fields) => {
    expect(build(fields)).toHaveProperty('clash');
  });

  it('reaches no prototype', () => {
    const built = build({ '__proto__.polluted': true, 'constructor.x': 1 });
    expect(JSON.stringify(built)).toBe('{"body":{"__proto__":{"polluted":true},"constructor":{"x":1}}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a text for a number or a boolean', () => {
  it.each<[unknown, string[], unknown]>([
    ['5', ['integer'], 5],
    ['-5', ['integer'], -5],
    ['5.5', ['number'], 5.5],
    ['1e3', ['number'], 1000],
    ['TRUE', ['boolean'], true],
    [['1', '2'], ['integer'], [1, 2]],
  ])('%j as %j is %j', (value, allowed, expected) => {
    expect(fromText(value, allowed)).toEqual(expected);
  });

  it.each<[unknown, string[]]>([
    ['5', ['string']],
    ['5', ['string', 'integer']],
    ['5.5', ['integer']],
    ['', ['integer']],
    [' 5', ['integer']],
    ['0x10', ['number']],
    ['12345678901234567890', ['integer']],
    ['yes', ['boolean']],
    [5, ['boolean']],
    ['5', []],
  ])('%j as %j stays as it is', (value, allowed) => {
    expect(fromText(value, allowed)).toEqual(value);
  });
});
