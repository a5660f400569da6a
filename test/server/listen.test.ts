import { type IncomingMessage, type RequestListener, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/server/listen.ts';

let open: Listening | undefined;
const closed: string[] = [];
afterEach(async () => {
  await open?.close();
  closed.length = 0;
});

const runtime = { close: async () => void closed.push('runtime') };

/** A listener whose answers wait until the test lets them go. */
function createGate() {
  let arrive: () => void = () => undefined;
  let release: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const app: RequestListener = (_, response) => {
    arrive();
    void released.then(() => response.end('done'));
  };
  return { app, arrived, release };
}

function get(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, (response) => resolve(response.resume()))
      .on('error', reject)
      .end();
  });
}

describe('listen', () => {
  it('rejects when the port is taken', async () => {
    open = await listen((_, response) => response.end(), { port: 0, runtime });
    await expect(listen((_, response) => response.end(), { port: open.port, runtime })).rejects.toMatchObject(
      {
        code: 'EADDRINUSE',
      },
    );
  });

  it('takes a free port of this machine only, and says where it listens', async () => {
    open = await listen((_, response) => response.end(), { port: 0, runtime });
    expect(open.url).toBe(`http://127.0.0.1:${open.port}`);
    expect((await get(open.url)).statusCode).toBe(200);
  });
});

describe('close', () => {
  it('lets a request in flight end, takes no new one, and closes the runtime last', async () => {
    const gate = createGate();
    open = await listen(gate.app, { port: 0, runtime });
    const { url } = open;
    const answer = get(url);
    await gate.arrived;
    const closing = open.close();
    await expect(get(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(closed).toEqual([]);
    gate.release();
    const { statusCode, headers } = await answer;
    expect({ statusCode, connection: headers.connection }).toEqual({ statusCode: 200, connection: 'close' });
    await closing;
    expect(closed).toEqual(['runtime']);
  });

  it('does not wait for a connection that is kept alive and idle', async () => {
    open = await listen((_, response) => response.end('done'), { port: 0, runtime });
    const socket = connect(open.port, '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await answered;
    await open.close();
    await ended;
    expect(closed).toEqual(['runtime']);
  });

  it('cuts off what is still in flight after the time of grace', async () => {
    const gate = createGate();
    open = await listen(gate.app, { port: 0, runtime, graceMs: 1 });
    const answer = get(open.url);
    await gate.arrived;
    const refused = expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    await open.close();
    await refused;
    expect(closed).toEqual(['runtime']);
  });

  it('asked for twice is one end', async () => {
    open = await listen((_, response) => response.end(), { port: 0, runtime });
    await Promise.all([open.close(), open.close()]);
    expect(closed).toEqual(['runtime']);
  });
});
