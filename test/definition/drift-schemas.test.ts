import { describe, expect, it } from 'vitest';
import { bodyDifferences, driftAfter } from './drift-bed.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('a field', () => {
  it('is missing or extra, at every depth', async () => {
    const document = object({
      a: { type: 'string' },
      b: object({ c: { type: 'array', items: object({ d: {} }) } }),
    });
    const own = object({ e: { type: 'integer' }, b: object({ c: { type: 'array', items: object({}) } }) });
    expect(await bodyDifferences(document, own)).toEqual([
      'a missing "string" null',
      'e extra null "integer"',
      'b.c[].d missing "anything" null',
    ]);
  });

  it.each([
    ['type', { type: 'integer' }, { type: 'number' }, 'type ["integer"] ["number"]'],
    ['any type', {}, { type: 'string' }, 'type null ["string"]'],
    ['format', { type: 'string', format: 'date' }, { type: 'string' }, 'format "date" null'],
    ['values', { type: 'string', enum: ['b', 'a'] }, { enum: ['a', 'c'] }, 'enum ["a","b"] ["a","c"]'],
    ['default', { type: 'string', default: 'UTC' }, { type: 'string' }, 'default "UTC" null'],
    ['pattern', { type: 'string' }, { type: 'string', pattern: '^a' }, 'pattern null "^a"'],
    ['minLength', { type: 'string', minLength: 1 }, { type: 'string' }, 'minLength 1 null'],
    ['maxLength', { type: 'string', maxLength: 9 }, { type: 'string', maxLength: 8 }, 'maxLength 9 8'],
    ['minimum', { type: 'integer', minimum: 1 }, { type: 'integer', minimum: 0 }, 'minimum 1 0'],
    ['maximum', { type: 'integer' }, { type: 'integer', maximum: 5 }, 'maximum null 5'],
    ['multipleOf', { type: 'integer', multipleOf: 5 }, { type: 'integer' }, 'multipleOf 5 null'],
    ['minItems', { type: 'array', minItems: 1 }, { type: 'array' }, 'minItems 1 null'],
    ['maxItems', { type: 'array', maxItems: 5 }, { type: 'array', maxItems: 6 }, 'maxItems 5 6'],
    ['uniqueItems', { type: 'array', uniqueItems: true }, { type: 'array' }, 'uniqueItems true null'],
    ['items', { type: 'array', items: { type: 'string' } }, { type: 'array' }, 'items "string" null'],
    ['maxProperties', { type: 'object', maxProperties: 5 }, { type: 'object' }, 'maxProperties 5 null'],
    ['deprecated', { type: 'string', deprecated: true }, { type: 'string' }, 'deprecated true null'],
    ['nullable', { type: 'string', nullable: true }, { type: 'string' }, 'nullable true null'],
    ['not', { type: 'string', not: { const: '' } }, { type: 'string' }, 'not true null'],
  ])('has another %s', async (_, document, own, line) => {
    expect(await bodyDifferences(object({ f: document }), object({ f: own }))).toEqual([`f ${line}`]);
  });

  it('is required on both sides or on neither', async () => {
    const fields = { a: { type: 'string' }, b: { type: 'string' } };
    expect(
      await bodyDifferences(object(fields, { required: ['a'] }), object(fields, { required: ['b'] })),
    ).toEqual(['a required true false', 'b required false true']);
  });

  it('that only travels the other way is not expected', async () => {
    const id = { id: { type: 'string', readOnly: true }, name: { type: 'string' } };
    const document = object(id, { required: ['id', 'name'] });
    const own = object({ name: { type: 'string' } }, { required: ['name'] });
    expect(await bodyDifferences(document, own)).toEqual([]);
    expect(await bodyDifferences(document, object({ ...own.properties, id: { type: 'string' } }))).toEqual([
      'id extra null "string"',
      'name required true false',
    ]);
  });

  it('may have any name', async () => {
    const names = object({ constructor: { type: 'string' }, toString: { type: 'string' } });
    expect(await bodyDifferences(names, object({}))).toEqual([
      'constructor missing "string" null',
      'toString missing "string" null',
    ]);
  });
});

