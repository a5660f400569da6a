import { describe, expect, it } from 'vitest';
import { actions } from '../../src/access/actions.ts';
import { managedPolicies } from '../../src/access/managed-policies.ts';
import type { AccessKey, ServiceUser } from '../../src/console/api/access-answers.ts';
import { actorChoices, nameOfActor, nameOfTarget } from '../../src/console/pages/audit/actors.ts';
import {
  coveredBy,
  draftsOf,
  faultOf,
  newDraft,
  patternsOf,
  statementOf,
  toggle,
} from '../../src/console/pages/policy/statement-draft.ts';
import { envOf, jsonOf } from '../../src/console/pages/service-user/secret-forms.ts';
import { describeKeys } from '../../src/console/pages/service-users/describe-keys.ts';
import {
  actionGroups,
  covers,
  describeStatements,
  managedWords,
} from '../../src/console/parts/policy-words.ts';

describe('the words for policies', () => {
  it('know every action and every managed policy of the API, and no other', () => {
    const known = actionGroups.flatMap((group) => group.actions.map(({ action }) => action));
    expect([...known].sort()).toEqual([...actions].sort());
    expect(Object.keys(managedWords)).toEqual(managedPolicies.map(({ id }) => id));
  });

  it('say what is allowed, what is denied, and on what', () => {
    expect(
      describeStatements([
        { Effect: 'allow', Actions: ['*'], Resources: ['*'] },
        { Effect: 'allow', Actions: ['*:read'], Resources: ['account/a', 'account/b'] },
        { Effect: 'deny', Actions: ['a:b', 'a:c', 'a:d', 'a:e'], Resources: ['*', 'account/a'] },
      ]),
    ).toBe('Allows everything. Allows all reading on account/a and account/b. Denies 4 actions.');
  });

  it.each([
    ['*', 'methods:read', true],
    ['*:read', 'methods:read', true],
    ['*:read', 'methods:write', false],
    ['methods:*', 'methods:write', true],
    ['m.thods:read', 'methods:read', false],
    ['methods:read', 'methods:read', true],
  ])('%s covers %s: %s', (pattern, action, is) => {
    expect(covers(pattern, action)).toBe(is);
  });
});

describe('a statement in the form', () => {
  it('is not ready without actions or resources', () => {
    const draft = newDraft([]);
    expect(faultOf(draft)).toBe('Choose at least one action');
    expect(faultOf({ ...draft, actions: ['*'] })).toBe('');
    expect(faultOf({ ...draft, actions: ['*'], isEverywhere: false, lines: ' \n' })).toBe(
      'Name at least one resource',
    );
  });

  it('goes out as it came in', () => {
    const statements = [
      { Effect: 'deny', Actions: ['ac*:read'], Resources: ['account/a', 'connector/b'] },
      { Effect: 'allow', Actions: ['*'], Resources: ['*'] },
    ] as const;
    const drafts = draftsOf(statements);
    expect(drafts.map(statementOf)).toEqual(statements);
    expect(newDraft(drafts).id).toBe(2);
  });

  it('offers patterns that it has besides the usual ones', () => {
    expect(patternsOf(['ac*:read', 'logs:read']).map(({ pattern }) => pattern)).toEqual([
      ...['*', '*:read', 'ac*:read'],
    ]);
  });

  it('drops single actions that a new pattern takes in, and no others', () => {
    expect(toggle(['logs:read', 'methods:write'], '*:read')).toEqual(['methods:write', '*:read']);
    expect(toggle(['logs:read'], 'logs:read')).toEqual([]);
    expect(coveredBy(['*:read', 'logs:read'], 'logs:read')).toBe('*:read');
    expect(coveredBy(['logs:read'], 'logs:read')).toBeUndefined();
  });
});

it('writes credentials as the CLI reads them, and as JSON', () => {
  const credentials = { url: 'http://localhost:1', clientId: 'id', clientSecret: 's' };
  expect(envOf(credentials)).toBe(
    'FISHPLATE_URL=http://localhost:1\nFISHPLATE_CLIENT_ID=id\nFISHPLATE_CLIENT_SECRET=s\n',
  );
  expect(JSON.parse(jsonOf(credentials))).toEqual(credentials);
});

const key = (change: Partial<AccessKey>): AccessKey => ({
  ...{ Id: 'k', ServiceUserId: 'u', Name: 'Key', Status: 'ACTIVE' },
  ...{ CreatedDate: '2026-01-01T00:00:00.000Z', LastUsedDate: null },
  ...change,
});

it('counts active keys and finds the latest use of any', () => {
  expect(describeKeys([])).toEqual({ active: 0, lastUsed: null });
  expect(
    describeKeys([
      key({ LastUsedDate: '2026-01-02T00:00:00.000Z' }),
      key({ Status: 'INACTIVE', LastUsedDate: '2026-01-03T00:00:00.000Z' }),
    ]),
  ).toEqual({ active: 1, lastUsed: '2026-01-03T00:00:00.000Z' });
});

describe('an actor', () => {
  const users: ServiceUser[] = [
    { Id: 'u', Name: 'Sync', Policies: [], CreatedDate: '2026-01-01T00:00:00.000Z' },
  ];
  const known = { users, accessKeys: [key({})] };

  it('is named by service user and key, as far as they are there', () => {
    expect(nameOfActor('local', known)).toBe('This machine (CLI)');
    expect(nameOfActor('u/k', known)).toBe('Sync, Key');
    expect(nameOfActor('u/gone', known)).toBe('Sync');
    expect(nameOfActor('0b6ac1f0-9b7e/k2', known)).toBe('Deleted user 0b6ac1f0');
  });

  it('is what an entry is about too, beside accounts, policies and installations; what is gone keeps its id', () => {
    const targets = {
      ...known,
      accounts: [{ Id: 'acme', Name: 'Acme Industries' }],
      policies: [{ Id: 'p', Name: 'Calls only' }],
    };
    const name = (Target: string, more = {}) =>
      nameOfTarget({ Target, Action: 'x.y', AccountId: null, Detail: {}, ...more }, targets);
    expect(['u', 'k', 'acme', 'p'].map((id) => name(id))).toEqual([
      ...['Sync', 'Sync, Key', 'Acme Industries', 'Calls only'],
    ]);
    const installed = { Action: 'installation.install', AccountId: 'acme', Detail: { connector: 'billing' } };
    expect(name('i1', installed)).toBe('billing in Acme Industries');
    expect(name('i1', { ...installed, AccountId: 'gone' })).toBe('billing in gone');
    expect(name('removed')).toBeUndefined();
  });

  it('can be chosen once, also when it was only seen', () => {
    expect(actorChoices(known, ['u/k', 'u/gone', '']).map(({ value }) => value)).toEqual([
      ...['local', 'unknown', 'u/k', 'u/gone'],
    ]);
  });
});
