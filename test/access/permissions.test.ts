import { describe, expect, test } from 'vitest';
import { type Action, actions } from '../../src/access/actions.ts';
import { findManagedPolicy } from '../../src/access/managed-policies.ts';
import { authorize, permits, type Resource } from '../../src/access/permissions.ts';
import type { PolicyStatement } from '../../src/store/rows.ts';
import { allow, deny } from './setup.ts';

const may = (statements: readonly PolicyStatement[], action: Action, resource: Resource) =>
  permits({ accountId: null, statements }, action, resource);
const pinned = (accountId: string, action: Action, resource: Resource) =>
  permits({ accountId, statements: [allow(['*'])] }, action, resource);

describe('nothing is allowed', () => {
  test.each<[string, PolicyStatement[], Action, Resource]>([
    ['without a statement', [], 'accounts:read', '*'],
    ['by a statement about another action', [allow(['accounts:read'])], 'accounts:write', '*'],
    ['by a statement about another resource', [allow(['*'], ['account/b'])], 'methods:read', 'account/a'],
    ['by a longer id', [allow(['*'], ['account/ab'])], 'methods:read', 'account/a'],
    ['on everything by a statement about one thing', [allow(['*'], ['account/a'])], 'methods:read', '*'],
    [
      'on all accounts by a statement about some',
      [allow(['*'], ['account/a*'])],
      'methods:read',
      'account/*',
    ],
    ['on no resource at all', [allow(['*'])], 'methods:read', []],
    ['that is denied', [allow(['*']), deny(['methods:*'])], 'methods:write', 'account/a'],
    [
      'that is denied first and allowed later',
      [deny(['methods:*']), allow(['*'])],
      'methods:write',
      'account/a',
    ],
    [
      'that a statement denies by pattern',
      [allow(['*']), deny(['*:write'], ['account/p-*'])],
      'methods:write',
      'account/p-1',
    ],
    [
      'on everything where one thing is denied',
      [allow(['*']), deny(['*'], ['account/a'])],
      'methods:read',
      '*',
    ],
    [
      'on all accounts where some are denied',
      [allow(['*']), deny(['*'], ['*/a*'])],
      'methods:read',
      'account/*',
    ],
    [
      'on an installation whose connector is denied',
      [allow(['*']), deny(['*'], ['connector/c'])],
      'methods:read',
      ['account/a', 'connector/c'],
    ],
  ])('%s', (_, statements, action, resource) => {
    expect(may(statements, action, resource)).toBe(false);
  });

  test('by a statement whose effect is neither of the two', () => {
    const odd = { ...allow(['*']), effect: 'Allow' } as unknown as PolicyStatement;
    expect(may([odd], 'accounts:read', '*')).toBe(false);
  });
});

describe('it is allowed', () => {
  test.each<[string, PolicyStatement[], Action, Resource]>([
    ['by name', [allow(['methods:read'], ['account/a'])], 'methods:read', 'account/a'],
    ['by pattern', [allow(['*:read'], ['account/*'])], 'methods:read', 'account/a'],
    ['on all accounts', [allow(['*'], ['account/*'])], 'methods:read', 'account/*'],
    ['although another action is denied', [allow(['*']), deny(['*:write'])], 'methods:read', 'account/a'],
    [
      'although another resource is denied',
      [allow(['*']), deny(['*'], ['account/b'])],
      'methods:read',
      'account/a',
    ],
    [
      'on all accounts although a connector is denied',
      [allow(['*']), deny(['*'], ['connector/c'])],
      'accounts:write',
      'account/*',
    ],
    [
      'by one of the names of a thing',
      [allow(['*'], ['connector/c'])],
      'methods:read',
      ['account/a', 'connector/c'],
    ],
  ])('%s', (_, statements, action, resource) => {
    expect(may(statements, action, resource)).toBe(true);
  });
});

describe('the managed policies', () => {
  test('let an administrator do everything', () => {
    const statements = findManagedPolicy('Administrator')?.statements ?? [];
    expect(actions.filter((action) => !may(statements, action, '*'))).toEqual([]);
  });

  test('let a reader read everything and do nothing else', () => {
    const statements = findManagedPolicy('ReadOnly')?.statements ?? [];
    expect(actions.filter((action) => may(statements, action, '*'))).toEqual(
      actions.filter((action) => action.endsWith(':read')),
    );
  });
});

describe('a token that is pinned to an account', () => {
  test.each<[Action, Resource]>([
    ['methods:read', 'account/b'],
    ['methods:read', '*'],
    ['methods:read', 'account/*'],
    ['methods:read', 'connector/c'],
    ['methods:read', []],
    ['installations:write', ['account/a', 'account/b']],
    ['installations:write', ['connector/c', 'account/b']],
    ['accounts:read', 'account/a/b'],
    ['connectors:read', 'account/b'],
    ['connectors:read', '*'],
  ])('cannot do %s on %j', (action, resource) => {
    expect(pinned('a', action, resource)).toBe(false);
  });

  test.each<[Action]>([
    ['accounts:write'],
    ['connectors:setup'],
    ['access:read'],
    ['access:write'],
    ['audit:read'],
  ])('cannot do %s anywhere, since that is of the console', (action) => {
    for (const resource of ['*', 'account/a', 'service-user/u', 'connector/c']) {
      expect(pinned('a', action, resource)).toBe(false);
    }
  });

  test.each<[Action, Resource]>([
    ['accounts:read', 'account/a'],
    ['installations:write', ['account/a', 'connector/c']],
    ['methods:write', 'account/a'],
    ['logs:read', 'account/a'],
    ['connectors:read', 'connector/c'],
    ['connectors:read', 'connector/*'],
  ])('can do %s on %j', (action, resource) => {
    expect(pinned('a', action, resource)).toBe(true);
  });

  test('gains nothing that the policies do not allow', () => {
    const grants = { accountId: 'a', statements: [allow(['methods:read'])] };
    expect(permits(grants, 'methods:write', 'account/a')).toBe(false);
  });
});

test('a refusal names the missing action and the resource', () => {
  const grants = { accountId: null, statements: [] };
  expect(() => authorize(grants, 'methods:write', ['account/a', 'connector/c'])).toThrow(
    expect.objectContaining({
      code: 'access.forbidden',
      message: 'The permission policies do not allow methods:write on account/a, connector/c',
      hint: expect.stringContaining('methods:write'),
    }),
  );
});

test('a refusal because of the pin says so', () => {
  const grants = { accountId: 'a', statements: [allow(['*'])] };
  expect(() => authorize(grants, 'methods:write', 'account/b')).toThrow(
    expect.objectContaining({
      code: 'access.forbidden',
      message: expect.stringContaining('pinned to account a'),
    }),
  );
});
