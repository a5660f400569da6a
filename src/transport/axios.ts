/** A wire request comes in, the answer goes out, over axios and an adapter of ours. */
import { Axios, type AxiosAdapter, type AxiosRequestConfig } from 'axios';
import { FishplateError } from '../errors.ts';
import type { Send, WireRequest, WireResponse } from '../wire.ts';
import { createAddressGuard } from './address-guard.ts';
import { createConnect } from './connect.ts';
import { createHttpAdapter } from './http-adapter.ts';
import { ACCEPT_ENCODING } from './response-body.ts';
import { type TimeLimits, transportError } from './transport-error.ts';
import { createUndiciAdapter, type WireCall, type WireConfig } from './undici-adapter.ts';

export interface AxiosSendOptions {
  /**
   * `undici` unless given: pools of undici, a fraction of the cost. `http` is axios's own adapter, which libraries that
   * stand in for the network look into. A function is an adapter as axios takes them.
   */
  readonly adapter?: 'undici' | 'http' | AxiosAdapter;
  /** For requests that name no time of their own, in milliseconds: 60 s. */
  readonly timeoutMs?: number;
  /** For the connection alone, in milliseconds: 10 s. */
  readonly connectTimeoutMs?: number;
  /** Until the answer begins, in milliseconds: 300 s. Kept by the undici adapter, to about a second. */
  readonly headersTimeoutMs?: number;
  /** Between two parts of an answer, in milliseconds: 30 s. Kept by the undici adapter, to about a second. */
  readonly bodyTimeoutMs?: number;
  /** Counted unpacked: 64 MiB. */
  readonly maxResponseBytes?: number;
  /** Connections to one origin at a time: 64. */
  readonly connections?: number;
  /**
   * Addresses and networks (`10.0.0.0/8`) that may be connected to although they are not public; `loopback` stands for
   * this machine. None unless given: names that lead to private addresses are refused.
   */
  readonly allowAddresses?: readonly string[];
  readonly userAgent?: string;
}

const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
const DEFAULT_CONNECTIONS = 64;

/**
 * Creates the `Send` that talks to the network. Redirects are not followed and no proxy of the environment is used,
 * so that a request goes to the host the definition yields or nowhere. Errors are made anew: an axios error carries
 * the request's headers, and those carry credentials. Throws `config.invalid` for networks that are none; requests fail
 * with `transport.*`, or `arguments.invalid` for headers that no request may carry.
 */
export function createAxiosSend(options: AxiosSendOptions = {}): Send & { close(): void } {
  const limits = limitsOf(options);
  const wire = createWireAdapter(options, limits);
  // Not axios.create: each default would cost every request its share.
  const client = new Axios({ adapter: wire.adapter });
  const send: Send = async (request, { signal, timeoutMs = limits.wholeMs } = {}) => {
    const headers = headersOf(request);
    if (signal?.aborted) throw transportError('cancelled', hostOf(request), limits, { outcome: 'not-sent' });
    const { method, url, body } = request;
    const call: WireCall = { url, method: method.toUpperCase(), headers, body, timeoutMs, signal };
    const config: Partial<WireConfig> = { wire: () => call };
    try {
      const { data } = await client.request<WireResponse>(config as AxiosRequestConfig);
      return data;
    } catch (error) {
      if (error instanceof FishplateError) throw error;
      hostOf(request);
      throw new TypeError('a request could not be made');
    }
  };
  return Object.assign(send, { close: wire.close });
}

function limitsOf(options: AxiosSendOptions): TimeLimits {
  return {
    wholeMs: options.timeoutMs ?? 60_000,
    connectMs: options.connectTimeoutMs ?? 10_000,
    headersMs: options.headersTimeoutMs ?? 300_000,
    bodyMs: options.bodyTimeoutMs ?? 30_000,
  };
}

function createWireAdapter(options: AxiosSendOptions, limits: TimeLimits) {
  const { adapter = 'undici' } = options;
  const whole = {
    limits,
    connect: createConnect(createAddressGuard(options.allowAddresses), limits.connectMs),
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    connections: options.connections ?? DEFAULT_CONNECTIONS,
    headers: { 'user-agent': options.userAgent ?? 'Fishplate', 'accept-encoding': ACCEPT_ENCODING },
  };
  if (adapter === 'undici') return createUndiciAdapter(whole);
  return createHttpAdapter(whole, adapter === 'http' ? undefined : adapter);
}

function hostOf({ url }: WireRequest): string {
  if (!URL.canParse(url)) throw new TypeError('the URL of a request is not absolute');
  return new URL(url).host;
}

const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;
/** Those that say where a message goes and where it ends; the client writes them itself. */
const framing: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of a request. axios drops characters that no header can carry; what was not given must not be sent, so they
 * are refused.
 */
function headersOf(request: WireRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in request.headers) {
    const value = request.headers[name] ?? '';
    const key = keys.get(name) ?? keyOf(name);
    if (key === undefined || FORBIDDEN.test(value)) throw badHeader(name.toLowerCase());
    headers[key] = value;
  }
  return headers;
}

/** Names that may be sent, as they are: definitions use the same few in every request. */
const keys = new Map<string, string>();
const MOST_KEYS = 1_000;

function keyOf(name: string): string | undefined {
  const key = name.toLowerCase();
  if (!NAME.test(name) || framing.has(key)) return undefined;
  if (keys.size < MOST_KEYS) keys.set(name, key);
  return key;
}

function badHeader(name: string): FishplateError {
  const shown = NAME.test(name) ? `the header ${name}` : 'a header';
  return new FishplateError('arguments.invalid', `${shown} cannot be sent as it is given`, {
    outcome: 'not-sent',
  });
}
