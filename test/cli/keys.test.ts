import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { loadKeyring } from '../../src/store/keyring.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { runLine } from './fake-io.ts';

/** A data folder as a harness leaves it, with some sealed values. */
async function makeData(count = 3) {
  const data = makeTempFolder();
  const keyFile = join(data, 'key');
  const file = join(data, 'fishplate.db');
  const store = openSqlite({ file, keyring: loadKeyring({ keyFile, createIfMissing: true }) });
  for (let n = 0; n < count; n++)
    await store.write([
      {
        op: 'insert',
        table: 'token',
        row: { id: `i${n}`, fingerprint: 'f', token: new Secret(`token ${n}`), obtainedAt: 1, expiresAt: 2 },
      },
    ]);
  await store.close();
  const keys = (...argv: string[]) => runLine(['keys', ...argv, '--data', data]);
  const json = async (...argv: string[]) => JSON.parse((await keys(...argv, '--json')).out);
  return { data, keyFile, file, keys, json };
}

describe('fishplate keys refuses', () => {
  it.each([[['status']], [['rotate']], [['remove', 'abc']]])(
    '%j of a folder without a database, and makes none',
    async (argv) => {
      const data = makeTempFolder();
      const { code, err } = await runLine(['keys', ...argv, '--data', data]);
      expect(code).toBe(2);
      expect(err).toContain('there is no database in');
      expect(existsSync(join(data, 'fishplate.db'))).toBe(false);
    },
  );

  it('to work without the key', async () => {
    const { data, keyFile } = await makeData();
    const other = join(makeTempFolder(), 'key');
    const env = { FISHPLATE_KEY_FILE: other };
    const missing = await runLine(['keys', 'status', '--data', data], { env });
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('[store.key-missing]')]);
    const wrong = { FISHPLATE_KEY: randomBytes(32).toString('base64') };
    const { code, err } = await runLine(['keys', 'status', '--data', data], { env: wrong });
    expect([code, err]).toEqual([1, expect.stringContaining('[store.sealed-unreadable]')]);
    expect(err).not.toContain(readFileSync(keyFile, 'utf8').trim());
  });

  it('to remove the current key, a key in use, and one that nobody knows', async () => {
    const { keys, json, file, keyFile } = await makeData();
    const [first] = await json('status');
    const current = await keys('remove', first.id);
    expect([current.code, current.err]).toEqual([1, expect.stringContaining('[store.key-in-use]')]);
    await json('rotate');
    const store = openSqlite({ file, keyring: loadKeyring({ keyFile }) });
    await store.sealing.setCurrent(() => first.id);
    await store.close();
    const [, other] = await json('status');
    const used = await keys('remove', other.id);
    expect([used.code, used.err]).toEqual([1, expect.stringContaining('3 in token.token')]);
    expect((await keys('remove', 'abc')).err).toContain('[store.key-missing]');
  });

  it('to rotate to nothing where the keys stand in the environment, and says how it is done', async () => {
    const { data, keyFile } = await makeData();
    const env = { FISHPLATE_KEY: readFileSync(keyFile, 'utf8') };
    const { code, err } = await runLine(['keys', 'rotate', '--data', data], { env });
    expect(code).toBe(2);
    expect(err).toContain('a line each');
  });
});

describe('fishplate keys', () => {
  it('rotates the key and removes the old one; no key is ever shown', async () => {
    const { keys, json, keyFile } = await makeData();
    const [old] = await json('status');
    expect(old).toMatchObject({ state: 'current', total: 3, given: true });
    const before = readFileSync(keyFile, 'utf8').trim();
    const rotated = await keys('rotate');
    expect(rotated.code).toBe(0);
    expect(rotated.out).toMatch(/^New key [0-9a-f]{16}: 3 values encrypted anew\n/);
    expect(rotated.out).toContain(`fishplate keys remove ${old.id}`);
    expect(rotated.err).toContain('3 of 3 values');
    const [current, former] = await json('status');
    expect([current, former]).toMatchObject([
      { state: 'current', total: 3 },
      { id: old.id, state: 'old', total: 0 },
    ]);
    expect((await keys('status')).out).toMatch(/KEY +STATE +VALUES +GIVEN/);
    expect((await keys('remove', old.id)).code).toBe(0);
    const after = readFileSync(keyFile, 'utf8').trim();
    expect(after.split('\n')).toHaveLength(1);
    expect((await json('status')).map(({ id }: { id: string }) => id)).toEqual([current.id]);
    for (const text of [rotated.out, rotated.err])
      for (const key of [before, after]) expect(text).not.toContain(key);
  });

  it('leaves a trail', async () => {
    const { json, file, keyFile } = await makeData();
    const { keyId, unused } = await json('rotate');
    await json('remove', unused[0]);
    const store = openSqlite({ file, keyring: loadKeyring({ keyFile }) });
    const trail = await store.list('audit', { orderBy: 'action' });
    expect(trail.map(({ actor, action, target }) => [actor, action, target])).toEqual([
      ['local', 'encryption-key.remove', unused[0]],
      ['local', 'encryption-key.rotate', keyId],
    ]);
    await store.close();
  });

  it('rotates keys that stand in the environment, new one first', async () => {
    const { data, keyFile } = await makeData();
    const old = readFileSync(keyFile, 'utf8').trim();
    const fresh = randomBytes(32).toString('base64');
    const keys = (lines: string, ...argv: string[]) =>
      runLine(['keys', ...argv, '--data', data], { env: { FISHPLATE_KEY: lines } });
    const rotated = await keys(`${fresh}\n${old}`, 'rotate');
    expect(rotated.code).toBe(0);
    const oldId = /keys remove (\w+)/.exec(rotated.out)?.[1] ?? '';
    const removed = await keys(`${fresh}\n${old}`, 'remove', oldId);
    expect(removed.err).toContain('FISHPLATE_KEY');
    const status = await keys(fresh, 'status', '--json');
    expect(JSON.parse(status.out)).toMatchObject([{ state: 'current', total: 3 }]);
  });
});
