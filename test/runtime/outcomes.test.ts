/** A real vendor (the sandbox) on a real network, with faults on the way: what callers see, and what the vendor has in the end. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Connector, Method, Parameter } from '../../src/definition/connector.ts';
import { parseTemplate } from '../../src/definition/template.ts';
import type { FishplateError } from '../../src/errors.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { CallOptions } from '../../src/runtime-contract.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import { createTestBed, memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld } from '../helpers/vendor.ts';
import { openSandbox } from '../sandbox/open-sandbox.ts';
import { smallConnector, smallMethods, smallScript } from '../sandbox/small-connector.ts';

const body = { name: 'Nut', code: 'nut-1' };
const keyed: Partial<Method> = { idempotencyKey: { header: 'Idempotency-Key' } };

const id: Parameter = {
  ...{ name: 'id', id: 1, in: 'path', required: true, description: 'Id.', schema: { type: 'string' } },
  arrays: 'comma',
};

/** `change` is made to the methods that create things. */
async function open(change: Partial<Method> = {}) {
  const methodList = smallMethods.map((method) => {
    if (method.key === 'things.delete') return { ...method, parameters: { id } };
    return method.key === 'things.create' ? { ...method, ...change } : method;
  });
  const vendor = await openSandbox(smallConnector({ methodList }), smallScript);
  const { key } = await vendor.enter('All');
  const connector = withHosts(smallConnector({ methodList }), vendor.urls);
  const runtime = await createClient(connector);
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const values = { org: 'one', keyId: key.accessKeyId, secret: key.apiSecret.reveal() };
  const { row } = await runtime.install(account, 'small', { values });
  expect(row.stateReason).toBeNull();
  vendor.sandbox.requests.clear();
  return {
    ...vendor,
    runtime,
    fault: (fault: Fault) => vendor.sandbox.faults.add({ method: 'things.create', ...fault }),
    create: (options: CallOptions = {}) => runtime.call(account, row.id, 'things.create', { body }, options),
    call: (method: string, args = {}, options: CallOptions = {}) =>
      runtime.call(account, row.id, method, args, options),
    /** What the vendor has, past all faults. */
    things: async () => {
      vendor.sandbox.faults.clear();
      const { page } = await runtime.call(account, row.id, 'things.list');
      return page?.items ?? [];
    },
    /** How often the vendor was asked. */
    asked: (method = 'things.create') => vendor.sandbox.requests.list(method).length,
  };
}

async function createClient(connector: Connector) {
  const send = createAxiosSend({ allowAddresses: ['loopback'] });
  onTestFinished(() => send.close());
  return createRuntime({
    connectors: [connector],
    store: await memoryStore(),
    send,
    world: createFakeWorld(),
  });
}

const withHosts = (connector: Connector, urls: Readonly<Record<string, string>>): Connector => ({
  ...connector,
  environments: {
    named: {
      main: {
        label: 'Main',
        hosts: Object.fromEntries(
          Object.entries(urls).map(([host, url]) => [host, parseTemplate(url).template]),
        ),
      },
    },
  },
});

const errorOf = async (promise: Promise<unknown>) =>
  (await promise.then(
    () => 'no error',
    (error: unknown) => error,
  )) as FishplateError;

