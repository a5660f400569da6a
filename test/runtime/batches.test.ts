import { describe, expect, it } from 'vitest';
import { createTestBed } from '../helpers/runtime.ts';
import type { FakeVendor } from '../helpers/vendor.ts';

const rows = (count: number, over = {}) => Array.from({ length: count }, (_, n) => ({ n, ...over }));
const sent = (vendor: FakeVendor) =>
  vendor.requests
    .filter(({ url }) => url.endsWith('/rows'))
    .map(({ body }) => (JSON.parse(String(body)) as { rows: { n: number; uid: string }[] }).rows);

describe('a list that is too long for one request', () => {
  it('is checked as a whole before anything is sent, and problems go by the index the caller knows', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const list = [...rows(4), { n: 'four' }, ...rows(1), { n: 6, uid: 'x'.repeat(500) }];
    await expect(runtime.call(account, id, 'parts.upload', { body: { rows: list } })).rejects.toMatchObject({
      code: 'arguments.invalid',
      problems: [
        { path: 'body.rows.4.n' },
        { path: 'body.rows.6', message: expect.stringContaining('400 are allowed') },
      ],
    });
    expect(sent(vendor)).toEqual([]);
  });

  it('that is wrong from end to end has its first thousand problems told, not all of them', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const list = rows(3_000, { n: 'wrong' });
    const error = await runtime.call(account, id, 'parts.upload', { body: { rows: list } }).catch((e) => e);
    expect(error).toMatchObject({ code: 'arguments.invalid' });
    expect(error.problems.length).toBeLessThan(1_010);
    expect(sent(vendor)).toEqual([]);
  });

  it('is split by number, in order, and answered as one', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({ body: '{"result":"ok"}' }, { body: '{"result":"ok"}' }, { body: '{"result":"ok"}' });
    const result = await runtime.call(account, id, 'parts.upload', { body: { rows: rows(7) } });
    expect(sent(vendor).map((part) => part.map(({ n }) => n))).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(result).toMatchObject({ body: { result: 'ok' }, batches: 3, attempts: 3 });
  });

  it('is split by bytes of the encoded body, which no request exceeds', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    await runtime.call(account, id, 'parts.upload', { body: { rows: rows(6, { uid: 'é'.repeat(60) }) } });
    const sizes = vendor.requests
      .filter(({ url }) => url.endsWith('/rows'))
      .map(({ body }) => Buffer.byteLength(String(body)));
    expect(sent(vendor).map((part) => part.length)).toEqual([2, 2, 2]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
  });

  it('that fits in one request is one, to the byte', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const fitting = (bytes: number) => [{ uid: 'x'.repeat(bytes - '{"rows":[{"uid":""}]}'.length) }];
    expect(
      (await runtime.call(account, id, 'parts.upload', { body: { rows: fitting(400) } })).batches,
    ).toBeUndefined();
    expect(Buffer.byteLength(String(vendor.requests.at(-1)?.body))).toBe(400);
    await expect(
      runtime.call(account, id, 'parts.upload', { body: { rows: fitting(401) } }),
    ).rejects.toMatchObject({ code: 'arguments.invalid' });
  });

  it('gives each row its generated id once, and keeps it over retries', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({ status: 500 });
    await runtime.call(account, id, 'parts.upload', { body: { rows: rows(4) } });
    const [first, again, second] = sent(vendor);
    expect(again).toEqual(first);
    expect(new Set([...(first ?? []), ...(second ?? [])].map(({ uid }) => uid)).size).toBe(4);
  });

  it('that fails in part says which rows, with the ids they were sent with, and sends the rest', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({}, { status: 400, body: '{"message":"no such meter"}' }, {});
    const error = await runtime
      .call(account, id, 'parts.upload', { body: { rows: rows(7) } })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'call.partial',
      message: '3 of 7 rows were not taken: Acme answered 400: no such meter',
      problems: [{ path: 'rows 3-5' }],
      batches: [{ first: 3, count: 3, sent: true, code: 'vendor.invalid' }],
    });
    expect((error as { batches: { rows: unknown }[] }).batches[0]?.rows).toEqual(sent(vendor)[1]);
    expect(sent(vendor)).toHaveLength(3);
  });

  it('whose rows carry generated ids may be sent again as it is; the answer to each part is there', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({}, { status: 422, body: '{"message":"no","errors":[{"field":"n"}]}' });
    await expect(
      runtime.call(account, id, 'parts.upload', { body: { rows: rows(6) } }),
    ).rejects.toMatchObject({
      hint: expect.stringContaining('generated ids prevent duplicates'),
      batches: [{ vendor: { status: 422, message: 'no', body: { errors: [{ field: 'n' }] } } }],
    });
  });

  it('stops where going on is pointless, and says that the rest was not sent', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({}, { status: 403, body: '{"message":"may not"}' });
    await expect(
      runtime.call(account, id, 'parts.upload', { body: { rows: rows(9) } }),
    ).rejects.toMatchObject({
      code: 'call.partial',
      batches: [
        { first: 3, sent: true, code: 'vendor.forbidden' },
        { first: 6, sent: false, code: 'vendor.forbidden' },
      ],
    });
    expect(sent(vendor)).toHaveLength(2);
  });
});

