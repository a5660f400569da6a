/** Finished calls come in, rows of the log go out in batches: a call never waits for the disk. */
import type { CallRow } from './store/rows.ts';
import type { Match, Store } from './store/store.ts';
import type { World } from './wire.ts';

/** Which calls; all that is given must hold. */
export interface CallQuery {
  readonly accountId?: string;
  readonly installationId?: string;
  readonly connector?: string;
  /** The key of the method. */
  readonly method?: string;
  /** `ok`, `error` for whatever else, or the code of one. */
  readonly outcome?: string;
  /** Begun before this time, in milliseconds since the epoch. */
  readonly beforeMs?: number;
  /** Begun at this time or later. */
  readonly afterMs?: number;
  /** 100 unless told. */
  readonly limit?: number;
  readonly offset?: number;
}

export interface CallLog {
  add(row: CallRow): void;
  /** Resolves when everything added so far is in the store. */
  flush(): Promise<void>;
  /** Newest first, including what was added just now. */
  list(query: CallQuery): Promise<CallRow[]>;
  /** How many calls of an account began at this time or later. */
  count(accountId: string, afterMs: number): Promise<number>;
  /** Undefined when there is no such row, or no longer. */
  get(id: string): Promise<CallRow | undefined>;
}

const MOST_PER_WRITE = 500;
const MOST_WAITING = 10_000;
/** A write goes to the disk and waits for it, so calls share one: as many as end in this time, or make one full. */
const WRITE_EVERY_MS = 200;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Under pressure the oldest rows that still wait are dropped: `onLost` is told how many, and of writes that fail. */
export function createCallLog(
  store: Store,
  world: Pick<World, 'after'>,
  onLost: (message: string, rows: number) => void,
): CallLog {
  let waiting: CallRow[] = [];
  let dropped = 0;
  let writing: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;

  /** Once for all that were dropped during a write: a line for each would only add to the pressure. */
  const tellDropped = () => {
    if (dropped === 0) return;
    const rows = dropped;
    dropped = 0;
    onLost(`${rows} rows of the call log were dropped: the store does not keep up`, rows);
  };
  const drain = async (): Promise<void> => {
    do {
      // Calls go on between two writes.
      await nextTurn();
      const batch = waiting.slice(0, MOST_PER_WRITE);
      waiting = waiting.slice(MOST_PER_WRITE);
      await store
        .write(batch.map((row) => ({ op: 'insert', table: 'call', row })))
        .catch((error: unknown) =>
          onLost(`${batch.length} rows of the call log were lost: ${String(error)}`, batch.length),
        );
      tellDropped();
    } while (waiting.length >= MOST_PER_WRITE);
  };
  const start = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    writing ??= drain().finally(() => {
      writing = undefined;
      // What came in after the last batch was taken.
      if (waiting.length > 0) startLater();
    });
    return writing;
  };
  const startLater = () => {
    cancelTimer ??= world.after(WRITE_EVERY_MS, () => void start());
  };
  const flush = async () => {
    while (waiting.length > 0 || writing) await start();
  };
  return {
    add: (row) => {
      if (waiting.length >= MOST_WAITING) {
        waiting.shift();
        dropped++;
      }
      waiting.push(row);
      if (waiting.length === MOST_PER_WRITE) void start();
      else startLater();
    },
    flush,
    list: async ({ beforeMs, afterMs, limit = 100, offset = 0, outcome, ...where }) => {
      await flush();
      return store.list('call', {
        where: { ...where, ...matchOf(outcome) },
        ...(beforeMs !== undefined && { below: { column: 'at', value: beforeMs } }),
        ...(afterMs !== undefined && { atLeast: { column: 'at', value: afterMs } }),
        ...{ orderBy: 'at', descending: true, limit, offset },
      });
    },
    count: async (accountId, afterMs) => {
      await flush();
      const before = await store.count('call', { accountId }, { column: 'at', value: afterMs });
      return (await store.count('call', { accountId })) - before;
    },
    get: async (id) => {
      await flush();
      return store.get('call', id);
    },
  };
}

/**
 * Failures are found by their mark also when their code is given: they are few. What went well is not: it is nearly all,
 * and looking for it by a mark would pass over the index of the account.
 */
function matchOf(outcome: string | undefined): Match<'call'> {
  if (outcome === undefined) return {};
  if (outcome === 'ok') return { outcome };
  return outcome === 'error' ? { failed: 1 } : { failed: 1, outcome };
}
