import { describe, expect, test } from 'vitest';
import { createAccess } from '../../src/access/access.ts';
import { Secret } from '../../src/secret.ts';
import type { TableName } from '../../src/store/rows.ts';
import type { Store } from '../../src/store/store.ts';
import { BY, setUp } from './setup.ts';

const LIFETIME_SECONDS = 1_209_599;

/** Counts what a store is asked for, in the order of asking. */
function recording(log: string[]): (store: Store) => Store {
  return (store) => ({
    ...store,
    get: (table: TableName, id: string) => {
      log.push(`get ${table}`);
      return store.get(table, id) as never;
    },
    write: (changes) => {
      log.push(`write ${changes.map(({ op, table }) => `${op} ${table}`).join(', ')}`);
      return store.write(changes);
    },
  });
}

describe('no token is issued', () => {
  test('to an unknown id, a wrong secret or an INACTIVE key: one same error, after the same work', async () => {
    const log: string[] = [];
    const { access, addUser } = setUp(recording(log));
    await addUser();
    const { userId, key, secret } = await addUser();
    const attempt = async (clientId: string, clientSecret: Secret) => {
      log.length = 0;
      const error = await access.tokens.issue({ clientId, clientSecret }).catch((thrown) => thrown);
      return { error: JSON.stringify(error), log: [...log] };
    };
    const unknown = await attempt('nobody', secret);
    const wrong = await attempt(key.id, new Secret('wrong'));
    await access.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' });
    const inactive = await attempt(key.id, secret);
    expect(JSON.parse(unknown.error)).toMatchObject({ code: 'access.invalid-client' });
    expect(unknown.log).toEqual(['get accessKey', 'write insert audit']);
    expect(wrong).toEqual(unknown);
    expect(inactive).toEqual(unknown);
  });

  test.each([[''], [' '], ['fp_key_'], ['0'.repeat(64)]])('to the secret %j', async (text) => {
    const { access, addUser } = setUp();
    const { key } = await addUser();
    const clientSecret = new Secret(text);
    await expect(access.tokens.issue({ clientId: key.id, clientSecret })).rejects.toMatchObject({
      code: 'access.invalid-client',
    });
    await expect(access.tokens.issue({ clientId: '', clientSecret })).rejects.toMatchObject({
      code: 'access.invalid-client',
    });
  });

  test('to a key that is switched off between the look and the write', async () => {
    let between: (() => Promise<unknown>) | undefined;
    const { access, store, addUser } = setUp((real) => ({
      ...real,
      write: async (changes) => {
        if (changes.some(({ op, table }) => op === 'insert' && table === 'accessToken')) await between?.();
        return real.write(changes);
      },
    }));
    await addUser();
    const { userId, key, secret } = await addUser();
    between = () => access.accessKeys.update(BY, userId, key.id, { status: 'INACTIVE' });
    await expect(access.tokens.issue({ clientId: key.id, clientSecret: secret })).rejects.toMatchObject({
      code: 'access.invalid-client',
    });
    expect(await store.count('accessToken')).toBe(0);
  });

  test.each([
    ['account:nobody'],
    ['account:'],
    ['account:*'],
    ['account'],
    ['a1'],
    ['Account:a1'],
    ['account:a1 account:a2'],
    ['admin'],
    [' account:a1'],
  ])('for the scope %j', async (scope) => {
    const { access, addUser, addAccount, store } = setUp();
    await addAccount('a1');
    const { key, secret } = await addUser();
    await expect(
      access.tokens.issue({ clientId: key.id, clientSecret: secret, scope }),
    ).rejects.toMatchObject({
      code: 'access.bad-scope',
    });
    expect(await store.count('accessToken')).toBe(0);
  });

  test('for a bad scope to somebody without the secret: that one learns nothing about accounts', async () => {
    const { access, addUser } = setUp();
    const { key } = await addUser();
    const request = { clientId: key.id, clientSecret: new Secret('wrong'), scope: 'account:nobody' };
    await expect(access.tokens.issue(request)).rejects.toMatchObject({ code: 'access.invalid-client' });
  });

  test.each([[0], [-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY]])(
    'with a lifetime of %d seconds: the access model is not even made',
    (tokenLifetimeSeconds) => {
      const world = {
        now: () => 0,
        random: () => 0,
        sleep: async () => {},
        after: () => () => undefined,
        uuid: () => '',
      };
      const store = {} as Store;
      expect(() => createAccess({ store, world, tokenLifetimeSeconds })).toThrow(
        expect.objectContaining({ code: 'config.invalid' }),
      );
    },
  );
});

