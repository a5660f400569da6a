import { describe, expect, it } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { CallOptions, MethodResult } from '../../src/runtime-contract.ts';
import type { Store } from '../../src/store/store.ts';
import type { Send } from '../../src/wire.ts';
import {
  createTestBed,
  createTestBedWith,
  goodValues,
  memoryStore,
  type TestBed,
} from '../helpers/runtime.ts';

const key = 'order-4711';
const body = { name: 'Nut' };
const HOUR_MS = 3_600_000;

const broken = () => {
  throw new FishplateError('transport.interrupted', 'the connection broke', { outcome: 'sent-unknown' });
};
const unreachable = () => {
  throw new FishplateError('transport.unreachable', 'no connection', { outcome: 'not-sent' });
};

interface Bed extends TestBed {
  readonly id: string;
  /** Requests of methods, without those for tokens and for the connection test. */
  sent(): { readonly url: string; readonly key: string | undefined; readonly body: unknown }[];
  create(options?: CallOptions, method?: string, args?: object): Promise<MethodResult>;
  /** The same process, started anew. */
  restart(send?: Send): TestBed['runtime'];
}

async function open(...overlays: readonly string[]): Promise<Bed> {
  const bed = await createTestBed('acme-keyed', ...overlays);
  const id = await bed.install();
  const before = bed.vendor.requests.length;
  return {
    ...bed,
    id,
    sent: () =>
      bed.vendor.requests
        .slice(before)
        .filter(({ url }) => !/oauth|\/me$/.test(url))
        .map(({ url, headers, body: text }) => ({
          url,
          key: headers['idempotency-key'],
          body: text === undefined ? undefined : JSON.parse(String(text)),
        })),
    create: (options = { idempotencyKey: key }, method = 'things.create', args = { body }) =>
      bed.runtime.call(bed.account, id, method, { ...args }, options),
    restart: (send = bed.vendor.send) =>
      createRuntime({ connectors: bed.runtime.connectors.list(), store: bed.store, send, world: bed.world }),
  };
}

describe('a key is refused', () => {
  it.each([
    ['empty', ''],
    ['blank', '   '],
    ['too long', 'x'.repeat(256)],
    ['not ASCII', 'bestellung-\u00e4'],
    ['of two lines', 'a\r\nX-Injected: 1'],
  ])('when it is %s, and nothing is sent', async (_, wrong) => {
    const { create, sent, runtime, account, id } = await open();
    const refusal = { code: 'call.key-invalid', category: 'input' };
    await expect(create({ idempotencyKey: wrong })).rejects.toMatchObject(refusal);
    const raw = { verb: 'POST', path: '/t1/things', body } as const;
    await expect(runtime.request(account, id, raw, { idempotencyKey: wrong })).rejects.toMatchObject(refusal);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['another body', 'things.create', { body: { name: 'Bolt' } }, {}],
    ['another method', 'orders.plain', { body }, {}],
    ['other settings', 'things.create', { body }, { settings: { style: 'repeat' } }],
  ])('for %s than it was given to first', async (_, method, args, options) => {
    const { create, sent } = await open();
    await create();
    await expect(create({ idempotencyKey: key, ...options }, method, args)).rejects.toMatchObject({
      code: 'call.key-reused',
      message: expect.stringContaining('another call'),
    });
    expect(sent()).toHaveLength(1);
  });

  it('while the first call is running, at once: of a hundred one is sent', async () => {
    const { create, sent } = await open();
    const ends = await Promise.allSettled(Array.from({ length: 100 }, () => create()));
    const refused = ends.flatMap((end) =>
      end.status === 'rejected' ? [(end.reason as FishplateError).code] : [],
    );
    expect(refused).toEqual(Array.from({ length: 99 }, () => 'call.key-in-use'));
    expect(sent()).toHaveLength(1);
    expect((await create()).replayed).toBe(true);
  });
});

