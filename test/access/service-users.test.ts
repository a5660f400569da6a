import { describe, expect, test } from 'vitest';
import { allow, BY, setUp } from './setup.ts';

describe('a service user is refused', () => {
  test('with a policy that does not exist, and told which was meant', async () => {
    const { access, auditTrail } = setUp();
    const input = { name: 'Sync', policies: ['ReadOnly', 'Adminstrator'] };
    await expect(access.serviceUsers.create(BY, input)).rejects.toMatchObject({
      code: 'input.invalid',
      problems: [{ path: 'policies.1', hint: 'did you mean "Administrator"?' }],
    });
    expect(await access.serviceUsers.list()).toEqual([]);
    expect(await auditTrail()).toEqual([]);
  });

  test.each([[''], ['   '], ['a\u0000b']])('with the name %j', async (name) => {
    const { access } = setUp();
    await expect(access.serviceUsers.create(BY, { name })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  test('with the name of another one, whatever its case, when it is made and when it is renamed', async () => {
    const { access } = setUp();
    const taken = { code: 'access.name-taken' };
    const first = await access.serviceUsers.create(BY, { name: 'Nightly Run' });
    const second = await access.serviceUsers.create(BY, { name: 'Other' });
    await expect(access.serviceUsers.create(BY, { name: ' nightly run ' })).rejects.toMatchObject(taken);
    await expect(access.serviceUsers.update(BY, second.id, { name: 'NIGHTLY RUN' })).rejects.toMatchObject(
      taken,
    );
    const both = ['a', 'A'].map((name) => access.serviceUsers.create(BY, { name }));
    expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    expect((await access.serviceUsers.update(BY, first.id, { name: 'Nightly RUN' })).name).toBe(
      'Nightly RUN',
    );
    await access.serviceUsers.delete(BY, first.id);
    expect((await access.serviceUsers.update(BY, second.id, { name: 'Nightly Run' })).name).toBe(
      'Nightly Run',
    );
  });

  test('when it is not there', async () => {
    const { access } = setUp();
    const unknown = expect.objectContaining({ code: 'access.unknown' });
    await expect(access.serviceUsers.get('nobody')).rejects.toEqual(unknown);
    await expect(access.serviceUsers.update(BY, 'nobody', { name: 'x' })).rejects.toEqual(unknown);
    await expect(access.serviceUsers.delete(BY, 'nobody')).rejects.toEqual(unknown);
  });
});

test('a service user has its policies by id, whether given by id or by name, each once', async () => {
  const { access } = setUp();
  const policy = await access.policies.create(BY, { name: 'Logs', statements: [allow(['logs:read'])] });
  const policies = ['logs', policy.id, 'READONLY'];
  const user = await access.serviceUsers.create(BY, { name: ' Sync ', policies });
  expect(user).toMatchObject({ name: 'Sync', policies: [policy.id, 'ReadOnly'] });
  expect(await access.serviceUsers.get(user.id)).toEqual(user);
});

test('service users are listed by name', async () => {
  const { access } = setUp();
  for (const name of ['B', 'A']) await access.serviceUsers.create(BY, { name });
  expect((await access.serviceUsers.list()).map((user) => user.name)).toEqual(['A', 'B']);
});

test('a change replaces what it names and is audited with what was before', async () => {
  const { access } = setUp();
  const { id } = await access.serviceUsers.create(BY, { name: 'Sync', policies: ['ReadOnly'] });
  await access.serviceUsers.update('u/k', id, { name: 'Nightly' });
  await access.serviceUsers.update('u/k', id, { policies: [] });
  expect(await access.serviceUsers.get(id)).toMatchObject({ name: 'Nightly', policies: [] });
  expect(await access.audit.list({ action: 'service-user.update', target: id })).toHaveLength(2);
});

test('a deleted service user takes its keys and tokens along, and nobody else', async () => {
  const { access, store, addUser } = setUp();
  const [kept, gone] = [await addUser(), await addUser()];
  const issued = await access.tokens.issue({ clientId: gone.key.id, clientSecret: gone.secret });
  await access.tokens.issue({ clientId: kept.key.id, clientSecret: kept.secret });
  await access.serviceUsers.delete(BY, gone.userId);
  await expect(access.authenticate(issued.accessToken)).rejects.toMatchObject({
    code: 'access.unauthenticated',
  });
  expect((await store.list('accessKey')).map((key) => key.id)).toEqual([kept.key.id]);
  expect((await store.list('accessToken')).map((token) => token.accessKeyId)).toEqual([kept.key.id]);
  expect(await access.audit.list({ action: 'service-user.delete' })).toMatchObject([
    { target: gone.userId, detail: { accessKeys: [gone.key.id] } },
  ]);
});
