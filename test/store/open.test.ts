import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { openStore } from '../../src/store/open.ts';
import { makeTempFolder } from './temp-folder.ts';

const key = new Secret(randomBytes(32).toString('base64'));

test('a store is not opened without a key, and no file is made', async () => {
  const location = join(makeTempFolder(), 'fishplate.db');
  await expect(openStore({ location, keys: {} })).rejects.toMatchObject({ code: 'store.key-missing' });
  expect(existsSync(location)).toBe(false);
});

test('an unknown kind of location is refused without repeating its password', async () => {
  const error = await openStore({ location: 'mysql://me:s3cret@db/x', keys: { key } }).catch(
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code: 'config.invalid', message: expect.stringContaining('mysql:') });
  expect(JSON.stringify(error)).not.toContain('s3cret');
});

test.each([[''], ['sqlite:']])('a path and %j before a path lead to the same file', async (prefix) => {
  const path = join(makeTempFolder(), 'fishplate.db');
  const store = await openStore({ location: prefix + path, keys: { key } });
  expect(await store.count('account')).toBe(0);
  await store.close();
  expect(existsSync(path)).toBe(true);
});

test('a store in memory needs no file', async () => {
  const store = await openStore({ location: ':memory:', keys: { key } });
  expect(await store.count('account')).toBe(0);
  await store.close();
});
