import { describe, expect, it } from 'vitest';
import type { Connector, JsonSchema, Method } from '../../src/definition/connector.ts';
import { createArgumentChecker } from '../../src/request/arguments.ts';
import { propertyNames, propertyNamesAt } from '../../src/request/property-names.ts';
import { createSchemaChecker } from '../../src/schema.ts';
import { acme, methodOf } from '../helpers/acme.ts';

const base = await acme();

const types: Record<string, JsonSchema> = {
  Town: { type: 'object', properties: { name: { type: 'string' }, code: { type: 'string' } } },
  Address: {
    allOf: [{ $ref: '#/$defs/Town' }],
    type: 'object',
    properties: { street: { type: 'string' } },
  },
  Tags: { type: 'object', additionalProperties: { type: 'string' } },
  Tree: {
    type: 'object',
    properties: { label: { type: 'string' }, branches: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
  },
  Card: {
    type: 'object',
    required: ['digits'],
    properties: { kind: { const: 'card' }, digits: { type: 'string' } },
  },
  Transfer: {
    type: 'object',
    required: ['iban'],
    properties: { kind: { const: 'transfer' }, iban: { type: 'string' } },
  },
  Payment: { anyOf: [{ $ref: '#/$defs/Card' }, { $ref: '#/$defs/Transfer' }] },
};

/** The problems that a body of the schema has: path, message and hint of each. */
function problemsOf(schema: JsonSchema, body: unknown, closed = true): string[] {
  const connector: Connector = { ...base, types };
  const method: Method = methodOf(base, 'things.create', {
    body: { required: true, schema, closed, encoding: 'json', fill: [] },
  });
  return createArgumentChecker(connector)
    .problems(method, { body })
    .map(({ path, message, hint }) => [path, message, ...(hint === undefined ? [] : [hint])].join(' | '));
}

const objectOf = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties });
const notBeside = 'it is known, but not beside the other fields given';

describe('a closed body', () => {
  it.each<[string, JsonSchema, unknown, string]>([
    [
      'in an object in it',
      objectOf({ town: { type: 'object', properties: { name: {} } } }),
      { town: { nmae: 1 } },
      'body.town.nmae | is not known here | did you mean "name"?',
    ],
    [
      'in the items of a list',
      objectOf({ towns: { type: 'array', items: { $ref: '#/$defs/Town' } } }),
      { towns: [{ name: 'a' }, { name: 'b', cod: 'c' }] },
      'body.towns.1.cod | is not known here | did you mean "code"?',
    ],
    [
      'in the values of a map',
      objectOf({ byName: { type: 'object', additionalProperties: { $ref: '#/$defs/Town' } } }),
      { byName: { any: { cod: 'c' } } },
      'body.byName.any.cod | is not known here | did you mean "code"?',
    ],
    [
      'through a composed type',
      objectOf({ address: { $ref: '#/$defs/Address' } }),
      { address: { name: 'a', street: 'b', streat: 'c' } },
      'body.address.streat | is not known here | did you mean "street"?',
    ],
    [
      'at every depth of a type that holds itself',
      { $ref: '#/$defs/Tree' },
      { branches: [{ branches: [{ lable: 'x' }] }] },
      'body.branches.0.branches.0.lable | is not known here | did you mean "label"?',
    ],
    [
      'whose name holds a dot',
      objectOf({ town: { $ref: '#/$defs/Town' } }),
      { town: { 'na.me': 1 } },
      'body.town.na.me | is not known here | did you mean "name"?',
    ],
  ])('refuses a field that it does not know %s, with the nearest name', (_, schema, body, problem) => {
    expect(problemsOf(schema, body)).toEqual([problem]);
  });

  it.each<[string, JsonSchema, unknown]>([
    ['the keys of a map', objectOf({ tags: { $ref: '#/$defs/Tags' } }), { tags: { any: 'x' } }],
    ['an object that declares nothing', objectOf({ data: { type: 'object' } }), { data: { any: 1 } }],
    [
      'an object that says that it is open',
      objectOf({ town: { type: 'object', properties: { name: {} }, additionalProperties: true } }),
      { town: { any: 1 } },
    ],
    [
      'what another part of the composition declares',
      objectOf({ town: { allOf: [{ $ref: '#/$defs/Town' }, { properties: { size: {} } }] } }),
      { town: { name: 'a', size: 1 } },
    ],
    ['what a type that holds itself declares', { $ref: '#/$defs/Tree' }, { branches: [{ branches: [] }] }],
    ['each kind of a union', objectOf({ by: { $ref: '#/$defs/Payment' } }), { by: { iban: 'x' } }],
  ])('takes %s', (_, schema, body) => {
    expect(problemsOf(schema, body)).toEqual([]);
  });

  it('that declares nothing takes nothing', () => {
    expect(problemsOf({ type: 'object' }, { any: 1 })).toEqual(['body.any | is not known here']);
  });

  it('leaves the types as they are: answers may hold fields that nobody knows yet', () => {
    expect(createSchemaChecker(types).check({ $ref: '#/$defs/Tree' }, { branches: [{ new: 1 }] })).toEqual(
      [],
    );
  });

  it('is open at every depth when it is open', () => {
    expect(problemsOf(objectOf({ town: { $ref: '#/$defs/Town' } }), { town: { x: 1 }, y: 2 }, false)).toEqual(
      [],
    );
  });
});

