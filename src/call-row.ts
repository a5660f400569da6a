/** What became of a call's request comes in, what its row of the call log tells of it goes out. Pure. */
import type { Method } from './definition/connector.ts';
import { formatTemplate } from './definition/template.ts';
import type { LoadedInstallation, ResolvedSettings } from './installation/installation.ts';
import type { Span } from './observer.ts';
import { RAW_KEY } from './request/raw-method.ts';
import type { CallRow } from './store/rows.ts';

/** What is known of a call before anything is sent. */
export interface CallAbout {
  readonly loaded: LoadedInstallation;
  readonly method: Method;
  readonly requestId?: string | undefined;
  /** The span of the call that the request is part of. */
  readonly parent?: Span | undefined;
}

/** A request on its way: what it is sent with, and what it has been through. */
export interface AttemptAbout {
  readonly settings: ResolvedSettings;
  readonly credential: string;
  /** Time in the queue of the vendor's limits, in milliseconds. */
  readonly waitedMs: number;
  /** Whether it carries a token that was exchanged because the one before was refused. */
  readonly renewed: boolean;
}

/** One attempt, as the row tells it. Times are milliseconds, `atMs` from the start of the request. */
export interface AttemptEntry {
  readonly atMs: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
  readonly waitedMs?: number;
  readonly renewed?: true;
  /** How long its answer asked to wait before the next one; see `retryAfterMs`. */
  readonly retryAfterMs?: number;
}

/** Kept in the detail of a row beside what is known of the call. */
export type Also = Readonly<Record<string, unknown>>;

/** A row as far as it is known before anything is sent. */
export type Begun = Pick<
  CallRow,
  'id' | 'at' | 'accountId' | 'installationId' | 'connector' | 'method' | 'requestId' | 'detail'
>;

/** The row of a request that begins at that time. */
export function rowOf(id: string, at: number, { loaded, method, requestId }: CallAbout): Begun {
  const { row, connector } = loaded;
  return {
    id,
    at,
    accountId: row.accountId,
    installationId: row.id,
    connector: connector.name,
    method: method.key,
    requestId: requestId ?? null,
    // Of a method the key says it all; of a request that none describes the audit has only what went well.
    detail:
      method.key === RAW_KEY
        ? { verb: method.verb, host: method.host, path: formatTemplate(method.path) }
        : { verb: method.verb, host: method.host },
  };
}

/** What a detail is made of. */
export interface Told {
  readonly row: Begun;
  readonly attempts: number;
  readonly waitedMs: number;
  readonly entries: readonly Noted[];
}

/** What a row tells beside its columns: the attempts, unless the call went well with the first. */
export function detailOf(
  { row, attempts, waitedMs, entries }: Told,
  failed: 0 | 1,
  also: Also | undefined,
): CallRow['detail'] {
  const isTold = entries.length > 0 && (failed === 1 || attempts > 1 || waitedMs > 0);
  return {
    ...row.detail,
    ...(waitedMs > 0 && { waitedMs }),
    ...also,
    ...(isTold && { attempts: entries.map((entry) => entryOf(entry, row.at)) }),
  };
}

/** What is known of an attempt until somebody wants to read of it. */
export interface Noted {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly how: AttemptAbout;
  readonly askedMs: number | undefined;
}

function entryOf(
  { startedAt, durationMs, status, error, how, askedMs }: Noted,
  begunAt: number,
): AttemptEntry {
  return {
    atMs: startedAt - begunAt,
    durationMs,
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
    ...(how.waitedMs > 0 && { waitedMs: how.waitedMs }),
    ...(how.renewed && { renewed: true as const }),
    ...(askedMs !== undefined && { retryAfterMs: askedMs }),
  };
}
