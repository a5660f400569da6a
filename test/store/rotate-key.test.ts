import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { loadKeyring, parseKeyLines } from '../../src/store/keyring.ts';
import { removeKey, resealAll, rotateKey } from '../../src/store/rotate-key.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { bundleChild, ended, startChild } from './node-child.ts';
import { makeTempFolder } from './temp-folder.ts';

function makePlace() {
  const folder = makeTempFolder();
  const file = join(folder, 'fishplate.db');
  const keyFile = join(folder, 'key');
  const open = () => openSqlite({ file, keyring: loadKeyring({ keyFile, createIfMissing: true }) });
  const keys = () => parseKeyLines(readFileSync(keyFile, 'utf8'), 'the file').map(({ id }) => id);
  return { folder, file, keyFile, open, keys };
}

const seed = (count: number): Change[] =>
  Array.from({ length: count }, (_, n) => ({
    op: 'insert',
    table: 'token',
    row: { id: `seed-${n}`, fingerprint: 'f', token: new Secret(`seed-${n}`), obtainedAt: n, expiresAt: n },
  }));

const sealedBy = async (store: Store) =>
  Object.fromEntries((await store.sealing.usage()).map(({ id, values }) => [id, values['token.token'] ?? 0]));

describe('removing a key is refused', () => {
  test('while it seals values, with their number, and the key file keeps it', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    await store.write(seed(3));
    const [old = ''] = keys();
    await rotateKey(store, keyFile);
    const later = open();
    await later.sealing.setCurrent(() => old);
    await later.write([{ op: 'upsert', table: 'counter', row: { id: 'c', value: 1 } }]);
    const [fresh = ''] = keys();
    await expect(removeKey(later, fresh, keyFile)).rejects.toMatchObject({
      code: 'store.key-in-use',
      message: expect.stringContaining('3 in token.token'),
    });
    await expect(removeKey(later, old, keyFile)).rejects.toMatchObject({ code: 'store.key-in-use' });
    expect(keys()).toEqual([fresh, old]);
    await later.close();
    await store.close();
  });

  test('when nobody knows it, with the keys that there are', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    await expect(removeKey(store, 'abc', keyFile)).rejects.toMatchObject({
      code: 'store.key-missing',
      hint: `There are ${keys()[0]}.`,
    });
    await store.close();
  });
});

