/** Ways to answer come in; real servers on this machine, closed when the test ends, go out by their origin. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type AxiosSendOptions, createAxiosSend } from '../../src/transport/axios.ts';

/** Every way to send that ships. */
export const adapters = ['undici', 'http'] as const;

/** A `Send` that may reach this machine, closed when the test ends. */
export function createLocalSend(options: AxiosSendOptions = {}) {
  const send = createAxiosSend({ allowAddresses: ['loopback'], ...options });
  onTestFinished(() => send.close());
  return send;
}

/** An HTTP server; the answer is its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => server.closeAllConnections());
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A server that gets bare connections; the answer is `127.0.0.1:port`. */
export async function serveTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${await listen(server)}`;
}

/** Listens on a free port of this machine until the test ends. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** The text of a request's body. */
export async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
