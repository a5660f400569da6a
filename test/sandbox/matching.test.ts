import { describe, expect, it } from 'vitest';
import { matcherOf } from '../../src/sandbox/matching.ts';
import { Refusal } from '../../src/sandbox/refusal.ts';

const entity = {
  name: 'a',
  size: 3,
  tags: ['x', 'y'],
  made: 'Thu, 05 Mar 2026 09:30:00 GMT',
  by: { id: 'u1' },
  gone: null,
};

describe('a JSON condition', () => {
  it.each([[['no object']], [{ size: { $near: 1 } }], [{ $not: [{ size: 1 }] }], [{ $or: { size: 1 } }]])(
    'is refused when it cannot be read: %j',
    (condition) => {
      expect(() => matcherOf(condition)(entity)).toThrow(Refusal);
    },
  );

  it.each([
    [{ name: 'b' }],
    [{ size: '3' }],
    [{ size: { $gt: 3 } }],
    [{ size: { $gt: '1' } }],
    [{ size: { $ne: 3 } }],
    [{ size: { $gte: 1, $lt: 3 } }],
    [{ name: { $in: ['b', 'c'] } }],
    [{ tags: { $nin: ['y'] } }],
    [{ other: { $exists: true } }],
    [{ other: { $gt: 0 } }],
    [{ name: null }],
    [{ $and: [{ name: 'a' }, { size: 4 }] }],
    [{ made: { $gt: 'Thu, 05 Mar 2026 09:30:00 GMT' } }],
    // A date of another form is a text, and no text is later than a moment.
    [{ made: { $gt: '2020-01-01T00:00:00Z' } }],
  ])('does not find what does not meet it: %j', (condition) => {
    expect(matcherOf(condition)(entity)).toBe(false);
  });

  it.each([
    [undefined],
    [{}],
    [{ name: 'a', size: 3 }],
    [{ tags: 'y' }],
    [{ 'by.id': 'u1' }],
    [{ gone: null }],
    [{ size: { $gte: 3, $lte: 3 } }],
    [{ size: { $in: [1, 3] } }],
    [{ other: { $exists: false } }],
    [{ $or: [{ name: 'b' }, { size: 3 }] }],
    // Sun comes after Thu, in the alphabet before it.
    [{ made: { $lt: 'Sun, 08 Mar 2026 00:00:00 GMT' } }],
  ])('finds what meets it: %j', (condition) => {
    expect(matcherOf(condition)(entity)).toBe(true);
  });
});
