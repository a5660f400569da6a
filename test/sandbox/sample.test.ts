import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/definition/connector.ts';
import { textMatching } from '../../src/sandbox/pattern.ts';
import { completeValue, sampleOf } from '../../src/sandbox/sample.ts';
import { createSchemaChecker } from '../../src/schema.ts';

const types: Record<string, JsonSchema> = {
  Tree: {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      children: { type: 'array', items: { $ref: '#/$defs/Tree' } },
      parent: { $ref: '#/$defs/Tree' },
    },
  },
  Cat: {
    type: 'object',
    required: ['kind', 'lives'],
    properties: { kind: { const: 'cat' }, lives: { type: 'integer', maximum: 9, minimum: 7 } },
  },
  Dog: { type: 'object', required: ['kind'], properties: { kind: { const: 'dog' } } },
  Pet: { oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] },
};

const schemas: Record<string, JsonSchema> = {
  'nothing at all': true,
  'a const': { const: { a: 1 } },
  'an enum': { enum: ['b', 'a'] },
  'an example': { type: 'string', examples: ['GBP'], maxLength: 3 },
  'a date': { type: 'string', format: 'date' },
  'a moment': { type: 'string', format: 'date-time' },
  'an e-mail address': { type: 'string', format: 'email' },
  'a URL': { type: 'string', format: 'uri' },
  'a long text': { type: 'string', minLength: 40 },
  'a short text': { type: 'string', maxLength: 2 },
  'a pattern with a length': { type: 'string', pattern: '^[a-z]{2}-\\d{4}$', maxLength: 7 },
  'a bounded integer': { type: 'integer', minimum: 5, maximum: 7 },
  'a negative integer': { type: 'integer', maximum: -3 },
  'an open interval': { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  'a multiple': { type: 'integer', minimum: 11, multipleOf: 5 },
  'a nullable text': { type: ['null', 'string'] },
  'several items': {
    type: 'array',
    minItems: 3,
    items: { type: 'string', format: 'uuid' },
    uniqueItems: true,
  },
  'no items': { type: 'array', maxItems: 0, items: { type: 'string' } },
  'a map': { type: 'object', additionalProperties: { type: 'number' } },
  'a map with key rules': {
    type: 'object',
    minProperties: 2,
    propertyNames: { pattern: '^[a-z0-9]+$' },
    additionalProperties: { type: 'boolean' },
  },
  'parts put together': {
    allOf: [
      { $ref: '#/$defs/Dog' },
      { required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
    ],
  },
  'a union by reference': { $ref: '#/$defs/Pet' },
  'a union in a list': { type: 'array', minItems: 1, items: { $ref: '#/$defs/Pet' } },
  'a union of values': {
    type: 'object',
    additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
  'a recursive type': { $ref: '#/$defs/Tree' },
};

describe('sampleOf', () => {
  for (const [what, schema] of Object.entries(schemas)) {
    for (const complete of [true, false]) {
      it(`satisfies the schema of ${what}, ${complete ? 'with all fields' : 'with required fields only'}`, () => {
        const value = sampleOf(schema, types, { complete });
        expect(createSchemaChecker(types).check(schema, value)).toEqual([]);
      });
    }
  }

  it('is the same every time, and has other ids for another seed', () => {
    const schema: JsonSchema = { $ref: '#/$defs/Tree' };
    expect(sampleOf(schema, types, { seed: 'a' })).toEqual(sampleOf(schema, types, { seed: 'a' }));
    expect(sampleOf(schema, types, { seed: 'a' })).not.toEqual(sampleOf(schema, types, { seed: 'b' }));
  });
});

describe('completeValue', () => {
  it('adds required and defaulted fields at any depth and leaves the rest alone', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'integer', minimum: 4 },
        b: { type: 'string', default: 'UTC' },
        c: { type: 'string' },
        rows: { type: 'array', items: { $ref: '#/$defs/Cat' } },
      },
    };
    const value = { c: 'mine', rows: [{ lives: 8 }], extra: 1 };
    expect(completeValue(value, schema, types)).toEqual({
      a: 4,
      b: 'UTC',
      c: 'mine',
      rows: [{ lives: 8, kind: 'cat' }],
      extra: 1,
    });
  });
});

describe('textMatching', () => {
  it('finds nothing where there is nothing', () => {
    expect(textMatching('^a{5}$', 0, 3)).toBeUndefined();
    expect(textMatching('^(?!x)$', 1)).toBeUndefined();
  });

  it.each([
    '^[\\p{L}_$][\\p{L}_$0-9]*$',
    '^[^\\x00-\\x20\\x7f](?:[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?$',
    '^arn:aws:iam::\\d+:role/.*$',
    'HOUR|DAY|MINUTE',
    '^(?:urn|tag):(?<name>[a-f]{2,3})(\\.\\w+)+\\/x?$',
    '^[A-Z]{3}\\d{2,}[-_]end$',
  ])('builds a text for %s', (pattern) => {
    expect(textMatching(pattern)).toMatch(new RegExp(pattern, 'u'));
  });

  it('keeps to the bounds of length', () => {
    expect(textMatching('^x+$', 6, 6)).toBe('xxxxxx');
  });
});
