/** A wire request comes in, the answer goes out, over axios. The only file that knows axios. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { AxiosError, type AxiosRequestConfig } from 'axios';
import { type ErrorCode, FishplateError } from '../errors.ts';
import type { Outcome, Send, WireRequest } from '../wire.ts';

export interface AxiosSendOptions {
  /** axios's own http adapter unless given; see axios's `adapter` option. */
  readonly adapter?: AxiosRequestConfig['adapter'];
  /** For requests that name no time of their own, in milliseconds. */
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
  readonly userAgent?: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
/** Node.js fires timers at once that are set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Creates the `Send` that talks to the network. Redirects are not followed and no proxy of the environment is used,
 * so that a request goes to the host the definition yields or nowhere. Errors are made anew: an axios error carries
 * the request's headers, and those carry credentials.
 */
export function createAxiosSend(options: AxiosSendOptions = {}): Send & { close(): void } {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  const client = axios.create({
    ...agents,
    ...(options.adapter !== undefined && { adapter: options.adapter }),
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transformRequest: [],
    transformResponse: [],
    validateStatus: () => true,
    maxContentLength: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    maxBodyLength: Number.POSITIVE_INFINITY,
  });
  const send: Send = async (request, { signal, timeoutMs } = {}) => {
    const limitMs = timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    if (!URL.canParse(request.url)) throw new TypeError(`"${request.url}" is no absolute URL`);
    if (signal?.aborted) throw transportError(cancelled, request, limitMs, { outcome: 'not-sent' });
    // axios's own timeout starts anew with every byte of the answer; this one is for all of it.
    const controller = new AbortController();
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        controller.abort();
      },
      Math.min(limitMs, LONGEST_TIMER_MS),
    );
    const leave = () => controller.abort();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const response = await client.request<string>({
        method: request.method,
        url: request.url,
        headers: headersOf(request, options.userAgent ?? 'Fishplate'),
        data: bodyOf(request),
        signal: controller.signal,
      });
      return {
        status: response.status,
        headers: flatHeaders(response.headers as Record<string, unknown>),
        body: response.data ?? '',
      };
    } catch (error) {
      throw late ? transportError(timeout, request, limitMs) : toTransportError(error, request, limitMs);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  };
  return Object.assign(send, {
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  });
}

/** `false` keeps axios from adding a header of its own: a request has the headers that its preview shows. */
function headersOf(request: WireRequest, userAgent: string): Record<string, string | false> {
  return { accept: false, 'content-type': false, 'user-agent': userAgent, ...request.headers };
}

/** axios takes buffers, but no other arrays of bytes. */
function bodyOf({ body }: WireRequest): string | Buffer | undefined {
  return body === undefined || typeof body === 'string'
    ? body
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function flatHeaders(headers: Record<string, unknown>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && value !== null) flat[name.toLowerCase()] = [value].flat().join(', ');
  return flat;
}

interface Translation {
  readonly code: ErrorCode;
  readonly outcome: Outcome;
  readonly text: (host: string, limitMs: number) => string;
}

const notFound: Translation = {
  code: 'transport.host-not-found',
  outcome: 'not-sent',
  text: (host) => `the host ${host} does not exist`,
};
const unreachable: Translation = {
  code: 'transport.unreachable',
  outcome: 'not-sent',
  text: (host) => `no connection to ${host}`,
};
const interrupted: Translation = {
  code: 'transport.interrupted',
  outcome: 'sent-unknown',
  text: (host) => `the connection to ${host} broke`,
};
const timeout: Translation = {
  code: 'transport.timeout',
  outcome: 'sent-unknown',
  text: (host, limitMs) => `no answer from ${host} within ${Math.round(limitMs)} ms`,
};
const tooLarge: Translation = {
  code: 'transport.too-large',
  outcome: 'sent-unknown',
  text: (host) => `the answer of ${host} is over the size cap`,
};
const cancelled: Translation = {
  code: 'transport.cancelled',
  outcome: 'sent-unknown',
  text: (host) => `the request to ${host} was cancelled`,
};

/** By the code of Node.js or axios. Anything else may have reached the vendor, so it counts as interrupted. */
const translations: ReadonlyMap<string, Translation> = new Map([
  ['ENOTFOUND', notFound],
  ['EAI_AGAIN', unreachable],
  ['ECONNREFUSED', unreachable],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
  ['EPROTO', unreachable],
  ['ERR_CANCELED', cancelled],
  ['ECONNABORTED', timeout],
  ['ETIMEDOUT', timeout],
]);

// Codes of OpenSSL and Node.js for a certificate that is not believed.
const DISTRUST = /^(?:CERT_|UNABLE_TO_|ERR_TLS_CERT_|\w*SELF_SIGNED_CERT)/;

function toTransportError(error: unknown, request: WireRequest, limitMs: number): FishplateError {
  if (!(error instanceof AxiosError)) return transportError(interrupted, request, limitMs);
  if (/maxContentLength/.test(error.message)) return transportError(tooLarge, request, limitMs);
  const cause = error.cause as { code?: unknown; syscall?: unknown; errors?: unknown } | undefined;
  const code = error.code ?? (typeof cause?.code === 'string' ? cause.code : '');
  // Several errors at once come from trying one address of the host after the other.
  const connecting = cause?.syscall === 'connect' || Array.isArray(cause?.errors);
  const translation =
    connecting || DISTRUST.test(code) ? unreachable : (translations.get(code) ?? interrupted);
  const reason = code !== '' && (translation === unreachable || translation === interrupted);
  return transportError(translation, request, limitMs, { reason: reason ? ` (${code})` : '' });
}

function transportError(
  { code, outcome, text }: Translation,
  request: WireRequest,
  limitMs: number,
  over: { readonly outcome?: Outcome; readonly reason?: string } = {},
): FishplateError {
  const message = `${text(new URL(request.url).host, limitMs)}${over.reason ?? ''}`;
  return new FishplateError(code, message, { outcome: over.outcome ?? outcome });
}
