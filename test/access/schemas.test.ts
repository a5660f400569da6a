import { describe, expect, test } from 'vitest';
import { actions, resourceKinds } from '../../src/access/actions.ts';
import { parseStatements } from '../../src/access/statements.ts';
import { createPackageSchemas, readPackageSchema } from '../../src/schema.ts';

const files = ['service-user.schema.json', 'access-key.schema.json', 'policy.schema.json'];
const checkOf = createPackageSchemas(files);

describe('a body is refused', () => {
  test.each<[string, unknown]>([
    ['service-user.schema.json', { Name: '' }],
    ['service-user.schema.json', { name: 'x' }],
    ['service-user.schema.json', { Name: 'x', Policies: 'Administrator' }],
    ['service-user.schema.json', { Name: 'x', Policies: ['ReadOnly', 'ReadOnly'] }],
    ['service-user.schema.json', { Name: 'x', Id: 'mine' }],
    ['access-key.schema.json', { Status: 'active' }],
    ['access-key.schema.json', { Secret: 'mine' }],
    ['access-key.schema.json', []],
    ['policy.schema.json', { Name: 'x', Statements: [] }],
    ['policy.schema.json', { Statements: [{ Effect: 'Allow', Actions: ['*'], Resources: ['*'] }] }],
    ['policy.schema.json', { Statements: [{ Effect: 'deny', Actions: ['*'] }] }],
    ['policy.schema.json', { Statements: [{ Effect: 'deny', Actions: [], Resources: ['*'] }] }],
    ['policy.schema.json', { Statements: [{ Effect: 'deny', Actions: ['*'], Resources: ['*'], Sid: '1' }] }],
  ])('by %s: %j', (file, body) => {
    expect(checkOf(file)(body)).not.toEqual([]);
  });
});

describe.each(files)('%s', (file) => {
  const schema = readPackageSchema(file);

  test('accepts its own examples', () => {
    expect(schema.examples.length).toBeGreaterThan(0);
    for (const example of schema.examples) expect(checkOf(file)(example)).toEqual([]);
  });

  test('describes itself and every property', () => {
    expect([schema.title, schema.description].every((text) => typeof text === 'string')).toBe(true);
    const undescribed = Object.entries<{ description?: string }>(schema.properties).filter(
      ([, property]) => property.description === undefined,
    );
    expect(undescribed).toEqual([]);
  });
});

test('the policy schema tells of every action and every kind of resource', () => {
  const statement = readPackageSchema('policy.schema.json').properties.Statements.items.properties;
  expect(actions.filter((action) => !statement.Actions.description.includes(action))).toEqual([]);
  expect(resourceKinds.filter((kind) => !statement.Resources.description.includes(`${kind}/`))).toEqual([]);
});

test('the statements in the examples of the policy schema are ones that the program accepts', () => {
  const { examples } = readPackageSchema('policy.schema.json');
  for (const { Statements } of examples) {
    const statements = Statements.map(
      (each: { Effect: 'allow'; Actions: string[]; Resources: string[] }) => ({
        effect: each.Effect,
        actions: each.Actions,
        resources: each.Resources,
      }),
    );
    expect(parseStatements(statements)).toEqual(statements);
  }
});