describe('a token', () => {
  test('is answered as the partner API has it, with the scope only when there is one', async () => {
    const { access, addUser, addAccount } = setUp();
    await addAccount('a1');
    const { key, secret } = await addUser();
    const client = { clientId: key.id, clientSecret: secret };
    expect(await access.tokens.issue(client)).toEqual({
      accessToken: expect.stringMatching(/^fp_token_[\w-]{43}$/),
      tokenType: 'bearer',
      expiresIn: LIFETIME_SECONDS,
      clientId: key.id,
    });
    expect(await access.tokens.issue({ ...client, scope: '' })).not.toHaveProperty('scope');
    expect(await access.tokens.issue({ ...client, scope: 'account:a1' })).toMatchObject({
      scope: 'account:a1',
    });
  });

  test('is kept as its hash only', async () => {
    const { access, addUser, dump } = setUp();
    const { key, secret } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    expect(await dump()).not.toContain(accessToken);
    expect(await dump()).not.toContain(secret.reveal());
  });

  test('is known to another process on the same store', async () => {
    const { access, another, addUser } = setUp();
    const { key, secret, userId } = await addUser();
    const { accessToken } = await access.tokens.issue({ clientId: key.id, clientSecret: secret });
    expect(await another().authenticate(accessToken)).toMatchObject({ serviceUserId: userId });
  });

  test('leaves the store within the hour after it expired, when somebody signs in', async () => {
    const { access, store, clock, addUser } = setUp();
    const { key, secret } = await addUser();
    const client = { clientId: key.id, clientSecret: secret };
    await access.tokens.issue(client);
    clock.now += LIFETIME_SECONDS * 1000 - 1;
    await access.tokens.issue(client);
    expect(await store.count('accessToken')).toBe(2);
    clock.now += 3_600_000;
    await access.tokens.issue(client);
    expect(await store.count('accessToken')).toBe(2);
  });
});

describe('the audit of sign-ins', () => {
  test('has who got a token, and for which account', async () => {
    const { access, addUser, addAccount } = setUp();
    await addAccount('a1');
    const { key, secret, userId } = await addUser();
    await access.tokens.issue({ clientId: key.id, clientSecret: secret, scope: 'account:a1' });
    expect(await access.audit.list({ action: 'token.issue' })).toMatchObject([
      { actor: `${userId}/${key.id}`, target: key.id, accountId: 'a1' },
    ]);
  });

  test('has who was refused and why, but not what was sent', async () => {
    const { access, addUser, clock, dump } = setUp();
    const { key } = await addUser();
    const sent = new Secret('sent-by-mistake');
    await access.tokens.issue({ clientId: key.id, clientSecret: sent }).catch(() => undefined);
    clock.now += 1;
    await access.tokens.issue({ clientId: sent.reveal(), clientSecret: sent }).catch(() => undefined);
    expect(await access.audit.list({ action: 'token.refuse' })).toMatchObject([
      { actor: 'unknown', target: 'unknown', detail: { reason: 'unknown key' } },
      { actor: 'unknown', target: key.id, detail: { reason: 'wrong secret' } },
    ]);
    expect(await dump()).not.toContain('sent-by-mistake');
  });

  test('has so many refusals a minute, and then how many it left out', async () => {
    const { access, clock } = setUp();
    const knock = () =>
      access.tokens.issue({ clientId: 'nobody', clientSecret: new Secret('x') }).catch((error) => error.code);
    for (let n = 0; n < 200; n++) expect(await knock()).toBe('access.invalid-client');
    expect(await access.audit.list({ action: 'token.refuse', limit: 500 })).toHaveLength(60);
    clock.now += 60_000;
    await knock();
    const [newest] = await access.audit.list({ action: 'token.refuse' });
    expect(newest?.detail).toEqual({ reason: 'unknown key', unrecordedBefore: 140 });
  });
});