describe('a map', () => {
  it('has values of the same type', async () => {
    const map = (values: unknown) => ({ type: 'object', additionalProperties: values });
    expect(await bodyDifferences(map({ type: 'string' }), map({ type: 'number' }))).toEqual([
      '{} type ["string"] ["number"]',
    ]);
    expect(await bodyDifferences(map({ type: 'string' }), map(true))).toEqual([
      ' additionalProperties "string" null',
    ]);
    expect(await bodyDifferences(map(false), { type: 'object' })).toEqual([
      ' additionalProperties false null',
    ]);
    expect(await bodyDifferences(map(true), { type: 'object' })).toEqual([]);
    expect(await bodyDifferences(map({}), { type: 'object' })).toEqual([]);
  });
});

describe('schemas that say the same in other words', () => {
  it.each([
    [
      'a format that only says how wide a number is',
      { type: 'integer', format: 'int64' },
      { type: 'integer' },
    ],
    ['another name of a format', { type: 'string', format: 'url' }, { type: 'string', format: 'uri' }],
    ['null as a flag', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['null as a value', { type: 'string', nullable: true, enum: ['a', null] }, { enum: ['a', null] }],
    [
      'an exclusive bound as a flag',
      { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false },
      { type: 'number', exclusiveMinimum: 0, maximum: 5 },
    ],
    [
      'bounds of a number on a text',
      { type: 'string', minimum: 1, maximum: 36 },
      { type: 'string', minLength: 1, maxLength: 36 },
    ],
    ['bounds of a list on a map', { type: 'object', maxItems: 9 }, { type: 'object', maxProperties: 9 }],
    ['one value as a list', { type: 'string', enum: ['a'] }, { const: 'a' }],
    ['bounds beside listed values', { type: 'string', minLength: 1, enum: ['a'] }, { enum: ['a'] }],
    [
      'types one by one',
      { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'number' }] },
      { type: ['number', 'string'] },
    ],
    [
      'a schema around one other',
      { allOf: [{ type: 'string', maxLength: 5 }, {}] },
      { type: 'string', maxLength: 5 },
    ],
    ['a union of one', { oneOf: [{ type: 'string', maxLength: 5 }] }, { type: 'string', maxLength: 5 }],
    [
      'the tighter of two bounds',
      { maxLength: 9, allOf: [{ type: 'string', maxLength: 5 }] },
      { type: 'string', maxLength: 5 },
    ],
  ])('are the same: %s', async (_, document, own) => {
    expect(await bodyDifferences(object({ f: document }), object({ f: own }))).toEqual([]);
  });

  it('are the same in OpenAPI 3.1, where null is one branch of a union', async () => {
    const named = { anyOf: [{ $ref: '#/components/schemas/ThingRequest' }, { type: 'null' }] };
    const own = { allOf: [{ $ref: '#/$defs/ThingRequest' }], type: ['object', 'null'] };
    expect(await bodyDifferences(object({ f: named }), object({ f: own }), { openapi: '3.1.0' })).toEqual([]);
    expect(
      await bodyDifferences(object({ f: named }), object({ f: { $ref: '#/$defs/ThingRequest' } })),
    ).toEqual(['f nullable true null']);
  });

  it('are the same however their fields are spread over what they include', async () => {
    const schemas = { Base: object({ a: { type: 'string' } }, { required: ['a'] }) };
    const document = {
      allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { b: { type: 'string' } } }],
    };
    const own = object({ a: { type: 'string' }, b: { type: 'string' } }, { required: ['a'] });
    expect(await bodyDifferences(document, own, { schemas })).toEqual([]);
  });
});

