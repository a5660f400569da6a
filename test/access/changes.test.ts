import { expect, test } from 'vitest';
import { createAccessChange } from '../../src/access/changes.ts';
import { FishplateError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { setUp } from './setup.ts';

test('a decision is made again when another process changed something meanwhile', async () => {
  const { store } = setUp();
  const [mine, theirs] = [createAccessChange(store), createAccessChange(store)];
  const seen: number[] = [];
  const result = await mine(async () => {
    seen.push(await store.count('serviceUser'));
    if (seen.length < 3) await theirs(async () => ({ changes: [addUser(seen.length)], result: undefined }));
    return { changes: [addUser(99)], result: 'done' };
  });
  expect(result).toBe('done');
  expect(seen).toEqual([0, 1, 2]);
  expect(await store.count('serviceUser')).toBe(3);
});

test('decisions within one process are made one after the other', async () => {
  const { store } = setUp();
  const change = createAccessChange(store);
  const running: string[] = [];
  const decide = (name: string) => () => {
    running.push(`${name} begins`);
    return Promise.resolve().then(() => {
      running.push(`${name} ends`);
      return { changes: [], result: name };
    });
  };
  expect(await Promise.all([change(decide('one')), change(decide('two'))])).toEqual(['one', 'two']);
  expect(running).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
});

test('a decision that fails does not hold up the next one', async () => {
  const { store } = setUp();
  const change = createAccessChange(store);
  const failing = change(async () => {
    throw new FishplateError('access.unknown', 'no');
  });
  const next = change(async () => ({ changes: [], result: 'next' }));
  await expect(failing).rejects.toMatchObject({ code: 'access.unknown' });
  expect(await next).toBe('next');
});

test('it gives up in the end when others are always faster', async () => {
  let asked = 0;
  const { store } = setUp((real) => ({
    ...real,
    write: async () => {
      asked += 1;
      throw new FishplateError('store.stale', 'overtaken');
    },
  })) as { store: Store };
  const change = createAccessChange(store);
  await expect(change(async () => ({ changes: [], result: 0 }))).rejects.toMatchObject({
    code: 'store.stale',
  });
  expect(asked).toBe(20);
});

function addUser(n: number) {
  const row = { id: `u${n}`, name: `U${n}`, policies: [], createdAt: 1 };
  return { op: 'insert', table: 'serviceUser', row } as const;
}
