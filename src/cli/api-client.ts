/** Where an API runs and who we are come in; a small client of it goes out. Errors of the API come back as they were thrown there. */
import { type ErrorCode, errorCatalogue, FishplateError, type VendorAnswer } from '../errors.ts';
import type { Secret } from '../secret.ts';

export interface ApiAddress {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export interface ApiRequest {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Id of the account that the call works in. */
  readonly account?: string;
  /** The caller's key for this one call. */
  readonly idempotencyKey?: string | undefined;
}

export interface ApiAnswer {
  /** Parsed JSON, or the text when the vendor's answer is none; undefined when it is empty. */
  readonly body: unknown;
  readonly headers: Headers;
}

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Api {
  readonly url: string;
  request(verb: Verb, path: string, request?: ApiRequest): Promise<ApiAnswer>;
  get<T>(path: string, request?: ApiRequest): Promise<T>;
  post<T>(path: string, request?: ApiRequest): Promise<T>;
  put<T>(path: string, request?: ApiRequest): Promise<T>;
  delete<T>(path: string, request?: ApiRequest): Promise<T>;
}

/** The API's error body (error.schema.json), as far as it matters here. */
interface ErrorBody {
  readonly Message?: string;
  readonly Code?: string;
  readonly Hint?: string;
  readonly Problems?: readonly { readonly Path: string; readonly Message: string; readonly Hint?: string }[];
  readonly Vendor?: VendorBody;
  readonly Outcome?: 'not-sent' | 'sent-unknown';
  readonly Batches?: readonly {
    readonly First: number;
    readonly Count: number;
    readonly Sent: boolean;
    readonly Code: string;
    readonly Message: string;
    readonly Vendor?: VendorBody;
    readonly Rows: readonly unknown[];
  }[];
}

interface VendorBody {
  readonly Status: number;
  readonly Message?: string;
  readonly Code?: string;
  readonly Body?: unknown;
}

/**
 * Creates the client. It gets a token when it first needs one. Rejects with the API's own error, `cli.no-api` when
 * nobody answers, `cli.api-unreadable` when somebody else does.
 */
export function createApi(address: ApiAddress, stop?: AbortSignal): Api {
  const base = address.url.replace(/\/+$/, '');
  let token: Promise<string> | undefined;

  const send = async (path: string, init: RequestInit): Promise<ApiAnswer> => {
    const response = await fetch(`${base}${path}`, {
      ...init,
      redirect: 'error',
      ...(stop && { signal: stop }),
    }).catch((cause: unknown) => {
      throw stop?.aborted ? interrupted(cause) : unreachable(base, cause);
    });
    const body = await readBody(response);
    if (!response.ok) throw errorOf(base, response, body);
    return { body, headers: response.headers };
  };

  const signIn = async (): Promise<string> => {
    const basic = Buffer.from(`${address.clientId}:${address.clientSecret.reveal()}`).toString('base64');
    const { body } = await send('/oauth/token', {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials' }),
    });
    const access = (body as { access_token?: unknown } | undefined)?.access_token;
    if (typeof access !== 'string') throw unreadable(base, 'its answer holds no token');
    return access;
  };

  const request: Api['request'] = async (verb, path, { body, query = {}, account, ...more } = {}) => {
    token ??= signIn();
    const headers = {
      authorization: `Bearer ${await token}`,
      ...(account !== undefined && { 'x-cyclr-account': account }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(more.idempotencyKey !== undefined && { 'idempotency-key': more.idempotencyKey }),
    };
    const init = { method: verb, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return send(`${path}${queryOf(query)}`, init);
  };
  const bodyOf =
    (verb: Verb) =>
    async <T>(path: string, options?: ApiRequest): Promise<T> =>
      (await request(verb, path, options)).body as T;
  return {
    url: base,
    request,
    get: bodyOf('GET'),
    post: bodyOf('POST'),
    put: bodyOf('PUT'),
    delete: bodyOf('DELETE'),
  };
}

/** A path with its values escaped: `` pathOf`/accounts/${id}` ``. */
export const pathOf = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  texts.map((text, index) => text + encodeURIComponent(values[index] ?? '')).join('');

function queryOf(query: NonNullable<ApiRequest['query']>): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  if (!/json/i.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function errorOf(base: string, { status, headers }: Response, body: unknown): FishplateError {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const { Message, Code, Hint, Problems, Vendor, Outcome, Batches } = (body ?? {}) as ErrorBody;
  if (Message === undefined || Code === undefined || !isCode(Code))
    return unreadable(base, `it answered ${status}`);
  return new FishplateError(Code, Message, {
    ...(Hint !== undefined && { hint: Hint }),
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
    ...(Problems && {
      problems: Problems.map(({ Path, Message: message, Hint: hint }) => ({
        path: Path,
        message,
        ...(hint !== undefined && { hint }),
      })),
    }),
    ...(Vendor && { vendor: answerOf(Vendor) }),
    ...(Outcome && { outcome: Outcome }),
    ...(Batches && {
      batches: Batches.flatMap(
        ({ First, Count, Sent, Code: code, Message: message, Vendor: answer, Rows }) =>
          isCode(code)
            ? [
                {
                  ...{ first: First, count: Count, sent: Sent, code, message },
                  ...(answer && { vendor: answerOf(answer) }),
                  rows: Rows,
                },
              ]
            : [],
      ),
    }),
  });
}

const answerOf = ({ Status, Message, Code, Body }: VendorBody): VendorAnswer => ({
  status: Status,
  ...(Message !== undefined && { message: Message }),
  ...(Code !== undefined && { code: Code }),
  ...(Body !== undefined && { body: Body }),
});

const isCode = (text: string): text is ErrorCode => Object.hasOwn(errorCatalogue, text);

const interrupted = (cause: unknown) => new FishplateError('cli.interrupted', 'interrupted', { cause });
const unreachable = (base: string, cause: unknown) =>
  new FishplateError('cli.no-api', `no API answers at ${base}`, { cause });
const unreadable = (base: string, why: string) =>
  new FishplateError('cli.api-unreadable', `${base} does not answer as the API does: ${why}`);
