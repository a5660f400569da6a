/**
 * The contract that every store keeps: rows come in and go out as plain objects, secrets as `Secret`.
 * A write is a list of changes that happen together or not at all, so no caller ever holds a transaction open.
 */
import type { Rows, TableName } from './rows.ts';
import type { WatchedGroup } from './tables.ts';

/** Values that a row can be searched by: texts, integers and null, compared for equality. */
export type Match<T extends TableName> = {
  readonly [K in keyof Rows[T]]?: Rows[T][K] extends string | number | null ? Rows[T][K] : never;
};

/** Rows whose integer column is smaller than the value (for clean-up and "before this time"); null is never below. */
export interface Below<T extends TableName> {
  readonly column: keyof Rows[T] & string;
  readonly value: number;
}

/**
 * Which rows, and in what order. Texts are ordered by code point, null before every value; rows that are equal in
 * `orderBy` (or all, without one) are ordered by id, so that pages neither repeat nor skip rows.
 */
export interface Query<T extends TableName> {
  readonly where?: Match<T>;
  readonly below?: Below<T>;
  /** Rows whose integer column has this value or a greater one ("since this time"); null never has. */
  readonly atLeast?: Below<T>;
  readonly orderBy?: keyof Rows[T] & string;
  /** Turns the whole order round, ids included. */
  readonly descending?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

/** One step of a write. */
export type Change =
  | {
      readonly [T in TableName]: { readonly op: 'insert'; readonly table: T; readonly row: Rows[T] };
    }[TableName]
  | {
      readonly [T in TableName]: { readonly op: 'upsert'; readonly table: T; readonly row: Rows[T] };
    }[TableName]
  | {
      readonly [T in TableName]: {
        readonly op: 'update';
        readonly table: T;
        readonly id: string;
        /** May be empty: then the change only makes sure that the row is there and as expected. */
        readonly set: Partial<Omit<Rows[T], 'id'>>;
        /** The row must exist and hold these values, or the whole write is undone with `store.stale`. */
        readonly expect?: Match<T>;
      };
    }[TableName]
  | {
      readonly [T in TableName]: {
        readonly op: 'delete';
        readonly table: T;
        /** Names at least one column unless `below` is given: a slip must not empty a table. */
        readonly where: Match<T>;
        readonly below?: Below<T>;
      };
    }[TableName];

/** How much a key seals. */
export interface KeyUse {
  readonly id: string;
  /** Whether it is what this store seals with. */
  readonly current: boolean;
  /** Whether this process has it. */
  readonly given: boolean;
  /** Sealed values by `table.column`, where there are any. */
  readonly values: Readonly<Record<string, number>>;
}

/** How far a pass over all sealed values has come. */
export interface SealedPosition {
  readonly table: TableName;
  readonly column: string;
  /** The last row that was looked at. */
  readonly id: string;
}

export interface ResealResult {
  /** Values that were sealed with another key, and now are with the current one. */
  readonly resealed: number;
  /** `table/id/column` of values that cannot be opened; they are left as they are. */
  readonly unreadable: readonly string[];
  /** Where to go on; null at the end. */
  readonly next: SealedPosition | null;
}

/**
 * The keys that values are sealed with. The store itself says which of them is the current one, and every write looks:
 * a process that still has another one in mind learns of it in its next write, so nothing is sealed with a key
 * that was replaced. A key that a store has never seen becomes the current one when the store is opened with it first.
 */
export interface Sealing {
  /** The current key first. */
  usage(): Promise<KeyUse[]>;
  /**
   * Calls `choose` with the id of the current key, under the store's write lock - of two who change keys at once, the
   * second sees what the first did - and seals with the key whose id it answers from then on. Throws
   * `store.sealed-unreadable` when that key is not given.
   */
  setCurrent(choose: (currentId: string) => string): Promise<void>;
  /**
   * Looks at up to `limit` values after `from` and seals those anew that are not sealed with the current key. Values
   * that somebody else writes meanwhile are left alone: they are sealed with the current key already.
   */
  reseal(limit: number, from?: SealedPosition): Promise<ResealResult>;
  /**
   * Forgets a key, so that the store opens without it. Throws `store.key-in-use` for the current key and while a value
   * is sealed with it.
   */
  forget(id: string): Promise<void>;
}

/**
 * Every method rejects with `store.unavailable` when the database cannot be used, `store.sealed-unreadable` when a
 * sealed column cannot be opened, and `internal.unexpected` for a column or value that the table does not have.
 */
export interface Store {
  readonly sealing: Sealing;
  /**
   * Differs from an earlier answer when a row of the group was added, changed or removed in between, by this process or
   * another one: who keeps such rows in mind asks before each use of them. What another process did is seen from the next
   * turn of the event loop on; before that nobody can have heard of it. Costs less than reading a row, and is a promise
   * only where it has to be waited for.
   */
  version(group: WatchedGroup): number | Promise<number>;
  get<T extends TableName>(table: T, id: string): Promise<Rows[T] | undefined>;
  list<T extends TableName>(table: T, query?: Query<T>): Promise<Rows[T][]>;
  count<T extends TableName>(table: T, where?: Match<T>, below?: Below<T>): Promise<number>;
  /**
   * Carries out all changes or none; durable when it resolves.
   * Rejects with `store.conflict` (an insert's id exists) or `store.stale` (an update's row is gone or differs).
   */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}