describe('the first answer', () => {
  it('is given again, marked, and nothing is sent', async () => {
    const { create, sent } = await open();
    const first = await create();
    const again = await create();
    expect(first.replayed).toBeUndefined();
    expect(again).toEqual({ ...first, replayed: true });
    expect(sent()).toHaveLength(1);
  });

  it('is given by key, UUID and integer id of the method, and in whatever order the fields stand', async () => {
    const { create, sent, runtime } = await open();
    const { uuid = '', id = 0 } = runtime.connectors.find('acme').methods['things.create'] ?? {};
    await create({ idempotencyKey: key }, 'things.create', { body: { name: 'Nut', colour: 'red' } });
    for (const name of [uuid, String(id)])
      await create({ idempotencyKey: key }, name, { body: { colour: 'red', name: 'Nut' } });
    expect(sent()).toHaveLength(1);
  });

  it('is given after a restart', async () => {
    const { create, sent, restart, account, id } = await open();
    const first = await create();
    const again = await restart().call(account, id, 'things.create', { body }, { idempotencyKey: key });
    expect(again).toEqual({ ...first, replayed: true });
    expect(sent()).toHaveLength(1);
  });

  it('is the only one, however many processes are asked at once', async () => {
    const { sent, restart, account, id } = await open();
    const processes = [restart(), restart(), restart(), restart()];
    const ends = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        processes[n % 4]?.call(account, id, 'things.create', { body }, { idempotencyKey: key }),
      ),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(sent()).toHaveLength(1);
  });

  it('is forgotten after a day, or when the operator says', async () => {
    const { create, sent, world, store, runtime, vendor, account, id } = await open();
    await create();
    world.advance(24 * HOUR_MS - 1);
    expect((await create()).replayed).toBe(true);
    world.advance(1);
    expect((await create()).replayed).toBeUndefined();
    const options = { connectors: runtime.connectors.list(), store, send: vendor.send, world };
    const short = createRuntime({ ...options, rememberMs: 1000 });
    await short.call(account, id, 'things.create', { body }, { idempotencyKey: 'short' });
    world.advance(1000);
    await short.call(account, id, 'things.create', { body }, { idempotencyKey: 'short' });
    expect(sent()).toHaveLength(4);
  });

  it('belongs to the installation: another one may use the same key', async () => {
    const { create, sent, runtime, account } = await open();
    await create();
    const other = await runtime.accounts.create({ name: 'Other' });
    for (const owner of [account, other.id]) {
      const { row } = await runtime.install(owner, 'acme', { values: goodValues });
      const result = await runtime.call(owner, row.id, 'things.create', { body }, { idempotencyKey: key });
      expect(result.replayed).toBeUndefined();
    }
    expect(sent()).toHaveLength(3);
  });

  it('is sealed in the store, and goes with the installation', async () => {
    const { create, store, runtime, account, id } = await open();
    await create();
    const [row] = await store.list('keyedCall', { where: { installationId: id } });
    expect(JSON.stringify(row)).not.toContain('Nut');
    expect(JSON.stringify(row)).not.toContain(key);
    await runtime.uninstall(account, id);
    expect(await store.count('keyedCall')).toBe(0);
  });

  it('that is an error of the vendor is thrown again', async () => {
    const { create, sent, vendor } = await open();
    vendor.next({ status: 409, body: '{"message":"the name is taken"}' });
    const error = { code: 'vendor.conflict', vendor: { status: 409, message: 'the name is taken' } };
    await expect(create()).rejects.toMatchObject({ ...error, replayed: false });
    await expect(create()).rejects.toMatchObject({ ...error, replayed: true });
    expect(sent()).toHaveLength(1);
  });

  it('over a mebibyte is not kept, which is said; nothing is sent again', async () => {
    const { create, sent, vendor } = await open();
    vendor.next({ body: JSON.stringify({ id: 'x'.repeat(1024 * 1024) }) });
    expect((await create()).status).toBe(200);
    await expect(create()).rejects.toMatchObject({
      code: 'call.answer-not-kept',
      vendor: { status: 200 },
      replayed: true,
    });
    expect(sent()).toHaveLength(1);
  });

  it('of a split list is that of all its requests, also when some failed', async () => {
    const { create, sent, vendor } = await open('acme-parts');
    const rows = Array.from({ length: 7 }, (_, n) => ({ n }));
    const upload = () => create({ idempotencyKey: key }, 'parts.upload', { body: { rows } });
    vendor.next({}, { status: 400, body: '{"message":"no such meter"}' }, {});
    const first: unknown = await upload().catch((error: unknown) => error);
    const again: unknown = await upload().catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'call.partial', batches: [{ first: 3, count: 3 }] });
    expect(again).toMatchObject({ code: 'call.partial', replayed: true });
    expect((again as FishplateError).batches).toEqual((first as FishplateError).batches);
    expect(sent()).toHaveLength(3);
    const whole = () => create({ idempotencyKey: 'whole' }, 'parts.upload', { body: { rows } });
    const result = await whole();
    expect(result.batches).toBe(3);
    expect(await whole()).toEqual({ ...result, replayed: true });
    expect(sent()).toHaveLength(6);
  });

  it('leaves a row in the call log that says so', async () => {
    const { create, runtime, account } = await open();
    await create();
    await create();
    const rows = await runtime.calls({ accountId: account });
    expect(rows.filter(({ method }) => method === 'things.create')).toMatchObject([
      { outcome: 'ok', status: 200, attempts: expect.any(Number) },
      { outcome: 'ok', status: 200, attempts: expect.any(Number) },
    ]);
    expect(rows.filter(({ detail }) => detail.replayed === true)).toMatchObject([{ attempts: 0 }]);
  });

  it('is given for a request in words of its own, and only for the same ones', async () => {
    const { sent, runtime, account, id } = await open();
    const ask = (path: string) =>
      runtime.request(account, id, { verb: 'POST', path, body }, { idempotencyKey: key });
    await ask('/t1/things');
    expect((await ask('/t1/things')).replayed).toBe(true);
    await expect(ask('/t1/other')).rejects.toMatchObject({ code: 'call.key-reused' });
    expect(sent()).toHaveLength(1);
  });
});