describe('a POST that creates', () => {
  it.each<[string, Fault, string, number]>([
    ['breaks after the vendor read it', { drop: 'after' }, 'transport.interrupted', 1],
    ['breaks before the vendor read it', { drop: 'before' }, 'transport.interrupted', 0],
    ['is answered with half a body', { truncate: true }, 'transport.interrupted', 1],
  ])(
    'and %s is sent once, and its caller is told that it may have been done',
    async (_, fault, code, made) => {
      const { create, fault: add, things, asked } = await open();
      add(fault);
      expect(await errorOf(create())).toMatchObject({ code, outcome: 'sent-unknown' });
      expect(asked()).toBe(1);
      expect(await things()).toHaveLength(made);
    },
  );

  it('and is answered by a proxy is sent once; the page is an error, not an answer', async () => {
    const { create, fault, things, asked } = await open();
    const page = '<html><head><title>Sign in to the Wi-Fi</title></head><body>Welcome</body></html>';
    fault({ status: 200, body: page, contentType: 'text/html' });
    expect(await errorOf(create())).toMatchObject({
      code: 'response.unreadable',
      message: 'the vendor answered 200 with text/html where JSON is expected: "Sign in to the Wi-Fi"',
      outcome: 'sent-unknown',
      vendor: { status: 200 },
    });
    expect(asked()).toBe(1);
    expect(await things()).toEqual([]);
  });

  it('and is answered in JSON under another content type has its answer', async () => {
    const { create, fault } = await open();
    fault({ contentType: 'text/html' });
    expect((await create()).body).toMatchObject({ name: 'Nut' });
  });

  it('and meets a server error is sent once, and its caller is told to look first', async () => {
    const { create, fault, asked } = await open();
    fault({ status: 502 });
    expect(await errorOf(create())).toMatchObject({
      code: 'vendor.unavailable',
      hint: expect.stringContaining('look before you repeat it'),
    });
    expect(asked()).toBe(1);
  });

  it.each(['soon', '-1', '', '1e3', 'Sun, 31 Foo 2026 25:00:00 GMT'])(
    'and meets a 503 whose Retry-After is no time (%j) is sent once: nobody said that nothing was done',
    async (time) => {
      const { create, fault, asked } = await open();
      fault({ status: 503, headers: { 'Retry-After': time } });
      expect(await errorOf(create())).toMatchObject({
        code: 'vendor.unavailable',
        hint: expect.stringContaining('look before you repeat it'),
      });
      expect(asked()).toBe(1);
    },
  );

  it.each([
    [429, {}],
    [503, { 'Retry-After': '1' }],
  ])('and is told "later" by %i is sent again, and done once', async (status, headers) => {
    const { create, fault, things, asked } = await open();
    fault({ status, headers, times: 2 });
    expect((await create()).attempts).toBe(3);
    expect(asked()).toBe(3);
    expect(await things()).toHaveLength(1);
  });

  it.each([
    [401, 'vendor.expired', 2],
    [403, 'vendor.forbidden', 1],
  ])('and is refused with %i is not done', async (status, code, times) => {
    const { create, fault, things, asked } = await open();
    fault({ status });
    expect(await errorOf(create())).toMatchObject({ code });
    expect(asked()).toBe(times);
    expect(await things()).toEqual([]);
  });
});

describe('a POST that carries a key for the vendor', () => {
  it.each<[string, Fault]>([
    ['breaks after the vendor read it', { drop: 'after', times: 2 }],
    ['breaks before the vendor read it', { drop: 'before', times: 2 }],
    ['is answered with half a body', { truncate: true, times: 2 }],
    ['meets a server error', { status: 500, times: 2 }],
    ['is answered by a proxy', { status: 200, body: '<p>Hello', contentType: 'text/html', times: 2 }],
  ])('and %s is sent again, and done once', async (_, fault) => {
    const { create, fault: add, things, asked } = await open(keyed);
    add(fault);
    const { body: thing, attempts } = await create();
    expect(attempts).toBe(3);
    expect(asked()).toBe(3);
    expect(await things()).toEqual([thing]);
  });

  it('is done once when its caller gives up and comes again with its own key', async () => {
    const { create, fault, things, asked } = await open(keyed);
    fault({ drop: 'after' });
    const mine = { idempotencyKey: 'mine' };
    expect(await errorOf(create(mine))).toMatchObject({ outcome: 'sent-unknown' });
    const [thing] = await things();
    expect((await create(mine)).body).toEqual(thing);
    expect(asked()).toBe(4);
    expect(await things()).toHaveLength(1);
  });
});

describe('an idempotent method', () => {
  it.each<[string, Fault]>([
    ['a broken connection', { drop: 'after', times: 2 }],
    ['half a body', { truncate: true, times: 2 }],
    ['a server error', { status: 500, times: 2 }],
    ['a page of HTML', { status: 200, body: '<p>Hello', contentType: 'text/html', times: 2 }],
  ])('is sent again after %s', async (_, fault) => {
    const { call, sandbox, asked } = await open();
    sandbox.faults.add({ method: 'things.list', ...fault });
    expect((await call('things.list')).page?.items).toEqual([]);
    expect(asked('things.list')).toBe(3);
  });

  it('whose first attempt may have been done says so with the refusal of the second', async () => {
    const { create, call, sandbox } = await open();
    const thing = (await create()).body as { id: string };
    sandbox.faults.add({ method: 'things.delete', drop: 'after', times: 1 });
    expect(await errorOf(call('things.delete', { id: thing.id }))).toMatchObject({
      code: 'vendor.not-found',
      message: expect.stringContaining('after an attempt that may have been processed'),
      outcome: 'sent-unknown',
    });
  });
});

