import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionLimits } from '../../src/server/connection-guard.ts';
import { type Listening, listen } from '../../src/server/listen.ts';
import { type Api, createApi } from './api.ts';

let api: Api;
let open: Listening[] = [];
beforeEach(async () => {
  api = await createApi();
});
afterEach(async () => {
  await Promise.all(open.map((listening) => listening.close()));
  open = [];
});

const serve = async (
  limits: Partial<ConnectionLimits> = {},
  app: RequestListener = api.app,
): Promise<number> => {
  const listening = await listen(app, {
    port: 0,
    runtime: { close: async () => undefined },
    limits,
    graceMs: 1,
  });
  open.push(listening);
  return listening.port;
};

interface Client {
  readonly socket: Socket;
  /** All that was received, once the other side has closed the connection. */
  readonly closed: Promise<string>;
  /** Resolves when what was received matches. */
  until(pattern: RegExp): Promise<string>;
}

/** A connection on which anything can be written. */
function dial(port: number, first = ''): Client {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    socket.emit('grown');
  });
  const closed = new Promise<string>((resolve) => {
    const end = () => {
      socket.destroy();
      resolve(received);
    };
    socket.once('end', end).once('close', end);
  });
  socket.write(first);
  return {
    socket,
    closed,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(received) && resolve(received);
        socket.on('grown', look);
        socket.once('close', () => reject(new Error(`closed after ${received}`)));
        look();
      }),
  };
}

const head = (lines: readonly string[]) =>
  `${['POST /v1.0/accounts HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`;
const signedIn = () => [`Authorization: Bearer ${api.admin}`, 'Content-Type: application/json'];
const GET = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
/** The answers in what was received: status and code of each. */
const answersIn = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})[\s\S]*?\r\n\r\n(\{.*?\}(?=HTTP|$))?/g)].map(([, status, body]) => [
    Number(status),
    body === undefined ? '' : ((JSON.parse(body) as { Code?: string }).Code ?? ''),
  ]);
