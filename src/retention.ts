/** A store and a clock come in; what is too old, too much or expired is deleted from it in the background, a little at a time. */
import type { Observer } from './observer.ts';
import type { Rows } from './store/rows.ts';
import type { Store } from './store/store.ts';
import type { World } from './wire.ts';

/** What is kept, where it differs from the usual. */
export interface RetentionLimits {
  /** Days that rows of the call log are kept: 30. */
  readonly callDays?: number;
  /** Rows of the call log that are kept at most, the newest: 1,000,000. */
  readonly callRows?: number;
  /** Days that rows of the audit are kept: for ever, unless given. */
  readonly auditDays?: number;
}

export interface RetentionTools {
  readonly store: Store;
  readonly world: Pick<World, 'now' | 'after'>;
  readonly limits: RetentionLimits;
  readonly observer: Observer;
}

export interface Retention {
  /** Deletes all that is due now; the timer does the same. */
  sweep(): Promise<void>;
  /** Nothing is begun any more; resolves when what was under way is done. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const FIRST_MS = 60_000;
const EVERY_MS = 600_000;
/** Each write holds the store for some milliseconds, and then lets everybody else in. */
const MOST_PER_WRITE = 500;
const PAUSE_MS = 50;
/** Expired links say that they are for a while, before they are as unknown as any other. */
const LINKS_KEPT_MS = 7 * DAY_MS;
const DEFAULT_CALL_DAYS = 30;
const DEFAULT_CALL_ROWS = 1_000_000;

/** Times by which rows are deleted. */
type Aging = { readonly [T in keyof Rows]?: keyof Rows[T] & string };
const agingBy = {
  call: 'at',
  audit: 'at',
  keyedCall: 'expiresAt',
  heldCredentials: 'purgeAt',
  link: 'expiresAt',
  accessToken: 'expiresAt',
} as const satisfies Aging;
type AgingTable = keyof typeof agingBy;

/**
 * Starts a minute after its creation, and again every ten. Its timer does not keep the process alive. Several processes
 * on one store may do the same work: deleting what is gone does no harm.
 */
export function createRetention({ store, world, limits, observer }: RetentionTools): Retention {
  let stopped = false;
  let cancelTimer: () => void = () => undefined;
  let endPause: () => void = () => undefined;
  let underWay: Promise<void> = Promise.resolve();

  /** Ends at once when it is stopped. */
  const pause = () =>
    new Promise<void>((resolve) => {
      const stopTimer = world.after(PAUSE_MS, resolve, true);
      endPause = () => {
        stopTimer();
        resolve();
      };
    });

  /** Deletes rows whose time is before `value`, the oldest first. */
  const deleteBefore = async (table: AgingTable, value: number): Promise<void> => {
    let rows = 0;
    for (let more = true; more && !stopped; ) {
      const step = await nextStep(store, table, value);
      if (step.rows > 0) await store.write([deletion(table, step.value)]);
      rows += step.rows;
      more = step.more;
      if (more) await pause();
    }
    if (rows > 0) observer.event({ type: 'rows-deleted', table, rows });
  };

  const sweepAll = async (): Promise<void> => {
    if (stopped) return;
    const now = world.now();
    const { callDays = DEFAULT_CALL_DAYS, callRows = DEFAULT_CALL_ROWS, auditDays } = limits;
    await deleteBefore('call', now - callDays * DAY_MS);
    const excess = (await store.count('call')) - callRows;
    if (excess > 0) {
      const [last] = await store.list('call', { orderBy: 'at', limit: 1, offset: excess - 1 });
      if (last) await deleteBefore('call', last.at + 1);
    }
    if (auditDays !== undefined) await deleteBefore('audit', now - auditDays * DAY_MS);
    await deleteBefore('keyedCall', now);
    await deleteBefore('heldCredentials', now + 1);
    await deleteBefore('accessToken', now + 1);
    await deleteBefore('link', now - LINKS_KEPT_MS);
  };

  const sweep = (): Promise<void> => {
    underWay = underWay.then(sweepAll).catch((error: unknown) => {
      if (!stopped)
        observer.event({ type: 'trouble', message: `old rows were not deleted: ${String(error)}` });
    });
    return underWay;
  };

  const schedule = (ms: number) => {
    cancelTimer = world.after(
      ms,
      () => {
        void sweep().then(() => {
          if (!stopped) schedule(EVERY_MS);
        });
      },
      true,
    );
  };
  schedule(FIRST_MS);
  return {
    sweep,
    stop: () => {
      stopped = true;
      cancelTimer();
      endPause();
      return underWay;
    },
  };
}

/** Up to which time the next write deletes, how many rows that is, and whether others are left. */
async function nextStep(
  store: Store,
  table: AgingTable,
  value: number,
): Promise<{ readonly value: number; readonly rows: number; readonly more: boolean }> {
  const column = agingBy[table];
  const query = { below: { column, value }, orderBy: column, limit: 1, offset: MOST_PER_WRITE - 1 };
  const [last] = await list(store, table, query);
  const time = last === undefined ? value : Number(last[column]) + 1;
  return {
    value: time,
    rows: await store.count(table, {}, { column: column as never, value: time }),
    more: last !== undefined,
  };
}

/** The tables' own types differ; what is used of them here does not. */
const list = (store: Store, table: AgingTable, query: object) =>
  store.list(table, query) as unknown as Promise<Readonly<Record<string, unknown>>[]>;

const deletion = (table: AgingTable, value: number) =>
  ({ op: 'delete', table, where: {}, below: { column: agingBy[table], value } }) as never;
