import { describe, expect, it } from 'vitest';
import { passes } from '../../src/sandbox/filter.ts';
import type { FilterRule } from '../../src/sandbox/script-collections.ts';

const NOW = { now: '2026-03-01T12:00:00.000Z' };

/** Whether an entity passes one filter on its field `at`, or on another, with this value of the parameter. */
function fits(entity: object, rule: FilterRule, wanted: unknown, input: object = {}): boolean {
  const filter = { field: 'at', ...rule, parameter: 'wanted' };
  const given = { ...input, ...(wanted !== undefined && { wanted }) };
  return passes(entity as Record<string, unknown>, [filter], given, NOW, (_, { by }) => `resolved by ${by}`);
}

describe('a filter', () => {
  it('lets nothing through that lacks the field, unless it asks for nothing', () => {
    expect(fits({}, {}, 'a')).toBe(false);
    expect(fits({}, { is: 'from' }, '2026-01-01')).toBe(false);
    expect(fits({}, { is: 'before' }, '2026-01-01')).toBe(false);
    expect(fits({}, {}, undefined)).toBe(true);
  });

  it('compares moments with days, and numbers with texts, by what they are', () => {
    const at = '2026-02-01T00:00:00.000Z';
    expect(fits({ at }, { is: 'from' }, '2026-02-01')).toBe(true);
    expect(fits({ at }, { is: 'after' }, '2026-02-01T00:00:00Z')).toBe(false);
    expect(fits({ at }, { is: 'until' }, '2026-02-01T01:00:00+01:00')).toBe(true);
    expect(fits({ at }, { is: 'before' }, '2026-02-01')).toBe(false);
    expect(fits({ at: 10 }, { is: 'from' }, '9')).toBe(true);
    expect(fits({ at: 10 }, { is: 'from' }, 'nine')).toBe(false);
  });

  it('takes one of several values, from a list or from another field', () => {
    expect(fits({ at: 'b' }, {}, ['a', 'b'])).toBe(true);
    expect(fits({ at: ['b', 'c'] }, {}, ['a', 'b'])).toBe(true);
    expect(fits({ at: 'a', else: 'b' }, { or: 'else' }, 'b')).toBe(true);
    expect(fits({ at: 'a' }, { or: 'else' }, 'undefined')).toBe(false);
  });

  it('takes an object for bounds, or for what the fields of another are', () => {
    expect(fits({ at: 5 }, {}, { gte: '5', lt: 6 })).toBe(true);
    expect(fits({ at: 5 }, {}, { gt: 5 })).toBe(false);
    expect(fits({ at: 5 }, {}, { lte: 4 })).toBe(false);
    expect(fits({}, {}, { lte: 4 })).toBe(false);
    expect(fits({ at: '2026-02-01T00:00:00Z' }, {}, { gte: '2026-02-01' })).toBe(true);
    expect(fits({ at: { order: 1, ref: 'x' } }, {}, { order: '1' })).toBe(true);
    expect(fits({ at: { order: 1 } }, {}, { order: '1', ref: 'x' })).toBe(false);
    expect(fits({ at: 'order' }, {}, { order: '1' })).toBe(false);
  });

  it('finds an object by any of its own values, but not by what is deeper in it', () => {
    expect(fits({ at: { id: 7, name: 'bug' } }, {}, 'bug')).toBe(true);
    expect(fits({ at: [{ id: 7 }, { id: 8 }] }, {}, ['8', '9'])).toBe(true);
    expect(fits({ at: { owner: { name: 'bug' } } }, {}, 'bug')).toBe(false);
  });

  it('looks into the entity that is referred to', () => {
    expect(fits({ at: 'a' }, { by: 'meterId', in: 'meters' }, 'resolved by meterId')).toBe(true);
  });

  it('means what the script says by a value, and nothing by others', () => {
    const rule: FilterRule = { when: { false: [false], true: [true, 'yes'] } };
    expect(fits({ at: true }, rule, false)).toBe(false);
    expect(fits({ at: 'yes' }, rule, true)).toBe(true);
    expect(fits({ at: true }, rule, 'maybe')).toBe(true);
  });
});

describe('a filter by what is active', () => {
  const rule: FilterRule = { is: 'active', end: 'end' };
  const span = { at: '2026-01-10T12:00:00Z', end: '2026-01-20T12:00:00Z' };

  it('counts a day that it is active on in part, and its end no longer', () => {
    expect(fits(span, rule, '2026-01-09')).toBe(false);
    expect(fits(span, rule, '2026-01-10')).toBe(true);
    expect(fits(span, rule, '2026-01-20')).toBe(true);
    expect(fits(span, rule, '2026-01-21')).toBe(false);
    expect(fits(span, rule, span.at)).toBe(true);
    expect(fits(span, rule, span.end)).toBe(false);
  });

  it('knows no end where there is none', () => {
    expect(fits({ at: span.at }, rule, '2126-01-01')).toBe(true);
    expect(fits({}, rule, '1926-01-01')).toBe(true);
  });

  it('asks for now by default, unless another parameter takes that away', () => {
    const byDefault: FilterRule = { ...rule, default: '{{now}}', unless: 'all' };
    expect(fits(span, byDefault, undefined)).toBe(false);
    expect(fits(span, byDefault, undefined, { all: false })).toBe(false);
    expect(fits(span, byDefault, undefined, { all: true })).toBe(true);
    expect(fits(span, byDefault, '2026-03-01', { all: true })).toBe(false);
  });
});
