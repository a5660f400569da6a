import { expect, test } from 'vitest';
import { covers, overlaps } from '../../src/access/wildcard.ts';

/** Every text over a small alphabet up to four characters, the star among them. */
const texts = ['a', 'b', '*'].reduce<string[]>(
  (all) => [...all, ...all.flatMap((t) => [`${t}a`, `${t}b`, `${t}*`])],
  [''],
);
const unique = [...new Set(texts)].filter((text) => text.length <= 3);
const asExpression = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's');
const plainTexts = unique.filter((text) => !text.includes('*'));

test.each([
  ['accounts:read', 'accounts:write'],
  ['accounts:*', 'account:read'],
  ['*:read', 'accounts:write'],
  ['account/a', 'account/ab'],
  ['account/a*c', 'account/ab'],
  ['', 'a'],
  ['account/a', 'account/*'],
  ['account/a*', 'account/*'],
])('%j does not cover %j', (pattern, text) => {
  expect(covers(pattern, text)).toBe(false);
});

test.each([
  ['*', ''],
  ['*', 'account/*'],
  ['*:read', 'accounts:read'],
  ['account/*', 'account/a/b'],
  ['account/*', 'account/*'],
  ['a*b*c', 'a-b-b-c'],
  ['**', 'x'],
  ['account/(.+)', 'account/(.+)'],
])('%j covers %j', (pattern, text) => {
  expect(covers(pattern, text)).toBe(true);
});

test('a pattern covers just what the same pattern as a regular expression matches', () => {
  const wrong = unique.flatMap((pattern) =>
    plainTexts
      .filter((text) => covers(pattern, text) !== asExpression(pattern).test(text))
      .map((text) => [pattern, text]),
  );
  expect(unique.length).toBeGreaterThan(30);
  expect(wrong).toEqual([]);
});

test('what a pattern covers with a star in it, it covers whatever the star stands for', () => {
  const wrong = unique.flatMap((pattern) =>
    unique
      .filter((text) => covers(pattern, text))
      .filter((text) => ['', 'a', 'ab', 'ba'].some((each) => !covers(pattern, text.replaceAll('*', each)))),
  );
  expect(wrong).toEqual([]);
});

test('two patterns overlap just when some text matches both', () => {
  // Texts twice as long as the patterns: the shortest text that both match is never longer.
  const longer = plainTexts.flatMap((one) => plainTexts.map((other) => one + other));
  const wrong = unique.flatMap((a) =>
    unique.filter((b) => {
      const [left, right] = [asExpression(a), asExpression(b)];
      return overlaps(a, b) !== longer.some((text) => left.test(text) && right.test(text));
    }),
  );
  expect(wrong).toEqual([]);
});

test('many stars do not make it slow', () => {
  const pattern = `${'*a'.repeat(99)}b`;
  expect(covers(pattern, 'a'.repeat(5_000))).toBe(false);
  expect(overlaps(pattern, `${'a*'.repeat(99)}c`)).toBe(false);
});
