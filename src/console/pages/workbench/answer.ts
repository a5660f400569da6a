/** An answer with its headers comes in; what is shown of it goes out: facts, rows, the way to the next page. Pure. */
import type { MethodCall } from '../../api/methods.ts';
import type { Answer } from '../../api/request.ts';
import { parseJson } from './draft.ts';

export interface CallAnswer {
  readonly status: number;
  readonly attempts: number;
  /** Of its time, how much it waited for room in the vendor's limits. */
  readonly waitedMs: number;
  /** As this page measured it, the way there and back included. */
  readonly durationMs: number;
  readonly batches?: number;
  /** Whether it is the answer of an earlier call with the same idempotency key. */
  readonly isReplayed: boolean;
  readonly requestId: string;
  readonly body: unknown;
  /** The items of a list, or undefined when the answer is none. */
  readonly rows?: readonly unknown[];
  /** The parameters of the next page; undefined when this is the last, or no page. */
  readonly next?: MethodCall['Parameters'];
}

export function readAnswer({ body, headers }: Answer<unknown>, durationMs: number): CallAnswer {
  const batches = Number(headers.get('X-Batches') ?? 0);
  const rows = rowsOf(body, headers.get('X-Items'));
  const next = parseJson(headers.get('X-Next-Page') ?? '') as MethodCall['Parameters'] | undefined;
  return {
    status: Number(headers.get('X-Vendor-Status') ?? 0),
    attempts: Number(headers.get('X-Attempts') ?? 1),
    waitedMs: Number(headers.get('X-Waited-Ms') ?? 0),
    durationMs,
    ...(batches > 0 && { batches }),
    isReplayed: headers.get('Idempotent-Replayed') === 'true',
    requestId: headers.get('X-Request-Id') ?? '',
    body,
    ...(rows && { rows }),
    ...(next && { next }),
  };
}

/** At the dotted path of a paged method's items; else the answer itself, or the only list of objects in it. */
function rowsOf(body: unknown, path: string | null): readonly unknown[] | undefined {
  if (path !== null && path !== '') {
    const items = stepsOf(path).reduce<unknown>(fieldOf, body);
    return Array.isArray(items) ? items : undefined;
  }
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null) return undefined;
  const lists = Object.values(body).filter(
    (value): value is unknown[] => Array.isArray(value) && value.length > 0 && value.every(isRecord),
  );
  return lists.length === 1 ? lists[0] : undefined;
}

/** What stands in the place of a body that is no text: src/response/file.ts. */
export interface FileBody {
  readonly mediaType: string;
  readonly fileName?: string;
  /** In bytes. */
  readonly size: number;
  readonly base64: string;
}

/** Whether a body is a file's. Base64 has four characters for every three bytes that are begun (RFC 4648 section 4). */
export function isFile(body: unknown): body is FileBody {
  if (!isRecord(body)) return false;
  const { mediaType, size, base64 } = body;
  if (typeof mediaType !== 'string' || typeof size !== 'number' || typeof base64 !== 'string') return false;
  return base64.length === Math.ceil(size / 3) * 4;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dots part the steps, but for those behind a backslash. */
const stepsOf = (path: string): string[] =>
  (path.match(/(?:\\.|[^.\\])+/g) ?? []).map((step) => step.replace(/\\(.)/g, '$1'));

function fieldOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Several pages as one list. */
export interface Collected {
  readonly pages: number;
  readonly rows: readonly unknown[];
  /** Why it ended before the last page; undefined when it did not. */
  readonly ended?: 'stopped' | 'full' | 'repeated' | 'failed';
}

/** A browser holds this much well; whoever wants more goes on with the next pages, or asks the API. */
export const MOST_PAGES = 200;
export const MOST_ROWS = 20_000;