describe('a key is ignored', () => {
  it('by methods that change nothing', async () => {
    const { create, sent, store } = await open();
    for (const args of [{}, { limit: 3 }])
      expect((await create({ idempotencyKey: key }, 'things.list', args)).replayed).toBeUndefined();
    expect(sent().map((request) => request.key)).toEqual([undefined, undefined]);
    expect(await store.count('keyedCall')).toBe(0);
  });

  it('by pages, each of which is a call of its own', async () => {
    const { runtime, account, id } = await open();
    let count = 0;
    for await (const _ of runtime.pages(account, id, 'things.list', {}, { idempotencyKey: key })) count++;
    expect(count).toBe(3);
  });
});

describe('a call that cannot be written down', () => {
  it('is not made, which is said', async () => {
    const store = await memoryStore();
    let isFull = false;
    const full: Store = {
      ...store,
      write: async (changes) => {
        if (isFull) throw new FishplateError('store.unavailable', 'database or disk is full');
        return store.write(changes);
      },
    };
    const { runtime, vendor, account, install } = await createTestBedWith({ store: full }, 'acme-keyed');
    const id = await install();
    const before = vendor.requests.length;
    isFull = true;
    const call = () => runtime.call(account, id, 'things.create', { body }, { idempotencyKey: key });
    await expect(call()).rejects.toMatchObject({ code: 'store.unavailable', outcome: 'not-sent' });
    expect(vendor.requests.length).toBe(before);
    isFull = false;
    expect((await call()).replayed).toBeUndefined();
  });
});

describe('a deadline', () => {
  it.each([1_500.75, 2 ** 53, 1e300, Number.POSITIVE_INFINITY])(
    'of %d ms is one that a call with a key may have',
    async (deadlineMs) => {
      const { create, sent, store } = await open();
      expect((await create({ idempotencyKey: key, deadlineMs })).replayed).toBeUndefined();
      expect((await create({ idempotencyKey: key, deadlineMs })).replayed).toBe(true);
      expect(sent()).toHaveLength(1);
      const [row] = await store.list('keyedCall');
      // Whoever died at it is not believed to be at it for ever.
      expect((row?.heldUntil ?? 0) - (row?.createdAt ?? 0)).toBeLessThanOrEqual(25 * HOUR_MS);
    },
  );
});

