/** An app comes in and takes requests on a port; a way to stop it without dropping any goes out. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ConnectionLimits,
  guardConnections,
  serverOptions,
  usualConnectionLimits,
} from './connection-guard.ts';

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 unless given: the API is for this machine until somebody says otherwise. */
  readonly host?: string;
  /** How long requests in flight may take to end after `close`, in milliseconds; 10,000 unless given. */
  readonly graceMs?: number;
  /** What a client may take, where it differs from the usual. */
  readonly limits?: Partial<ConnectionLimits>;
  /** What is closed last, once no request needs it any more. */
  readonly runtime: { close(): Promise<void> };
}

export interface Listening {
  /** `http://host:port`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops: no new connection is taken, idle ones are closed, requests in flight get `graceMs` and are cut off then;
   * last the runtime is closed. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/** Resolves when the port is open; rejects when it cannot be (taken, not allowed). */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { port, host = '127.0.0.1', graceMs = 10_000, runtime } = options;
  const limits = { ...usualConnectionLimits, ...options.limits };
  const server = createServer(serverOptions(limits));
  const inFlight = guardConnections(server, app, limits);
  closeIdleWhileStopping(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close: () => {
      closing ??= stop(server, inFlight, graceMs).finally(() => runtime.close());
      return closing;
    },
  };
}

/** A connection that becomes idle while stopping is closed, not waited for. */
function closeIdleWhileStopping(server: Server): void {
  server.on('request', (_request, response) =>
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    }),
  );
}

function stop(server: Server, inFlight: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // So that no client sends its next request on a connection that is about to go.
    for (const response of inFlight) if (!response.headersSent) response.setHeader('Connection', 'close');
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    cut.unref();
    server.close((error) => {
      clearTimeout(cut);
      if (error) reject(error);
      else resolve();
    });
    server.closeIdleConnections();
  });
}