describe('rotating the key', () => {
  test('puts a new one before the old one, seals everything with it, and keeps the file for its owner alone', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    await store.write(seed(250));
    const [old = ''] = keys();
    const progress: number[] = [];
    const result = await rotateKey(store, keyFile, ({ resealed }) => void progress.push(resealed));
    expect(keys()).toEqual([result.keyId, old]);
    expect(result).toMatchObject({ made: true, resealed: 250, total: 250, unreadable: [], unused: [old] });
    expect(progress).toEqual([100, 200, 250]);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(await sealedBy(store)).toEqual({ [result.keyId]: 250, [old]: 0 });
    await store.close();
  });

  test('keeps the old key usable until it is removed, from the store and from the file', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    await store.write(seed(5));
    const [old = ''] = keys();
    const { keyId } = await rotateKey(store, keyFile);
    await removeKey(store, old, keyFile);
    expect(keys()).toEqual([keyId]);
    const later = open();
    expect((await later.get('token', 'seed-4'))?.token.reveal()).toBe('seed-4');
    await later.close();
    await store.close();
  });

  test('cut short while a key is removed from both is done by removing it again', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    const [old = ''] = keys();
    const { keyId } = await rotateKey(store, keyFile);
    await store.sealing.forget(old);
    expect(keys()).toEqual([keyId, old]);
    await removeKey(store, old, keyFile);
    expect(keys()).toEqual([keyId]);
    await store.close();
  });

  test('once more after it is done makes another key', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    await store.write(seed(2));
    const first = await rotateKey(store, keyFile);
    const second = await rotateKey(store, keyFile);
    expect(second.made).toBe(true);
    expect(keys().slice(0, 2)).toEqual([second.keyId, first.keyId]);
    await store.close();
  });

  test('leaves file and store as they were when the key file cannot be replaced', async () => {
    const { open, keyFile, keys } = makePlace();
    const store = open();
    await store.write(seed(2));
    const before = keys();
    chmodSync(keyFile, 0o644);
    await expect(rotateKey(store, keyFile)).rejects.toMatchObject({ code: 'store.key-invalid' });
    chmodSync(keyFile, 0o600);
    expect(keys()).toEqual(before);
    expect(await sealedBy(store)).toEqual({ [before[0] ?? '']: 2 });
    await store.close();
  });

  test('a key file that has its new first line, but a store that was not told, is taken up when the store is opened', async () => {
    const { open, keyFile, keys } = makePlace();
    const before = open();
    await before.write(seed(3));
    // As a kill between the two leaves it.
    const fresh = Buffer.alloc(32, 7).toString('base64');
    writeFileSync(keyFile, `${fresh}\n${readFileSync(keyFile, 'utf8')}`);
    const store = open();
    const result = await rotateKey(store, keyFile);
    expect(result).toMatchObject({ made: false, resealed: 3, keyId: keys()[0] });
    expect(keys()).toHaveLength(2);
    await before.close();
    await store.close();
  });

  test('a program with the old keys in its environment is told to start again, and seals nothing with the old one', async () => {
    const { open, file, keyFile } = makePlace();
    const store = open();
    await store.write(seed(1));
    const key = new Secret(readFileSync(keyFile, 'utf8'));
    const other = openSqlite({ file, keyring: loadKeyring({ key }) });
    await rotateKey(store, keyFile);
    const failure = { code: 'store.sealed-unreadable' };
    await expect(other.write(seed(2).slice(1))).rejects.toMatchObject({
      ...failure,
      hint: expect.stringContaining('Start it again'),
    });
    await expect(other.get('token', 'seed-0')).rejects.toMatchObject(failure);
    // What needs no key goes on.
    await other.write([{ op: 'insert', table: 'counter', row: { id: 'c', value: 1 } }]);
    await other.close();
    await store.close();
  });

  test('a program that knows the next key already goes over to it with the others', async () => {
    const { file } = makePlace();
    const [a, b] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
    const openWith = (lines: string) =>
      openSqlite({ file, keyring: loadKeyring({ key: new Secret(lines) }) });
    const first = openWith(`${a}\n${b}`);
    await first.write(seed(2));
    const second = openWith(`${b}\n${a}`);
    await first.write(seed(3).slice(2));
    const result = await resealAll(second);
    expect(result).toMatchObject({ resealed: 2, unused: [expect.any(String)] });
    await removeKey(second, result.unused[0] ?? '');
    // Old configurations do not bring the key back.
    await first.close();
    const third = openWith(`${a}\n${b}`);
    await third.write(seed(4).slice(3));
    expect(await sealedBy(third)).toEqual({ [result.keyId]: 4 });
    await third.close();
    await second.close();
  });
});

test('killed midway and run again it goes on, while another program reads and writes all along', async () => {
  const { folder, file, keyFile, open, keys } = makePlace();
  const store = open();
  await store.write(seed(2_000));
  const [old = ''] = keys();
  const rotator = await bundleChild(join(import.meta.dirname, 'children/rotator.ts'), folder);
  const worker = startChild(
    await bundleChild(join(import.meta.dirname, 'children/worker.ts'), join(folder, 'worker')),
    file,
    keyFile,
  );
  let worked = '';
  worker.stdout?.on('data', (chunk) => {
    worked += String(chunk);
  });
  await new Promise((resolve) => worker.stdout?.once('data', resolve));

  const killed = startChild(rotator, file, keyFile);
  killed.stdout?.on('data', (chunk) => {
    if (Number(String(chunk).split('\n')[0]) >= 300) killed.kill('SIGKILL');
  });
  expect(await ended(killed)).toBe('SIGKILL');
  const [fresh = '', ...rest] = keys();
  expect(rest).toEqual([old]);
  const halfway = await sealedBy(store);
  expect(halfway[fresh]).toBeGreaterThanOrEqual(300);
  expect(halfway[old]).toBeGreaterThan(0);
  await expect(removeKey(store, old, keyFile)).rejects.toMatchObject({ code: 'store.key-in-use' });

  const again = startChild(rotator, file, keyFile);
  let said = '';
  again.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  expect(await ended(again)).toBe(0);
  expect(said).toContain(`went on with ${fresh}`);
  await removeKey(store, old, keyFile);
  expect(keys()).toEqual([fresh]);

  const before = Number((await store.get('token', 'worker-0'))?.obtainedAt);
  await new Promise<void>((resolve) => {
    const look = setInterval(async () => {
      if (Number((await store.get('token', 'worker-0'))?.obtainedAt) <= before) return;
      clearInterval(look);
      resolve();
    }, 10);
  });
  worker.kill('SIGTERM');
  expect(await ended(worker)).toBe(0);
  expect(Number(worked.split('\n')[1])).toBeGreaterThan(100);
  expect(Object.keys(await sealedBy(store))).toEqual([fresh]);
  for (const row of await store.list('token'))
    if (row.id.startsWith('seed-')) expect(row.token.reveal()).toBe(row.id);
  await store.close();
});
