import { describe, expect, it } from 'vitest';
import { findRounded, quoteRounded } from '../src/exact-integers.ts';

describe('integers in a text of JSON', () => {
  it.each([
    ['{"id":12345678901234567890}', '{"id":"12345678901234567890"}', 20],
    ['[-9007199254740993,1]', '["-9007199254740993",1]', 16],
    ['9007199254740993', '"9007199254740993"', 16],
    [`[1,${'9'.repeat(400)}]`, `[1,"${'9'.repeat(400)}"]`, 400],
    [
      '{"\\"1":9007199254740993,"b":[9007199254740995]}',
      '{"\\"1":"9007199254740993","b":["9007199254740995"]}',
      16,
    ],
  ])('that would be rounded are found, and become texts: %s', (text, quoted, digits) => {
    expect(findRounded(text)).toBe(digits);
    expect(quoteRounded(text)).toBe(quoted);
    expect(JSON.parse(quoted)).toBeDefined();
  });

  it.each([
    '{"a":9007199254740992,"b":-9007199254740992}',
    // As JavaScript writes 2 ** 60, and 10 ** 21 in full.
    '[1152921504606847000,1000000000000000000000]',
    '["12345678901234567890","\\"12345678901234567890",12345678901234.5678901234,1e400]',
    '{"12345678901234567890":1}',
    '"12345678901234567890',
    '{"a":1}',
    '',
  ])('are left as they are where nothing of them is lost: %s', (text) => {
    expect(findRounded(text)).toBeUndefined();
    expect(quoteRounded(text)).toBe(text);
  });
});
