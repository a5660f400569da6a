import { describe, expect, test } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { allow, BY, deny, setUp } from './setup.ts';

const LIFETIME_MS = 1_209_599_000;
const unauthenticated = expect.objectContaining({ code: 'access.unauthenticated' });

describe('nobody is let in', () => {
  test.each([
    ['nothing', ''],
    ['the scheme only', 'Bearer'],
    ['a word', 'null'],
    ['a token that nobody issued', `fp_token_${'A'.repeat(43)}`],
    ['a token with a line break', `fp_token_${'A'.repeat(43)}\n`],
    ['an endless text', 'x'.repeat(100_000)],
  ])('with %s', async (_, bearer) => {
    const { access, addUser } = setUp();
    await addUser();
    await expect(access.authenticate(bearer)).rejects.toEqual(unauthenticated);
  });

  test("with the token's hash, which is what a copy of the database holds", async () => {
    const { access, addUser, signIn, store } = setUp();
    const { key, secret } = await addUser();
    await signIn(key.id, secret);
    const [row] = await store.list('accessToken');
    await expect(access.authenticate(`${row?.id}`)).rejects.toEqual(unauthenticated);
    await expect(access.authenticate(`fp_token_${row?.id.slice(0, 43)}`)).rejects.toEqual(unauthenticated);
  });

  test('with the secret of a key', async () => {
    const { access, addUser } = setUp();
    const { secret } = await addUser();
    await expect(access.authenticate(secret.reveal())).rejects.toEqual(unauthenticated);
  });

  test('once the token has expired, to the millisecond', async () => {
    const { access, addUser, clock } = setUp();
    const { key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    clock.now += LIFETIME_MS - 1;
    await access.authenticate(accessToken);
    clock.now += 1;
    await expect(access.authenticate(accessToken)).rejects.toEqual(unauthenticated);
  });

  test('with a token for an account that is gone, nor for another one of the same id', async () => {
    const { access, addUser, addAccount, clock, store } = setUp();
    await addAccount('a1');
    const { key, secret } = await addUser();
    const request = { clientId: key.id, clientSecret: secret, scope: 'account:a1' };
    const { accessToken } = await access.tokens.issue(request);
    await access.authenticate(accessToken);
    await store.write([{ op: 'delete', table: 'account', where: { id: 'a1' } }]);
    await expect(access.authenticate(accessToken)).rejects.toEqual(unauthenticated);
    clock.now += 1;
    await addAccount('a1');
    await expect(access.authenticate(accessToken)).rejects.toEqual(unauthenticated);
  });

  test('with a token that outlived the switching off of its key', async () => {
    const { access, addUser, store } = setUp();
    const { key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    await store.write([{ op: 'update', table: 'accessKey', id: key.id, set: { status: 'INACTIVE' } }]);
    await expect(access.authenticate(accessToken)).rejects.toEqual(unauthenticated);
  });

  test('with a token whose row points to the key of another service user', async () => {
    const { access, addUser, store } = setUp();
    const [one, other] = [await addUser(['ReadOnly']), await addUser()];
    const { accessToken } = await access.tokens.issue({ clientId: one.key.id, clientSecret: one.secret });
    const [row] = await store.list('accessToken');
    const set = { serviceUserId: other.userId };
    await store.write([{ op: 'update', table: 'accessToken', id: row?.id ?? '', set }]);
    await expect(access.authenticate(accessToken)).rejects.toEqual(unauthenticated);
  });
});

describe('a caller', () => {
  test('is who the key belongs to, with what the policies say', async () => {
    const { addUser, addPolicy, addAccount, signIn } = setUp();
    await addAccount('a1');
    const custom = await addPolicy(deny(['logs:read']));
    const { userId, key, secret } = await addUser(['ReadOnly', custom]);
    expect(await signIn(key.id, secret, 'account:a1')).toEqual({
      serviceUserId: userId,
      accessKeyId: key.id,
      accountId: 'a1',
      statements: [allow(['*:read']), deny(['logs:read'])],
    });
    expect(await signIn(key.id, secret)).toMatchObject({ accountId: null });
  });

  test('gains and loses rights at once when policies change', async () => {
    const { access, addUser, addPolicy } = setUp();
    await addUser();
    const custom = await addPolicy(allow(['logs:read']));
    const { userId, key, secret } = await addUser([custom]);
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    const may = async () => access.permits(await access.authenticate(accessToken), 'logs:read', 'account/a');
    expect(await may()).toBe(true);
    await access.policies.update(BY, custom, { statements: [deny(['logs:read'])] });
    expect(await may()).toBe(false);
    await access.serviceUsers.update(BY, userId, { policies: ['ReadOnly'] });
    expect(await may()).toBe(true);
    await access.serviceUsers.update(BY, userId, { policies: [] });
    expect(await may()).toBe(false);
  });

  test('may do nothing when one of its policies has vanished: it may have been a denial', async () => {
    const { access, addUser, addPolicy, signIn, store } = setUp();
    const custom = await addPolicy(deny(['*:write']));
    const { key, secret } = await addUser(['Administrator', custom]);
    await store.write([{ op: 'delete', table: 'policy', where: { id: custom } }]);
    const caller = await signIn(key.id, secret);
    expect(access.permits(caller, 'logs:read', '*')).toBe(false);
  });
});

describe('the last use of a key', () => {
  test('is noted at most once a minute', async () => {
    const { access, addUser, clock } = setUp();
    const { userId, key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    const start = clock.now;
    const lastUse = async () => {
      await access.authenticate(accessToken);
      return (await access.accessKeys.get(userId, key.id)).lastUsedAt;
    };
    expect(await lastUse()).toBe(start);
    clock.now = start + 59_999;
    expect(await lastUse()).toBe(start);
    clock.now = start + 60_000;
    expect(await lastUse()).toBe(start + 60_000);
  });

  test('is noted by one of many calls that come at once, and lets all of them in', async () => {
    const { access, addUser, clock } = setUp();
    const { key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    clock.now += 60_000;
    const callers = await Promise.all(Array.from({ length: 50 }, () => access.authenticate(accessToken)));
    expect(callers).toHaveLength(50);
  });

  test('is left unnoted by a disk that is full, and lets its calls in all the same', async () => {
    let isFull = false;
    let writes = 0;
    const { access, addUser, clock } = setUp((store) => ({
      ...store,
      write: async (changes) => {
        writes += 1;
        if (isFull) throw new FishplateError('store.unavailable', 'database or disk is full');
        return store.write(changes);
      },
    }));
    const { userId, key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    await access.authenticate(accessToken);
    const notedAt = (await access.accessKeys.get(userId, key.id)).lastUsedAt;
    [isFull, writes] = [true, 0];
    clock.now += 60_000;
    for (let n = 0; n < 10; n++)
      expect(await access.authenticate(accessToken)).toMatchObject({ accessKeyId: key.id });
    expect(writes).toBe(1);
    expect((await access.accessKeys.get(userId, key.id)).lastUsedAt).toBe(notedAt);
    isFull = false;
    clock.now += 60_000;
    await access.authenticate(accessToken);
    expect((await access.accessKeys.get(userId, key.id)).lastUsedAt).toBe(clock.now);
  });

  test('costs no write within the minute', async () => {
    let writes = 0;
    const { access, addUser } = setUp((store) => ({
      ...store,
      write: (changes) => {
        writes += 1;
        return store.write(changes);
      },
    }));
    const { key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    writes = 0;
    for (let n = 0; n < 10; n++) await access.authenticate(accessToken);
    expect(writes).toBe(0);
  });
});

test('what a caller was refused is in the audit', async () => {
  const { access, addUser, addAccount, signIn } = setUp();
  await addAccount('a1');
  const { userId, key, secret } = await addUser(['ReadOnly']);
  const caller = await signIn(key.id, secret, 'account:a1');
  expect(() => access.authorize(caller, 'methods:write', ['account/a1', 'connector/c'])).toThrow(
    expect.objectContaining({ code: 'access.forbidden' }),
  );
  access.authorize(caller, 'methods:read', 'account/a1');
  expect(await access.audit.list({ action: 'access.refuse' })).toMatchObject([
    {
      actor: `${userId}/${key.id}`,
      target: 'account/a1 connector/c',
      accountId: 'a1',
      detail: { action: 'methods:write' },
    },
  ]);
});

test('a refusal stands although it cannot be written down, and is counted in the next row', async () => {
  let broken = false;
  const { access, addUser, signIn } = setUp((store) => ({
    ...store,
    write: async (changes) => {
      if (broken) throw new Error('disk full');
      return store.write(changes);
    },
  }));
  const { key, secret } = await addUser([]);
  const caller = await signIn(key.id, secret);
  const forbidden = expect.objectContaining({ code: 'access.forbidden' });
  broken = true;
  expect(() => access.authorize(caller, 'logs:read', '*')).toThrow(forbidden);
  await new Promise(setImmediate);
  broken = false;
  expect(() => access.authorize(caller, 'logs:read', '*')).toThrow(forbidden);
  const rows = await access.audit.list({ action: 'access.refuse' });
  expect(rows.map((row) => row.detail)).toEqual([{ action: 'logs:read', unrecordedBefore: 1 }]);
});