describe('a token request that fails', () => {
  it.each<[string, Fault]>([
    ['a broken connection', { drop: 'after' }],
    ['a server error', { status: 500 }],
    ['a refusal', { status: 401 }],
  ])('with %s leaves the call unsent, which is said', async (_, fault) => {
    const { create, sandbox, fault: add, asked } = await open();
    // The token is refused, and no other is to be had.
    add({ status: 401, times: 1 });
    sandbox.faults.add({ method: 'token', ...fault });
    expect(await errorOf(create())).toMatchObject({ outcome: 'not-sent' });
    expect(asked()).toBe(1);
  });
});

describe('a connection test that comes before a call and fails', () => {
  it.each([404, 409, 422])(
    'with %i leaves the call unsent, which is said: that was said of the test',
    async (status) => {
      const { runtime, account, vendor, world, install } = await createTestBed();
      vendor.next({ status });
      const id = await install();
      world.advance(3_600_000);
      vendor.next({ status });
      const call = runtime.call(account, id, 'things.create', { body: { name: 'Nut' } });
      expect(await errorOf(call)).toMatchObject({ outcome: 'not-sent', vendor: { status } });
      expect(
        vendor.requests.filter(({ url, method }) => method === 'POST' && !url.includes('oauth')),
      ).toEqual([]);
    },
  );
});

describe('without a vendor', () => {
  const servers: (Server | ReturnType<typeof createTcpServer>)[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(server: (typeof servers)[number]): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Calls a connector whose API is at the origin; everything but the call itself goes well. */
  async function createAt(origin: string, options: CallOptions = {}, change: Partial<Method> = {}) {
    const { sandbox, urls, enter } = await openSandbox(smallConnector(), smallScript);
    const { key } = await enter('All');
    const methodList = smallMethods.map((method) =>
      method.key === 'events.send' ? { ...method, ...change } : method,
    );
    const hosts = { ...urls, ingest: origin };
    const runtime = await createClient(withHosts(smallConnector({ methodList }), hosts));
    const { id: account } = await runtime.accounts.create({ name: 'Customer' });
    const values = { org: 'one', keyId: key.accessKeyId, secret: key.apiSecret.reveal() };
    const { row } = await runtime.install(account, 'small', { values });
    expect(sandbox.requests.list('me.get')).toHaveLength(1);
    return runtime.call(account, row.id, 'events.send', { body: { rows: [] } }, options);
  }

  const listenHttp = async (listener: RequestListener) =>
    `http://127.0.0.1:${await listen(createServer(listener))}`;

  it('nothing is sent when the connection is refused, however often it is tried', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await errorOf(createAt(`http://127.0.0.1:${port}`))).toMatchObject({
      code: 'transport.unreachable',
      outcome: 'not-sent',
    });
  });

  it('nothing is sent when the name does not resolve', async () => {
    const error = await errorOf(createAt('http://nowhere.invalid'));
    expect(error).toMatchObject({ outcome: 'not-sent', category: 'unavailable' });
  });

  it('a request that is not answered in time may have been done, and is not sent again', async () => {
    let asked = 0;
    const origin = await listenHttp(() => void asked++);
    expect(await errorOf(createAt(origin, { deadlineMs: 300 }))).toMatchObject({
      code: 'transport.timeout',
      outcome: 'sent-unknown',
    });
    expect(asked).toBe(1);
  });

  it('a connection that is reset under a request leaves the request in doubt', async () => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.resetAndDestroy());
      }),
    );
    expect(await errorOf(createAt(`http://127.0.0.1:${port}`))).toMatchObject({
      code: 'transport.interrupted',
      outcome: 'sent-unknown',
    });
  });

  it('the caller who leaves during a request is told that it may have been done', async () => {
    const leaving = new AbortController();
    const origin = await listenHttp(() => leaving.abort());
    expect(await errorOf(createAt(origin, { signal: leaving.signal }))).toMatchObject({
      code: 'transport.cancelled',
      outcome: 'sent-unknown',
    });
  });

  it('secrets that a proxy repeats on its page are not quoted', async () => {
    const origin = await listenHttp((request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<h1>Bad request</h1><p>${request.headers.authorization}</p>`);
    });
    const { message } = await errorOf(createAt(origin));
    expect(message).toContain('Bad request Bearer [redacted]');
  });
});
