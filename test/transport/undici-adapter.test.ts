import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { connect as openConnection, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { InternalAxiosRequestConfig } from 'axios';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connect } from '../../src/transport/connect.ts';
import { createUndiciAdapter } from '../../src/transport/undici-adapter.ts';
import { errorOf } from './error-of.ts';
import { adapters, bodyOf, createLocalSend, listen, serve, serveTcp } from './local-server.ts';

afterEach(() => vi.unstubAllEnvs());

const get = (url: string) => ({ method: 'GET', url, headers: {} });
const post = (url: string) => ({ method: 'POST', url, headers: {}, body: 'paid' });
const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url)));

describe('a request that was given up before it was sent', () => {
  it('says so when no connection comes about in time', async () => {
    // Takes connections, but never answers the TLS handshake.
    const host = await serveTcp(() => undefined);
    const send = createLocalSend({ connectTimeoutMs: 20 });
    expect(await errorOf(send(post(`https://${host}/`)))).toMatchObject({
      code: 'transport.unreachable',
      outcome: 'not-sent',
      message: `no connection to ${host} within 20 ms`,
    });
  });

  it('says so when its time is over while it is being connected, and when its caller leaves', async () => {
    const host = await serveTcp(() => undefined);
    const send = createLocalSend();
    expect(await errorOf(send(post(`https://${host}/`), { timeoutMs: 20 }))).toMatchObject({
      code: 'transport.timeout',
      outcome: 'not-sent',
      message: `the request to ${host} could not be sent within 20 ms`,
      hint: expect.stringContaining('Nothing was sent'),
    });
    const signal = AbortSignal.timeout(20);
    expect(await errorOf(send(post(`https://${host}/`), { signal }))).toMatchObject({
      code: 'transport.cancelled',
      outcome: 'not-sent',
    });
  });

  it('says so when all connections are taken, and never leaves later', async () => {
    const bodies: string[] = [];
    const answers: (() => void)[] = [];
    const origin = await serve(async (message, response) => {
      bodies.push(`${message.url} ${await bodyOf(message)}`);
      answers.push(() => void response.end('done'));
    });
    const send = createLocalSend({ connections: 1 });
    const first = send(post(`${origin}/first`));
    await vi.waitFor(() => expect(bodies).toEqual(['/first paid']));
    expect(await errorOf(send(post(`${origin}/late`), { timeoutMs: 20 }))).toMatchObject({
      code: 'transport.timeout',
      outcome: 'not-sent',
    });
    const third = send(post(`${origin}/third`));
    answers[0]?.();
    expect((await first).body).toBe('done');
    await vi.waitFor(() => expect(bodies).toHaveLength(2));
    answers[1]?.();
    expect((await third).body).toBe('done');
    expect(bodies).toEqual(['/first paid', '/third paid']);
  });
});

describe('a request that was sent', () => {
  it('is given up when the answer does not begin, or stands still, and each says which', async () => {
    const silent = await serve(() => undefined);
    const limits = { headersTimeoutMs: 20, bodyTimeoutMs: 20 };
    expect(await errorOf(createLocalSend(limits)(post(silent)))).toMatchObject({
      code: 'transport.timeout',
      outcome: 'sent-unknown',
      message: `${new URL(silent).host} did not begin to answer within 20 ms`,
    });
    const halting = await serve((_, response) => void response.write('{'));
    expect(await errorOf(createLocalSend(limits)(post(halting)))).toMatchObject({
      code: 'transport.timeout',
      outcome: 'sent-unknown',
      message: `the answer of ${new URL(halting).host} stood still for 20 ms`,
    });
  });

  it('is not sent again by the client when a connection that was kept open breaks', async () => {
    const seen: string[] = [];
    const origin = await serve(async (message, response) => {
      seen.push(message.url ?? '');
      await bodyOf(message);
      if (message.url === '/breaks') message.socket.destroy();
      else response.end();
    });
    const send = createLocalSend({ connections: 1 });
    await send(post(`${origin}/well`));
    for (const request of [post(`${origin}/breaks`), get(`${origin}/breaks`)]) {
      seen.length = 0;
      expect(await errorOf(send(request))).toMatchObject({
        code: 'transport.interrupted',
        outcome: 'sent-unknown',
      });
      expect(seen).toEqual(['/breaks']);
    }
    await send(post(`${origin}/well`));
  });

  it('takes a new connection when the server has closed the one that was kept open', async () => {
    const sockets: Socket[] = [];
    const origin = await serve((message, response) => {
      sockets.push(message.socket);
      response.end();
    });
    const send = createLocalSend({ connections: 1 });
    await send(post(origin));
    await new Promise<void>((resolve) => {
      sockets[0]?.once('close', () => resolve());
      sockets[0]?.end();
    });
    await send(post(origin));
    expect(new Set(sockets).size).toBe(2);
  });

  it('keeps to as many connections as it may have, and uses them again', async () => {
    const sockets = new Set<Socket>();
    const origin = await serve((message, response) => {
      sockets.add(message.socket);
      response.end();
    });
    const send = createLocalSend({ connections: 3 });
    for (let round = 0; round < 3; round++)
      await Promise.all(Array.from({ length: 10 }, () => send(get(origin))));
    expect(sockets.size).toBeLessThanOrEqual(3);
  });

  it('ends as cancelled when the connections are closed under it', async () => {
    const send = createLocalSend();
    const origin = await serve(() => send.close());
    expect(await errorOf(send(post(origin)))).toMatchObject({
      code: 'transport.cancelled',
      outcome: 'sent-unknown',
    });
    expect(await errorOf(send(post(origin)))).toMatchObject({
      code: 'transport.cancelled',
      outcome: 'not-sent',
    });
  });
});

