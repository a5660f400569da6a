import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { keyId, loadKeyring } from '../../src/store/keyring.ts';
import { makeTempFolder } from './temp-folder.ts';

const key = randomBytes(32);
const line = key.toString('base64');
const place = 'token/i/token';

/** Runs `work` and returns what it threw. */
function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function makeKeyFile(text: string, mode = 0o600): string {
  const path = join(makeTempFolder(), 'key');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('no keyring is loaded', () => {
  test('without any key: nothing is kept in plain text', () => {
    expect(() => loadKeyring({})).toThrow(expect.objectContaining({ code: 'store.key-missing' }));
  });

  test('from a key file that is not there, and none is made', () => {
    const path = join(makeTempFolder(), 'key');
    expect(() => loadKeyring({ keyFile: path })).toThrow(
      expect.objectContaining({ code: 'store.key-missing' }),
    );
    expect(existsSync(path)).toBe(false);
  });

  test('from a file and a text at once', () => {
    expect(() => loadKeyring({ keyFile: makeKeyFile(line), key: new Secret(line) })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });

  test.each([[0o640], [0o604], [0o660], [0o644], [0o610]])('from a key file of mode %o', (mode) => {
    const keyFile = makeKeyFile(line, mode);
    expect(() => loadKeyring({ keyFile, createIfMissing: true })).toThrow(
      expect.objectContaining({ code: 'store.key-invalid', hint: expect.stringContaining('chmod 600') }),
    );
    expect(readFileSync(keyFile, 'utf8')).toBe(line);
  });

  test('from a folder', () => {
    const keyFile = join(makeTempFolder(), 'key');
    mkdirSync(keyFile, { mode: 0o700 });
    expect(() => loadKeyring({ keyFile })).toThrow(expect.objectContaining({ code: 'store.key-invalid' }));
  });

  test('from a path that leads through a file', () => {
    const file = makeKeyFile(line);
    expect(() => loadKeyring({ keyFile: join(file, 'key'), createIfMissing: true })).toThrow(
      expect.objectContaining({ code: 'store.key-invalid' }),
    );
  });

  test.each([
    ['nothing', ''],
    ['blank lines only', '\n \n'],
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['hexadecimal', key.toString('hex')],
    ['a pass phrase', 'correct horse battery staple, and then some'],
    ['a good line before a bad one', `${line}\nnot-a-key`],
    ['the same key twice', `${line}\n${line}`],
  ])('from %s, and the error does not repeat it', (_, text) => {
    const error = errorOf(() => loadKeyring({ key: new Secret(text) }));
    expect(error).toMatchObject({ code: 'store.key-invalid' });
    for (const part of text.split('\n').filter((each) => each.trim() !== '')) {
      expect(String(error)).not.toContain(part);
    }
  });
});

describe('a keyring is loaded', () => {
  test.each([
    ['base64', line],
    ['base64 without padding', line.replace('=', '')],
    ['base64url', key.toString('base64url')],
    ['a line with Windows ending', `${line}\r\n`],
  ])('from %s', (_, text) => {
    expect(loadKeyring({ key: new Secret(text) }).currentId).toBe(keyId(key));
  });

  test.each([[0o600], [0o400]])('from a key file of mode %o', (mode) => {
    expect(loadKeyring({ keyFile: makeKeyFile(line, mode) }).currentId).toBe(keyId(key));
  });

  test('with its first line as the current key and the others for what is older', () => {
    const older = randomBytes(32).toString('base64');
    const sealed = loadKeyring({ key: new Secret(older) }).seal('s3cret', place);
    const both = loadKeyring({ keyFile: makeKeyFile(`${line}\n${older}\n`) });
    expect(both.currentId).toBe(keyId(key));
    expect(both.open(sealed, place)).toBe('s3cret');
  });
});

describe('a key file is made on request', () => {
  test('with mode 0600 in a folder of mode 0700, and nothing else is left behind', () => {
    const folder = join(makeTempFolder(), 'data');
    const keyFile = join(folder, 'key');
    loadKeyring({ keyFile, createIfMissing: true });
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual(['key']);
    expect(Buffer.from(readFileSync(keyFile, 'utf8'), 'base64')).toHaveLength(32);
  });

  test('once: the second start finds the same key', () => {
    const keyFile = join(makeTempFolder(), 'key');
    const first = loadKeyring({ keyFile, createIfMissing: true });
    const second = loadKeyring({ keyFile, createIfMissing: true });
    expect(second.open(first.seal('s3cret', place), place)).toBe('s3cret');
  });
});
