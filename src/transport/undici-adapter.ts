/** A request as axios hands it to adapters comes in; it goes out over pools of undici, and the answer's text comes back. */
import { type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { Agent, type Dispatcher } from 'undici';
import type { Connect } from './connect.ts';
import { type RawAnswer, readAnswer, unpackAnswer } from './response-body.ts';
import {
  type FaultName,
  faultAfterSending,
  faultBeforeSending,
  type TimeLimits,
  transportError,
} from './transport-error.ts';

export interface UndiciAdapterOptions {
  readonly connect: Connect;
  readonly limits: TimeLimits;
  /** Counted packed and unpacked. */
  readonly maxResponseBytes: number;
  /** To one origin at a time; further requests wait for a free one. */
  readonly connections: number;
  /** Sent along with every request that has none of these names, which are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as an adapter of ours sends it. */
export interface WireCall {
  readonly url: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What an adapter of ours is told. axios copies what it knows value by value, and its headers name by name, at a cost
 * above that of the request itself; a function it hands on as it is.
 */
export interface WireConfig extends InternalAxiosRequestConfig {
  readonly wire?: () => WireCall;
}

/** The request of a config. Without one it was not made by us: a TypeError. */
export function wireCallOf({ wire }: WireConfig): WireCall {
  if (!wire) throw new TypeError('the adapter was given no request');
  return wire();
}

export interface WireAdapter {
  /** Resolves with a `WireResponse` for its `data`, headers and all: axios would only copy them name by name. */
  readonly adapter: AxiosAdapter;
  /** Breaks off what is under way. */
  close(): void;
}

/** axios makes its own kind of headers of whatever else it is given, twice. */
const noHeaders = new AxiosHeaders();

/** Origins that are in use at the same time. Those without a connection are forgotten, so it takes that many at once. */
const MOST_ORIGINS = 1_000;
/** Below what any common server allows idle connections, so that few requests meet one that just closes. */
const IDLE_MS = 4_000;
/** Node.js fires timers at once that are set for longer. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Creates the adapter. It rejects with `transport.*` errors and knows for certain whether a request has left. */
export function createUndiciAdapter(options: UndiciAdapterOptions): WireAdapter {
  const { connect, connections, limits } = options;
  const agent = new Agent({
    ...{ connect, connections, maxOrigins: MOST_ORIGINS },
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyMs,
  });
  return {
    adapter: async (config) => {
      const call = wireCallOf(config);
      const answer = await exchange(agent, placeOf(call.url), call, options);
      const packed = answer.headers['content-encoding'] !== undefined;
      const data = readAnswer(packed ? await unpackAnswer(answer, limits, options.maxResponseBytes) : answer);
      return { data, status: data.status, statusText: '', headers: noHeaders, config };
    },
    close: () => void agent.destroy(),
  };
}

/** Where a request goes. */
interface Place {
  readonly origin: string;
  readonly host: string;
  /** With the query. */
  readonly path: string;
}

// A name whose last label is no number, or an IPv4 address as it is usually written; no usual port, which a parser would
// leave out; no segment that is or begins with a dot, escaped or not; nothing that has to be escaped.
const NAME = '(?:[a-z0-9-]+\\.)*[a-z][a-z0-9-]*';
const BYTE = '(?:0|[1-9]\\d{0,2})';
const ORIGIN = `https?://(${NAME}|${BYTE}(?:\\.${BYTE}){3})(:[1-9]\\d{3,4})?`;
const PLAIN = new RegExp(
  `^(${ORIGIN})((?:/(?!\\.|%2[eE])[\\w.~!$&'()*+,;=:@%-]*)+(?:\\?[\\w.~!$&()*+,;=:@%/?-]*)?)$`,
);

/** A plain URL is what it says, and parsing would cost as much as half of all that is done to send it. */
function placeOf(url: string): Place {
  const [, origin, name, port = '', path] = PLAIN.exec(url) ?? [];
  if (origin !== undefined && name !== undefined && path !== undefined)
    return { origin, host: name + port, path };
  const parsed = new URL(url);
  return { origin: parsed.origin, host: parsed.host, path: parsed.pathname + parsed.search };
}

function exchange(
  agent: Agent,
  url: Place,
  call: WireCall,
  { limits, maxResponseBytes, headers: common }: UndiciAdapterOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { timeoutMs: wholeMs, signal } = call;
    let controller: Dispatcher.DispatchController | undefined;
    let done = false;
    let status = 0;
    let headers: RawAnswer['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const end = () => {
      done = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    const fail = (name: FaultName, cause?: unknown) => {
      if (done) return;
      end();
      const error = transportError(
        name,
        url.host,
        { ...limits, wholeMs },
        { cause, ...(!controller && { outcome: 'not-sent' }) },
      );
      reject(error);
      controller?.abort(error);
    };
    const leave = () => fail('cancelled');
    const timer = setTimeout(
      () => fail(controller ? 'timeout' : 'notSentInTime'),
      Math.min(wholeMs, LONGEST_TIMER_MS),
    );
    signal?.addEventListener('abort', leave, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      // Called right before the first byte is written: until then, nothing was sent.
      onRequestStart: (started) => {
        // Thrown, not aborted: the connection is as good as new and serves the next request.
        if (done) throw new Error('given up before it was sent');
        controller = started;
      },
      onResponseStart: (_, code, given) => {
        // RFC 9110 section 15.2: what is informational precedes the answer.
        if (code < 200) return;
        status = code;
        headers = given;
        if (Number(given['content-length']) > maxResponseBytes) fail('tooLarge');
      },
      onResponseData: (_, chunk) => {
        size += chunk.length;
        if (size > maxResponseBytes) fail('tooLarge');
        else chunks.push(chunk);
      },
      onResponseEnd: () => {
        if (done) return;
        end();
        const [only] = chunks;
        const bytes = only && chunks.length === 1 ? only : Buffer.concat(chunks);
        resolve({ host: url.host, status, headers, bytes });
      },
      onResponseError: (_, error) => {
        if (controller) return fail(faultAfterSending(error), error);
        if (!isRefusedByClient(error)) return fail(faultBeforeSending(error), error);
        end();
        reject(new TypeError('the request is none that HTTP can carry'));
      },
    };
    agent.dispatch(
      {
        origin: url.origin,
        path: url.path,
        method: call.method as Dispatcher.HttpMethod,
        headers: headerPairs(call.headers, common),
        body: call.body ?? null,
      },
      handler,
    );
  });
}

/** undici looks at what it is given before it connects. Its message may repeat a value. */
const isRefusedByClient = (error: NodeJS.ErrnoException) =>
  error.code === 'UND_ERR_INVALID_ARG' || error.code === 'ERR_ASSERTION';

/** Names and values in turn. */
function headerPairs(headers: WireCall['headers'], common: UndiciAdapterOptions['headers']): string[] {
  const pairs: string[] = [];
  for (const name in common) if (!Object.hasOwn(headers, name)) pairs.push(name, common[name] ?? '');
  for (const name in headers) pairs.push(name, headers[name] ?? '');
  return pairs;
}
