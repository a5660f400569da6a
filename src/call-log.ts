/** Finished calls come in, rows of the log go out in batches: a call never waits for the disk. */
import type { CallRow, Store } from './store/store.ts';

export interface CallLog {
  add(row: CallRow): void;
  /** Resolves when everything added so far is in the store. */
  flush(): Promise<void>;
  /** Newest first, including what was added just now. */
  list(query: {
    accountId?: string;
    installationId?: string;
    limit?: number;
    offset?: number;
  }): Promise<CallRow[]>;
}

const MOST_PER_WRITE = 500;
const MOST_WAITING = 10_000;

/** Under pressure the oldest rows that still wait are dropped: `onError` is told how many, and of writes that fail. */
export function createCallLog(store: Store, onError: (message: string) => void): CallLog {
  let waiting: CallRow[] = [];
  let writing: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_PER_WRITE);
      waiting = waiting.slice(MOST_PER_WRITE);
      await store
        .write(batch.map((row) => ({ op: 'insert', table: 'call', row })))
        .catch((error: unknown) =>
          onError(`${batch.length} rows of the call log were lost: ${String(error)}`),
        );
    }
  };
  const start = (): Promise<void> => {
    // The next turn of the event loop, so that calls which end together are written together.
    writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(drain).finally(() => {
      writing = undefined;
      // What came in after the last batch was taken, and found this one still under way.
      if (waiting.length > 0) void start();
    });
    return writing;
  };
  const flush = async () => {
    while (waiting.length > 0 || writing) await start();
  };
  return {
    add: (row) => {
      if (waiting.length >= MOST_WAITING) {
        waiting.shift();
        onError('a row of the call log was dropped: the store does not keep up');
      }
      waiting.push(row);
      void start();
    },
    flush,
    list: async ({ accountId, installationId, limit, offset }) => {
      await flush();
      return store.list('call', {
        where: {
          ...(accountId !== undefined && { accountId }),
          ...(installationId !== undefined && { installationId }),
        },
        orderBy: 'at',
        descending: true,
        limit: limit ?? 100,
        ...(offset !== undefined && { offset }),
      });
    },
  };
}
