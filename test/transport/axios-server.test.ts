import type { IncomingMessage, RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FishplateError } from '../../src/errors.ts';
import type { AxiosSendOptions } from '../../src/transport/axios.ts';
import type { SendOptions, WireRequest } from '../../src/wire.ts';
import { adapters, bodyOf, createLocalSend, serve } from './local-server.ts';

afterEach(() => vi.unstubAllEnvs());

const shown = (error: Error) =>
  [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error.stack)].join('\n');

const get = (url: string): WireRequest => ({
  method: 'GET',
  url,
  headers: { authorization: 'Bearer header-s3cret' },
});
describe.each(adapters)('over %s', (adapter) => {
  const createSend = (options?: AxiosSendOptions) => createLocalSend({ adapter, ...options });
  const errorOf = async (sent: WireRequest, options?: SendOptions, made?: AxiosSendOptions) => {
    const error: unknown = await createSend(made)(sent, options).catch((reason: unknown) => reason);
    if (!(error instanceof FishplateError)) throw new Error(`not a FishplateError: ${inspect(error)}`);
    return error;
  };
  describe('a request that never left', () => {
    it('really: nobody listens', async () => {
      const origin = await serve(() => undefined);
      const port = Number(new URL(origin).port);
      // Port 1 of this machine is never open; both addresses of localhost are tried.
      for (const host of ['127.0.0.1:1', 'localhost:1'])
        expect(await errorOf(get(`http://${host}/`))).toMatchObject({
          code: 'transport.unreachable',
          outcome: 'not-sent',
          message: `no connection to ${host} (ECONNREFUSED)`,
        });
      expect(await errorOf(get(`https://127.0.0.1:${port}/`))).toMatchObject({
        code: 'transport.unreachable',
      });
    });
  });

  describe('a request that may have arrived', () => {
    it.each<[string, RequestListener]>([
      ['hangs up', (message) => message.socket.destroy()],
      [
        'hangs up within the answer',
        (_, response) => {
          response.writeHead(200, { 'content-length': '100' });
          response.write('half');
          setImmediate(() => response.destroy());
        },
      ],
      [
        'hangs up within an answer of unknown length',
        (_, response) => {
          response.write('half');
          setImmediate(() => response.destroy());
        },
      ],
      ['speaks another language', (message) => message.socket.end('220 smtp.acme.example ESMTP\r\n')],
    ])('is interrupted by a server that %s', async (_, listener) => {
      expect(await errorOf(get(await serve(listener)))).toMatchObject({
        code: 'transport.interrupted',
        outcome: 'sent-unknown',
      });
    });

    it.each<[string, RequestListener]>([
      ['does not answer', () => undefined],
      ['does not finish its answer', (_, response) => void response.write('{')],
      [
        'lets its answer drip',
        (_, response) => {
          const drip = setInterval(() => response.write(' '), 5);
          response.on('close', () => clearInterval(drip));
        },
      ],
    ])('is given up in time when a server %s', async (_, listener) => {
      const origin = await serve(listener);
      const expected = {
        code: 'transport.timeout',
        outcome: 'sent-unknown',
        message: `no answer from ${new URL(origin).host} within 60 ms`,
      };
      expect(await errorOf(get(origin), { timeoutMs: 60 })).toMatchObject(expected);
      expect(await errorOf(get(origin), {}, { timeoutMs: 60 })).toMatchObject(expected);
    });

    it('is cancelled by its caller, before and within the answer', async () => {
      for (const begin of [false, true]) {
        const controller = new AbortController();
        const origin = await serve((_, response) => {
          if (begin) response.write('half');
          setImmediate(() => controller.abort(new Error('header-s3cret')));
        });
        const error = await errorOf(get(origin), { signal: controller.signal });
        expect(error).toMatchObject({ code: 'transport.cancelled', outcome: 'sent-unknown' });
      }
    });
  });

  describe('an answer over the size cap', () => {
    it.each<[string, RequestListener]>([
      ['of known length', (_, response) => response.end('x'.repeat(2_000))],
      [
        'of unknown length',
        (_, response) => {
          response.write('x'.repeat(600));
          response.end('x'.repeat(600));
        },
      ],
      [
        'that is small until it is unpacked',
        (_, response) => {
          response.setHeader('content-encoding', 'gzip');
          response.end(gzipSync('x'.repeat(100_000)));
        },
      ],
    ])('is not read to its end: %s', async (_, listener) => {
      const error = await errorOf(get(await serve(listener)), {}, { maxResponseBytes: 1_000 });
      expect(error).toMatchObject({ code: 'transport.too-large', outcome: 'sent-unknown' });
    });

    it('may be exactly that large', async () => {
      const origin = await serve((_, response) => response.end('x'.repeat(1_000)));
      expect((await createSend({ maxResponseBytes: 1_000 })(get(origin))).body).toHaveLength(1_000);
    });
  });

  describe('no error', () => {
    it('shows credentials, query or body, however deep one looks', async () => {
      const reset = await serve((message) => message.socket.destroy());
      for (const origin of [reset, 'http://127.0.0.1:1']) {
        const sent = {
          method: 'POST',
          url: `${origin}/?key=query-s3cret`,
          headers: { authorization: 'Bearer header-s3cret' },
          body: 'body-s3cret',
        };
        expect(shown(await errorOf(sent))).not.toContain('s3cret');
        const signal = AbortSignal.abort(new Error('header-s3cret'));
        expect(shown(await errorOf(sent, { signal }))).not.toContain('s3cret');
      }
    });
  });

  describe('a request', () => {
    it('arrives as it was prepared', async () => {
      const seen: Promise<{
        headers: IncomingMessage['headers'];
        method?: string;
        url?: string;
        body: string;
      }>[] = [];
      const origin = await serve((message, response) => {
        const { headers, method = '', url = '' } = message;
        seen.push(bodyOf(message).then((body) => ({ headers, method, url, body })));
        response.end();
      });
      const send = createSend({ userAgent: 'Test/1' });
      const path = '/t1/a%2Fb/%252e?q=a,b:c%20d';
      await send({
        method: 'PATCH',
        url: origin + path,
        headers: { 'content-type': 'text/x', 'x-a': 'b' },
        body: 'zażółć',
      });
      await send({ method: 'POST', url: `${origin}/`, headers: {} });
      await send({
        method: 'POST',
        url: `${origin}/`,
        headers: {},
        body: new Uint8Array([0, 255, 65]).subarray(2),
      });
      const [full, bare, bytes] = await Promise.all(seen);
      expect(full).toMatchObject({
        method: 'PATCH',
        url: path,
        body: 'zażółć',
        headers: { 'content-type': 'text/x', 'x-a': 'b', 'user-agent': 'Test/1', 'content-length': '10' },
      });
      expect(full?.headers).not.toHaveProperty('accept');
      expect(bare?.headers).not.toHaveProperty('content-type');
      expect(bytes?.body).toBe('A');
    });

    it('follows no redirect: the credentials stay with the host they are for', async () => {
      let followed = 0;
      const elsewhere = await serve((_, response) => {
        followed++;
        response.end();
      });
      const origin = await serve((message, response) => {
        response.writeHead(Number(message.url?.slice(1)), { location: elsewhere });
        response.end('moved');
      });
      for (const status of [301, 302, 303, 307, 308])
        expect(await createSend()(get(`${origin}/${status}`))).toMatchObject({
          status,
          headers: { location: elsewhere },
          body: 'moved',
        });
      expect(followed).toBe(0);
    });

    it('uses no proxy that the environment names', async () => {
      let proxied = 0;
      const proxy = await serve((_, response) => {
        proxied++;
        response.end('proxy');
      });
      for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'])
        vi.stubEnv(name, proxy);
      vi.stubEnv('no_proxy', '');
      vi.stubEnv('NO_PROXY', '');
      const origin = await serve((_, response) => response.end('direct'));
      expect((await createSend()(get(origin))).body).toBe('direct');
      expect(proxied).toBe(0);
    });
  });

  describe('an answer', () => {
    it.each([200, 201, 204, 304, 400, 401, 404, 429, 500, 503, 599])(
      'of status %i is an answer',
      async (status) => {
        const origin = await serve((_, response) => {
          response.writeHead(status);
          response.end();
        });
        expect(await createSend()(get(origin))).toMatchObject({ status, body: '' });
      },
    );

    it('comes as the text that was sent, with header names in lower case', async () => {
      const origin = await serve((_, response) => {
        response.setHeader('Content-Type', 'application/json');
        response.setHeader('X-Request-ID', 'r1');
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        response.end('{"n": 12345678901234567890, "t": "zażółć"}');
      });
      const { headers, body } = await createSend()(get(origin));
      expect(body).toBe('{"n": 12345678901234567890, "t": "zażółć"}');
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-request-id': 'r1',
        'set-cookie': 'a=1, b=2',
      });
    });

    it('is unpacked', async () => {
      const origin = await serve((_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync('{"a":1}'));
      });
      expect((await createSend()(get(origin))).body).toBe('{"a":1}');
    });
  });
});