describe('a first call that certainly changed nothing', () => {
  it.each<[string, (bed: Bed) => void, string]>([
    [
      'was not sent',
      ({ vendor }) => vendor.next(unreachable, unreachable, unreachable),
      'transport.unreachable',
    ],
    [
      'was throttled',
      ({ vendor }) => {
        for (let n = 0; n < 3; n++) vendor.next({ status: 429, headers: { 'retry-after': '1' } });
      },
      'vendor.throttled',
    ],
    [
      'found the vendor closed',
      ({ vendor }) => {
        for (let n = 0; n < 3; n++) vendor.next({ status: 503, headers: { 'retry-after': '1' } });
      },
      'vendor.unavailable',
    ],
    ['lacked a permission', ({ vendor }) => vendor.next({ status: 403 }), 'vendor.forbidden'],
  ])('because it %s leaves the key free', async (_, prepare, code) => {
    const bed = await open();
    prepare(bed);
    await expect(bed.create()).rejects.toMatchObject({ code });
    expect(await bed.store.count('keyedCall')).toBe(0);
    expect((await bed.create()).replayed).toBeUndefined();
  });

  it('because its key was refused leaves the key free', async () => {
    const { create, vendor, store, world } = await open();
    const good = vendor.secret;
    vendor.secret = 'rotated';
    vendor.revokeTokens();
    world.advance(HOUR_MS);
    await expect(create()).rejects.toMatchObject({ code: 'vendor.bad-credentials' });
    expect(await store.count('keyedCall')).toBe(0);
    vendor.secret = good;
    world.advance(HOUR_MS);
    expect((await create()).replayed).toBeUndefined();
  });

  it.each([302, 404, 409, 422])(
    'because the token endpoint answered %i leaves the key free, whatever that would mean for the call',
    async (status) => {
      const { id, account, vendor, store, world, sent, restart } = await open();
      let isAstray = true;
      const runtime = restart(async (request, options) =>
        isAstray && request.url.endsWith('/oauth/token')
          ? { status, headers: {}, body: '{}' }
          : vendor.send(request, options),
      );
      world.advance(24 * HOUR_MS);
      const create = () => runtime.call(account, id, 'things.create', { body }, { idempotencyKey: key });
      await expect(create()).rejects.toMatchObject({ outcome: 'not-sent', vendor: { status } });
      expect(await store.count('keyedCall')).toBe(0);
      isAstray = false;
      world.advance(HOUR_MS);
      expect((await create()).replayed).toBeUndefined();
      expect(sent()).toHaveLength(1);
    },
  );

  it('because its arguments were wrong leaves the key free for the right ones', async () => {
    const { create } = await open();
    const wrong = create({ idempotencyKey: key }, 'things.create', { body: { nam: 'Nut' } });
    await expect(wrong).rejects.toMatchObject({ code: 'arguments.invalid' });
    expect((await create()).replayed).toBeUndefined();
  });

  it('because its caller left in time leaves the key free', async () => {
    const { create } = await open();
    const left = create({ idempotencyKey: key, signal: AbortSignal.abort() });
    await expect(left).rejects.toMatchObject({ code: 'transport.cancelled', outcome: 'not-sent' });
    expect((await create()).replayed).toBeUndefined();
  });
});

describe('a first call whose fate is not known', () => {
  it.each([
    ['broke off', broken, 'transport.interrupted'],
    ['was answered with a server error', { status: 500 }, 'vendor.unavailable'],
    [
      'was answered by somebody else',
      { headers: { 'content-type': 'text/html' }, body: '<p>Hi' },
      'response.unreadable',
    ],
  ])('and %s is not sent again: its outcome is told once more', async (_, answer, code) => {
    const { create, sent, vendor } = await open();
    vendor.next(answer);
    await expect(create()).rejects.toMatchObject({ code, replayed: false });
    await expect(create()).rejects.toMatchObject({ code, replayed: true });
    expect(sent()).toHaveLength(1);
  });

  it('is sent again by a method that is idempotent, with what was generated the first time', async () => {
    const { create, sent, vendor, world } = await open();
    const upload = () =>
      create({ idempotencyKey: key }, 'things.upload', { body: { rows: [{ n: 1 }, { n: 2 }] } });
    vendor.next(broken, broken, broken);
    await expect(upload()).rejects.toMatchObject({ code: 'transport.interrupted' });
    world.advance(HOUR_MS);
    expect((await upload()).replayed).toBeUndefined();
    expect((await upload()).replayed).toBe(true);
    expect(sent()).toHaveLength(4);
    expect(new Set(sent().map((request) => JSON.stringify(request.body))).size).toBe(1);
  });

  it('is sent again where the vendor takes keys, with the same one and the same body', async () => {
    const { create, sent, vendor, world } = await open();
    const order = () => create({ idempotencyKey: key }, 'orders.create');
    vendor.next(broken, { status: 500 }, broken);
    await expect(order()).rejects.toMatchObject({ code: 'transport.interrupted' });
    world.advance(HOUR_MS);
    expect((await order()).replayed).toBeUndefined();
    expect(sent().map((request) => request.key)).toEqual([key, key, key, key]);
    expect(new Set(sent().map((request) => JSON.stringify(request.body))).size).toBe(1);
  });
});

