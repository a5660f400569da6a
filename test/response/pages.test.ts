import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector, Paging } from '../../src/definition/connector.ts';
import { readPage } from '../../src/response/pages.ts';
import { acme, methodOf } from '../helpers/acme.ts';

let connector: Connector;
beforeAll(async () => {
  connector = await acme();
});

const token: Paging = {
  style: 's',
  kind: 'token',
  parameter: 'next',
  size: 'size',
  items: 'data',
  next: 'meta.next',
  first: 0,
};
const offset: Paging = {
  style: 's',
  kind: 'offset',
  parameter: 'from',
  size: 'size',
  items: 'data',
  first: 0,
};
const page: Paging = { ...offset, kind: 'page', parameter: 'page', first: 1 };

const read = (paging: Paging, args: Record<string, unknown>, body: unknown) =>
  readPage(methodOf(connector, 'things.list', { paging }), args, body);
const items = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

describe('a page by token', () => {
  it.each<[string, unknown]>([
    ['no token', { data: [1] }],
    ['null', { data: [1], meta: { next: null } }],
    ['an empty token', { data: [1], meta: { next: '' } }],
    ['false', { data: [1], meta: { next: false } }],
    ['an object', { data: [1], meta: { next: {} } }],
    ['a token somewhere else', { data: [1], next: 'x' }],
    ['a token that objects inherit', { data: [1], meta: 'x' }],
  ])('is the last with %s', (_, body) => {
    expect(read(token, { ids: ['a'] }, body)).toEqual({ items: [1] });
  });

  it.each([
    ['abc', 'abc'],
    [12, '12'],
    [0, '0'],
  ])('goes on with the token %j, and keeps the other arguments', (next, text) => {
    expect(read(token, { ids: ['a'], next: 'old', size: 5 }, { data: [1], meta: { next } })).toEqual({
      items: [1],
      next: { ids: ['a'], next: text, size: 5 },
    });
  });

  it('may be empty and not the last', () => {
    expect(read(token, {}, { data: [], meta: { next: 'x' } })).toEqual({ items: [], next: { next: 'x' } });
    expect(read(token, {}, { meta: { next: 'x' } })).toEqual({ items: [], next: { next: 'x' } });
  });
});

describe('a page by offset', () => {
  it.each<[string, Record<string, unknown>, unknown, Record<string, unknown> | undefined]>([
    ['a full one goes on', { size: 2 }, items(2), { size: 2, from: 2 }],
    ['a full one later goes on', { size: 2, from: 4 }, items(2), { size: 2, from: 6 }],
    ['a short one is the last', { size: 3, from: 3 }, items(2), undefined],
    ['an empty one is the last', { size: 3 }, [], undefined],
    ['one without a size asked for goes on', {}, items(2), { from: 2 }],
    ['an empty one without a size is the last', { from: 2 }, [], undefined],
    ['more than asked for goes on behind all of them', { size: 2 }, items(5), { size: 2, from: 5 }],
  ])('%s', (_, args, data, next) => {
    expect(read(offset, args, { data })?.next).toEqual(next);
  });

  it('comes to an end for every length of the whole and every size, with nothing twice or left out', () => {
    for (let length = 0; length <= 7; length++)
      for (let size = 1; size <= 8; size++) {
        const all = items(length);
        const seen: unknown[] = [];
        let args: Readonly<Record<string, unknown>> | undefined = { size };
        for (let calls = 0; args; calls++) {
          expect(calls).toBeLessThanOrEqual(length + 1);
          const from: number = Number(args.from ?? 0);
          const found = read(offset, args, { data: all.slice(from, from + size) });
          seen.push(...(found?.items ?? []));
          args = found?.next;
        }
        expect(seen).toEqual(all);
      }
  });

  it('has no size to compare when the vendor takes none', () => {
    const { size: _, ...sizeless } = offset;
    expect(read(sizeless, { size: 5 }, { data: items(1) })?.next).toEqual({ size: 5, from: 1 });
  });
});

describe('a page by number', () => {
  it.each<[string, Record<string, unknown>, unknown, number | undefined]>([
    ['begins where the style says', { size: 2 }, items(2), 2],
    ['counts on', { size: 2, page: 7 }, items(2), 8],
    ['counts on from zero', { size: 2, page: 0 }, items(2), 1],
    ['ends with a short page', { size: 2, page: 7 }, items(1), undefined],
  ])('%s', (_, args, data, next) => {
    expect(read(page, args, { data })?.next?.page).toBe(next);
  });
});

