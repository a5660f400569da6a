/** A server comes in; from then on no connection can be slow, malformed or greedy at the cost of the others. */
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FishplateError } from '../errors.ts';
import { realWorld } from '../world.ts';
import { describeError, statusOf } from './error-response.ts';

/** What one client may take. Times in milliseconds. */
export interface ConnectionLimits {
  /** For the request line and all headers to arrive. */
  readonly headersMs: number;
  /** For the whole request to arrive. */
  readonly requestMs: number;
  /** How long a connection may be idle between requests: longer than the minute of the usual load balancers. */
  readonly idleMs: number;
  /** How long nothing at all may pass on a connection, in either direction: longer than any call may take. */
  readonly silenceMs: number;
  /** How often the first two are looked at. */
  readonly checkEveryMs: number;
  readonly connections: number;
  /** A proxy in front of us is one address, so it must have room for all that it needs. */
  readonly connectionsPerAddress: number;
  /** Requests that one connection may have sent without waiting for their answers. */
  readonly pipelined: number;
}

export const usualConnectionLimits: ConnectionLimits = {
  headersMs: 15_000,
  requestMs: 120_000,
  idleMs: 65_000,
  silenceMs: 900_000,
  checkEveryMs: 1_000,
  connections: 5_000,
  connectionsPerAddress: 1_000,
  pipelined: 100,
};

/** For the request line with its URL and all headers together. */
const HEADER_BYTES = 16 * 1024;

/** As much of the limits as the server is made with. Its parser stays strict, whatever the flags of the process say. */
export const serverOptions = (limits: ConnectionLimits): ServerOptions => ({
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.idleMs,
  connectionsCheckingInterval: limits.checkEveryMs,
  maxHeaderSize: HEADER_BYTES,
  insecureHTTPParser: false,
  requireHostHeader: true,
});

/** Hands requests on to the app, and watches the rest. Returns the responses that are not finished. */
export function guardConnections(
  server: Server,
  app: RequestListener,
  limits: ConnectionLimits,
): ReadonlySet<ServerResponse> {
  server.maxConnections = limits.connections;
  // Counted by the app: here those beyond the limit would be dropped in silence.
  server.maxHeadersCount = 0;
  server.timeout = limits.silenceMs;
  capAddresses(server, limits.connectionsPerAddress);
  const inFlight = new Set<ServerResponse>();
  const bySocket = new WeakMap<Duplex, { latest: IncomingMessage; readonly open: Set<ServerResponse> }>();
  server.on('request', (request, response) => {
    const known = bySocket.get(request.socket) ?? { latest: request, open: new Set() };
    bySocket.set(request.socket, known);
    known.latest = request;
    known.open.add(response);
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      known.open.delete(response);
    });
    // All that came in one packet is still handed out after this.
    if (known.open.size > limits.pipelined) request.socket.destroy();
    else app(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { latest, open } = bySocket.get(socket) ?? { latest: undefined, open: new Set<ServerResponse>() };
    const [current, ...others] = open;
    // Answered before all of it was here, as a stranger is.
    const isAnswered = current ? current.headersSent : latest?.complete === false;
    // What came before on this connection is still to be answered: a refusal would be taken for that.
    if (!socket.writable || error.code === 'ECONNRESET' || others.length > 0 || isAnswered) socket.destroy();
    else refuse(socket as Socket, refusalOf(error));
  });
  return inFlight;
}

function capAddresses(server: Server, most: number): void {
  const counts = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
    if (count > most) socket.destroy();
  });
}

function refusalOf({ code }: NodeJS.ErrnoException): FishplateError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new FishplateError('input.too-slow', 'the request did not arrive in time');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new FishplateError(
      'input.headers-too-large',
      `request line and headers are over ${HEADER_BYTES} bytes`,
    );
  // The parser's message may quote what was sent.
  return new FishplateError('input.unreadable', 'this is not a request of HTTP/1.1 that can be read', {
    hint: 'Send one length (Content-Length or Transfer-Encoding: chunked), one Host and plain headers.',
  });
}

/** There is no response object for what was not understood, so the answer is written as it is. */
function refuse(socket: Socket, error: FishplateError): void {
  const body = JSON.stringify(describeError(error, realWorld.uuid()));
  const status = statusOf(error);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
