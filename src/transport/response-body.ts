/** The bytes of an answer and how they were packed and written come in; its text goes out. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { FishplateError } from '../errors.ts';
import type { WireResponse } from '../wire.ts';
import { type TimeLimits, transportError } from './transport-error.ts';

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const unpackZlib: Unpack = promisify(inflate);
const unpackRaw: Unpack = promisify(inflateRaw);
const unpackGzip: Unpack = promisify(gunzip);
const unpackers: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', unpackGzip],
  ['x-gzip', unpackGzip],
  // RFC 9110 section 8.4.1.2: zlib's format; some servers send the bare one. The low half of zlib's first byte is 8.
  ['deflate', (bytes, options) => (((bytes[0] ?? 0) & 0x0f) === 8 ? unpackZlib : unpackRaw)(bytes, options)],
  ['br', promisify(brotliDecompress) as Unpack],
]);

/** What we say that we can unpack. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

// Nobody packs more often than this, but a bomb in a bomb may.
const MOST_LAYERS = 2;

export type Unpacked =
  | { readonly bytes: Uint8Array }
  | { readonly fault: 'tooLarge'; readonly cause?: undefined }
  | { readonly fault: 'damaged'; readonly cause: unknown };

/** Undoes `Content-Encoding`, which lists what was done in order. Stops as soon as `maxBytes` are passed. */
export async function unpackBody(
  packed: Uint8Array,
  contentEncoding: string,
  maxBytes: number,
): Promise<Unpacked> {
  let bytes = packed;
  const layers = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (bytes.length === 0 || layers.length === 0) return { bytes };
  if (layers.length > MOST_LAYERS) return { fault: 'damaged', cause: { code: 'too many encodings' } };
  for (const layer of layers.reverse()) {
    const unpack = unpackers.get(layer);
    if (!unpack) return { fault: 'damaged', cause: { code: 'unknown encoding' } };
    try {
      bytes = await unpack(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      const large = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      return large ? { fault: 'tooLarge' } : { fault: 'damaged', cause: error };
    }
  }
  return { bytes };
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
const isJsonType = (type: string) => type === 'application/json' || /^[^;]*\bjson\b/i.test(type);

/** An answer as the client gives it. Names of headers are in lower case; `bytes` are unpacked before they are read. */
export interface RawAnswer {
  readonly host: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly bytes: Uint8Array;
}

/** Undoes the packing of an answer. Throws `transport.too-large`, and `transport.interrupted` for one that came damaged. */
export async function unpackAnswer(
  answer: RawAnswer,
  limits: TimeLimits,
  maxBytes: number,
): Promise<RawAnswer> {
  const { 'content-encoding': packing, ...headers } = answer.headers;
  if (packing === undefined) return answer;
  const result = await unpackBody(answer.bytes, String(packing), maxBytes);
  if ('bytes' in result) return { ...answer, headers, bytes: result.bytes };
  throw transportError(result.fault, answer.host, limits, result);
}

/** The answer as plain texts, and as bytes where it is none. Throws `response.unreadable` for a success in JSON that is in no charset. */
export function readAnswer(answer: RawAnswer): WireResponse {
  const headers: Record<string, string> = {};
  for (const name in answer.headers) {
    const value = answer.headers[name];
    if (typeof value === 'string') headers[name] = value;
    else if (value !== undefined) headers[name] = value.join(', ');
  }
  const type = headers['content-type'] ?? '';
  const body = textOf(answer, type);
  const { status, bytes } = answer;
  return isFile(bytes, type) ? { status, headers, body, bytes } : { status, headers, body };
}

const FILE_TYPE =
  /^\s*(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:pdf|zip|gzip|x-(?:gzip|tar|7z-compressed|bzip2?|protobuf)|msword|vnd\.(?:ms-|openxmlformats-|oasis\.|rar|apache\.parquet)|protobuf|msgpack|cbor|wasm))/i;

/** By its media type, or because it cannot be read as text: what is decoded all the same has lost something. */
function isFile(bytes: Uint8Array, contentType: string): boolean {
  if (bytes.length === 0 || isJsonType(contentType)) return false;
  if (FILE_TYPE.test(contentType)) return true;
  const charset = CHARSET.exec(contentType)?.[1];
  const isDecoded = charset !== undefined && decoderOf(charset) !== undefined;
  return !isDecoded && (!isUtf8(bytes) || bytes.includes(0));
}

/**
 * By the `charset` of its type where there is one that we know, else UTF-8, without a byte order mark. JSON is UTF-8
 * whatever it says (RFC 8259 section 8.1), unless it is not: what is read with holes may be written back with them.
 */
function textOf({ host, status, bytes }: RawAnswer, contentType: string): string {
  if (bytes.length === 0) return '';
  const isJson = isJsonType(contentType);
  const valid = !isJson || isUtf8(bytes);
  const charset = CHARSET.exec(contentType)?.[1];
  const decode = charset === undefined || (isJson && valid) ? undefined : decoderOf(charset);
  if (decode) return decode(bytes);
  if (!valid && status >= 200 && status < 300)
    throw new FishplateError('response.unreadable', `the JSON of ${host} is not in UTF-8`, {
      vendor: { status },
    });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Undefined for UTF-8, which needs none, and for a name that nobody knows, which says nothing. */
function decoderOf(charset: string): ((bytes: Uint8Array) => string) | undefined {
  try {
    const decoder = new TextDecoder(charset);
    return decoder.encoding === 'utf-8' ? undefined : (bytes) => decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
