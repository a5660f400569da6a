import { describe, expect, it } from 'vitest';
import type { RawPagingStyle } from '../../src/definition/raw.ts';
import type { FishplateError } from '../../src/errors.ts';
import { compileAcme, type RawAcme } from '../helpers/acme.ts';
import { createTestBedWith, type TestBed } from '../helpers/runtime.ts';

/** A test bed in which `things.list` has another paging style. */
async function bedWith(style: RawPagingStyle, change: (raw: RawAcme) => void = () => undefined) {
  const connector = await compileAcme((raw) => {
    raw.connector.paging = { ...raw.connector.paging, token: style };
    change(raw);
  });
  const bed = await createTestBedWith({ connectors: [connector] });
  return { ...bed, id: await bed.install() };
}

async function drain(
  { runtime, account, id }: TestBed & { id: string },
  args: Record<string, unknown> = {},
  seen: unknown[] = [],
) {
  for await (const { page } of runtime.pages(account, id, 'things.list', args))
    seen.push(...(page?.items ?? []));
  return seen;
}

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});
const urls = ({ vendor }: TestBed) =>
  vendor.requests.filter(({ url }) => url.includes('/things')).map(({ url }) => url);

describe('a list whose vendor does not take what names the next page', () => {
  const things = [{ id: 'a' }, { id: 'b' }];

  it('ends with an error before the page is handed out again', async () => {
    const bed = await bedWith({ kind: 'page', parameter: 'page', items: 'data', more: 'more' });
    bed.vendor.next(json({ data: things, more: true, at: 1 }), json({ data: things, more: true, at: 2 }));
    const seen: unknown[] = [];
    await expect(drain(bed, {}, seen)).rejects.toMatchObject({
      code: 'pages.repeated',
      message: 'things.list answered page 1 once more when asked for page 2',
      hint: expect.stringContaining('whether it goes into the query or the body'),
    });
    expect(seen).toEqual(things);
  });

  it('may all the same have pages of numbers that are alike', async () => {
    const bed = await bedWith({ kind: 'token', parameter: 'next', items: 'data', next: 'next' });
    bed.vendor.next(json({ data: [7], next: 'x' }), json({ data: [7], next: 'y' }), json({ data: [7] }));
    expect(await drain(bed)).toEqual([7, 7, 7]);
  });

  it('ends with an error when nothing says where there is more', async () => {
    const bed = await bedWith({
      kind: 'token',
      parameter: 'next',
      items: 'data',
      next: 'next',
      more: 'more',
    });
    bed.vendor.next(json({ data: things, more: true }));
    await expect(drain(bed)).rejects.toMatchObject({ code: 'pages.no-cursor', category: 'vendor' });
  });
});

describe('a list that the vendor cuts off', () => {
  const page = (ids: string, more: object) => json({ data: [...ids].map((id) => ({ id })), ...more });
  const style = { kind: 'token', parameter: 'next', items: 'data', next: 'next', maximumItems: 4 } as const;
  const read = async (bed: Awaited<ReturnType<typeof bedWith>>) => {
    const seen: unknown[] = [];
    const ended = await drain(bed, {}, seen).then(
      () => 'whole',
      (error: FishplateError) => `${error.code}: ${error.message}`,
    );
    return { seen: seen.length, ended };
  };

  it('ends with an error after all that came, and is not asked for what the vendor refuses', async () => {
    const bed = await bedWith(style);
    bed.vendor.next(page('ab', { next: 'x' }), page('cd', { next: 'y' }), page('ef', {}));
    const ended =
      'pages.capped: things.list: 4 items were read, the vendor gives 4 of a list at most, and there are more';
    expect(await read(bed)).toEqual({ seen: 4, ended });
    expect(urls(bed)).toHaveLength(2);
  });

  it('ends with an error also where the vendor names no further page, or tells how many there are', async () => {
    const silent = await bedWith(style);
    silent.vendor.next(page('abcd', {}));
    expect((await read(silent)).ended).toContain('and there may be more');
    const telling = await bedWith({ ...style, total: 'total' });
    telling.vendor.next(page('abcd', { total: 40213 }));
    expect((await read(telling)).ended).toContain('and there are 40,213');
  });

  it('is whole where it has fewer, or no more by the vendor’s own word', async () => {
    const fewer = await bedWith({ ...style, total: 'total' });
    fewer.vendor.next(page('abc', { total: 40213 }));
    expect(await read(fewer)).toEqual({ seen: 3, ended: 'whole' });
    const exact = await bedWith({ ...style, total: 'total' });
    exact.vendor.next(page('ab', { next: 'x', total: 4 }), page('cd', { total: 4 }));
    expect(await read(exact)).toEqual({ seen: 4, ended: 'whole' });
  });

  it('may be another for one method, and none for a list that comes whole', async () => {
    const own = await bedWith({ ...style, maximumItems: 1 }, (raw) => {
      const list = raw.things.methods.list;
      if (list?.paging) list.paging.maximumItems = 9;
    });
    own.vendor.next(page('ab', { next: 'x' }), page('c', {}));
    expect(await read(own)).toEqual({ seen: 3, ended: 'whole' });
  });
});