describe('the deadline of a call that becomes many requests', () => {
  it('is that of all of them when its caller gave it: what comes too late is not sent', async () => {
    const { runtime, account, vendor, world, install } = await createTestBed('acme-parts');
    const id = await install();
    const slow = () => {
      world.advance(4_000);
      return undefined as never;
    };
    vendor.next(slow, slow, slow);
    const call = runtime.call(
      account,
      id,
      'parts.upload',
      { body: { rows: rows(9) } },
      { deadlineMs: 8_000 },
    );
    await expect(call).rejects.toMatchObject({
      code: 'call.partial',
      batches: [{ first: 6, sent: false, code: 'transport.timeout' }],
    });
    expect(sent(vendor)).toHaveLength(2);
  });
});

describe('a split list whose key is refused', () => {
  it('before anything was taken fails as a whole, with the reason', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed('acme-parts');
    const id = await install();
    vendor.secret = 'switched-off';
    vendor.revokeTokens();
    world.advance(3_600_000);
    await expect(
      runtime.call(account, id, 'parts.upload', { body: { rows: rows(9) } }),
    ).rejects.toMatchObject({ code: 'vendor.bad-credentials', category: 'credentials' });
    expect((await runtime.installation(account, id)).row.state).toBe('failing');
    expect(sent(vendor)).toEqual([]);
  });

  it('in the middle makes the installation failing all the same', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    vendor.next({}, { status: 403, body: '{"message":"may not"}' });
    const call = runtime.call(account, id, 'parts.upload', { body: { rows: rows(9) } });
    await expect(call).rejects.toMatchObject({ code: 'call.partial' });
    expect((await runtime.installation(account, id)).row).toMatchObject({
      state: 'failing',
      stateReason: { code: 'vendor.forbidden' },
    });
  });
});

describe('a strict call', () => {
  it('looks the references of all rows up, and sends nothing when one is unknown', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    const list = ['a', 'b', 'zz', 'a', 'c'].map((thing) => ({ thing }));
    await expect(
      runtime.call(account, id, 'parts.upload', { body: { rows: list } }, { strict: true }),
    ).rejects.toMatchObject({
      code: 'arguments.invalid',
      problems: [{ path: 'body.rows.2.thing', message: '"zz" is not known to the vendor' }],
    });
    expect(sent(vendor)).toEqual([]);
    const lookups = vendor.requests
      .filter(({ url }) => url.includes('ids='))
      .map(({ url }) => new URL(url).searchParams.get('ids'));
    expect(new Set(lookups)).toEqual(new Set(['a,b', 'zz,c']));
  });

  it('sends what refers to known things only', async () => {
    const { runtime, account, vendor, install } = await createTestBed('acme-parts');
    const id = await install();
    await runtime.call(
      account,
      id,
      'parts.upload',
      { body: { rows: [{ thing: 'a' }, { thing: 'e' }] } },
      { strict: true },
    );
    expect(sent(vendor)).toHaveLength(1);
  });
});
