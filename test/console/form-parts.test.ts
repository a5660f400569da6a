import { describe, expect, it } from 'vitest';
import deepEquals from '../../src/console/form/deep-equals.ts';
import { stepNumber } from '../../src/console/form/step-number.ts';
import uri from '../../src/console/form/uri.ts';

describe('an arrow key in a number', () => {
  it.each([
    ['leaves alone what is no number', 'abc', 1, {}, undefined],
    ['begins at nothing', '', 1, {}, 1],
    ['goes by the step, without crumbs', '0.2', 1, { step: 0.1 }, 0.3],
    ['takes either separator', '1,5', -1, {}, 0.5],
    ['stops at the maximum', '9', 1, { max: 9 }, 9],
    ['stops at the minimum', '0', -1, { min: 0 }, 0],
  ] as const)('%s', (_, text, by, range, next) => {
    expect(stepNumber(text, by, range)).toBe(next);
  });
});

describe('references', () => {
  it.each([
    ['https://a.example/b/c.json', 'd.json#/x', 'https://a.example/b/d.json#/x'],
    ['urn:example:a', '#/$defs/x', 'urn:example:a#/$defs/x'],
    ['a/b.json', 'c.json', 'a/c.json'],
    ['urn:example:a', 'c.json', 'c.json'],
  ])('below %s, %s is %s', (base, reference, resolved) => {
    expect(uri.resolve(base, reference)).toBe(resolved);
  });

  it('are equal when they only differ in writing', () => {
    expect(uri.equal('https://a.example', 'HTTPS://A.example/')).toBe(true);
    expect(uri.equal('https://a.example/b', 'https://a.example/c')).toBe(false);
  });
});

describe('deep equality', () => {
  it('tells apart what differs in a key, a length, a date or a kind', () => {
    expect(deepEquals({ a: undefined }, { b: undefined })).toBe(false);
    expect(deepEquals([1], [1, 2])).toBe(false);
    expect(deepEquals(new Date(0), new Date(1))).toBe(false);
    expect(deepEquals([], {})).toBe(false);
    expect(deepEquals(new Map([[1, 2]]), new Map([[1, 3]]))).toBe(false);
  });

  it('takes functions for alike, and comes to an end with what refers to itself', () => {
    const one: Record<string, unknown> = { a: [1, { b: () => 1 }] };
    const other: Record<string, unknown> = { a: [1, { b: () => 2 }] };
    one.self = one;
    other.self = other;
    expect(deepEquals(one, other)).toBe(true);
  });
});
