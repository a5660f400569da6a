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
    try {
      const response = await client.request<string>({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': options.userAgent ?? 'Fishplate', ...request.headers },
        data: request.body,
        timeout: Math.max(1, Math.ceil(limitMs)),
        ...(signal && { signal }),
      });
      return {
        status: response.status,
        headers: flatHeaders(response.headers as Record<string, unknown>),
        body: response.data ?? '',
      };
    } catch (error) {
      throw toTransportError(error, request, limitMs);
    }
  };
  return Object.assign(send, {
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  });
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
const cancelled: Translation = {
  code: 'transport.cancelled',
  outcome: 'sent-unknown',
  text: (host) => `the request to ${host} was cancelled`,
};

/** By the code of Node.js or axios. Anything else may have reached the vendor, so it counts as interrupted. */
const translations: Readonly<Record<string, Translation>> = {
  ENOTFOUND: notFound,
  EAI_AGAIN: unreachable,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  CERT_HAS_EXPIRED: unreachable,
  DEPTH_ZERO_SELF_SIGNED_CERT: unreachable,
  SELF_SIGNED_CERT_IN_CHAIN: unreachable,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unreachable,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unreachable,
  ERR_TLS_CERT_ALTNAME_INVALID: unreachable,
  EPROTO: unreachable,
  ERR_CANCELED: cancelled,
  ECONNABORTED: timeout,
  ETIMEDOUT: timeout,
};

function toTransportError(error: unknown, request: WireRequest, limitMs: number): FishplateError {
  const host = new URL(request.url).host;
  const code = error instanceof AxiosError ? (error.code ?? causeCode(error)) : undefined;
  if (error instanceof AxiosError && /maxContentLength/.test(error.message)) {
    return new FishplateError('transport.too-large', `the answer of ${host} is over the size cap`, {
      outcome: 'sent-unknown',
    });
  }
  const { code: ourCode, outcome, text } = translations[code ?? ''] ?? interrupted;
  const reason =
    code !== undefined && !(code in translations && ourCode !== 'transport.unreachable') ? ` (${code})` : '';
  return new FishplateError(ourCode, `${text(host, limitMs)}${reason}`, { outcome });
}

function causeCode(error: AxiosError): string | undefined {
  const cause = error.cause as { code?: unknown } | undefined;
  return typeof cause?.code === 'string' ? cause.code : undefined;
}