describe('a union whose kinds a property tells apart', () => {
  const schema: JsonSchema = { allOf: [{ $ref: '#/$defs/Payment' }, objectOf({ note: { type: 'string' } })] };

  it.each<[string, unknown, string[]]>([
    ['of what is missing in that kind only', { kind: 'transfer' }, ['body.iban | is missing']],
    [
      'of what is wrong and of what nobody knows, at once',
      { kind: 'card', digit: 'x' },
      ['body.digits | is missing', 'body.digit | is not known here | did you mean "digits"?'],
    ],
    ['of a kind that does not exist', { kind: 'cash' }, ['body.kind | must be one of "card", "transfer"']],
    [
      'of a field of the other kind',
      { kind: 'card', digits: '1', iban: 'x' },
      [`body.iban | is not known here | ${notBeside}`],
    ],
  ])('tells %s', (_, body, problems) => {
    expect(problemsOf(schema, body)).toEqual(problems);
  });

  it('tells what it refuses deeper in a body once, and not again of all that holds it', () => {
    expect(
      problemsOf(objectOf({ list: { type: 'array', items: schema } }), { list: [{ kind: 'card', x: 1 }] }),
    ).toEqual(['body.list.0.digits | is missing', 'body.list.0.x | is not known here']);
  });

  it('takes either kind without the property', () => {
    expect(problemsOf(schema, { digits: '1', note: 'x' })).toEqual([]);
    expect(problemsOf(schema, { iban: '1' })).toEqual([]);
    expect(problemsOf(schema, { note: 'x' })).not.toEqual([]);
  });
});

describe('the names of properties', () => {
  const tree = {
    Tree: { properties: { left: {} }, anyOf: [{ $ref: '#/$defs/Tree' }, { properties: { right: {} } }] },
  };

  it('are found through references and compositions, and in types that hold themselves', () => {
    expect(propertyNames({ $ref: '#/$defs/Tree' }, tree)).toEqual(['left', 'right']);
    expect(propertyNames(true, tree)).toEqual([]);
    expect(propertyNames({ $ref: '#/$defs/Nothing' }, tree)).toEqual([]);
  });

  it('are found below a path of names and indexes, and nowhere below what is not declared', () => {
    const schema = objectOf({ towns: { type: 'array', items: { $ref: '#/$defs/Address' } } });
    expect(propertyNamesAt(schema, types, ['towns', '3'])).toEqual(['street', 'name', 'code']);
    expect(propertyNamesAt(schema, types, ['villages', '3'])).toEqual([]);
    expect(propertyNamesAt(schema, types, ['constructor'])).toEqual([]);
  });
});
