import { describe, expect, it } from 'vitest';
import { createValidator } from '../../src/console/form/validator.ts';

const validator = createValidator<Record<string, unknown>>();
const faultsOf = (schema: object, data: Record<string, unknown>) =>
  validator.validateFormData(data, schema).errors.map(({ property, message }) => `${property} ${message}`);

describe('the form validator says in plain words', () => {
  it.each([
    ['what is missing', { required: ['name'] }, {}, '.name Fill this in'],
    ['what was emptied', { required: ['name'] }, { name: undefined }, '.name Fill this in'],
    [
      'what is no number',
      { properties: { n: { type: 'integer' } } },
      { n: 'x' },
      '.n Must be a whole number',
    ],
    [
      'what may be several',
      { properties: { n: { type: ['string', 'null'] } } },
      { n: 1 },
      '.n Must be a text or empty',
    ],
    [
      'what the choices are',
      { properties: { c: { enum: ['a', 'b'] } } },
      { c: 'z' },
      '.c Must be one of a, b',
    ],
    [
      'what is too long',
      { properties: { t: { maxLength: 2 } } },
      { t: 'abc' },
      '.t Must have at most 2 characters',
    ],
    ['what is too small', { properties: { n: { minimum: 1.5 } } }, { n: 1 }, '.n Must be at least 1.5'],
    [
      'what has another form',
      { properties: { t: { pattern: '^a$' } } },
      { t: 'b' },
      '.t Does not have the form that is asked for',
    ],
    [
      'what is no date',
      { properties: { d: { format: 'date' } } },
      { d: 'x' },
      '.d Must be a date such as 2026-01-31',
    ],
    [
      'what comes together',
      { dependentRequired: { a: ['b'] } },
      { a: '1' },
      '.b Comes together with the other one',
    ],
    ['what is not known', { properties: {}, additionalProperties: false }, { x: 1 }, '.x Is not known here'],
    [
      'where it is',
      { properties: { a: { items: { required: ['b'] } } } },
      { a: [{ b: 1 }, {}] },
      '.a.1.b Fill this in',
    ],
  ])('%s', (_, schema, data, expected) => {
    expect(faultsOf(schema, data)).toEqual([expected]);
  });

  it('only what the branch lacks that a value of a union comes nearest to', () => {
    const circle = {
      properties: { kind: { const: 'circle' }, r: { type: 'number' } },
      required: ['kind', 'r'],
    };
    const square = {
      properties: { kind: { const: 'square' }, a: { type: 'number' } },
      required: ['kind', 'a'],
    };
    const schema = { properties: { shape: { oneOf: [circle, square] } } };
    expect(faultsOf(schema, { shape: { kind: 'circle' } })).toEqual(['.shape.r Fill this in']);
    expect(faultsOf(schema, { shape: { kind: 'star' } })).toEqual([
      '.shape Fits none of the forms that it may have',
    ]);
  });
});

describe('the form validator', () => {
  const root = {
    $defs: {
      Name: { type: 'string', minLength: 1 },
      Tree: { properties: { next: { $ref: '#/$defs/Tree' } } },
    },
    properties: { name: { $ref: '#/$defs/Name' }, tree: { $ref: '#/$defs/Tree' } },
  } as const;

  it('finds references below the root, also those that lead back', () => {
    expect(faultsOf(root, { name: '', tree: { next: { next: {} } } })).toEqual(['.name Fill this in']);
    expect(faultsOf(root, { tree: { next: 5 }, name: 5 })).toEqual(['.name Must be a text']);
  });

  it('checks a part of a schema by the definitions of the whole, and changes neither', () => {
    const frozen = Object.freeze({ ...root });
    expect(validator.isValid({ $ref: '#/$defs/Name' }, { a: 1 }, frozen)).toBe(false);
    expect(validator.isValid({ properties: { a: { $ref: '#/$defs/Name' } } }, { a: 'x' }, frozen)).toBe(true);
  });

  it('takes a reference that leads nowhere for a value that does not fit', () => {
    expect(validator.isValid({ $ref: '#/$defs/Nothing' }, {}, root)).toBe(false);
  });

  it('hands errors to the form by field', () => {
    const { errorSchema } = validator.validateFormData(
      { a: [1] },
      { properties: { a: { items: { type: 'string' } } } },
    );
    expect(errorSchema).toEqual({ a: { 0: { __errors: ['Must be a text'] } } });
  });
});
