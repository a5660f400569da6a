/** A request as the vendor sees it and the answer it gives, and how credentials and bodies are read. */
import type { FileContent } from './file-content.ts';
import { Refusal } from './refusal.ts';

export interface VendorRequest {
  readonly verb: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** The host names that the port stands for; absent: all. */
  readonly hosts?: readonly string[];
}

/** `body` is JSON, or absent for an empty answer or a file. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly file?: FileContent;
}

/** User and password of HTTP Basic (RFC 7617); undefined when the header is absent or malformed. */
export function readBasic(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header?.trim() ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The token of a Bearer header (RFC 6750 section 2.1, and characters beyond it); undefined when it is absent or malformed. */
export function readBearer(header: string | undefined): string | undefined {
  return /^bearer +([!-~]+)$/i.exec(header?.trim() ?? '')?.[1];
}

const FORM = 'application/x-www-form-urlencoded';

const mediaTypeOf = ({ headers }: VendorRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The text of a form; undefined when the body is empty. Throws the refusal wrongMediaType for anything else. */
export function formText(request: VendorRequest): string | undefined {
  if (request.body.length === 0) return undefined;
  const type = mediaTypeOf(request);
  if (type !== FORM) throw wrongMediaType(type, FORM);
  return Buffer.from(request.body).toString('utf8');
}

/** The body as JSON or form fields, as its content type says; undefined when it is empty. */
export function readBody(request: VendorRequest): unknown {
  if (mediaTypeOf(request) !== FORM) return readJson(request);
  const text = formText(request);
  return text === undefined ? undefined : Object.fromEntries(new URLSearchParams(text));
}

const wrongMediaType = (type: string, wanted: string): Refusal =>
  new Refusal(
    'wrongMediaType',
    `Content-Type ${type === '' ? '(none)' : type} is not supported: send ${wanted}`,
  );

/** The body as JSON; undefined when it is empty. Throws the refusals wrongMediaType, unreadableBody. */
export function readJson(request: VendorRequest): unknown {
  if (request.body.length === 0) return undefined;
  const type = mediaTypeOf(request);
  const text = Buffer.from(request.body).toString('utf8');
  if (type !== 'application/json' && !type.endsWith('+json')) throw wrongMediaType(type, 'application/json');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Refusal('unreadableBody', `The request body is not JSON: ${(error as Error).message}`);
  }
}