describe('an answer that is not quite a page', () => {
  it.each<[string, unknown, readonly unknown[]]>([
    ['one entity', { id: 'a' }, [{ id: 'a' }]],
    ['one entity where the list should stand', { data: { id: 'a' } }, [{ id: 'a' }]],
    ['a bare list', [{ id: 'a' }, { id: 'b' }], [{ id: 'a' }, { id: 'b' }]],
    ['null for the list', { data: null }, []],
    ['no list, but a token', { meta: { next: null } }, []],
    ['an empty object', {}, []],
    ['nothing', undefined, []],
    ['null', null, []],
  ])('is taken at its word: %s', (_, body, expected) => {
    expect(read(token, {}, body)).toEqual({ items: expected });
    expect(read(offset, { size: 1 }, body)?.next).toBeUndefined();
  });

  it('may have its list at the root', () => {
    expect(read({ ...offset, items: '' }, { size: 2 }, items(2))).toEqual({
      items: items(2),
      next: { size: 2, from: 2 },
    });
  });

  it('of a method without pages is none', () => {
    expect(readPage(methodOf(connector, 'things.get'), {}, { data: [1], next: 'x' })).toBeUndefined();
  });
});

describe('a page that says where it stands', () => {
  const totals: Paging = { ...offset, total: 'meta.total', totalOverflow: 'meta.more' };
  const numbered: Paging = { ...page, total: 'total', pages: 'pages', defaultSize: 2 };
  it.each<
    [string, Paging, Record<string, unknown>, Record<string, unknown>, Record<string, unknown> | undefined]
  >([
    ['is the last at the total', totals, { size: 2, from: 2 }, { meta: { total: 4 } }, undefined],
    [
      'goes on below the total, however short',
      totals,
      { size: 5 },
      { meta: { total: 4 } },
      { size: 5, from: 2 },
    ],
    [
      'goes on where there are more than the total',
      totals,
      { size: 2, from: 2 },
      { meta: { total: 4, more: true } },
      { size: 2, from: 4 },
    ],
    ['is the last of its pages', numbered, { page: 3 }, { pages: 3 }, undefined],
    [
      'goes on before the last of its pages',
      numbered,
      { page: 2, size: 9 },
      { pages: 3 },
      { page: 3, size: 9 },
    ],
    ['is the last of the one page that an empty list has', numbered, {}, { pages: 1 }, undefined],
    ['counts by the usual size', numbered, { page: 2 }, { total: 4 }, undefined],
    ['goes on by the usual size', numbered, { page: 2 }, { total: 5 }, { page: 3 }],
    ['is the last when it says so', { ...page, last: 'last' }, { size: 2 }, { last: true }, undefined],
    [
      'is not the last when it says so',
      { ...page, last: 'last' },
      { size: 9 },
      { last: false },
      { size: 9, page: 2 },
    ],
    ['is no longer asked what it does not say', numbered, { page: 1 }, { total: '4' }, { page: 2 }],
  ])('%s', (_, paging, args, said, next) => {
    expect(read(paging, args, { data: items(2), ...said })).toEqual({
      items: items(2),
      ...(next && { next }),
    });
  });

  it('is the last when it is empty, whatever else it says', () => {
    expect(read(totals, {}, { data: [], meta: { total: 9 } })).toEqual({ items: [] });
  });
});