describe('a request that was sent, or a part of it', () => {
  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO'])(
    'may have been done although the system says %s of its connection, as it does before one is made',
    async (code) => {
      const host = await serveTcp(() => undefined);
      const connect: Connect = (_, callback) => {
        const [address, port] = host.split(':');
        const socket = openConnection(Number(port), address, () => callback(null, socket));
        const fault = Object.assign(new Error('gone'), { code, syscall: 'read' });
        const write = socket.write.bind(socket);
        socket.write = ((...given: Parameters<typeof write>) => {
          socket.destroy(fault);
          return write(...given);
        }) as typeof write;
      };
      const limits = { wholeMs: 5_000, connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000 };
      const { adapter, close } = createUndiciAdapter({
        ...{ connect, limits, maxResponseBytes: 1_000, connections: 1, headers: {} },
      });
      onTestFinished(close);
      const wire = () => ({ ...post(`http://${host}/`), timeoutMs: 5_000 });
      expect(await errorOf(adapter({ wire } as unknown as InternalAxiosRequestConfig))).toMatchObject({
        code: 'transport.interrupted',
        outcome: 'sent-unknown',
      });
    },
  );
});

describe('an answer', () => {
  it('may be announced: 103 and its like are not the answer', async () => {
    const host = await serveTcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
        socket.write('HTTP/1.1 201 Created\r\ncontent-length: 2\r\nx-real: 1\r\n\r\nok');
      });
    });
    const answer = await createLocalSend()(post(`http://${host}/`));
    expect(answer).toEqual({ status: 201, headers: { 'content-length': '2', 'x-real': '1' }, body: 'ok' });
  });
});

describe.each(adapters)('over %s', (adapter) => {
  it.each([
    ['is shorter than it says', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":1}'],
    ['ends within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"a":1}'],
    ['lacks its last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n'],
    ['ends within its head', 'HTTP/1.1 200 OK\r\ncontent-type: appl'],
    ['has two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 7\r\ncontent-length: 2\r\n\r\n{"a":1}'],
    ['is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('an answer that %s is never a success', async (_, text) => {
    const host = await serveTcp((socket) => void socket.once('data', () => socket.end(text)));
    expect(await errorOf(createLocalSend({ adapter })(post(`http://${host}/`)))).toMatchObject({
      code: 'transport.interrupted',
      outcome: 'sent-unknown',
    });
  });

  it('an answer without a length is not taken for whole when its connection is reset', async () => {
    const host = await serveTcp((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\n\r\nid,sum\r\n1,100\r\n');
        setTimeout(() => socket.resetAndDestroy(), 20);
      }),
    );
    expect(await errorOf(createLocalSend({ adapter })(get(`http://${host}/`)))).toMatchObject({
      code: 'transport.interrupted',
      outcome: 'sent-unknown',
      message: `the connection to ${host} broke (ECONNRESET)`,
    });
  });

  it('an answer without a length ends with its connection', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\n\r\n';
    const host = await serveTcp((socket) => void socket.once('data', () => socket.end(`${head}id,sum`)));
    expect((await createLocalSend({ adapter })(get(`http://${host}/`))).body).toBe('id,sum');
  });

  it('a certificate that nobody vouches for is refused, also where the environment says not to look', async () => {
    const server = createTlsServer({ key: fixture('key.pem'), cert: fixture('certificate.pem') });
    const port = await listen(server);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    expect(await errorOf(createLocalSend({ adapter })(post(`https://localhost:${port}/`)))).toMatchObject({
      code: 'transport.unreachable',
      outcome: 'not-sent',
      message: `no connection to localhost:${port} (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    });
  });

  it('TLS older than 1.2 is not spoken', async () => {
    const server = createTlsServer({
      ...{ key: fixture('key.pem'), cert: fixture('certificate.pem') },
      ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
    });
    server.on('tlsClientError', () => undefined);
    const port = await listen(server);
    const error = await errorOf(createLocalSend({ adapter })(post(`https://localhost:${port}/`)));
    expect(error).toMatchObject({ code: 'transport.unreachable', outcome: 'not-sent' });
    expect(error.message).not.toContain('CERT');
  });
});
