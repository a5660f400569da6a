import { describe, expect, it, vi } from 'vitest';
import { assertSchemaCompiles, createPackageSchemas, createSchemaChecker } from '../src/schema.ts';

const types = {
  Name: { type: 'string', minLength: 2 },
  Person: {
    type: 'object',
    required: ['name'],
    properties: { name: { $ref: '#/$defs/Name' }, born: { type: 'string', format: 'date' } },
  },
  Tree: { type: 'object', properties: { of: { type: 'array', items: { $ref: '#/$defs/Tree' } } } },
};
const { check, checkOf } = createSchemaChecker(types);

describe('a value that breaks its schema', () => {
  it.each<[string, object, unknown, string, string]>([
    ['type', { type: 'integer' }, 'x', '', 'must be an integer, not the string "x"'],
    ['types', { type: ['array', 'null'] }, 7, '', 'must be an array or null, not the number 7'],
    ['null', { type: 'object' }, null, '', 'must be an object, not null'],
    ['an array', { type: 'string' }, [], '', 'must be a string, not an array'],
    ['enum', { enum: ['a', 1] }, 'b', '', 'must be one of "a", 1'],
    ['const', { const: 'a' }, 'b', '', 'must be "a"'],
    ['a date', { type: 'string', format: 'date' }, '2026-02-30', '', 'must be a date such as 2026-01-31'],
    ['an e-mail', { type: 'string', format: 'email' }, 'me', '', 'must be an e-mail address'],
    ['an unworded format', { type: 'string', format: 'ipv4' }, 'x', '', 'must be a ipv4'],
    ['pattern', { type: 'string', pattern: '^\\p{Lu}$' }, 'a', '', 'must match ^\\p{Lu}$'],
    ['a missing key', { $ref: '#/$defs/Person' }, {}, 'name', 'is missing'],
    ['an unknown key', { properties: {}, additionalProperties: false }, { a: 1 }, 'a', 'is not known here'],
    ['an unevaluated key', { allOf: [{}], unevaluatedProperties: false }, { a: 1 }, 'a', 'is not known here'],
    ['a key forbidden by false', { properties: { a: false } }, { a: 1 }, 'a', 'is not allowed here'],
    ['not', { not: { const: 1 } }, 1, '', 'is what the schema excludes'],
    ['a reference', { $ref: '#/$defs/Name' }, 'x', '', 'must have at least 2 characters'],
    ['an empty text', { type: 'string', minLength: 1 }, '', '', 'must not be empty'],
    ['too long a text', { type: 'string', maxLength: 1 }, 'ab', '', 'must have at most 1 character'],
    ['too few items', { type: 'array', minItems: 1 }, [], '', 'must have at least 1 item'],
    ['too many items', { type: 'array', maxItems: 2 }, [1, 2, 3], '', 'must have at most 2 items'],
  ])('is told so in words: %s', (_, schema, value, path, message) => {
    expect(check(schema, value)).toEqual([{ path, message }]);
  });

  it('has its first thousand faults told, and that there are more', () => {
    const found = check({ type: 'array', items: { type: 'string' } }, new Array(5_000).fill(1));
    expect(found).toHaveLength(1_001);
    expect(found.at(-1)).toEqual({ path: '', message: 'has more problems than these' });
  });

  it('is not worth a copy of all other faults for each item of a list', () => {
    const concat = vi.spyOn(Array.prototype, 'concat');
    try {
      const found = check({ type: 'array', items: { $ref: '#/$defs/Person' } }, new Array(500).fill({}));
      expect(found).toHaveLength(500);
      expect(concat).not.toHaveBeenCalled();
    } finally {
      concat.mockRestore();
    }
  });

  it('has every fault named by its place, through lists, references and odd keys', () => {
    const schema = {
      type: 'object',
      properties: {
        people: { type: 'array', items: { $ref: '#/$defs/Person' } },
        'a/b~c': { type: 'boolean' },
      },
    };
    const value = { people: [{ name: 'Al' }, { name: 'x', born: 'then' }], 'a/b~c': 1 };
    expect(check(schema, value).map(({ path }) => path)).toEqual(['people.1.name', 'people.1.born', 'a/b~c']);
  });

  it('has the fault of the branch that was meant, not of the whole union', () => {
    const union = {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'a' }, size: { type: 'integer' } },
          required: ['kind'],
        },
        { type: 'string' },
      ],
    };
    expect(check(union, { kind: 'a', size: 'x' })).toEqual([
      { path: 'size', message: 'must be an integer, not the string "x"' },
    ]);
    expect(check(union, 5)).toHaveLength(1);
  });

  it('is found in recursive types, where it stands', () => {
    expect(check({ $ref: '#/$defs/Tree' }, { of: [{ of: [{ of: 'x' }] }] })).toEqual([
      { path: 'of.0.of.0.of', message: 'must be an array, not the string "x"' },
    ]);
  });

  it('is quoted only in part when it is long', () => {
    const [problem] = check({ type: 'integer' }, 'y'.repeat(5000));
    expect(problem?.message.length).toBeLessThan(100);
  });

  it.each(['__proto__', 'constructor', 'toString'])('is refused for the unknown key %s', (key) => {
    const value: unknown = JSON.parse(`{"${key}": 1}`);
    expect(check({ type: 'object', properties: {}, additionalProperties: false }, value)).toEqual([
      { path: key, message: 'is not known here' },
    ]);
    expect(check({ type: 'object', required: [key] }, {})).toEqual([{ path: key, message: 'is missing' }]);
  });

  it('is refused whatever it is by the schema false, and by none with the schema true', () => {
    expect(check(false, 1)).toEqual([{ path: '', message: 'is not allowed here' }]);
    expect(check(true, { anything: [1] })).toEqual([]);
  });
});

describe('a schema', () => {
  it.each<[string, object]>([
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['a type that does not exist', { type: 'text' }],
    ['a reference to nowhere', { $ref: '#/$defs/Nobody' }],
  ])('with %s does not compile', (_, schema) => {
    expect(() => assertSchemaCompiles(schema, types)).toThrow();
  });

  it('is compiled once, however often it is asked for', () => {
    const schema = { type: 'string' };
    expect(checkOf(schema)).toBe(checkOf(schema));
  });

  it('may carry what definitions add to it, silently', () => {
    const warn = vi.spyOn(console, 'warn');
    expect(check({ type: 'string', lookup: 'things', deprecated: true, 'x-note': 1 }, 'x')).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('leaves the value as it is: nothing is coerced or filled in', () => {
    const value = Object.freeze({ n: '5' });
    const schema = { properties: { n: { type: 'integer' }, m: { default: 1 } } };
    expect(check(schema, value)).toHaveLength(1);
    expect(value).toEqual({ n: '5' });
  });
});

describe('the schemas of the package', () => {
  it('refer to each other by file name', () => {
    const schemaOf = createPackageSchemas(['types.schema.json', 'json-schema.schema.json']);
    expect(schemaOf('types.schema.json')({ Thing: { type: 'object' } })).toEqual([]);
    expect(schemaOf('types.schema.json')({ Thing: { type: 'thing' } })).not.toEqual([]);
  });

  it('are not mistaken for others', () => {
    const schemaOf = createPackageSchemas(['json-schema.schema.json']);
    expect(() => schemaOf('types.schema.json')).toThrow('types.schema.json');
  });
});
