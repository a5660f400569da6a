import { describe, expect, it } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import { createTestBed } from '../helpers/runtime.ts';

const broken =
  (code: 'transport.interrupted' | 'transport.unreachable', outcome: 'not-sent' | 'sent-unknown') => () => {
    throw new FishplateError(code, 'the connection broke', { outcome });
  };

describe('a call', () => {
  it('with wrong arguments names all problems at once and sends nothing', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    const before = vendor.requests.length;
    await expect(
      runtime.call(account, id, 'things.create', { body: { colour: 'blue', nam: 'x' }, size: 3 }),
    ).rejects.toMatchObject({
      code: 'arguments.invalid',
      problems: [
        { path: 'size', message: 'is not known here', hint: 'known are: body' },
        { path: 'body.name', message: 'is missing' },
        { path: 'body.colour', message: 'must be one of "red", "green"' },
        { path: 'body.nam', message: 'is not known here', hint: 'did you mean "name"?' },
      ],
    });
    expect(vendor.requests.length).toBe(before);
  });

  it('of an unknown method names the nearest one', async () => {
    const { runtime, account, install } = await createTestBed();
    await expect(runtime.call(account, await install(), 'thing.list')).rejects.toMatchObject({
      code: 'method.unknown',
      hint: 'did you mean "things.list"?',
    });
  });

  it('goes by key, by UUID and by integer id', async () => {
    const { runtime, account, install } = await createTestBed();
    const id = await install();
    const method = runtime.connectors.find('acme').methods['things.list'];
    for (const name of [
      'things.list',
      method?.uuid ?? '',
      method?.uuid.toUpperCase() ?? '',
      String(method?.id),
    ]) {
      expect((await runtime.call(account, id, name)).status).toBe(200);
    }
  });

  it('carries arguments where they belong and the token in the header', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    await runtime.call(account, id, 'things.list', { ids: ['a', 'b c'], limit: 2 });
    await runtime.call(account, id, 'things.list', { ids: ['a', 'b'] }, { settings: { style: 'repeat' } });
    expect(vendor.requests.slice(-2).map((request) => request.url)).toEqual([
      'https://api.acme.example/t1/things?ids=a%2Cb%20c&limit=2',
      'https://api.acme.example/t1/things?ids=a&ids=b',
    ]);
    expect(vendor.requests.at(-1)?.headers).toMatchObject({
      accept: 'application/json',
      authorization: expect.stringMatching(/^Bearer h\./),
    });
  });

  it('a thousand times at once on a cold installation asks for one token', async () => {
    const { runtime, account, vendor, install, store } = await createTestBed();
    const id = await install();
    const before = vendor.tokenRequests();
    await store.write([{ op: 'delete', table: 'token', where: { id } }]);
    const { createRuntime } = await import('../../src/runtime.ts');
    const connectors = runtime.connectors.list().map((each) => ({ ...each, limits: {} }));
    const cold = createRuntime({ connectors, store, send: vendor.send });
    await Promise.all(Array.from({ length: 1000 }, () => cold.call(account, id, 'things.list')));
    expect(vendor.tokenRequests() - before).toBe(1);
  });

  it('a thousand times at once on an installation with a bad key asks once, and gives everyone the reason', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    const id = await install({ keySecret: 'garbage' });
    world.advance(60_000);
    const before = vendor.tokenRequests();
    const results = await Promise.allSettled(
      Array.from({ length: 1000 }, () => runtime.call(account, id, 'things.list')),
    );
    expect(vendor.tokenRequests() - before).toBe(1);
    expect(
      new Set(
        results.map((result) => result.status === 'rejected' && (result.reason as { code: string }).code),
      ),
    ).toEqual(new Set(['vendor.bad-credentials']));
  });

  it('finds the token again after a restart', async () => {
    const { runtime, account, vendor, install, store, world } = await createTestBed();
    const id = await install();
    const before = vendor.tokenRequests();
    const { createRuntime } = await import('../../src/runtime.ts');
    const restarted = createRuntime({
      connectors: runtime.connectors.list(),
      store,
      send: vendor.send,
      world,
    });
    await restarted.call(account, id, 'things.list');
    expect(vendor.tokenRequests()).toBe(before);
  });

  it.each([30, 300, 18_000])(
    'uses a token of %i seconds for most of its life and renews it before its end',
    async (lifetimeSeconds) => {
      const { runtime, account, vendor, install, world } = await createTestBed();
      vendor.lifetimeSeconds = lifetimeSeconds;
      const id = await install();
      const before = vendor.tokenRequests();
      world.advance(lifetimeSeconds * 700);
      await runtime.call(account, id, 'things.list');
      expect(vendor.tokenRequests()).toBe(before);
      world.advance(lifetimeSeconds * 299);
      await runtime.call(account, id, 'things.list');
      expect(vendor.tokenRequests()).toBe(before + 1);
    },
  );

  it('renews once when the vendor says the token expired, and not a second time', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    const id = await install();
    world.advance(60_000);
    vendor.revokeTokens();
    const before = vendor.tokenRequests();
    expect((await runtime.call(account, id, 'things.list')).attempts).toBe(2);
    expect(vendor.tokenRequests()).toBe(before + 1);

    world.advance(60_000);
    vendor.next({ status: 401 }, { status: 401 }, { status: 401 });
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({ code: 'vendor.expired' });
    expect(vendor.tokenRequests()).toBe(before + 2);
  });

  it('turns the installation to failing when the key is refused, with the reason', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    const id = await install();
    vendor.secret = 'switched-off';
    vendor.revokeTokens();
    world.advance(60_000);
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({
      code: 'vendor.bad-credentials',
    });
    expect((await runtime.installation(account, id)).row).toMatchObject({
      state: 'failing',
      stateReason: { code: 'vendor.bad-credentials' },
    });
  });

  it('that creates is not repeated when its fate is unknown, and says so', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    const before = vendor.requests.length;
    vendor.next(broken('transport.interrupted', 'sent-unknown'));
    await expect(runtime.call(account, id, 'things.create', { body: { name: 'x' } })).rejects.toMatchObject({
      code: 'transport.interrupted',
      outcome: 'sent-unknown',
    });
    expect(vendor.requests.length).toBe(before + 1);
  });

  it('that creates is repeated when nothing was sent, and when the vendor says later', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    const id = await install();
    vendor.next(broken('transport.unreachable', 'not-sent'), {
      status: 429,
      headers: { 'retry-after': '7' },
    });
    expect((await runtime.call(account, id, 'things.create', { body: { name: 'x' } })).attempts).toBe(3);
    expect(world.sleeps).toEqual([250, 7000]);
  });

  it('keeps what it generated over its retries', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    vendor.next({ status: 500 }, broken('transport.interrupted', 'sent-unknown'));
    await runtime.call(account, id, 'things.upload', { body: { rows: [{ n: 1 }, { uid: 'mine', n: 2 }] } });
    const bodies = vendor.requests.slice(-3).map((request) => request.body);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(String(bodies[0]))).toEqual({
      rows: [
        { uid: expect.stringMatching(/^00000000-/), n: 1 },
        { uid: 'mine', n: 2 },
      ],
    });
    expect(new Set(vendor.requests.slice(-3).map((request) => request.url))).toEqual(
      new Set(['https://files.acme.example/t1/rows']),
    );
  });

  it('is not sent any more when the wait for its token has used up its time', async () => {
    const { runtime, account, install, store, world, vendor } = await createTestBed();
    const id = await install();
    await store.write([{ op: 'delete', table: 'token', where: { id } }]);
    const slow = createRuntime({
      connectors: [...runtime.connectors.list()],
      store,
      world,
      send: async (request, options) => {
        if (request.url.endsWith('/oauth/token')) world.advance(20_000);
        return vendor.send(request, options);
      },
    });
    await expect(slow.call(account, id, 'things.list', {}, { deadlineMs: 5_000 })).rejects.toMatchObject({
      code: 'transport.timeout',
      outcome: 'not-sent',
    });
    expect(vendor.requests.at(-1)?.url).toMatch(/\/oauth\/token$/);
  });

  it('does not wait past its deadline', async () => {
    const { runtime, account, vendor, install, world } = await createTestBed();
    const id = await install();
    vendor.next({ status: 429, headers: { 'retry-after': '61' } });
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({
      code: 'vendor.throttled',
    });
    expect(world.sleeps).toEqual([]);
  });

  it('that was cancelled ends at once', async () => {
    const { runtime, account, install } = await createTestBed();
    const id = await install();
    await expect(
      runtime.call(account, id, 'things.list', {}, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'transport.cancelled' });
  });

  it('takes 200 with an error inside for the refusal it is', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    vendor.next({ status: 200, body: '{"error":"no such colour"}' });
    await expect(runtime.call(account, id, 'things.list')).rejects.toMatchObject({
      code: 'vendor.failed',
      vendor: { status: 200, message: 'no such colour' },
    });
  });

  it('leaves a row in the log, whatever became of it, without arguments or secrets', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    await runtime.call(account, id, 'things.list', {}, { requestId: 'r1' });
    vendor.next({ status: 404 });
    await runtime.call(account, id, 'things.get', { id: 'x' }).catch(() => undefined);
    const rows = await runtime.calls({ installationId: id });
    expect(rows.map(({ method, outcome, status }) => [method, outcome, status])).toEqual(
      expect.arrayContaining([
        ['users.me', 'ok', 200],
        ['things.list', 'ok', 200],
        ['things.get', 'vendor.not-found', 404],
      ]),
    );
    expect(rows.find((row) => row.method === 'things.list')?.requestId).toBe('r1');
    expect(JSON.stringify(rows)).not.toContain('the-key-secret');
  });
});

