/** A verb, a path and a body come in; the API's answer goes out as data, or an `ApiError` is thrown. The only file that knows `fetch`. */
import { readError, unreachable } from './api-error.ts';

export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The account that the request is about (header X-Cyclr-Account); not for routes of the console itself. */
  readonly account?: string | undefined;
  /** What goes behind the `?`; undefined and empty values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer<T> {
  readonly body: T;
  readonly headers: Headers;
}

export type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Asks the API and returns the body. Throws `ApiError`; an abort passes through as it is. The session is a cookie that no
 * script can read; the header is what tells the API that this page sent the request (see src/server/session.ts).
 */
export async function request<T>(verb: Verb, path: string, options: RequestOptions = {}): Promise<T> {
  return (await ask<T>(verb, path, options)).body;
}

/** The same with the answer's headers, for lists that page and for answers that are replayed. */
export async function ask<T>(verb: Verb, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const response = await send(verb, path, options);
  const text = await response.text();
  // What a vendor answered in plain text comes as such; pages of proxies are HTML.
  const isText = response.ok && /^text\/plain\b/.test(response.headers.get('Content-Type') ?? '');
  const body = isText ? text : parseJson(text);
  if (response.ok && body !== unreadable) return { body: body as T, headers: response.headers };
  throw readError(response.status, body, response.headers.get('X-Request-Id') ?? undefined);
}

/** Builds `/v1.0/...` with every part percent-encoded: `` pathOf`accounts/${id}` ``. */
export function pathOf(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  const path = texts.map((text, index) => text + encode(parts[index])).join('');
  return `/v1.0/${path}`;
}

const encode = (part: string | number | undefined) =>
  part === undefined ? '' : encodeURIComponent(String(part));

async function send(verb: Verb, path: string, options: RequestOptions): Promise<Response> {
  const { body, account, query = {}, headers = {}, signal } = options;
  try {
    return await fetch(path + queryText(query), {
      method: verb,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        'X-Fishplate-Console': '1',
        ...(account !== undefined && { 'X-Cyclr-Account': account }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
}

function queryText(query: NonNullable<RequestOptions['query']>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

const unreadable = Symbol('unreadable');

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return unreadable;
  }
}
