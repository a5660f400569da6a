import { describe, expect, it } from 'vitest';
import {
  inheritMethod,
  mergeDeep,
  type RawConnector,
  type RawMethod,
  type RawMethods,
} from '../../src/definition/raw.ts';

describe('laying one mapping over another', () => {
  it.each<[string, unknown, unknown, unknown]>([
    [
      'mappings merge at every depth',
      { a: { b: { c: 1, d: 2 } } },
      { a: { b: { d: 3 } } },
      { a: { b: { c: 1, d: 3 } } },
    ],
    ['lists replace lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['an empty list replaces a full one', { a: [1] }, { a: [] }, { a: [] }],
    ['a scalar replaces a mapping', { a: { b: 1 } }, { a: 2 }, { a: 2 }],
    ['a mapping replaces a scalar', { a: 2 }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['a mapping replaces a list', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    [
      'false and 0 and the empty text replace',
      { a: true, b: 1, c: 'x' },
      { a: false, b: 0, c: '' },
      { a: false, b: 0, c: '' },
    ],
    ['null takes the inherited key away', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['null takes a nested key away', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    [
      'null for what is not inherited leaves no trace',
      {},
      { a: null, b: { c: null, d: 1 } },
      { b: { d: 1 } },
    ],
    ['undefined inherits', { a: 1 }, undefined, { a: 1 }],
    ['an empty mapping inherits', { a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
  ])('%s', (_, base, over, merged) => {
    expect(mergeDeep(base, over)).toEqual(merged);
  });

  it('changes neither of the two', () => {
    const base = { a: { b: [1], c: 2 }, d: 3 };
    const over = { a: { c: null, e: { f: null } }, d: null };
    const before = structuredClone([base, over]);
    mergeDeep(base, over);
    expect([base, over]).toEqual(before);
  });

  it.each(['toString', 'constructor', 'hasOwnProperty', 'valueOf'])(
    'takes %s for a key like any other, not for what objects inherit',
    (key) => {
      const merged = mergeDeep({}, { [key]: { a: 1, b: null } }) as Record<string, unknown>;
      expect(Object.hasOwn(merged, key) && merged[key]).toEqual({ a: 1 });
    },
  );
});

const connector = {
  defaults: { host: 'api', limits: ['all'], headers: { Accept: 'application/json', 'X-Base': '1' } },
} as unknown as RawConnector;
const category = {
  category: 'Things',
  key: 'things',
  parameters: {
    id: { description: 'Id of the thing.', pattern: '^t' },
    other: { description: 'Not named by the path.' },
  },
  defaults: { limits: ['slow'], headers: { 'X-Base': null, 'X-Category': '2' }, paging: { maximum: 50 } },
  methods: {},
} as unknown as RawMethods;
const inherit = (method: Partial<RawMethod>) =>
  inheritMethod(connector, category, {
    name: 'Get Thing',
    description: 'Read it.',
    verb: 'GET',
    path: '/things/{{id}}',
    ...method,
  });

describe('a method', () => {
  it('inherits from its category before its connector', () => {
    expect(inherit({})).toMatchObject({ host: 'api', limits: ['slow'], paging: { maximum: 50 } });
    expect(inherit({}).headers).toEqual({ Accept: 'application/json', 'X-Category': '2' });
  });

  it('has its own say last, down to a single header', () => {
    const own = { host: 'files', headers: { Accept: 'text/csv' } as Record<string, string> };
    expect(inherit(own).host).toBe('files');
    expect(inherit(own).headers).toEqual({ Accept: 'text/csv', 'X-Category': '2' });
  });

  it.each(['/things/{{id}}', '/things/{{ id }}', '/things/{{id | lower}}', '/{{id}}/{{id}}'])(
    'inherits the parameters that its path %s names, however it writes them, and no others',
    (path) => {
      expect(Object.keys(inherit({ path }).parameters ?? {})).toEqual(['id']);
    },
  );

  it('adds to an inherited parameter rather than writing it anew', () => {
    const parameters = { id: { description: 'Another text.' }, q: { description: 'Query.' } };
    expect(inherit({ parameters }).parameters).toEqual({
      id: { description: 'Another text.', pattern: '^t' },
      q: { description: 'Query.' },
    });
  });

  it('has bodies and answers as they are written: nothing is merged into a schema, and null stays null', () => {
    const body = { properties: { a: { default: null, enum: [null, 'x'] } } };
    const items = { const: null };
    const made = inherit({ body, response: body, items });
    expect([made.body, made.response, made.items]).toEqual([body, body, items]);
  });

  it('leaves connector and category as they were', () => {
    const before = structuredClone([connector, category]);
    inherit({ headers: { Accept: 'x' }, parameters: { id: { description: 'x' } } });
    expect([connector, category]).toEqual(before);
  });
});
