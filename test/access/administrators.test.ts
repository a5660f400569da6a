import { describe, expect, test } from 'vitest';
import type { Access } from '../../src/access/access.ts';
import { allow, BY, deny, setUp } from './setup.ts';

const last = expect.objectContaining({ code: 'access.last-administrator' });

describe('nobody can take access management away from the last one who has it', () => {
  test('by deleting the service user', async () => {
    const { access, addUser } = setUp();
    const { userId } = await addUser();
    await addUser(['ReadOnly']);
    await expect(access.serviceUsers.delete(BY, userId)).rejects.toEqual(last);
  });

  test('by taking its policy away', async () => {
    const { access, addUser, addPolicy } = setUp();
    const { userId } = await addUser();
    const denial = await addPolicy(deny(['access:*']));
    await expect(access.serviceUsers.update(BY, userId, { policies: ['ReadOnly'] })).rejects.toEqual(last);
    const policies = ['Administrator', denial];
    await expect(access.serviceUsers.update(BY, userId, { policies })).rejects.toEqual(last);
  });

  test('by switching its only ACTIVE key off', async () => {
    const { access, addUser } = setUp();
    const { userId, key } = await addUser();
    const second = await access.accessKeys.create(BY, userId);
    await access.accessKeys.update(BY, userId, second.key.id, { status: 'INACTIVE' });
    await expect(access.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' })).rejects.toEqual(last);
  });

  test('by changing the policy that it has the right from', async () => {
    const { access, addUser, addPolicy } = setUp();
    const id = await addPolicy(allow(['access:*']));
    await addUser([id]);
    const statements = [allow(['access:*'], ['service-user/*'])];
    await expect(access.policies.update(BY, id, { statements })).rejects.toEqual(last);
    await access.policies.update(BY, id, { name: 'Access', statements: [allow(['access:write'])] });
  });

  test('although another administrator has no ACTIVE key', async () => {
    const { access, addUser } = setUp();
    const { userId } = await addUser();
    await access.serviceUsers.create(BY, { name: 'Without key', policies: ['Administrator'] });
    await expect(access.serviceUsers.delete(BY, userId)).rejects.toEqual(last);
  });

  test('although two are switched off at the same moment, by two processes', async () => {
    const { access, another, addUser } = setUp();
    const [one, other] = [await addUser(), await addUser()];
    const off = (by: Access, { userId, key }: typeof one) =>
      by.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' });
    const results = await Promise.allSettled([off(access, one), off(another(), other)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toEqual(last);
  });
});

test('of two administrators one may go', async () => {
  const { access, addUser } = setUp();
  const [one, other] = [await addUser(), await addUser()];
  await access.serviceUsers.delete(BY, one.userId);
  await expect(access.serviceUsers.delete(BY, other.userId)).rejects.toEqual(last);
});

test('before there is an administrator everything can be changed', async () => {
  const { access, addUser } = setUp();
  const { userId, key } = await addUser(['ReadOnly']);
  await access.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' });
  await access.serviceUsers.delete(BY, userId);
  expect(await access.serviceUsers.list()).toEqual([]);
});
