import { describe, expect, it } from 'vitest';
import { joinSteps, pathFault, stepsOf, valueAt, withValueAt } from '../../src/definition/value-at.ts';

describe('a path', () => {
  it.each([
    'a..b',
    '.a',
    'a.',
    '.',
    'data.-1.id',
    '-1',
    '$.data',
    'data[0]',
    'data[*].id',
    "a['b']",
    '/data/items',
    '*',
  ])('is refused where it can lead nowhere: %s', (path) => {
    expect(pathFault(path)).toEqual({
      message: expect.stringContaining(`"${path}"`),
      hint: expect.any(String),
    });
  });

  it.each([
    '',
    'a',
    'a.b',
    'data.0.id',
    '0.errorCode',
    '@odata\\.nextLink',
    '_meta.total',
    'a/b',
    '$skip',
    'address[line1]',
  ])('is taken: %j', (path) => {
    expect(pathFault(path)).toBeUndefined();
  });

  it.each<[string, string[]]>([
    ['', []],
    ['a.b', ['a', 'b']],
    ['@odata\\.nextLink', ['@odata.nextLink']],
    ['a\\.b.c', ['a.b', 'c']],
    ['a\\\\.b', ['a\\', 'b']],
  ])('%j has the steps %j, and is made of them again', (path, steps) => {
    expect(stepsOf(path)).toEqual(steps);
    expect(joinSteps(steps)).toBe(path);
  });

  it.each<[unknown, string, unknown]>([
    [[1], 'length', undefined],
    [[1], '-1', undefined],
    [[1], '01', undefined],
    ['text', '0', undefined],
    [{ a: {} }, 'a.toString', undefined],
    [[{ e: 1 }], '0.e', 1],
    [{ 0: 'x' }, '0', 'x'],
    [{ '@odata.nextLink': 'u' }, '@odata\\.nextLink', 'u'],
    [[1, 2], '', [1, 2]],
  ])('in %j, %j leads to %j', (value, path, found) => {
    expect(valueAt(value, path)).toEqual(found);
  });

  it.each<[unknown, string, unknown]>([
    [undefined, 'a.b', { a: { b: 9 } }],
    [{ a: { c: 1 } }, 'a.b', { a: { c: 1, b: 9 } }],
    [undefined, 'errors.0.code', { errors: [{ code: 9 }] }],
    [{ errors: [{ x: 1 }, 2] }, 'errors.0.code', { errors: [{ x: 1, code: 9 }, 2] }],
    [{}, '@a\\.b', { '@a.b': 9 }],
    [[1], '', 9],
  ])('put into %j at %j, a value stands there and nothing else is changed', (value, path, made) => {
    expect(withValueAt(value, path, 9)).toEqual(made);
    expect(valueAt(withValueAt(value, path, 9), path)).toBe(9);
  });
});
