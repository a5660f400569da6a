import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/definition/connector.ts';
import { queryPairs, queryString, textOfParameter, textOfValue } from '../../src/request/url.ts';

const ids: Parameter = {
  name: 'ids',
  id: 1,
  in: 'query',
  required: false,
  description: '',
  schema: true,
  arrays: 'comma',
};

describe('a query string', () => {
  it.each([
    ['a=b&c', 'd=e#f'],
    ['%2e', '+ +'],
    ['a\r\nb', '\r\nX-Admin: 1'],
    ['é', '日本\u{1F511}'],
    ['a[b]', '{"x":1}'],
    ['', ''],
    ['ids', "a,b:c;d'e"],
  ])('reads back as it was given: %j = %j', (name, value) => {
    const url = new URL(`https://api.example/x${queryString([[name, value]])}`);
    expect([...url.searchParams]).toEqual([[name, value]]);
    expect(url.hash).toBe('');
  });

  it('keeps the order and repetitions, and escapes all that has a meaning', () => {
    expect(
      queryString([
        ['a', '1 2'],
        ['b', 'x,y:z'],
        ['a', '3'],
      ]),
    ).toBe('?a=1%202&b=x%2Cy%3Az&a=3');
  });

  it('is nothing for nothing', () => {
    expect(queryString([])).toBe('');
  });
});

describe('a list in the query', () => {
  it('is joined by commas or repeats its key', () => {
    expect(queryPairs(ids, 'comma', ['a', 2, true])).toEqual([['ids', 'a,2,true']]);
    expect(queryPairs(ids, 'repeat', ['a', 2])).toEqual([
      ['ids', 'a'],
      ['ids', '2'],
    ]);
  });

  it('has brackets behind its name, where the vendor wants them, and the name that the vendor gives it', () => {
    expect(queryPairs({ ...ids, wire: 'filter[id]' }, 'brackets', ['a', 2])).toEqual([
      ['filter[id][]', 'a'],
      ['filter[id][]', '2'],
    ]);
    expect(queryPairs({ ...ids, wire: 'page[after]' }, 'comma', 'x')).toEqual([['page[after]', 'x']]);
  });

  it('says nothing when it is empty', () => {
    expect(queryPairs(ids, 'comma', [])).toEqual([]);
    expect(queryPairs(ids, 'repeat', [])).toEqual([]);
  });
});

describe('an object in the query', () => {
  const value = { gte: 1, lt: { at: 'x' }, in: ['a', 'b'], no: null, none: undefined };

  it('is JSON unless it is said otherwise', () => {
    expect(queryPairs(ids, 'comma', { gte: 1 })).toEqual([['ids', '{"gte":1}']]);
  });

  it('is written one field at a time in brackets, without what is null', () => {
    expect(queryPairs({ ...ids, name: 'created', objects: 'brackets' }, 'brackets', value)).toEqual([
      ['created[gte]', '1'],
      ['created[lt][at]', 'x'],
      ['created[in][]', 'a'],
      ['created[in][]', 'b'],
    ]);
  });
});

describe('the text of a value', () => {
  it.each([
    ['x', 'x'],
    [0, '0'],
    [false, 'false'],
    [null, 'null'],
    [1e21, '1e+21'],
    [{ a: [1] }, '{"a":[1]}'],
  ])('of %j is %s', (value, text) => {
    expect(textOfValue(value)).toBe(text);
    expect(textOfParameter(value)).toBe(text);
  });

  it('of a list in a path or header is joined by commas', () => {
    expect(textOfParameter(['a', { b: 1 }, 2])).toBe('a,{"b":1},2');
    expect(textOfParameter([])).toBe('');
  });
});
