import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import { type Api, createApi, expectRefusal } from './api.ts';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await createApi();
  path = `/v1.0/account/connectors/${await api.install()}`;
  api.vendor.requests.length = 0;
});

const Body = { name: 'Nut' };
const ask = (key: string | undefined, body: object = { Body }, route = 'methods/things.create') =>
  api.ask('POST', `${path}/${route}`, {
    body,
    ...(key !== undefined && { headers: { 'Idempotency-Key': key } }),
  });
const sent = () => api.vendor.requests.length;

/** Raw, since clients of HTTP do not send such headers. */
async function askRaw(headers: readonly string[], leaveAfterMs?: number): Promise<number> {
  const server = createServer(api.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const given = [
      ...['Host', `127.0.0.1:${port}`, 'Authorization', `Bearer ${api.admin}`],
      ...[
        'X-Cyclr-Account',
        api.account,
        'Content-Type',
        'application/json',
        'Content-Length',
        String(JSON.stringify({ Body }).length),
        'Connection',
        'close',
        ...headers,
      ],
    ];
    return await new Promise<number>((resolve, reject) => {
      const url = `http://127.0.0.1:${port}${path}/methods/things.create`;
      const request = httpRequest(url, { method: 'POST', headers: given }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', (error) => (leaveAfterMs === undefined ? reject(error) : resolve(0)));
      request.end(JSON.stringify({ Body }));
      if (leaveAfterMs !== undefined) setTimeout(() => request.destroy(), leaveAfterMs);
    });
  } finally {
    server.close();
  }
}

describe('an Idempotency-Key is refused', () => {
  it.each([
    ['empty', ''],
    ['blank', '  '],
    ['too long', 'x'.repeat(256)],
    ['not ASCII', 'bestellung-\u00e4'],
  ])('with 400 when it is %s, and nothing is sent', async (_, key) => {
    for (const [route, body] of [
      ['methods/things.create', { Body }],
      ['test/things.create', { Body }],
      ['methods/things.create/body', { Body }],
      ['request', { Verb: 'POST', Path: '/t1/things', Body }],
      ['preview/things.create', { Body }],
    ] as const)
      expectRefusal(await ask(key, body, route), 400, 'call.key-invalid');
    expect(sent()).toBe(0);
  });

  it('with 400 when it comes twice', async () => {
    expect(await askRaw(['Idempotency-Key', 'a', 'Idempotency-Key', 'b'])).toBe(400);
    expect(sent()).toBe(0);
  });

  it('with 422 when it was used for another request', async () => {
    expect((await ask('k')).status).toBe(200);
    expectRefusal(await ask('k', { Body: { name: 'Bolt' } }), 422, 'call.key-reused');
    expectRefusal(
      await ask('k', { Verb: 'POST', Path: '/t1/things', Body }, 'request'),
      422,
      'call.key-reused',
    );
    expect(sent()).toBe(1);
  });

  it('with 409 while the first request is running: of a hundred one is sent', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('k')));
    const statuses = answers.map(({ status }) => status);
    // Whoever comes after its end has the first answer.
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const fresh = answers.filter(
      ({ status, headers }) => status === 200 && headers['idempotent-replayed'] === undefined,
    );
    expect(fresh).toHaveLength(1);
    expect(sent()).toBe(1);
  });
});

describe('a request with an Idempotency-Key', () => {
  it('that comes again has the first answer, marked, on whichever path it comes', async () => {
    const first = await ask('k');
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    for (const route of ['methods/things.create', 'test/things.create', 'methods/things.create/body']) {
      const again = await ask('k', { Body }, route);
      expect(again.headers['idempotent-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
      expect(again.headers['x-vendor-status']).toBe('200');
    }
    expect(sent()).toBe(1);
  });

  it('that ended in an error of the vendor has the error again, marked', async () => {
    api.vendor.next({ status: 422, body: '{"message":"because"}' });
    const answers = [await ask('k'), await ask('k')];
    for (const response of answers) expectRefusal(response, 400, 'vendor.invalid');
    expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect(sent()).toBe(1);
  });

  it('whose answer was too long to keep is answered with 410', async () => {
    api.vendor.next({ body: JSON.stringify({ id: 'x'.repeat(1024 * 1024) }) });
    expect((await ask('k')).status).toBe(200);
    const again = await ask('k');
    expectRefusal(again, 410, 'call.answer-not-kept');
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('in words of its own is made once', async () => {
    const raw = { Verb: 'POST', Path: '/t1/things', Body };
    const answers = [await ask('k', raw, 'request'), await ask('k', raw, 'request')];
    expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect(sent()).toBe(1);
  });

  it('goes on when its client goes away, who finds the answer when it comes again', async () => {
    const { runtime } = api;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let left: boolean | undefined;
    api = await createApi({}, (real) => ({
      ...real,
      call: async (...args) => {
        await gate;
        left = args[4]?.signal?.aborted;
        return real.call(...args);
      },
    }));
    path = `/v1.0/account/connectors/${await api.install()}`;
    expect(runtime).not.toBe(api.runtime);
    expect(await askRaw(['Idempotency-Key', 'k'], 50)).toBe(0);
    go();
    await expect.poll(() => left).toBeUndefined();
    await expect.poll(() => api.store.count('keyedCall')).toBe(1);
    await expect.poll(async () => (await ask('k')).headers['idempotent-replayed']).toBe('true');
  });

  it('that changes nothing is made each time', async () => {
    for (const _ of [1, 2]) {
      const { status, headers } = await ask('k', {}, 'methods/things.list');
      expect([status, headers['idempotent-replayed']]).toEqual([200, undefined]);
    }
    expect(sent()).toBe(2);
  });

  it('is not confused with that of another account', async () => {
    await ask('k');
    const other = await api.runtime.accounts.create({ name: 'Other' });
    const { row } = await api.runtime.install(other.id, 'acme', {
      values: { keyId: 'key', keySecret: 'the-key-secret', tenant: 't1' },
    });
    const response = await api.ask('POST', `/v1.0/account/connectors/${row.id}/methods/things.create`, {
      account: other.id,
      body: { Body },
      headers: { 'Idempotency-Key': 'k' },
    });
    expect([response.status, response.headers['idempotent-replayed']]).toEqual([200, undefined]);
  });
});

describe('an outcome that is not known', () => {
  it('is told again, with 503, and nothing is sent', async () => {
    api.vendor.next(() => {
      throw new FishplateError('transport.interrupted', 'the connection broke', { outcome: 'sent-unknown' });
    });
    for (const _ of [1, 2]) {
      const response = await ask('k');
      expectRefusal(response, 503, 'transport.interrupted');
      expect(response.body.Outcome).toBe('sent-unknown');
    }
    expect(sent()).toBe(1);
  });
});

it('the documentation names the header where calls are made or shown, and nowhere else', async () => {
  const { body: document } = await api.ask('GET', '/openapi.json');
  const operations = Object.values(document.paths as Record<string, Record<string, Operation>>)
    .flatMap((verbs) => Object.values(verbs))
    .filter(({ parameters }) =>
      parameters.some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey'),
    );
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual([
    'callMethod',
    'callMethodWithBody',
    'previewMethod',
    'sendRequest',
    'tryMethod',
    'uploadFile',
  ]);
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly $ref?: string }[];
}
