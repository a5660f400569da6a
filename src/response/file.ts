/** An answer that is no text - a PDF, an archive, a picture - comes in; a body that JSON can hold goes out, and the bytes again. */
import type { WireResponse } from '../wire.ts';

/** What stands in the place of a body that is a file. */
export interface FileBody {
  /** As the vendor gives it, in lower case and without parameters; `application/octet-stream` when it says nothing. */
  readonly mediaType: string;
  /** As the vendor would have it saved, without folders; absent when it names none. */
  readonly fileName?: string;
  /** In bytes. */
  readonly size: number;
  /** The content, in base64 (RFC 4648 section 4). */
  readonly base64: string;
}

/** The body of an answer that holds bytes; undefined for one that holds text. */
export function fileBodyOf({ headers, bytes }: WireResponse): FileBody | undefined {
  if (!bytes) return undefined;
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const fileName = fileNameIn(headers['content-disposition'] ?? '');
  return {
    mediaType: type.trim().toLowerCase() || 'application/octet-stream',
    ...(fileName !== undefined && { fileName }),
    size: bytes.length,
    base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  };
}

export interface ReadFile extends Omit<FileBody, 'base64'> {
  readonly bytes: Uint8Array;
}

/** The file in the body of a call's result; undefined when it holds none. */
export function readFileBody(body: unknown): ReadFile | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { mediaType, fileName, size, base64 } = body as Partial<Record<string, unknown>>;
  if (typeof mediaType !== 'string' || typeof base64 !== 'string' || typeof size !== 'number')
    return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== size) return undefined;
  return { mediaType, size, bytes, ...(typeof fileName === 'string' && { fileName }) };
}

/** RFC 6266: `filename*` goes before `filename`. What could lead to another folder is taken away. */
function fileNameIn(disposition: string): string | undefined {
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition);
  const name = decoded(extended) ?? plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
  const last = name
    ?.split(/[/\\]/)
    .at(-1)
    ?.replace(/\p{Cc}/gu, '')
    .trim();
  return last === undefined || /^\.*$/.test(last) ? undefined : last.slice(0, 255);
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