describe('a page that says whether there are more', () => {
  const last: Paging = {
    style: 's',
    kind: 'token',
    parameter: 'after',
    size: 'size',
    items: 'data',
    nextItem: 'id',
    more: 'more',
    first: 0,
  };
  const tokenMore: Paging = { ...token, more: 'more' };

  it.each<[string, Paging, unknown, string]>([
    ['no token', tokenMore, { data: [1], more: true }, 'it has nothing at "meta.next"'],
    [
      'nothing in its last item',
      last,
      { data: [{ no: 1 }], more: true },
      'the last item has nothing at "id"',
    ],
    ['no item', last, { data: [], more: true }, 'the last item has nothing at "id"'],
    ['an empty page to count', { ...page, more: 'more' }, { data: [], more: true }, 'its page is empty'],
    [
      'one entity in place of a list to count',
      { ...page, more: 'more' },
      { data: { id: 1 }, more: true },
      'its page is empty',
    ],
  ])('and has %s ends with an error', (_, paging, body, message) => {
    expect(() => read(paging, {}, body)).toThrow(
      expect.objectContaining({
        code: 'pages.no-cursor',
        message: `things.list: the answer says at "more" that there are more, but ${message}${message.startsWith('its') ? ', so no page comes after it' : ''}`,
      }),
    );
  });

  it.each<[string, Paging, unknown]>([
    ['a token all the same', tokenMore, { data: [1], more: false, meta: { next: 'x' } }],
    ['a last item, as every page has', last, { data: [{ id: 1 }], more: false }],
    ['a full page', { ...page, more: 'more', defaultSize: 1 }, { data: [1], more: false }],
  ])('is the last where there are none, with %s', (_, paging, body) => {
    expect(read(paging, {}, body)?.next).toBeUndefined();
  });

  it('goes on after its last item', () => {
    expect(
      read(last, { after: 'a', size: 2 }, { data: [{ id: 'b' }, { id: 'c' }], more: true })?.next,
    ).toEqual({ after: 'c', size: 2 });
  });

  it('goes on after a page that is not full', () => {
    expect(read({ ...page, more: 'more' }, { size: 9 }, { data: [1], more: true })?.next).toEqual({
      page: 2,
      size: 9,
    });
  });

  it('counts as one that says nothing of it with anything but true or false', () => {
    expect(read(tokenMore, {}, { data: [1], more: 'yes', meta: { next: 'x' } })?.next).toEqual({ next: 'x' });
    expect(read(tokenMore, {}, { data: [1], more: null })?.next).toBeUndefined();
  });

  it('ends without that by a page that is empty or not full, where the last item names the next', () => {
    const { more: _, ...plain } = last;
    expect(read(plain, {}, { data: [{ id: 1 }] })?.next).toEqual({ after: '1' });
    expect(read(plain, {}, { data: [] })?.next).toBeUndefined();
    expect(read(plain, { size: 2 }, { data: [{ id: 1 }] })?.next).toBeUndefined();
    expect(read({ ...plain, nextItem: '' }, {}, { data: ['x', 'y'] })?.next).toEqual({ after: 'y' });
  });
});

describe('a page with the address of the next', () => {
  const link: Paging = {
    style: 's',
    kind: 'link',
    parameter: 'nextPage',
    items: 'data',
    next: '@odata\\.nextLink',
    first: 0,
  };
  const { next: _, ...rest } = link;
  const byHeader: Paging = { ...rest, nextHeader: 'Link', items: '' };
  const origin = { url: 'https://api.example/v1/things?size=2', base: 'https://api.example/v1', headers: {} };
  const readFrom = (paging: Paging, body: unknown, headers: Record<string, string> = {}, args = {}) =>
    readPage(methodOf(connector, 'things.list', { paging }), args, body, { ...origin, headers });

  it.each<[Paging, unknown, Record<string, string>]>([
    [link, { data: [1], '@odata.nextLink': 'https://evil.example/v1/things' }, {}],
    [byHeader, [1], { link: '<https://evil.example/v1/things>; rel="next"' }],
  ])('elsewhere ends with an error', (paging, body, headers) => {
    expect(() => readFrom(paging, body, headers)).toThrow(
      expect.objectContaining({
        code: 'pages.foreign-link',
        message: expect.stringMatching(/evil\.example.*api\.example/),
      }),
    );
  });

  it('goes on there, from the body or a header', () => {
    const next = { a: 1, nextPage: '/things?page=2' };
    expect(readFrom(link, { data: [1], '@odata.nextLink': '?page=2' }, {}, { a: 1 })).toEqual({
      items: [1],
      next,
    });
    expect(readFrom(byHeader, [1], { link: '</v1/things?page=2>; rel=next' }, { a: 1 })).toEqual({
      items: [1],
      next,
    });
  });

  it('is the last without one', () => {
    expect(readFrom(link, { data: [1], '@odata.nextLink': null })).toEqual({ items: [1] });
    expect(readFrom(byHeader, [1], { link: '<x>; rel="first"' })).toEqual({ items: [1] });
    expect(readFrom(byHeader, [1])).toEqual({ items: [1] });
  });

  it('is the last when it names itself', () => {
    expect(
      readFrom(link, { data: [1], '@odata.nextLink': '?page=2' }, {}, { nextPage: '/things?page=2' }),
    ).toEqual({ items: [1] });
  });

  it('may have a token in a header', () => {
    const paging: Paging = { ...rest, kind: 'token', parameter: 'after', nextHeader: 'X-Next' };
    expect(readFrom(paging, { data: [1] }, { 'x-next': 'abc' })?.next).toEqual({ after: 'abc' });
    expect(readFrom(paging, { data: [1] })?.next).toBeUndefined();
  });
});

describe('a list that comes whole', () => {
  it('has one page', () => {
    expect(
      read({ style: 's', kind: 'whole', items: 'data', first: 0 }, {}, { data: [1, 2], next: 'x' }),
    ).toEqual({ items: [1, 2] });
  });
});
