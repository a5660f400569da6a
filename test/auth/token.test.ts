import { describe, expect, it } from 'vitest';
import { claimsOf, isFresh, renewalMarginMs, type Token } from '../../src/auth/token.ts';
import { Secret } from '../../src/secret.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const tokenOf = (seconds: number): Token => ({
  access: new Secret('t'),
  obtainedAt: start,
  expiresAt: start + seconds * 1000,
});

describe('a token', () => {
  it.each([
    ['1 s', 1, 0.8],
    ['30 s', 30, 24],
    ['300 s', 300, 240],
    ['25 min', 1_500, 1_200],
    ['1 h', 3_600, 3_300],
    ['5 h', 18_000, 17_700],
  ])('of %s is used until its margin begins, and not a millisecond longer', (_, lifetime, usedFor) => {
    const token = tokenOf(lifetime);
    expect(isFresh(token, start)).toBe(true);
    expect(isFresh(token, start + usedFor * 1000 - 1)).toBe(true);
    expect(isFresh(token, start + usedFor * 1000)).toBe(false);
    expect(isFresh(token, token.expiresAt)).toBe(false);
  });

  it('never has a margin of all its life, nor one of more than five minutes', () => {
    for (let seconds = 1; seconds < 1_000_000; seconds = Math.ceil(seconds * 1.7)) {
      const margin = renewalMarginMs(seconds * 1000);
      expect(margin).toBeLessThan(seconds * 1000);
      expect(margin).toBeLessThanOrEqual(300_000);
    }
  });

  it('without a lifetime is never fresh', () => {
    expect(isFresh(tokenOf(0), start)).toBe(false);
  });
});

describe('the claims of a token', () => {
  const claimsIn = (text: string) => claimsOf({ ...tokenOf(1), access: new Secret(text) });
  const jwt = (payload: string, encoding: BufferEncoding = 'base64url') =>
    `e30.${Buffer.from(payload).toString(encoding)}.sig`;

  it.each([
    ['an opaque token', 'abcdef'],
    ['dots without content', '..'],
    ['something that is not base64', 'a.!!!.c'],
    ['something that is not JSON', jwt('not json')],
    ['JSON that is no object', jwt('"text"')],
    ['null', jwt('null')],
    ['an encrypted token', 'e30.encrypted_key.iv.cipher.tag'],
  ])('are none in %s', (_, text) => {
    expect(claimsIn(text)).toBeUndefined();
  });

  it('are read from a JWT, unverified', () => {
    expect(claimsIn(jwt('{"org":"ü1","n":5}'))).toEqual({ org: 'ü1', n: 5 });
    expect(claimsIn(jwt('{"a":"??>>"}', 'base64'))).toEqual({ a: '??>>' });
  });
});
