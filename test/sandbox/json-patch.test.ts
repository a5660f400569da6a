import { describe, expect, it } from 'vitest';
import { patchEntity } from '../../src/sandbox/json-patch.ts';

const entity = { a: 1, list: ['x', 'y'], deep: { 'a/b': 1, 'm~n': 2 } };

describe('a JSON Patch', () => {
  it.each([
    [[{ op: 'replace', path: '/b', value: 1 }]],
    [[{ op: 'remove', path: '/b' }]],
    [[{ op: 'add', path: '/b/c', value: 1 }]],
    [[{ op: 'add', path: '/list/3', value: 1 }]],
    [[{ op: 'replace', path: '/list/-', value: 1 }]],
    [[{ op: 'test', path: '/a', value: 2 }]],
    [[{ op: 'paint', path: '/a' }]],
    [[{ op: 'add', path: 'a', value: 1 }]],
    [[{ op: 'remove', path: '' }]],
    ['a'],
  ])('is refused as %j', (operations) => {
    expect(() => patchEntity(entity, operations)).toThrow(expect.objectContaining({ refusal: 'badBody' }));
  });

  it.each([
    [
      { op: 'add', path: '/b', value: 2 },
      { ...entity, b: 2 },
    ],
    [
      { op: 'add', path: '/a', value: 2 },
      { ...entity, a: 2 },
    ],
    [
      { op: 'add', path: '/list/1', value: 'n' },
      { ...entity, list: ['x', 'n', 'y'] },
    ],
    [
      { op: 'add', path: '/list/-', value: 'n' },
      { ...entity, list: ['x', 'y', 'n'] },
    ],
    [
      { op: 'remove', path: '/list/0' },
      { ...entity, list: ['y'] },
    ],
    [
      { op: 'replace', path: '/list/0', value: 'n' },
      { ...entity, list: ['n', 'y'] },
    ],
    [
      { op: 'replace', path: '/deep/a~1b', value: 5 },
      { ...entity, deep: { 'a/b': 5, 'm~n': 2 } },
    ],
    [
      { op: 'remove', path: '/deep/m~0n' },
      { ...entity, deep: { 'a/b': 1 } },
    ],
    [
      { op: 'copy', from: '/a', path: '/b' },
      { ...entity, b: 1 },
    ],
    [
      { op: 'move', from: '/a', path: '/b' },
      { list: entity.list, deep: entity.deep, b: 1 },
    ],
    [{ op: 'test', path: '/list', value: ['x', 'y'] }, entity],
  ])('%j does what RFC 6902 says', (operation, wanted) => {
    expect(patchEntity(entity, [operation])).toEqual(wanted);
  });

  it('leaves the entity as it was', () => {
    const before = structuredClone(entity);
    patchEntity(entity, [{ op: 'add', path: '/list/-', value: 'n' }]);
    expect(entity).toEqual(before);
  });
});
