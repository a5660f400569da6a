import { describe, expect, test } from 'vitest';
import { BY, setUp } from './setup.ts';

describe('an access key is refused', () => {
  test('as the third of a service user', async () => {
    const { access, addUser, auditTrail } = setUp();
    const { userId } = await addUser();
    await access.accessKeys.create(BY, userId);
    const before = await auditTrail();
    await expect(access.accessKeys.create(BY, userId)).rejects.toMatchObject({
      code: 'access.too-many-keys',
    });
    expect(await auditTrail()).toEqual(before);
  });

  test('as the third also when it is INACTIVE or the others are', async () => {
    const { access, addUser } = setUp();
    const { userId } = await addUser([]);
    const second = await access.accessKeys.create(BY, userId, { status: 'INACTIVE' });
    const tooMany = expect.objectContaining({ code: 'access.too-many-keys' });
    await expect(access.accessKeys.create(BY, userId, { status: 'INACTIVE' })).rejects.toEqual(tooMany);
    await access.accessKeys.delete(BY, userId, second.key.id);
    await access.accessKeys.create(BY, userId);
  });

  test('as the third when several are asked for at once, by one process or by two', async () => {
    const { access, another, addUser } = setUp();
    const { userId } = await addUser();
    const other = another();
    const results = await Promise.allSettled(
      [access, other, access, other, other, access].map((each) => each.accessKeys.create(BY, userId)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'access.too-many-keys' });
    }
    expect(await access.accessKeys.list(userId)).toHaveLength(2);
  });

  test('for a service user that does not exist', async () => {
    const { access } = setUp();
    const unknown = expect.objectContaining({ code: 'access.unknown' });
    await expect(access.accessKeys.create(BY, 'nobody')).rejects.toEqual(unknown);
    await expect(access.accessKeys.list('nobody')).rejects.toEqual(unknown);
  });

  test('through another service user than its own, as if it did not exist', async () => {
    const { access, addUser } = setUp();
    const [one, other] = [await addUser(), await addUser()];
    const unknown = expect.objectContaining({ code: 'access.unknown' });
    const { accessKeys } = access;
    await expect(accessKeys.get(one.userId, other.key.id)).rejects.toEqual(unknown);
    await expect(accessKeys.update(BY, one.userId, other.key.id, { status: 'INACTIVE' })).rejects.toEqual(
      unknown,
    );
    await expect(accessKeys.regenerate(BY, one.userId, other.key.id)).rejects.toEqual(unknown);
    await expect(accessKeys.delete(BY, one.userId, other.key.id)).rejects.toEqual(unknown);
  });

  test('with a status that does not exist', async () => {
    const { access, addUser } = setUp();
    const { userId, key } = await addUser();
    const change = { status: 'inactive' as 'INACTIVE' };
    await expect(access.accessKeys.update(BY, userId, key.id, change)).rejects.toMatchObject({
      code: 'input.invalid',
      problems: [{ path: 'status' }],
    });
  });
});

test('an ACTIVE key cannot be deleted', async () => {
  const { access, addUser } = setUp();
  await addUser();
  const { userId, key } = await addUser();
  await expect(access.accessKeys.delete(BY, userId, key.id)).rejects.toMatchObject({
    code: 'access.key-active',
  });
  await access.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' });
  await access.accessKeys.delete(BY, userId, key.id);
  expect(await access.accessKeys.list(userId)).toEqual([]);
});

describe('the secret of a key', () => {
  test('has 256 random bits in letters that fit a URL', async () => {
    const { addUser } = setUp();
    const { secret } = await addUser();
    expect(secret.reveal()).toMatch(/^fp_key_[\w-]{43}$/);
  });

  test('is kept nowhere: not in the store, not in the audit, not in what is listed', async () => {
    const { access, addUser, dump } = setUp();
    const { userId, key, secret } = await addUser();
    const again = await access.accessKeys.regenerate(BY, userId, key.id);
    const listed = JSON.stringify([await access.accessKeys.list(userId), await dump(), key, again]);
    for (const text of [secret.reveal(), again.secret.reveal()]) expect(listed).not.toContain(text);
    expect(JSON.stringify(await access.accessKeys.list(userId))).not.toContain('Hash');
  });

  test('is another one after regenerating, and the id stays', async () => {
    const { access, addUser } = setUp();
    const { userId, key, secret } = await addUser();
    const issued = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    const again = await access.accessKeys.regenerate(BY, userId, key.id);
    expect(again.key).toMatchObject({ id: key.id, name: key.name, status: 'ACTIVE' });
    expect(again.secret.reveal()).not.toBe(secret.reveal());
    await expect(access.authenticate(issued.accessToken)).rejects.toMatchObject({
      code: 'access.unauthenticated',
    });
    const old = { clientId: key.id, clientSecret: secret };
    await expect(access.tokens.issue(old)).rejects.toMatchObject({ code: 'access.invalid-client' });
    await access.tokens.issue({ clientId: key.id, clientSecret: again.secret });
  });
});

test('an INACTIVE key signs nobody in, and its tokens stay void when it is ACTIVE again', async () => {
  const { access, addUser } = setUp();
  await addUser();
  const { userId, key, secret } = await addUser();
  const client = { clientId: key.id, clientSecret: secret };
  const issued = await access.tokens.issue(client);
  await access.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' });
  await expect(access.authenticate(issued.accessToken)).rejects.toMatchObject({
    code: 'access.unauthenticated',
  });
  await expect(access.tokens.issue(client)).rejects.toMatchObject({ code: 'access.invalid-client' });
  await access.accessKeys.update(BY, userId, key.id, { status: 'ACTIVE' });
  await expect(access.authenticate(issued.accessToken)).rejects.toMatchObject({
    code: 'access.unauthenticated',
  });
  await access.tokens.issue(client);
});

test('a key can be renamed without touching its tokens', async () => {
  const { access, addUser } = setUp();
  const { userId, key, secret } = await addUser();
  const issued = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
  await access.accessKeys.update(BY, userId, key.id, { name: 'Spring' });
  expect(await access.accessKeys.get(userId, key.id)).toMatchObject({ name: 'Spring', status: 'ACTIVE' });
  expect(await access.authenticate(issued.accessToken)).toMatchObject({ accessKeyId: key.id });
});

test('every change of a key is audited', async () => {
  const { access, addUser } = setUp();
  await addUser();
  const { userId, key } = await addUser();
  await access.accessKeys.regenerate('u/k', userId, key.id);
  await access.accessKeys.update('u/k', userId, key.id, { status: 'INACTIVE' });
  await access.accessKeys.delete('u/k', userId, key.id);
  const rows = await access.audit.list({ target: key.id, actor: 'u/k' });
  expect(rows.map((row) => row.action).sort()).toEqual([
    'access-key.delete',
    'access-key.regenerate',
    'access-key.update',
  ]);
});
