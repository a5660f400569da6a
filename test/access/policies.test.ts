import { describe, expect, test } from 'vitest';
import type { PolicyStatement } from '../../src/store/rows.ts';
import { allow, BY, deny, setUp } from './setup.ts';

describe('a policy is refused', () => {
  test.each<[string, PolicyStatement[], string, string]>([
    [
      'with a mistyped action',
      [allow(['accounts:red'])],
      'statements.0.actions.0',
      'did you mean "accounts:read"?',
    ],
    ['with a noun that does not exist', [allow(['users:*'])], 'statements.0.actions.0', 'accounts:read'],
    ['with an empty action', [allow([''])], 'statements.0.actions.0', 'accounts:read'],
    [
      'with a mistyped resource',
      [allow(['*'], ['acount/a'])],
      'statements.0.resources.0',
      'did you mean "account"?',
    ],
    [
      'with a resource without id',
      [allow(['*'], ['account/'])],
      'statements.0.resources.0',
      'did you mean "account"?',
    ],
    ['with a pattern for the kind', [allow(['*'], ['acc*'])], 'statements.0.resources.0', 'account/{id}'],
    ['with an unknown effect', [{ ...allow(['*']), effect: 'Deny' } as never], 'statements.0.effect', ''],
    ['without statements', [], 'statements', ''],
    ['without actions', [allow([])], 'statements.0.actions', ''],
    ['without resources', [allow(['*'], [])], 'statements.0.resources', ''],
    [
      'with an endless pattern',
      [allow(['*'], [`account/${'x'.repeat(200)}`])],
      'statements.0.resources.0',
      '',
    ],
  ])('%s', async (_, statements, path, hint) => {
    const { access, auditTrail } = setUp();
    const error = await access.policies.create(BY, { name: 'P', statements }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'input.invalid', problems: [{ path }] });
    expect(error.problems[0].hint ?? '').toContain(hint);
    expect(await auditTrail()).toEqual([]);
  });

  test('with all its problems at once', async () => {
    const { access } = setUp();
    const statements = [allow(['accounts:red'], ['nowhere/x']), deny(['*'], ['*']), allow(['logs:raed'])];
    const error = await access.policies.create(BY, { name: 'P', statements }).catch((thrown) => thrown);
    expect(error.problems.map((problem: { path: string }) => problem.path)).toEqual([
      'statements.0.actions.0',
      'statements.0.resources.0',
      'statements.2.actions.0',
    ]);
  });

  test.each([
    ['blank', ' \t'],
    ['too long', 'x'.repeat(201)],
    ['two lines', 'a\nb'],
    ['missing', undefined],
  ])('with a name that is %s', async (_, name) => {
    const { access } = setUp();
    const input = { name: name as string, statements: [allow(['*'])] };
    await expect(access.policies.create(BY, input)).rejects.toMatchObject({
      code: 'input.invalid',
      problems: [{ path: 'name' }],
    });
  });

  test.each([['administrator'], ['READONLY'], ['mine']])('with the name %s of another one', async (name) => {
    const { access } = setUp();
    await access.policies.create(BY, { name: 'Mine', statements: [allow(['*'])] });
    const other = await access.policies.create(BY, { name: 'Other', statements: [allow(['*'])] });
    const taken = expect.objectContaining({ code: 'access.name-taken' });
    await expect(access.policies.create(BY, { name, statements: [allow(['*'])] })).rejects.toEqual(taken);
    await expect(access.policies.update(BY, other.id, { name })).rejects.toEqual(taken);
  });

  test('with the id of another one as its name', async () => {
    const { access, addPolicy } = setUp();
    const name = await addPolicy(allow(['*']));
    await expect(access.policies.create(BY, { name, statements: [allow(['*'])] })).rejects.toMatchObject({
      code: 'access.name-taken',
    });
  });
});

describe('a policy cannot be changed or deleted', () => {
  test.each([['Administrator'], ['ReadOnly']])('when it is the managed %s', async (id) => {
    const { access } = setUp();
    const managed = expect.objectContaining({ code: 'access.managed-policy' });
    await expect(access.policies.update(BY, id, { statements: [deny(['*'])] })).rejects.toEqual(managed);
    await expect(access.policies.delete(BY, id)).rejects.toEqual(managed);
  });

  test('when it is not there', async () => {
    const { access } = setUp();
    const unknown = expect.objectContaining({ code: 'access.unknown' });
    await expect(access.policies.get('nobody')).rejects.toEqual(unknown);
    await expect(access.policies.update(BY, 'nobody', { name: 'x' })).rejects.toEqual(unknown);
    await expect(access.policies.delete(BY, 'nobody')).rejects.toEqual(unknown);
  });

  test('as long as a service user has it, since taking a denial away would widen its rights', async () => {
    const { access, addPolicy, addUser } = setUp();
    const id = await addPolicy(deny(['*:write']));
    const { userId } = await addUser(['Administrator', id]);
    await expect(access.policies.delete(BY, id)).rejects.toMatchObject({ code: 'access.policy-in-use' });
    await addUser();
    await access.serviceUsers.update(BY, userId, { policies: ['Administrator'] });
    await access.policies.delete(BY, id);
    await expect(access.policies.get(id)).rejects.toMatchObject({ code: 'access.unknown' });
  });
});

test('policies are listed with the managed ones first', async () => {
  const { access } = setUp();
  await access.policies.create(BY, { name: 'B', statements: [allow(['*'])] });
  await access.policies.create(BY, { name: 'A', statements: [allow(['*'])] });
  const list = await access.policies.list();
  expect(list.map(({ name, managed }) => [name, managed])).toEqual([
    ['Administrator', true],
    ['ReadOnly', true],
    ['A', false],
    ['B', false],
  ]);
});

test('a change replaces what it names, keeps the rest, and is audited with what was before', async () => {
  const { access } = setUp();
  const { id } = await access.policies.create(BY, { name: 'Mine', statements: [allow(['logs:read'])] });
  await access.policies.update('u/k', id, { statements: [deny(['logs:read'])] });
  expect(await access.policies.get(id)).toMatchObject({ name: 'Mine', statements: [deny(['logs:read'])] });
  expect(await access.audit.list({ action: 'policy.update' })).toMatchObject([
    {
      actor: 'u/k',
      target: id,
      detail: {
        before: { name: 'Mine', statements: [allow(['logs:read'])] },
        statements: [deny(['logs:read'])],
      },
    },
  ]);
});
