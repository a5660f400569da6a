import { expect, test } from 'vitest';
import { isFishplateError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import { allow, BY, setUp } from './setup.ts';

test('a change whose audit row cannot be written does not happen', async () => {
  let refuse = false;
  const { access } = setUp((store) => ({
    ...store,
    write: (changes) =>
      store.write(
        changes.map((change) =>
          refuse && change.op === 'insert' && change.table === 'audit'
            ? { ...change, row: { ...change.row, at: 0.5 } }
            : change,
        ),
      ),
  }));
  const user = await access.serviceUsers.create(BY, { name: 'Kept', policies: ['ReadOnly'] });
  const { key } = await access.accessKeys.create(BY, user.id);
  const policy = await access.policies.create(BY, { name: 'Kept', statements: [allow(['*'])] });
  refuse = true;
  const attempts = [
    () => access.serviceUsers.create(BY, { name: 'New' }),
    () => access.serviceUsers.update(BY, user.id, { name: 'New' }),
    () => access.serviceUsers.delete(BY, user.id),
    () => access.accessKeys.create(BY, user.id),
    () => access.accessKeys.update(BY, user.id, key.id, { status: 'INACTIVE' }),
    () => access.accessKeys.regenerate(BY, user.id, key.id),
    () => access.policies.create(BY, { name: 'New', statements: [allow(['*'])] }),
    () => access.policies.update(BY, policy.id, { name: 'New' }),
    () => access.policies.delete(BY, policy.id),
  ];
  for (const attempt of attempts) {
    await expect(attempt()).rejects.toSatisfy((error) => isFishplateError(error, 'internal.unexpected'));
  }
  expect(await access.serviceUsers.list()).toEqual([user]);
  expect(await access.accessKeys.list(user.id)).toEqual([key]);
  expect((await access.policies.list()).slice(2)).toEqual([policy]);
});

test('a Secret that gets into the detail is kept as redacted', async () => {
  const { access } = setUp();
  const detail = { secret: new Secret('s3cret') };
  await access.audit.record({ actor: BY, action: 'x.y', target: 't', accountId: null, detail });
  expect(await access.audit.list()).toMatchObject([{ detail: { secret: '[redacted]' } }]);
});

test('the audit is listed newest first, by filter and page by page', async () => {
  const { access, clock } = setUp();
  const start = clock.now;
  for (const [actor, action, target, accountId] of [
    ['local', 'a.b', 't1', null],
    ['local', 'a.c', 't2', 'a1'],
    ['u/k', 'a.b', 't1', 'a1'],
    ['u/k', 'a.b', 't2', null],
  ] as const) {
    await access.audit.record({ actor, action, target, accountId, detail: {} });
    clock.now += 1;
  }
  const times = async (filter: Parameters<typeof access.audit.list>[0]) =>
    (await access.audit.list(filter)).map((row) => row.at - start);
  expect(await times({})).toEqual([3, 2, 1, 0]);
  expect(await times({ actor: 'u/k' })).toEqual([3, 2]);
  expect(await times({ action: 'a.b', target: 't1' })).toEqual([2, 0]);
  expect(await times({ accountId: 'a1' })).toEqual([2, 1]);
  expect(await times({ accountId: null })).toEqual([3, 0]);
  expect(await times({ beforeMs: start + 2 })).toEqual([1, 0]);
  expect(await times({ limit: 2, offset: 1 })).toEqual([2, 1]);
});
