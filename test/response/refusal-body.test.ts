import { describe, expect, it } from 'vitest';
import { LONGEST_REFUSAL, refusalBody } from '../../src/response/refusal-body.ts';
import { createRedaction } from '../../src/secret.ts';
import { acme, methodOf } from '../helpers/acme.ts';

const connector = await acme();
const clean = createRedaction(['the-key-secret']);
const shown = (body: string, over: Partial<Parameters<typeof refusalBody>[1]> = {}) =>
  refusalBody(
    { status: 402, headers: {}, body },
    { clean, method: methodOf(connector, 'things.get', { sensitive: ['card.number'] }), ...over },
  );

describe("a refusal's body, as its caller is shown it", () => {
  it('holds no secret, in a key or a value, nor what the method calls sensitive', () => {
    const body = { 'the-key-secret': 1, said: ['key=the-key-secret'], card: { number: '4242', brand: 'x' } };
    expect(shown(JSON.stringify(body))).toEqual({
      '[redacted]': 1,
      said: ['key=[redacted]'],
      card: { number: '[redacted]', brand: 'x' },
    });
    expect(shown('no the-key-secret here')).toBe('no [redacted] here');
  });

  it('of a token request holds no field that may be a token, and is no text, where none can be found', () => {
    const body = { access_token: 'unknown so far', inner: [{ id_token: 'x', api_key: 5 }], error: 'odd' };
    expect(shown(JSON.stringify(body), { method: undefined })).toEqual({
      access_token: '[redacted]',
      inner: [{ id_token: '[redacted]', api_key: '[redacted]' }],
      error: 'odd',
    });
    expect(shown('access_token=x', { method: undefined })).toBe('(14 bytes, left out: no JSON)');
  });

  it('is left out, with a note, where it is too long or a page, and whole where the caller must know it', () => {
    const long = JSON.stringify({ rows: 'é'.repeat(LONGEST_REFUSAL / 2) });
    expect(shown(long)).toBe(`(${LONGEST_REFUSAL + 11} bytes, left out: longer than 16384)`);
    expect(shown(long, { whole: true })).toEqual(JSON.parse(long));
    expect(shown('<!DOCTYPE html><h1>Bad gateway</h1>')).toBe('(35 bytes, left out: a page)');
    expect(shown('x'.repeat(2_001))).toBe('(2001 bytes, left out: a text longer than 2000 characters)');
  });

  it('is what the vendor answered otherwise, and nothing where it answered nothing', () => {
    const body = { error: { code: 'card_declined', decline_code: 'insufficient_funds' } };
    expect(shown(JSON.stringify(body))).toEqual(body);
    expect(shown('[1, null]')).toEqual([1, null]);
    expect(shown('Slow down')).toBe('Slow down');
    expect(shown(' \n')).toBeUndefined();
  });
});
