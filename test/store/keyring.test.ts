import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createKeyring, keyId } from '../../src/store/keyring.ts';

const key = randomBytes(32);
const id = keyId(key);
const keyring = createKeyring([{ id, key }], id);
const place = 'token/installation-1/token';
const unreadable = expect.objectContaining({ code: 'store.sealed-unreadable' });

/** Changes one character of the n-th part of a sealed text. */
function damage(sealed: string, part: number): string {
  return sealed
    .split('.')
    .map((text, index) => (index === part ? (text.startsWith('A') ? 'B' : 'A') + text.slice(1) : text))
    .join('.');
}

describe('a keyring refuses to open', () => {
  const sealed = keyring.seal('s3cret', place);

  test.each([
    ['another row', 'token/installation-2/token'],
    ['another column', 'token/installation-1/fingerprint'],
    ['another table', 'consoleValue/installation-1/token'],
    ['no place', ''],
  ])('a text that was moved to %s', (_, elsewhere) => {
    expect(() => keyring.open(sealed, elsewhere)).toThrow(unreadable);
  });

  test.each([
    ['the initialisation vector', 2],
    ['the tag', 3],
    ['the ciphertext', 4],
  ])('a text with one changed character in %s', (_, part) => {
    expect(() => keyring.open(damage(sealed, part), place)).toThrow(unreadable);
  });

  test.each([
    ['a plain text', 's3cret'],
    ['an empty text', ''],
    ['an unknown version', sealed.replace('v1.', 'v2.')],
    ['a tag cut to four bytes', sealed.replace(/\.([\w-]{6})[\w-]{16}\./, '.$1.')],
    ['a missing part', sealed.slice(0, sealed.lastIndexOf('.'))],
    ['a part too many', `${sealed}.AAAA`],
    ['a line break at the end', `${sealed}\n`],
  ])('%s', (_, text) => {
    expect(() => keyring.open(text, place)).toThrow(unreadable);
  });

  test('a text of a key that it lacks, and names that key', () => {
    const other = createKeyring([{ id: 'other', key: randomBytes(32) }], 'other');
    expect(() => other.open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'store.sealed-unreadable', message: expect.stringContaining(id) }),
    );
  });

  test('a text whose key id was exchanged for that of an equal key', () => {
    const twin = createKeyring([{ id: 'twin', key }], 'twin');
    expect(() => twin.open(sealed.replace(id, 'twin'), place)).toThrow(unreadable);
  });
});

describe('a keyring is not made', () => {
  test.each([
    ['from a key of 16 bytes', [{ id: 'a', key: randomBytes(16) }], 'a'],
    ['from no keys', [], 'a'],
    ['when the current key is none of those given', [{ id: 'a', key }], 'b'],
    [
      'when two keys have one id',
      [
        { id: 'a', key },
        { id: 'a', key: randomBytes(32) },
      ],
      'a',
    ],
    ['when an id holds a dot, which separates the parts', [{ id: 'a.b', key }], 'a.b'],
  ])('%s', (_, keys, current) => {
    expect(() => createKeyring(keys, current)).toThrow(
      expect.objectContaining({ code: 'store.key-invalid' }),
    );
  });
});

describe('a keyring opens what it sealed', () => {
  test.each([[''], ['s3cret'], ['Grüße, 世界 🚆'], ['x'.repeat(100_000)], ['\u0000']])('%j', (text) => {
    expect(keyring.open(keyring.seal(text, place), place) === text).toBe(true);
  });

  test('never sealing a text the same way twice', () => {
    expect(keyring.seal('s3cret', place)).not.toBe(keyring.seal('s3cret', place));
  });

  test('in a text that names version and key, with 96 bits of IV and 128 bits of tag', () => {
    const fixed = createKeyring([{ id: 'k1', key }], 'k1', (bytes) => Buffer.alloc(bytes, 7));
    const [version, keyName, iv = '', tag = ''] = fixed.seal('s3cret', place).split('.');
    expect([version, keyName, iv]).toEqual(['v1', 'k1', Buffer.alloc(12, 7).toString('base64url')]);
    expect(Buffer.from(tag, 'base64url')).toHaveLength(16);
  });

  test('also with a key that is no longer the current one', () => {
    const next = { id: 'next', key: randomBytes(32) };
    const both = createKeyring([next, { id, key }], 'next');
    expect(both.open(keyring.seal('s3cret', place), place)).toBe('s3cret');
    expect(both.seal('s3cret', place)).toMatch(/^v1\.next\./);
  });

  test('without ever printing its keys', () => {
    const printed = inspect(keyring, { depth: 9, showHidden: true }) + JSON.stringify(keyring);
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(printed).not.toContain(key.toString(form));
  });
});