describe('pages', () => {
  it('come one after the other until the vendor gives no token', async () => {
    const { runtime, account, install } = await createTestBed();
    const sizes: number[] = [];
    for await (const { page } of runtime.pages(account, await install(), 'things.list', { size: 2 }))
      sizes.push(page?.items.length ?? 0);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('end loudly when the vendor repeats a token, and at the cap', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    const drain = async (maxPages?: number) => {
      for await (const _ of runtime.pages(
        account,
        id,
        'things.list',
        {},
        maxPages === undefined ? {} : { maxPages },
      ));
    };
    const page = { body: '{"data":[],"next":"1"}' };
    vendor.next(page, page);
    await expect(drain()).rejects.toMatchObject({
      code: 'pages.endless',
      message: 'things.list gave the same page token twice, after 2 pages',
    });
    await expect(drain(2)).rejects.toMatchObject({
      code: 'pages.endless',
      message: 'things.list has more than 2 pages',
    });
  });
});

describe('a preview', () => {
  it('shows the whole request with the secret masked and where each part came from, and touches no network', async () => {
    const { runtime, account, vendor, install } = await createTestBed();
    const id = await install();
    const before = vendor.requests.length;
    const preview = await runtime.preview(account, id, 'things.create', { body: { name: "it's" } });
    expect(preview).toEqual({
      method: 'POST',
      url: 'https://api.acme.example/t1/things',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: 'Bearer [redacted]',
      },
      body: { name: "it's" },
      provenance: [
        { name: 'region', in: 'host', source: 'default' },
        { name: 'tenant', in: 'path', source: 'account' },
        { name: 'Accept', in: 'header', source: 'definition' },
        { name: 'body', in: 'body', source: 'argument' },
        { name: 'key', in: 'auth', source: 'account' },
      ],
      curl: `curl -X POST 'https://api.acme.example/t1/things' -H 'accept: application/json' -H 'content-type: application/json' -H 'authorization: Bearer '"$TOKEN"'' --data '{"name":"it'\\''s"}'`,
    });
    expect(vendor.requests.length).toBe(before);
  });
});

describe('a lookup', () => {
  it('offers ids by name, from all pages', async () => {
    const { runtime, account, install } = await createTestBed();
    expect(await runtime.lookup(account, await install(), 'things')).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((id) => ({ value: id, name: `Thing ${id}` })),
    );
  });

  it('that does not exist is refused', async () => {
    const { runtime, account, install } = await createTestBed();
    await expect(runtime.lookup(account, await install(), 'stuff')).rejects.toMatchObject({
      code: 'lookup.unknown',
    });
  });
});
