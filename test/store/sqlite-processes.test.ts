import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadKeyring } from '../../src/store/keyring.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { bundleChild, ended, startChild } from './node-child.ts';
import { makeTempFolder } from './temp-folder.ts';

test('nothing that was acknowledged is lost when the process is killed, and no write is there by half', async () => {
  const folder = makeTempFolder();
  const file = join(folder, 'fishplate.db');
  const keyFile = join(folder, 'key');
  const keyring = loadKeyring({ keyFile, createIfMissing: true });
  const child = startChild(
    await bundleChild(join(import.meta.dirname, 'children/writer.ts'), folder),
    file,
    keyFile,
  );
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
    if (output.split('\n').length > 200) child.kill('SIGKILL');
  });
  expect(await ended(child)).toBe('SIGKILL');

  const acknowledged = output
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
  const store = openSqlite({ file, keyring });
  const counters = await store.list('counter', { orderBy: 'value' });
  const tokens = await store.list('token', { orderBy: 'obtainedAt' });
  await store.close();
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(counters.map((row) => row.value).slice(0, acknowledged.length)).toEqual(acknowledged);
  // The write that the kill interrupted may be there too, but then the whole of it.
  expect(counters.length - acknowledged.length).toBeLessThanOrEqual(1);
  expect(tokens.map((row) => [row.id, row.token.reveal()])).toEqual(
    counters.map((row) => [row.id, `token ${row.value}`]),
  );
});

test('processes that make the key and the file at the same moment share both and lose no change', async () => {
  const folder = makeTempFolder();
  const file = join(folder, 'data', 'fishplate.db');
  const keyFile = join(folder, 'data', 'key');
  const bundle = await bundleChild(join(import.meta.dirname, 'children/counter.ts'), folder);
  const children = [1, 2, 3, 4].map(() => startChild(bundle, file, keyFile, '50'));
  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0, 0]);
  const store = openSqlite({ file, keyring: loadKeyring({ keyFile }) });
  expect((await store.get('counter', 'shared'))?.value).toBe(200);
  await store.close();
});
