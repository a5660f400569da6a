/** Ports come in, listening servers go out, with the URL of each host of the definition. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FishplateError } from '../errors.ts';
import type { World } from '../wire.ts';
import type { Port } from './ports.ts';

export interface ListenOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Of the API; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Ports of the others, by host name of the definition. Default: free ones. */
  readonly ports?: Readonly<Record<string, number>>;
}

export interface OpenServers {
  /** `http://127.0.0.1:4010` by port. */
  readonly origins: ReadonlyMap<Port, string>;
  /** Takes no new requests, lets those under way end for two seconds, then breaks them off. */
  close(): Promise<void>;
}

const GRACE_MS = 2000;

/** Opens one server for each port. Throws `sandbox.port-in-use`; then none stays open. */
export async function openServers(
  ports: readonly Port[],
  serve: (port: Port, closing: AbortSignal) => RequestListener,
  world: World,
  options: ListenOptions = {},
): Promise<OpenServers> {
  const host = options.host ?? '127.0.0.1';
  const closing = new AbortController();
  const servers: Server[] = [];
  const origins = new Map<Port, string>();
  try {
    for (const port of ports) {
      const server = createServer(serve(port, closing.signal));
      servers.push(server);
      const given = port.hosts.map((name) => options.ports?.[name]).find((number) => number !== undefined);
      const number = port.isApi ? (options.port ?? given ?? 0) : (given ?? 0);
      origins.set(port, await open(server, host, number));
    }
  } catch (error) {
    await Promise.all(servers.map((server) => closeServer(server, world)));
    throw error;
  }
  return {
    origins,
    close: async () => {
      closing.abort(new Error('the sandbox is closing'));
      await Promise.all(servers.map((server) => closeServer(server, world)));
    },
  };
}

async function open(server: Server, host: string, number: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      const message = `The sandbox cannot listen on ${host}:${number} (${error.code ?? error.message})`;
      reject(isTaken ? new FishplateError('sandbox.port-in-use', message, { cause: error }) : error);
    });
    server.listen(number, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function closeServer(server: Server, world: World): Promise<void> {
  if (!server.listening) return;
  const timer = new AbortController();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const grace = world.sleep(GRACE_MS, timer.signal).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await closed;
  timer.abort();
  await grace;
}