describe('a union', () => {
  const card = object({ number: { type: 'string' } }, { required: ['number'] });
  const bank = object({ iban: { type: 'string' } });

  it('is compared branch by branch, whatever their order', async () => {
    expect(await bodyDifferences({ oneOf: [card, bank] }, { anyOf: [bank, card] })).toEqual([]);
    const other = object({ iban: { type: 'string', maxLength: 34 }, bic: { type: 'string' } });
    expect(await bodyDifferences({ oneOf: [card, bank] }, { anyOf: [other, card] })).toEqual([
      '|2.bic extra null "string"',
      '|2.iban maxLength null 34',
    ]);
  });

  it('lacks a branch or has one too many', async () => {
    expect(await bodyDifferences({ oneOf: [card, bank] }, bank)).toEqual(['|1 missing "object" null']);
    expect(await bodyDifferences(card, { oneOf: [card, bank] })).toEqual(['|2 extra null "object"']);
  });

  it('holds beside what surrounds it', async () => {
    const around = { currency: { type: 'string' } };
    const document = object(around, { oneOf: [card, bank] });
    const own = {
      anyOf: [
        object({ ...around, ...card.properties }, { required: ['number'] }),
        object({ ...around, ...bank.properties }),
      ],
    };
    expect(await bodyDifferences(document, own)).toEqual([]);
  });

  it('of what a discriminator maps to is told by its value', async () => {
    const base = object({ kind: { type: 'string', enum: ['C', 'B'] } });
    const mapping = { C: '#/components/schemas/Card', B: 'Bank' };
    const including = (schema: object) => ({ allOf: [{ $ref: '#/components/schemas/Payment' }, schema] });
    const schemas = {
      Payment: { ...base, discriminator: { propertyName: 'kind', mapping } },
      Card: including(card),
      Bank: including(bank),
    };
    const kind = (value: string) => ({ kind: { type: 'string', const: value } });
    const own = (second: string) => ({
      oneOf: [
        object({ ...kind('C'), ...card.properties }, { required: ['number'] }),
        object({ ...kind(second), ...bank.properties }),
      ],
    });
    const document = { $ref: '#/components/schemas/Payment' };
    expect(await bodyDifferences(document, own('B'), { schemas })).toEqual([]);
    expect(await bodyDifferences(document, own('X'), { schemas })).toEqual(['|2.kind enum ["B"] ["X"]']);
    expect(
      await bodyDifferences({ $ref: '#/components/schemas/Card' }, own('B').oneOf[0] ?? {}, { schemas }),
    ).toEqual(['kind enum ["B","C"] ["C"]']);
  });

  it('of more choices than can be compared is refused', async () => {
    const choice = (name: string) => ({ oneOf: [1, 2, 3, 4].map((n) => object({ [`${name}${n}`]: {} })) });
    const document = { allOf: ['a', 'b', 'c', 'd', 'e', 'f'].map(choice) };
    await expect(bodyDifferences(document, {})).rejects.toMatchObject({ code: 'drift.unreadable' });
  });
});

describe('what refers to itself', () => {
  const tree = (leaf: object) =>
    object({ value: leaf, children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } });
  const types = {
    Tree: object({ value: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } }),
  };
  const document = { $ref: '#/components/schemas/Tree' };
  const own = { $ref: '#/$defs/Tree' };

  it('is compared once, and told at its shortest path', async () => {
    expect(
      await bodyDifferences(document, own, { types, schemas: { Tree: tree({ type: 'string' }) } }),
    ).toEqual([]);
    expect(
      await bodyDifferences(document, own, { types, schemas: { Tree: tree({ type: 'integer' }) } }),
    ).toEqual(['value type ["integer"] ["string"]']);
  });

  it('may do so by what it includes, or be a branch of itself', async () => {
    const schemas = {
      Tree: { allOf: [{ $ref: '#/components/schemas/Tree' }], type: 'string' },
      Value: { anyOf: [{ $ref: '#/components/schemas/Value' }, { type: 'string', maxLength: 5 }] },
    };
    expect(await bodyDifferences(document, { type: 'string' }, { schemas })).toEqual([]);
    const value = { $ref: '#/components/schemas/Value' };
    expect(await bodyDifferences(value, { type: 'string', maxLength: 5 }, { schemas })).toContain(
      '|1 missing "anything" null',
    );
  });
});

describe('a reference of the document', () => {
  const schema = '/components/schemas/Thing';

  it.each([
    ['#/components/schemas/Nothing', 'leads nowhere'],
    ['other.json#/Thing', 'leads out of the document'],
  ])('%s that cannot be followed is refused', async ($ref, message) => {
    await expect(driftAfter({ [schema]: { $ref } })).rejects.toMatchObject({
      code: 'drift.unreadable',
      message: expect.stringContaining(`${$ref} ${message}`),
    });
  });

  it('is a JSON Pointer, with what must be escaped in it', async () => {
    const name = '/components/schemas/a~1b~0c d';
    const changes = { [name]: { type: 'string' }, [schema]: { $ref: '#/components/schemas/a~1b~0c%20d' } };
    const { differences } = await driftAfter(changes);
    expect(differences.find(({ method }) => method === 'things.get')).toMatchObject({
      what: 'type',
      expected: ['string'],
      message: 'type is object, in the document string',
    });
  });
});