describe('a list that goes on after its last item', () => {
  it('is read to its end', async () => {
    const bed = await bedWith({
      kind: 'token',
      parameter: 'after',
      size: 'size',
      items: 'data',
      next: { lastItem: 'id' },
      more: 'more',
    });
    bed.vendor.next(
      json({ data: [{ id: 'a' }, { id: 'b' }], more: true }),
      json({ data: [{ id: 'c' }], more: false }),
    );
    expect(await drain(bed, { size: 2 })).toHaveLength(3);
    expect(urls(bed).map((url) => new URL(url).search)).toEqual(['?size=2', '?size=2&after=b']);
  });
});

describe('a list that goes on in the body', () => {
  it('is asked for there, beside what the caller gives, whatever the body may hold', async () => {
    const style = {
      kind: 'token',
      in: 'body',
      parameter: 'page.after',
      size: 'limit',
      items: 'data',
      next: 'next',
    } as const;
    const bed = await bedWith(style, ({ things }) => {
      things.methods.list = {
        ...things.methods.list,
        verb: 'POST',
        readOnly: true,
        body: { type: 'object', properties: { text: { type: 'string' } } },
      } as never;
    });
    bed.vendor.next(json({ data: [{ id: 'a' }], next: 'x' }), json({ data: [{ id: 'b' }] }));
    expect(await drain(bed, { limit: 1, body: { text: 't' } })).toHaveLength(2);
    const sent = bed.vendor.requests.filter(
      ({ method, url }) => method === 'POST' && url.includes('/things'),
    );
    expect(sent.map(({ url, body }) => [new URL(url).search, JSON.parse(String(body))])).toEqual([
      ['', { text: 't', limit: 1 }],
      ['', { text: 't', limit: 1, page: { after: 'x' } }],
    ]);
    await expect(drain(bed, { body: { text: 't', page: { after: 'x' } } })).rejects.toMatchObject({
      code: 'arguments.invalid',
    });
    await expect(drain(bed, { limit: 'many', body: {} })).rejects.toMatchObject({
      code: 'arguments.invalid',
    });
  });
});

describe('a list that goes on at an address', () => {
  const link = { kind: 'link', size: 'size', items: 'data', next: { header: 'Link' } } as const;

  it("is read to its end with the method's headers and credentials, and what else the address asks for", async () => {
    const bed = await bedWith(link);
    bed.vendor.next(
      json(
        { data: [{ id: 'a' }] },
        { link: '<https://api.acme.example/t1/things?cursor=x%2By&own=1>; rel="next"' },
      ),
      json({ data: [{ id: 'b' }] }, { link: '</t1/things?cursor=z>; rel="next", </t1/things>; rel="first"' }),
      json({ data: [{ id: 'c' }] }),
    );
    expect(await drain(bed, { ids: ['q'], size: 1 })).toHaveLength(3);
    expect(urls(bed)).toEqual([
      'https://api.acme.example/t1/things?ids=q&size=1',
      'https://api.acme.example/t1/things?cursor=x%2By&own=1',
      'https://api.acme.example/t1/things?cursor=z',
    ]);
    for (const { headers } of bed.vendor.requests.slice(-3))
      expect(headers).toMatchObject({
        accept: 'application/json',
        authorization: expect.stringContaining('Bearer '),
      });
  });

  it.each([
    'https://evil.example/t1/things?page=2',
    'https://files.acme.example/t1/things?page=2',
    '/t1/me',
    '/t2/things',
  ])('is not followed to %s', async (address) => {
    const bed = await bedWith(link);
    bed.vendor.next(json({ data: [{ id: 'a' }] }, { link: `<${address}>; rel="next"` }));
    const before = bed.vendor.requests.length;
    await expect(drain(bed)).rejects.toMatchObject({ code: 'pages.foreign-link' });
    expect(bed.vendor.requests.slice(before)).toHaveLength(1);
  });

  it.each(['https://evil.example/', '//evil.example/', '.evil.example/', '/t1/me', '/t2/things'])(
    'is not asked for at %s because a caller says so',
    async (nextPage) => {
      const bed = await bedWith(link);
      const before = bed.vendor.requests.length;
      await expect(bed.runtime.call(bed.account, bed.id, 'things.list', { nextPage })).rejects.toMatchObject({
        code: 'arguments.invalid',
      });
      expect(bed.vendor.requests).toHaveLength(before);
    },
  );
});

describe('a lookup over a list that comes whole', () => {
  it('offers its items, by a paging style or by itself', async () => {
    const styled = await bedWith({ kind: 'whole', items: 'data' });
    const plain = await bedWith({ kind: 'whole', items: 'data' }, ({ connector, things }) => {
      const { paging: _, items: __, ...list } = things.methods.list ?? {};
      things.methods.list = { ...list, response: { type: 'object' } } as never;
      connector.lookups = {
        things: { label: 'Thing', method: 'things.list', items: 'data', value: 'id', name: 'name' },
      };
    });
    for (const bed of [styled, plain]) {
      bed.vendor.next(
        json({
          data: [
            { id: 'a', name: 'A' },
            { id: 'b', name: 'B' },
          ],
        }),
      );
      expect(await bed.runtime.lookup(bed.account, bed.id, 'things')).toEqual([
        { value: 'a', name: 'A' },
        { value: 'b', name: 'B' },
      ]);
    }
  });
});
