import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from './api.ts';

interface Raw {
  readonly path?: string;
  /** Names and values in turn, sent as they are. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly body: string;
}

let api: Api;
let id: string;
let close: () => void;
let origin: { readonly port: number };

beforeAll(async () => {
  api = await createApi();
  id = await api.install();
  const server = createServer(api.app as RequestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = { port: (server.address() as AddressInfo).port };
  close = () => server.close();
});
afterAll(() => close());

/** A request as it is given: neither names nor paths are put into order on the way. */
function send({ path, headers = [], body }: Required<Pick<Raw, 'path'>> & Raw): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        ...{ port: origin.port, host: '127.0.0.1', method: 'POST', path },
        headers: ['Host', 'localhost', ...headers],
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.rawHeaders,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

/** What may differ from one answer to the next. */
function settle({ status, headers, body }: Answer): Answer {
  const changing = new Set(['date', 'x-request-id']);
  const kept = headers.flatMap((_, index) =>
    index % 2 === 0 && !changing.has((headers[index] ?? '').toLowerCase())
      ? [`${headers[index]}: ${headers[index + 1]}`]
      : [],
  );
  // The ids of the fake world are all of one length.
  return { status, headers: kept, body: body.replace(/"RequestId":"[^"]*"/, '"RequestId":""') };
}

const pathOf = (method = 'things.list') => `/v1.0/account/connectors/${id}/methods/${method}`;
const auth = () => ['Authorization', `Bearer ${api.admin}`, 'X-Cyclr-Account', api.account];
const json = (text: string, ...more: string[]): Raw => ({
  headers: [
    ...auth(),
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(text)),
    ...more,
  ],
  body: text,
});

describe('a call that is served without Express is answered as Express would', () => {
  const requests: readonly (readonly [string, () => Raw])[] = [
    ['nothing but the path', () => ({})],
    ['no account', () => ({ headers: ['Authorization', `Bearer ${api.admin}`] })],
    ['a token of nobody', () => ({ headers: ['Authorization', `Bearer fp_token_${'x'.repeat(43)}`] })],
    [
      'Basic in place of Bearer',
      () => ({ headers: ['Authorization', 'Basic eDp5', 'X-Cyclr-Account', 'a'] }),
    ],
    ['an account that does not exist', () => ({ headers: [...auth().slice(0, 3), 'nobody'] })],
    ['two accounts', () => ({ headers: [...auth(), 'X-Cyclr-Account', 'other'] })],
    ['a session cookie of another page', () => ({ headers: ['Cookie', 'fishplate_session_web=abc'] })],
    ['a good call', () => json('{"Parameters":{"size":2}}')],
    [
      'a good call with a charset',
      () => ({
        ...json('{"Parameters":{"size":"2"}}'),
        headers: [...auth(), 'Content-Type', 'application/json; charset=utf-8', 'Content-Length', '27'],
      }),
    ],
    ['no body at all', () => ({ headers: auth() })],
    ['an empty body', () => json('')],
    [
      'chunks',
      () => ({
        headers: [...auth(), 'Content-Type', 'application/json', 'Transfer-Encoding', 'chunked'],
        body: '{}',
      }),
    ],
    [
      'gzip',
      () => {
        const body = gzipSync('{"Parameters":{"size":2}}');
        return {
          headers: [
            ...auth(),
            'Content-Type',
            'application/json',
            'Content-Encoding',
            'gzip',
            'Content-Length',
            String(body.length),
          ],
          body,
        };
      },
    ],
    [
      'another kind of JSON',
      () => ({
        headers: [...auth(), 'Content-Type', 'application/merge-patch+json', 'Content-Length', '2'],
        body: '{}',
      }),
    ],
    [
      'a form',
      () => ({
        headers: [...auth(), 'Content-Type', 'application/x-www-form-urlencoded', 'Content-Length', '3'],
        body: 'a=b',
      }),
    ],
    ['no type', () => ({ headers: [...auth(), 'Content-Length', '2'], body: '{}' })],
    ['broken JSON', () => json('{"Parameters":')],
    ['a byte order mark', () => json('\ufeff{"Parameters":{"size":2}}')],
    [
      'bytes that are no UTF-8',
      () => ({
        headers: [...auth(), 'Content-Type', 'application/json', 'Content-Length', '3'],
        body: Buffer.from([0x22, 0xff, 0x22]),
      }),
    ],
    [
      'another charset',
      () => ({
        headers: [...auth(), 'Content-Type', 'application/json; charset=latin1', 'Content-Length', '2'],
        body: '{}',
      }),
    ],
    ['a list', () => json('[]')],
    ['a reserved key', () => json('{"__proto__":{}}')],
    ['nested too deeply', () => json(`${'['.repeat(70)}${']'.repeat(70)}`)],
    ['an unknown parameter', () => json('{"Parameters":{"sise":2}}')],
    ['a key in other letters', () => json('{"parameters":{"size":2}}')],
    ['an idempotency key that is empty', () => json('{}', 'Idempotency-Key', ' ')],
    ['an odd request id', () => json('{}', 'X-Request-Id', 'a b')],
    ['a method of no form', () => ({ path: pathOf('nothing'), ...json('{}') })],
    ['an unknown method', () => ({ path: pathOf('things.no'), ...json('{}') })],
    [
      'an unknown installation',
      () => ({ path: '/v1.0/account/connectors/nobody/methods/things.list', ...json('{}') }),
    ],
    ['a trial', () => ({ path: pathOf().replace('/methods/', '/test/'), ...json('{}') })],
  ];

  /** With a query that says nothing the same path is one that Express serves. */
  it.each(requests)('%s', async (_, make) => {
    const { path = pathOf(), ...rest } = make();
    const short = settle(await send({ path, ...rest }));
    // Out of the vendor's limits, which would delay the second.
    api.world.advance(60_000);
    const long = settle(await send({ path: `${path}?`, ...rest }));
    expect(short).toEqual(long);
  });

  it('and is told of in the same words', async () => {
    const lines = async (path: string) => {
      const from = api.log.length;
      await send({ path, ...json('{}', 'X-Request-Id', 'same') });
      await new Promise((resolve) => setTimeout(resolve, 20));
      return api.log.slice(from);
    };
    const short = await lines(pathOf());
    expect(short).toHaveLength(1);
    expect(short).toEqual(await lines(`${pathOf()}?`));
  });

  it('and a path that has to be decoded is left to Express', async () => {
    const { status } = await send({ path: pathOf('things%2Elist'), ...json('{}') });
    expect(status).toBe(200);
    expect((await send({ path: pathOf('%zz'), ...json('{}') })).status).toBe(400);
  });
});
