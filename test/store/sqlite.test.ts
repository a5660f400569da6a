import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { createKeyring, keyId, loadKeyring } from '../../src/store/keyring.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { Sqlite } from '../../src/store/sqlite-driver.ts';
import type { Change } from '../../src/store/store.ts';
import { describeDurableStore, describeStore } from '../conformance/store.ts';
import { makeTempFolder } from './temp-folder.ts';

const oldKey = { id: 'old', key: randomBytes(32) };
const newKey = { id: 'new', key: randomBytes(32) };
const keyring = createKeyring([oldKey], 'old');
const change: Change = {
  op: 'upsert',
  table: 'token',
  row: { id: 'i1', fingerprint: 'f', token: new Secret('s3cret'), obtainedAt: 1, expiresAt: 2 },
};

describeStore('SQLite in memory', async () => {
  const store = openSqlite({ file: ':memory:', keyring });
  return { store, dispose: () => store.close() };
});

describeDurableStore('SQLite in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
  const file = join(folder, 'fishplate.db');
  const keyFile = join(folder, 'key');
  const open = () => openSqlite({ file, keyring: loadKeyring({ keyFile, createIfMissing: true }) });
  const store = open();
  const writeKeys = (text: string) => writeFileSync(keyFile, text);
  return {
    store,
    openAnother: async () => open(),
    addKey: () => {
      const key = randomBytes(32);
      writeKeys(`${key.toString('base64')}\n${readFileSync(keyFile, 'utf8')}`);
      return keyId(key);
    },
    dropKey: (id) => {
      const lines = readFileSync(keyFile, 'utf8').trim().split('\n');
      writeKeys(lines.filter((line) => keyId(Buffer.from(line, 'base64')) !== id).join('\n'));
    },
    readBytes: async () => {
      const names = readdirSync(folder).filter((name) => name !== 'key');
      expect(names.sort()).toEqual(['fishplate.db', 'fishplate.db-shm', 'fishplate.db-wal']);
      return Buffer.concat(names.map((name) => readFileSync(join(folder, name))));
    },
    swapColumn: async (table, column, [one, other]) => {
      const db = new Sqlite(file);
      const read = db.prepare(`SELECT "${column}" FROM "${table}" WHERE id = ?`).pluck();
      const held = [read.get(one), read.get(other)];
      const put = db.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE id = ?`);
      put.run(held[1], one);
      put.run(held[0], other);
      db.close();
    },
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

test('a file of the first release is given the tables that came later, and keeps its rows', async () => {
  const file = join(makeTempFolder(), 'fishplate.db');
  const old = openSqlite({ file, keyring });
  const counter = { id: 'kept', value: 7 };
  await old.write([{ op: 'insert', table: 'counter', row: counter }]);
  await old.close();
  const db = new Sqlite(file);
  for (const index of ['call_failed_at', 'installation_state']) db.exec(`DROP INDEX "${index}"`);
  for (const column of ['failed', 'wire']) db.exec(`ALTER TABLE "call" DROP COLUMN "${column}"`);
  db.exec(`INSERT INTO "call" ("id", "at", "outcome", "detail") VALUES ('c1', 1, 'ok', '{}')`);
  db.exec(`INSERT INTO "call" ("id", "at", "outcome", "detail") VALUES ('c2', 2, 'vendor.invalid', '{}')`);
  for (const table of ['lease', 'keyedCall', 'heldCredentials', 'link']) db.exec(`DROP TABLE "${table}"`);
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
  for (const trigger of triggers) db.exec(`DROP TRIGGER "${trigger}"`);
  db.exec('DROP TABLE "version"');
  db.pragma('user_version = 1');
  db.close();
  const store = openSqlite({ file, keyring });
  expect(await store.get('counter', 'kept')).toEqual(counter);
  const calls = await store.list('call', { orderBy: 'at' });
  expect(calls.map(({ failed, wire }) => [failed, wire])).toEqual([
    [0, null],
    [1, null],
  ]);
  expect(await store.list('heldCredentials', { where: { owner: 'nobody' } })).toEqual([]);
  expect(await store.count('link')).toBe(0);
  const version = await store.version('access');
  await store.write([
    { op: 'insert', table: 'policy', row: { id: 'p', name: 'P', statements: [], createdAt: 1 } },
  ]);
  expect(await store.version('access')).not.toBe(version);
  await store.close();
});

test('a change that somebody makes in the file by hand moves the version', async () => {
  const file = join(makeTempFolder(), 'fishplate.db');
  const store = openSqlite({ file, keyring });
  const row = { id: 'p', name: 'P', statements: [], createdAt: 1 };
  await store.write([{ op: 'insert', table: 'policy', row }]);
  const version = await store.version('access');
  const db = new Sqlite(file);
  db.exec(`UPDATE "policy" SET "statements" = '[]'`);
  db.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await store.version('access')).not.toBe(version);
  await store.close();
});

describe('SQLite does not open', () => {
  test('a file that a newer release wrote, and leaves it as it is', async () => {
    const file = join(makeTempFolder(), 'fishplate.db');
    await openSqlite({ file, keyring }).close();
    const db = new Sqlite(file);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openSqlite({ file, keyring })).toThrow(
      expect.objectContaining({ code: 'store.newer-schema', message: expect.stringContaining('99') }),
    );
    const after = new Sqlite(file);
    expect(after.pragma('user_version', { simple: true })).toBe(99);
    after.close();
  });

  test('the database of another program, and leaves it as it is', () => {
    const file = join(makeTempFolder(), 'other.db');
    const db = new Sqlite(file);
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    expect(() => openSqlite({ file, keyring })).toThrow(
      expect.objectContaining({ code: 'store.unavailable' }),
    );
    const after = new Sqlite(file);
    expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
    after.close();
  });

  test('a file that is no database', () => {
    const file = join(makeTempFolder(), 'notes.txt');
    writeFileSync(file, 'not a database, but long enough to be taken for one: '.repeat(40));
    expect(() => openSqlite({ file, keyring })).toThrow(
      expect.objectContaining({ code: 'store.unavailable', message: expect.stringContaining('notes.txt') }),
    );
  });

  test('a folder', () => {
    const file = makeTempFolder();
    expect(() => openSqlite({ file, keyring })).toThrow(
      expect.objectContaining({ code: 'store.unavailable' }),
    );
  });

  test('an empty path, which SQLite takes for a file that is gone when it is closed', () => {
    expect(() => openSqlite({ file: '', keyring })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });
});

describe('SQLite wants every key that its values may be sealed with', () => {
  const mixed = createKeyring([newKey, oldKey], 'new');
  const only = (key: typeof oldKey) => createKeyring([key], key.id);
  const lacks = (id: string) =>
    expect.objectContaining({ code: 'store.sealed-unreadable', message: expect.stringContaining(id) });

  test('so it refuses another key at once, before anything is sealed with it', async () => {
    const file = join(makeTempFolder(), 'fishplate.db');
    await openSqlite({ file, keyring: only(oldKey) }).close();
    expect(() => openSqlite({ file, keyring: only(newKey) })).toThrow(lacks('old'));
    await openSqlite({ file, keyring: only(oldKey) }).close();
  });

  test('so it refuses another key under the same name', async () => {
    const file = join(makeTempFolder(), 'fishplate.db');
    await openSqlite({ file, keyring: only(oldKey) }).close();
    const impostor = only({ id: 'old', key: randomBytes(32) });
    expect(() => openSqlite({ file, keyring: impostor })).toThrow(lacks('old'));
  });

  test('so neither of two keys can be left out once both were in use', async () => {
    const file = join(makeTempFolder(), 'fishplate.db');
    const before = openSqlite({ file, keyring: only(oldKey) });
    await before.write([change]);
    await before.close();
    const after = openSqlite({ file, keyring: mixed });
    expect((await after.get('token', 'i1'))?.token.reveal()).toBe('s3cret');
    await after.close();
    expect(() => openSqlite({ file, keyring: only(oldKey) })).toThrow(lacks('new'));
    expect(() => openSqlite({ file, keyring: only(newKey) })).toThrow(lacks('old'));
  });
});

describe('a SQLite file', () => {
  test('can be read by its owner only, and so can its folder and its journal', async () => {
    const folder = join(makeTempFolder(), 'deep', 'data');
    const store = openSqlite({ file: join(folder, 'fishplate.db'), keyring });
    await store.write([change]);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect([mode(join(folder, '..')), mode(folder)]).toEqual(['700', '700']);
    expect(readdirSync(folder)).toHaveLength(3);
    for (const name of readdirSync(folder)) expect([name, mode(join(folder, name))]).toEqual([name, '600']);
    await store.close();
  });

  test('loses the rights of others when it had them', async () => {
    const folder = join(makeTempFolder(), 'data');
    mkdirSync(folder);
    const file = join(folder, 'fishplate.db');
    await openSqlite({ file, keyring }).close();
    chmodSync(file, 0o664);
    await openSqlite({ file, keyring }).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is one file again after it was closed', async () => {
    const file = join(makeTempFolder(), 'fishplate.db');
    const store = openSqlite({ file, keyring });
    await store.write([change]);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test('holds no trace of a deleted value', async () => {
    const file = join(makeTempFolder(), 'fishplate.db');
    const store = openSqlite({ file, keyring });
    const row = { id: 'a1', name: 'to-be-forgotten', parentId: null, details: {}, createdAt: 1 };
    await store.write([{ op: 'insert', table: 'account', row }]);
    await store.write([{ op: 'delete', table: 'account', where: { id: 'a1' } }]);
    await store.close();
    expect(readFileSync(file).includes('to-be-forgotten')).toBe(false);
  });
});

test('an error of a store holds neither the secret nor the value that was refused', async () => {
  const store = openSqlite({ file: ':memory:', keyring });
  const row = { ...change.row, fingerprint: new Secret('s3cret-in-the-wrong-place') };
  const error = await store
    .write([{ ...change, row } as unknown as Change])
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('token.fingerprint');
  expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
  await store.close();
});

describe('a file that is taken away from under an open store', () => {
  test.each<[string, (file: string, folder: string) => void]>([
    ['removing it', (file) => rmSync(file)],
    [
      'putting a backup in its place',
      (file, folder) => {
        copyFileSync(file, join(folder, 'backup'));
        renameSync(join(folder, 'backup'), file);
      },
    ],
  ])('by %s gets no more writes, which would be acknowledged and gone', async (_, take) => {
    const folder = makeTempFolder();
    const file = join(folder, 'fishplate.db');
    const store = openSqlite({ file, keyring });
    await store.write([change]);
    take(file, folder);
    await expect(store.write([change])).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining(file),
    });
    // What asks for nothing to be written asks whether anything could be.
    await expect(store.write([])).rejects.toMatchObject({ code: 'store.unavailable' });
    await store.close();
  });
});