describe('a process that dies in the middle', () => {
  async function die(method: string) {
    const bed = await open();
    const dying = bed.restart(async (request) => {
      if (!request.url.includes('oauth') && request.method === 'POST') return new Promise(() => undefined);
      return bed.vendor.send(request);
    });
    void dying.call(bed.account, bed.id, method, { body }, { idempotencyKey: key, deadlineMs: 10_000 });
    await expect.poll(() => bed.store.count('keyedCall')).toBe(1);
    return { ...bed, repeat: () => bed.create({ idempotencyKey: key }, method) };
  }

  it('leaves the key in use until its call must have ended, then in doubt: it is not sent twice', async () => {
    const { repeat, sent, world } = await die('things.create');
    await expect(repeat()).rejects.toMatchObject({ code: 'call.key-in-use' });
    world.advance(69_000);
    await expect(repeat()).rejects.toMatchObject({ code: 'call.key-in-use' });
    world.advance(1_000);
    for (let n = 0; n < 2; n++)
      await expect(repeat()).rejects.toMatchObject({ code: 'call.interrupted', outcome: 'sent-unknown' });
    expect(sent()).toEqual([]);
  });

  it('has its call sent again, once, by the next one, where that does no harm', async () => {
    const { repeat, sent, world } = await die('orders.create');
    world.advance(70_000);
    const ends = await Promise.allSettled([repeat(), repeat(), repeat()]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(sent().map((request) => request.key)).toEqual([key]);
    expect((await repeat()).replayed).toBe(true);
  });
});

describe('the key that the vendor gets', () => {
  it('is made once for all attempts when the caller gave none, and a POST with it is repeated', async () => {
    const { create, sent, vendor } = await open();
    vendor.next(broken, { status: 502 });
    expect((await create({}, 'orders.create')).attempts).toBe(3);
    await create({}, 'orders.create');
    const keys = sent().map((request) => request.key);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect([keys[1], keys[2]]).toEqual([keys[0], keys[0]]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('differs from one request of a split list to the next, and is the same when the list is sent again', async () => {
    const { create, sent, vendor, world, store } = await open();
    const rows = [1, 2, 3, 4, 5].map((n) => ({ n }));
    const many = () => create({ idempotencyKey: key }, 'orders.createMany', { body: { rows } });
    await many();
    const first = sent().map((request) => request.key);
    expect(first[0]).toBe(key);
    expect(new Set(first).size).toBe(3);
    await store.write([
      { op: 'delete', table: 'keyedCall', where: {}, below: { column: 'createdAt', value: world.now() + 1 } },
    ]);
    vendor.next();
    await many();
    expect(sent().map((request) => request.key)).toEqual([...first, ...first]);
  });

  it('does not go where the method, or its category, takes none', async () => {
    const { create, sent, vendor } = await open();
    vendor.next(broken);
    await expect(create({ idempotencyKey: key }, 'orders.plain')).rejects.toMatchObject({
      outcome: 'sent-unknown',
    });
    await create({ idempotencyKey: 'other' }, 'orders.list', {});
    expect(sent().map((request) => request.key)).toEqual([undefined, undefined]);
  });

  it('is shown by the preview', async () => {
    const { runtime, account, id } = await open();
    const { headers, provenance } = await runtime.preview(account, id, 'orders.create', { body });
    expect(headers).toMatchObject({ 'idempotency-key': expect.any(String) });
    expect(provenance).toContainEqual({ name: 'Idempotency-Key', in: 'header', source: 'generated' });
  });
});

describe('rows that nobody may ask for any more', () => {
  it('are removed when the next key comes, five hundred at a time', async () => {
    const { create, store, world, account, id } = await open();
    const row = {
      ...{ accountId: account, installationId: id, fingerprint: 'f', state: 'done' as const, owner: 'o' },
      ...{ heldUntil: 0, answer: null, createdAt: 0, expiresAt: world.now() - 1 },
    } as const;
    await store.write(
      Array.from(
        { length: 600 },
        (_, n) => ({ op: 'insert', table: 'keyedCall', row: { ...row, id: `old-${n}` } }) as const,
      ),
    );
    await create();
    expect(await store.count('keyedCall')).toBe(101);
    await create({ idempotencyKey: 'next' });
    expect(await store.count('keyedCall')).toBe(2);
  });
});
