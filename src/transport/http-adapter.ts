/** One of axios's own adapters comes in; the same with our guard, caps, times and errors around it goes out. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import axios, { type AxiosAdapter, AxiosError, AxiosHeaders } from 'axios';
import { FishplateError } from '../errors.ts';
import type { Connect } from './connect.ts';
import { type RawAnswer, readAnswer, unpackAnswer } from './response-body.ts';
import { faultBeforeSending, faultOf, transportError } from './transport-error.ts';
import {
  LONGEST_TIMER_MS,
  type UndiciAdapterOptions,
  type WireAdapter,
  type WireConfig,
  wireCallOf,
} from './undici-adapter.ts';

/**
 * Creates an adapter over axios's own http adapter, which is what libraries that stand in for the network look into, or
 * over the one given. It costs several times what the adapter over undici costs. The times for the head and between
 * parts of an answer are not kept apart here; the one for the whole covers both.
 */
export function createHttpAdapter(options: UndiciAdapterOptions, given?: AxiosAdapter): WireAdapter {
  const { limits, maxResponseBytes, connections, headers: common } = options;
  const inner = given ?? axios.getAdapter('http');
  const httpAgent = guarded(new HttpAgent({ keepAlive: true, maxSockets: connections }), options.connect);
  const httpsAgent = guarded(new HttpsAgent({ keepAlive: true, maxSockets: connections }), options.connect);
  const adapter: AxiosAdapter = async (config: WireConfig) => {
    const { url, method, headers: own, body, timeoutMs: wholeMs, signal } = wireCallOf(config);
    const { host } = new URL(url);
    // axios's own timeout starts anew with every byte of the answer; this one is for all of it.
    const controller = new AbortController();
    let late = false;
    const giveUp = () => {
      late = true;
      controller.abort();
    };
    const timer = setTimeout(giveUp, Math.min(wholeMs, LONGEST_TIMER_MS));
    const leave = () => controller.abort();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const response = await inner({
        ...config,
        ...{ url, method: method.toLowerCase() },
        // axios would ask for JSON by itself, and name a type for a body; a request has the headers that its preview shows.
        headers: AxiosHeaders.from({ accept: false, 'content-type': false, ...common, ...own }),
        ...{ httpAgent, httpsAgent, signal: controller.signal, data: bufferOf(body) },
        ...{ timeout: 0, maxRedirects: 0, proxy: false, responseType: 'arraybuffer' },
        // axios unpacks what was cut as if that were all of it.
        decompress: false,
        ...{ maxContentLength: maxResponseBytes, maxBodyLength: Number.POSITIVE_INFINITY },
        validateStatus: () => true,
      });
      const { status, headers } = response;
      const raw = { host, status, headers: lowerCased(headers), bytes: bytesOf(response.data) };
      const data = readAnswer(given ? raw : await unpackAnswer(raw, limits, maxResponseBytes));
      return { ...response, data, headers: {} };
    } catch (error) {
      if (error instanceof FishplateError) throw error;
      const cause = late ? undefined : causeOf(error);
      const name = late ? 'timeout' : isTooLarge(error) ? 'tooLarge' : faultFrom(cause);
      throw transportError(name, host, { ...limits, wholeMs }, { cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  };
  const close = () => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return { adapter, close };
}

/** Connections of an agent of Node.js, opened as all others are. */
function guarded<T extends HttpAgent>(agent: T, connect: Connect): T {
  const createConnection = (
    options: { host?: string | null; port?: number | string | null; servername?: string },
    callback: (error: Error | null, socket: Duplex) => void,
  ) => {
    const hostname = options.host ?? '';
    const port = String(options.port ?? '');
    const protocol = agent instanceof HttpsAgent ? 'https:' : 'http:';
    connect({ hostname, host: hostname, protocol, port }, (error, socket) =>
      callback(error && Object.assign(error, { unsent: true }), socket as Duplex),
    );
  };
  return Object.assign(agent, { createConnection });
}

/** axios takes buffers, but no other arrays of bytes. */
function bufferOf(data: unknown): unknown {
  return data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : data;
}

/** Adapters other than axios's own may give text. */
function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : Buffer.from(String(data ?? ''));
}

function lowerCased(headers: object): RawAnswer['headers'] {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(entries) as RawAnswer['headers'];
}

const isTooLarge = (error: unknown) => error instanceof AxiosError && /maxContentLength/.test(error.message);

/** What the network said, with its code: axios keeps the code, and the rest below. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof AxiosError)) return error;
  const { syscall, errors, address, unsent, code } = (error.cause ?? {}) as Record<string, unknown>;
  return { syscall, errors, address, unsent, code: error.code ?? code };
}

const faultFrom = (cause: unknown) =>
  (cause as { unsent?: boolean } | undefined)?.unsent ? faultBeforeSending(cause) : faultOf(cause);
