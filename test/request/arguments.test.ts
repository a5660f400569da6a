import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, Method } from '../../src/definition/connector.ts';
import { isFishplateError } from '../../src/errors.ts';
import { type ArgumentChecker, coerceText, createArgumentChecker } from '../../src/request/arguments.ts';
import { acme, compileAcme, methodOf } from '../helpers/acme.ts';

let connector: Connector;
let checker: ArgumentChecker;
beforeAll(async () => {
  connector = await acme();
  checker = createArgumentChecker(connector);
});

const problemsOf = (key: string, args: Record<string, unknown>) =>
  checker.problems(methodOf(connector, key), args);

describe('arguments', () => {
  it('that are unknown are refused with the nearest name', () => {
    expect(problemsOf('things.list', { idz: ['a'], nonsenseOfAllKinds: 1 })).toEqual([
      { path: 'idz', message: 'is not known here', hint: 'did you mean "ids"?' },
      { path: 'nonsenseOfAllKinds', message: 'is not known here', hint: 'known are: ids, limit, next, size' },
    ]);
    expect(problemsOf('users.me', { x: 1 })).toMatchObject([{ hint: 'known are: none' }]);
    expect(problemsOf('things.get', { id: 'x', body: {} })).toMatchObject([{ path: 'body' }]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'called %s are unknown like any other name, wherever they stand',
    (name) => {
      const evil = JSON.parse(`{"${name}": {"admin": true}}`) as Record<string, unknown>;
      expect(problemsOf('users.me', evil)).toMatchObject([{ path: name, message: 'is not known here' }]);
      const body = JSON.parse(`{"name": "x", "${name}": 1}`) as unknown;
      expect(problemsOf('things.create', { body })).toMatchObject([{ path: `body.${name}` }]);
    },
  );

  it('that are missing are named, and undefined is as good as missing', () => {
    expect(problemsOf('things.get', {})).toEqual([{ path: 'id', message: 'is missing' }]);
    expect(problemsOf('things.get', { id: undefined, extra: undefined })).toEqual([
      { path: 'id', message: 'is missing' },
    ]);
    expect(problemsOf('things.create', {})).toEqual([{ path: 'body', message: 'is missing' }]);
  });

  it('that are null are not missing, but wrong', () => {
    expect(problemsOf('things.get', { id: null })).toEqual([
      { path: 'id', message: 'must be a string, not null' },
    ]);
  });

  it('have all their problems told at once, by name', () => {
    const args = { limit: 0, ids: ['a', 5], size: 51, next: 7 };
    expect(problemsOf('things.list', args).map(({ path }) => path)).toEqual([
      'ids.1',
      'limit',
      'next',
      'size',
    ]);
    const thrown = (): unknown => {
      try {
        checker.assert(methodOf(connector, 'things.list'), args);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    const error = thrown();
    expect(error).toMatchObject({ code: 'arguments.invalid', category: 'input' });
    expect(isFishplateError(error) && error.problems).toHaveLength(4);
    expect(isFishplateError(error) && error.message).toMatch(
      /^things\.list: ids\.1 must be a string, not the number 5; /,
    );
  });

  it('that are right have none', () => {
    expect(problemsOf('things.list', { ids: ['a'], limit: 1, next: 'x', size: 50 })).toEqual([]);
    expect(problemsOf('things.create', { body: { name: 'x', colour: 'red' } })).toEqual([]);
    expect(() => checker.assert(methodOf(connector, 'users.me'), {})).not.toThrow();
  });
});

describe('a parameter in the path', () => {
  it.each(['', '.', '..', 'a\udc00'])('cannot be %j', (id) => {
    expect(problemsOf('things.get', { id })).toMatchObject([{ path: 'id' }]);
  });

  it.each(['', '.', '..'])('cannot be %j even where its schema allows anything', async (id) => {
    const own = await compileAcme(({ things }) => {
      things.methods.get = {
        ...things.methods.get,
        parameters: { id: { description: 'x', minLength: 0, maxLength: 9 } },
      } as (typeof things.methods)[string];
    });
    expect(createArgumentChecker(own).problems(methodOf(own, 'things.get'), { id })).toHaveLength(1);
  });

  it('called toString is missing until it is given', async () => {
    const own = await compileAcme(({ things }) => {
      things.methods.get = {
        ...things.methods.get,
        path: '/{{toString}}',
        parameters: { toString: { description: 'x' } },
      } as unknown as (typeof things.methods)[string];
    });
    const problems = createArgumentChecker(own).problems(methodOf(own, 'things.get'), {});
    expect(problems).toEqual([{ path: 'toString', message: 'is missing' }]);
  });
});

describe('a parameter in a header', () => {
  const withHeader = (schema: object): Method => {
    const trace = {
      name: 'X-Trace',
      id: 1,
      in: 'header',
      required: false,
      description: '',
      arrays: 'comma',
    } as const;
    return methodOf(connector, 'users.me', {
      parameters: { 'X-Trace': { ...trace, schema: schema as never } },
    });
  };

  it.each<[string, unknown, object]>([
    ['a line break', 'a\r\nX-Admin: 1', { type: 'string' }],
    ['a line feed alone', 'a\nb', { type: 'string' }],
    ['a zero byte', 'a\u0000', { type: 'string' }],
    ['letters beyond ASCII', 'zażółć', { type: 'string' }],
    ['a line break in a list', ['a', 'b\nc'], { type: 'array' }],
    ['letters beyond ASCII in an object', { a: 'ł' }, { type: 'object' }],
  ])('cannot hold %s', (_, value, schema) => {
    expect(checker.problems(withHeader(schema), { 'X-Trace': value })).toEqual([
      { path: 'X-Trace', message: 'holds characters that no header may carry' },
    ]);
  });

  it('may hold tabs, punctuation and lists', () => {
    expect(checker.problems(withHeader({ type: 'string' }), { 'X-Trace': 'a\tb "c" <d>' })).toEqual([]);
    expect(checker.problems(withHeader({ type: 'array' }), { 'X-Trace': ['a', 'b'] })).toEqual([]);
  });
});

describe('a parameter in the query', () => {
  it('cannot be half a character, alone or in a list: no URL can carry it', () => {
    expect(problemsOf('things.list', { next: '\ud83d' })).toEqual([
      { path: 'next', message: 'holds half a character (an unpaired surrogate)' },
    ]);
    expect(problemsOf('things.list', { ids: ['a', '\udd11'] })).toMatchObject([{ path: 'ids' }]);
    expect(problemsOf('things.list', { ids: ['\u{1F511}'] })).toEqual([]);
  });
});

describe('a body', () => {
  it('is closed at its top: what it does not know is refused with the nearest name, through references', () => {
    expect(problemsOf('things.create', { body: { name: 'x', color: 'red' } })).toEqual([
      { path: 'body.color', message: 'is not known here', hint: 'did you mean "colour"?' },
    ]);
  });

  it('may be open', () => {
    const { body } = methodOf(connector, 'things.create');
    const open = methodOf(connector, 'things.create', {
      key: 'things.open',
      ...(body && { body: { ...body, closed: false } }),
    });
    expect(checker.problems(open, { body: { name: 'x', color: 'red' } })).toEqual([]);
  });

  it('may be optional', () => {
    const { body } = methodOf(connector, 'things.create');
    const optional = methodOf(connector, 'things.create', {
      ...(body && { body: { ...body, required: false } }),
    });
    expect(checker.problems(optional, {})).toEqual([]);
  });

  it.each([null, 'text', 5, [], [{ name: 'x' }]])('cannot be %j where an object is due', (body) => {
    expect(problemsOf('things.create', { body })).not.toEqual([]);
  });

  it('has its faults named down to items of lists', () => {
    const body = { rows: [{ uid: 'a' }, { uid: 5, n: 'x' }] };
    expect(problemsOf('things.upload', { body }).map(({ path }) => path)).toEqual([
      'body.rows.1.uid',
      'body.rows.1.n',
    ]);
  });
});

describe('a text for a parameter', () => {
  it.each<[object | boolean, string, unknown]>([
    [{ type: 'integer' }, '12', 12],
    [{ type: 'integer' }, '-3', -3],
    [{ type: 'number' }, '1.50', 1.5],
    [{ type: 'boolean' }, 'true', true],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'array', items: { type: 'integer' } }, '1,2,x', [1, 2, 'x']],
    [{ type: 'array' }, '', []],
    [{ type: 'array' }, 'a', ['a']],
  ])('%j makes of %j what is meant', (schema, text, value) => {
    expect(coerceText(schema as never, text)).toEqual(value);
  });

  it.each<[object | boolean, string]>([
    [{ type: 'integer' }, '12345678901234567890'],
    [{ type: 'integer' }, '1e3'],
    [{ type: 'integer' }, ' 1'],
    [{ type: 'integer' }, ''],
    [{ type: 'integer' }, '0x10'],
    [{ type: 'integer' }, 'Infinity'],
    [{ type: 'boolean' }, 'yes'],
    [{ type: 'string' }, '12'],
    [{ type: ['string', 'integer'] }, '012'],
    [true, '12'],
    [{ $ref: '#/$defs/X' }, '12'],
  ])('%j leaves %j as it is, rather than lose some of it', (schema, text) => {
    expect(coerceText(schema as never, text)).toBe(text);
  });
});
