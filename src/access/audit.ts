/** What somebody did or was refused comes in, a row that is never changed goes out. */
import type { AuditRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';

/** The actor of changes that come from this machine itself, and not through a token. */
export const LOCAL_ACTOR = 'local';
/** The actor of attempts by somebody who did not prove who it is. */
export const UNKNOWN_ACTOR = 'unknown';

/** What there is to say; id and time are added. */
export interface AuditEntry {
  /** `serviceUserId/accessKeyId`, `local` or `unknown`. */
  readonly actor: string;
  /** `<noun>.<verb>`: `access-key.create`, `token.refuse`, ... */
  readonly action: string;
  /** What it was done to: the id of a row, or a resource. */
  readonly target: string;
  readonly accountId: string | null;
  /** Names, states, reasons. Never a secret: a `Secret` would be kept as `[redacted]`, a plain text as it is. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** All that is given must be equal. */
export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  /** Null finds what belongs to no account. */
  readonly accountId?: string | null;
  /** Only rows before this time, in milliseconds since the epoch. */
  readonly beforeMs?: number;
  /** Only rows of this time or later. */
  readonly afterMs?: number;
  /** 100 unless told. */
  readonly limit?: number;
  readonly offset?: number;
}

/** Writes and lists; nothing here changes or deletes a row. */
export interface Audit {
  /** The row as a change, for the same `store.write` as what it tells of: both are kept or neither is. */
  prepare(entry: AuditEntry): Change;
  /** For what changes nothing else: sign-ins, refusals, reads. */
  record(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  list(filter?: AuditFilter): Promise<AuditRow[]>;
}

const USUAL_LIMIT = 100;

/** Rows carry the time and the ids of this world. */
export function createAudit(store: Store, world: World): Audit {
  const prepare = (entry: AuditEntry): Change => ({
    op: 'insert',
    table: 'audit',
    row: { id: world.uuid(), at: world.now(), ...entry },
  });
  return {
    prepare,
    record: (entry) => store.write([prepare(entry)]),
    list({ beforeMs, afterMs, limit = USUAL_LIMIT, offset = 0, ...where } = {}) {
      return store.list('audit', {
        where,
        ...(beforeMs !== undefined && { below: { column: 'at', value: beforeMs } }),
        ...(afterMs !== undefined && { atLeast: { column: 'at', value: afterMs } }),
        orderBy: 'at',
        descending: true,
        limit,
        offset,
      });
    },
  };
}
