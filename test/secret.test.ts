import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fingerprint, REDACTED, redactText, Secret, sameText } from '../src/secret.ts';

const text = 'hunter2-hunter2';
const secret = new Secret(text);

describe('a secret', () => {
  it.each<[string, () => string]>([
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['a template string', () => `${secret}`],
    ['concatenation', () => `the key is ${String(secret)}`],
    ['inspect', () => inspect({ deep: { secret } }, { depth: 9 })],
    ['inspect that shows what is hidden', () => inspect(secret, { showHidden: true, customInspect: false })],
    ['format', () => format('%s %o %j %O', secret, secret, secret, secret)],
    ['its keys', () => JSON.stringify([Object.keys(secret), Object.entries(secret)])],
    ['a copy', () => JSON.stringify([{ ...secret }, structuredClone({ secret })])],
    ['an error message', () => inspect(new Error(`refused: ${secret}`, { cause: { secret } }))],
  ])('does not show in %s', (_, print) => {
    expect(print()).not.toContain('hunter2');
  });

  it('says that there is something where it stands', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
      REDACTED,
      `"${REDACTED}"`,
      REDACTED,
    ]);
  });

  it('leaves only when it is revealed', () => {
    expect(secret.reveal()).toBe(text);
  });
});

describe('sameText', () => {
  it.each([
    ['', 'a'],
    ['a', 'A'],
    ['abc', 'abcd'],
    ['é', 'e\u0301'],
  ])('tells %j from %j', (a, b) => {
    expect(sameText(a, b)).toBe(false);
  });

  it('knows equal texts of any length', () => {
    expect(sameText('', '')).toBe(true);
    expect(sameText('x'.repeat(10_000), 'x'.repeat(10_000))).toBe(true);
  });
});

describe('a fingerprint', () => {
  it('tells texts apart by where one part ends', () => {
    expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
    expect(fingerprint('abc')).not.toBe(fingerprint('abc', ''));
  });

  it('is SHA-256 in hex', () => {
    expect(fingerprint('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

const asciiJson = (value: string) =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

describe('redacting a text', () => {
  const awkward = 'p"a\\ss/w+rd é=\u{1F511}&';
  it.each<[string, string]>([
    ['as written', awkward],
    ['in JSON', JSON.stringify({ message: awkward })],
    ['in JSON of ASCII alone', asciiJson(awkward)],
    ['in JSON that escapes slashes', JSON.stringify(awkward).replaceAll('/', '\\/')],
    ['in a URL', `https://a.example/?q=${encodeURIComponent(awkward)}`],
    ['in a URL that escapes less', `https://a.example/?q=${encodeURI(awkward)}`],
    ['in a URL in small letters', encodeURIComponent(awkward).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ q: awkward }).toString()],
    ['in base64', Buffer.from(awkward).toString('base64')],
    ['in base64url', Buffer.from(awkward).toString('base64url')],
  ])('finds a secret %s', (_, haystack) => {
    const clean = redactText(haystack, [awkward]);
    expect(clean).toContain(REDACTED);
    for (const part of ['w+rd', 'w%2Brd', 'w%2brd', Buffer.from(awkward).toString('base64').slice(4, 12)])
      expect(clean).not.toContain(part);
  });

  it.each(['', 'k', 'ke', 'key', 'a longer id'])(
    'finds a secret in a Basic header, behind the id "%s"',
    (id) => {
      const header = `Basic ${Buffer.from(`${id}:${text}`).toString('base64')}`;
      expect(redactText(`no such key: ${header}.`, [text])).toBe(`no such key: Basic ${REDACTED}.`);
    },
  );

  it('takes the longer of two secrets that begin alike, so that no rest of it stays', () => {
    expect(redactText('abcd and abcdefgh', ['abcd', 'abcdefgh'])).toBe(`${REDACTED} and ${REDACTED}`);
  });

  it('takes every occurrence, and special characters for what they are', () => {
    expect(redactText('a.c+ a.c+ abcc', ['a.c+'])).toBe(`${REDACTED} ${REDACTED} abcc`);
    expect(redactText('$& $1 $$$$', ['$$$$'])).toBe(`$& $1 ${REDACTED}`);
  });

  it('leaves texts without secrets, and secrets too short to tell from words, alone', () => {
    expect(redactText('abc is the word', ['abc', ''])).toBe('abc is the word');
    expect(redactText('nothing here', [])).toBe('nothing here');
  });

  it('finds a secret that was escaped again, up to three times, and base64 right behind it', () => {
    const secret = 'a\\b"c/é d%41';
    let [inJson, inUrl] = [secret, secret];
    for (let times = 1; times <= 3; times++) {
      inJson = JSON.stringify(inJson).slice(1, -1);
      inUrl = encodeURIComponent(inUrl);
      expect(redactText(`x ${inJson} y ${inUrl} z`, [secret])).toBe(`x ${REDACTED} y ${REDACTED} z`);
    }
    const encoded = Buffer.from(`id:${secret}`).toString('base64');
    expect(redactText(`${secret}x${encoded}`, [secret])).not.toContain(encoded.slice(8, 16));
    expect(redactText(`the-token${encoded}`, [secret, 'the-token'])).toBe(REDACTED + REDACTED);
  });

  it('does not throw at half a character', () => {
    expect(redactText('it was abcd\ud800.', ['abcd\ud800'])).toBe(`it was ${REDACTED}.`);
  });

  it.each(['\\', '\\.', '\\/', '%', '%25', '/', ' ', '"', 'é', 'a'])(
    'is not made to take for ever by a secret of many %j',
    (part) => {
      const secret = `${part.repeat(200)}end`;
      for (const haystack of [
        part.repeat(3_000),
        JSON.stringify(part.repeat(400)),
        encodeURIComponent(part.repeat(400)),
      ])
        expect(redactText(haystack, [secret])).toBe(haystack);
    },
  );

  it.each(['a', '"', '\u2603', '\n', '\u{1F511}', 'a\\', '%', '/+', 'MIIEvQ/+\n'])(
    'finds a secret of 20,000 characters, beside others as long, and nothing throws what quotes it: %j',
    (part) => {
      const secret = `begin${part.repeat(20_000 / part.length)}end`;
      const others = ['x', 'y'].map((letter) => letter.repeat(20_000));
      const shown = JSON.stringify({ as: secret, url: encodeURIComponent(secret) });
      const clean = redactText(`${shown} ${Buffer.from(secret).toString('base64')}`, [secret, ...others]);
      expect(clean.replaceAll(REDACTED, '').length).toBeLessThan(60);
      expect(clean).toContain('"as"');
    },
  );

  it('takes a long text in its stride', () => {
    const long = 'QUJD'.repeat(250_000);
    expect(redactText(`${long} ${text} ${long}`, [text])).toBe(`${long} ${REDACTED} ${long}`);
  });
});
