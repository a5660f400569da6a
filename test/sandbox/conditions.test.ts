import { describe, expect, it } from 'vitest';
import { conditionsOf, orderOf } from '../../src/sandbox/conditions.ts';

const rules = { filter: 'filter', sort: 'sort' };
const things = [
  { id: '1', name: 'Alice', age: 9, tags: ['a', 'b'], at: '2026-01-02T00:00:00Z' },
  { id: '2', name: 'bob', age: 10, tags: [], at: '2026-02-01T00:00:00Z' },
  { id: '3', name: 'Carol' },
];
const ids = (...filter: string[]) => things.filter(conditionsOf({ filter }, rules)).map(({ id }) => id);

describe('conditions', () => {
  it.each(['name', 'name:eq', 'name:xx(a)', ':eq(a)', 'name:eq(a):x'])('that read %s are refused', (text) => {
    expect(() => ids(text)).toThrow(expect.objectContaining({ refusal: 'badQuery' }));
  });

  it.each<[string, string[]]>([
    ['name:eq(ALICE)', ['1']],
    ['name:ne(alice)', ['2', '3']],
    ['age:lt(10)', ['1']],
    ['age:le(10)', ['1', '2']],
    ['age:gt(9)', ['2']],
    ['age:ge(9)', ['1', '2']],
    ['at:gt(2026-01-15)', ['2']],
    ['id:in(1, 3)', ['1', '3']],
    ['id:ni(1,3)', ['2']],
    ['name:ct(O)', ['2', '3']],
    ['name:sw(a)', ['1']],
    ['name:ew(B)', ['2']],
    ['age:ex(true)', ['1', '2']],
    ['age:ex(false)', ['3']],
    ['tags:eq(b)', ['1']],
    ['name:eq(a(b):c)', []],
  ])('%s chooses %j', (text, wanted) => {
    expect(ids(text)).toEqual(wanted);
  });

  it('all hold together; those of different groups are alternatives', () => {
    expect(ids('name:ct(o)', 'age:ex(true)')).toEqual(['2']);
    expect(ids('name:eq(bob):0', 'name:eq(carol):1')).toEqual(['2', '3']);
    expect(ids('age:ex(true)', 'name:eq(bob):0', 'name:eq(carol):1')).toEqual(['2']);
  });

  it('are none where the parameter is no list, or the vendor has no such language', () => {
    expect(things.filter(conditionsOf({ filter: "name = 'x'" }, rules))).toHaveLength(3);
    expect(things.filter(conditionsOf({ filter: ['name:eq(bob)'] }, undefined))).toHaveLength(3);
  });
});

describe('orders', () => {
  const sorted = (...sort: string[]) =>
    [...things].sort(orderOf({ sort }, rules) ?? (() => 0)).map(({ id }) => id);

  it('that cannot be read are refused', () => {
    expect(() => sorted('name')).toThrow(expect.objectContaining({ refusal: 'badQuery' }));
  });

  it('go by the first, then by the next, whatever the case', () => {
    expect(sorted('asc(name)')).toEqual(['1', '2', '3']);
    expect(sorted('desc(name)')).toEqual(['3', '2', '1']);
    expect(sorted('asc(missing)', 'desc(age)').slice(0, 2)).toEqual(['2', '1']);
  });
});