/** Whether the server still serves. */
const isAlive = async (port: number) => {
  const client = dial(port, GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  return (await client.closed).startsWith('HTTP/1.1 200');
};

/** Expects that the connection is closed with exactly this refusal, in our own shape, and that others are served on. */
async function expectRefused(port: number, sent: string, status: number, code: string): Promise<void> {
  const text = await dial(port, sent).closed;
  expect([sent.slice(0, 60), answersIn(text)]).toEqual([sent.slice(0, 60), [[status, code]]]);
  expect(text).toMatch(/\r\nContent-Type: application\/json/i);
  expect(text).toContain('"RequestId"');
  expect(await isAlive(port)).toBe(true);
}

describe('a client that is slow', () => {
  it('with its headers is sent away, one letter at a time or none at all', async () => {
    const port = await serve({ headersMs: 60, checkEveryMs: 10 });
    for (const sent of ['', 'GET /hea', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b']) {
      const text = await dial(port, sent).closed;
      expect(answersIn(text)).toEqual([[408, 'input.too-slow']]);
    }
    expect(await isAlive(port)).toBe(true);
  });

  it('with its headers however many connections it has, while others are served', async () => {
    const port = await serve({ headersMs: 300, checkEveryMs: 10 });
    const slow = Array.from({ length: 200 }, () => dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-'));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('a');
    }, 20);
    expect(await isAlive(port)).toBe(true);
    const texts = await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
    expect(texts.every((text) => text.startsWith('HTTP/1.1 408'))).toBe(true);
  });

  it('with its body is sent away, whether it was let in or not', async () => {
    const port = await serve({ headersMs: 60, requestMs: 120, checkEveryMs: 10 });
    for (const [lines, body, expected] of [
      [[...signedIn(), 'Content-Length: 100'], '{"N', [408, 'input.too-slow']],
      [[...signedIn(), 'Transfer-Encoding: chunked'], '5\r\n{"N', [408, 'input.too-slow']],
      [['Content-Length: 100'], '{"N', [401, 'access.unauthenticated']],
    ] as const)
      expect(answersIn(await dial(port, head(lines) + body).closed)).toEqual([expected]);
    expect(await isAlive(port)).toBe(true);
  });

  it('with its next request is let go without a word', async () => {
    // Node.js adds a second of its own to the time that a connection may be idle.
    const port = await serve({ idleMs: 1 });
    const client = dial(port, GET);
    expect(answersIn(await client.closed)).toEqual([[200, '']]);
  });

  it('with reading, or gone without a word, does not stay for ever', async () => {
    const port = await serve({ silenceMs: 100 }, () => undefined);
    expect(await dial(port, GET).closed).toBe('');
  });
});

describe('a client that is greedy', () => {
  it('with connections gets so many by one address, and room again when it closes one', async () => {
    const port = await serve({ connectionsPerAddress: 3 });
    const held = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const client = dial(port, GET);
        await client.until(/Status/);
        return client;
      }),
    );
    expect(await dial(port, GET).closed).toBe('');
    const [first] = held;
    first?.socket.destroy();
    await first?.closed;
    let text = '';
    // The server hears of the end a moment after us.
    while (text === '')
      text = await dial(port, GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')).closed;
    expect(text).toContain('HTTP/1.1 200');
    for (const { socket } of held) socket.destroy();
  });

  it('with connections gets no more than there are in all', async () => {
    const port = await serve({ connections: 2 });
    const held = [dial(port, GET), dial(port, GET)];
    for (const client of held) await client.until(/Status/);
    expect(await dial(port, GET).closed).toBe('');
    for (const { socket } of held) socket.destroy();
  });

  it('with requests that it does not wait for is cut off', async () => {
    let under = 0;
    const port = await serve({ pipelined: 5 }, () => void under++);
    expect(await dial(port, GET.repeat(50)).closed).toBe('');
    expect(under).toBe(5);
  });

  it('but may send a few at once, and gets their answers in order', async () => {
    const port = await serve();
    const paths = ['/healthz', '/v1.0/nothing', '/healthz'];
    const sent = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('');
    const client = dial(port, sent.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n'));
    expect(answersIn(await client.closed)).toEqual([
      [200, ''],
      [404, 'route.unknown'],
      [200, ''],
    ]);
  });

  it('with its headers is refused: in bytes and in number', async () => {
    const port = await serve();
    await expectRefused(
      port,
      `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'input.headers-too-large',
    );
    await expectRefused(
      port,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'input.headers-too-large',
    );
    const many = Array.from({ length: 101 }, (_, n) => `A${n}: b`).join('\r\n');
    const sent = `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${many}\r\n\r\n`;
    await expectRefused(port, sent, 431, 'input.headers-too-large');
  });
});

describe('what is no request', () => {
  it.each<[string, string]>([
    ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001'],
    ['nonsense', 'hello\r\n\r\n'],
    ['a verb of its own', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a line of control characters', 'GET /\u0000\u0001 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n'],
    ['a header with a control character', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n'],
    ['a header that goes on in the next line', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n'],
    ['a length that is none', head(['Content-Length: 5a'])],
    ['a length below nothing', head(['Content-Length: -1'])],
    ['two lengths', `${head(['Content-Length: 4', 'Content-Length: 40'])}{"N"`],
    [
      'a length and chunks',
      `${head(['Content-Length: 4', 'Transfer-Encoding: chunked'])}0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n`,
    ],
    ['chunks and a length', `${head(['Transfer-Encoding: chunked', 'Content-Length: 4'])}0\r\n\r\n`],
    [
      'an encoding that is not chunked at its end',
      `${head(['Transfer-Encoding: chunked, identity'])}0\r\n\r\n`,
    ],
    ['an encoding that nobody knows', `${head(['Transfer-Encoding: xchunked'])}0\r\n\r\n`],
    ['two encodings', `${head(['Transfer-Encoding: chunked', 'Transfer-Encoding: cow'])}0\r\n\r\n`],
    ['lines that end without a return', 'GET /healthz HTTP/1.1\nHost: x\n\n'],
  ])('is refused with 400 in our own words, and takes nothing down: %s', async (_, sent) => {
    await expectRefused(await serve(), sent, 400, 'input.unreadable');
  });

  it('within a body ends that request, and no part of it is taken for another one', async () => {
    const port = await serve();
    const sent = `${head([...signedIn(), 'Transfer-Encoding: chunked'])}zz\r\n{}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`;
    const text = await dial(port, sent).closed;
    expect(answersIn(text)).toEqual([[400, 'input.unreadable']]);
    expect(await isAlive(port)).toBe(true);
  });

  it('behind one that is still being answered ends the connection, and is not taken for its answer', async () => {
    let release: () => void = () => undefined;
    const port = await serve({}, (_, response) => {
      release = () => void response.end('late');
    });
    expect(await dial(port, `${GET}${GET}\u0000nonsense\r\n\r\n`).closed).toBe('');
    release();
  });

  it('without a host, or to another protocol, is refused', async () => {
    const port = await serve();
    expect(await dial(port, 'GET /healthz HTTP/1.1\r\n\r\n').closed).toMatch(/^HTTP\/1\.1 400/);
    expect(await dial(port, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n').closed).not.toContain(
      ' 200 ',
    );
    const upgrade = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n';
    expect(await dial(port, upgrade).closed).not.toContain(' 101 ');
    expect(await isAlive(port)).toBe(true);
  });
});

describe('a client that breaks off', () => {
  it('in the middle of its body leaves nothing behind', async () => {
    const port = await serve();
    for (let count = 0; count < 20; count++) {
      const client = dial(port, `${head([...signedIn(), 'Content-Length: 100'])}{"Name"`);
      await new Promise((resolve) => client.socket.once('connect', resolve));
      client.socket.resetAndDestroy();
    }
    expect(await isAlive(port)).toBe(true);
    expect((await api.ask('GET', '/v1.0/accounts')).body).toHaveLength(1);
  });
});

describe('Expect: 100-continue', () => {
  it('is answered before the body is sent, and the request then goes on', async () => {
    const body = JSON.stringify({ Name: 'Customer' });
    const lines = [
      ...signedIn(),
      `Content-Length: ${body.length}`,
      'Expect: 100-continue',
      'Connection: close',
    ];
    const client = dial(await serve(), head(lines));
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.socket.write(body);
    expect(await client.closed).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });
});
