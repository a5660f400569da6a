/** A decision about the access model comes in; it is carried out as if nobody else had changed anything meanwhile. */
import { isFishplateError } from '../errors.ts';
import type { Change, Store } from '../store/store.ts';

/** What was decided, and what to answer once it is written. */
export interface Decision<R> {
  readonly changes: readonly Change[];
  readonly result: R;
}

/**
 * Runs `decide`, which reads and judges, and writes its changes. Rules such as "at most two keys" or "never without an
 * administrator" look at several rows, so every change of the access model also moves one counter: when another
 * process moved it since it was read, nothing is written and `decide` runs again. `decide` must have no other effect.
 */
export type AccessChange = <R>(decide: () => Promise<Decision<R>>) => Promise<R>;

const COUNTER = 'access';
const MOST_ATTEMPTS = 20;

/** Rejects with what `decide` rejects with, and with `store.stale` after 20 attempts in which others were faster. */
export function createAccessChange(store: Store): AccessChange {
  let last: Promise<unknown> = Promise.resolve();
  return (decide) => {
    // One at a time within this process; the counter settles it between processes.
    const run = last.then(() => attempt(store, decide));
    last = run.catch(() => undefined);
    return run;
  };
}

async function attempt<R>(store: Store, decide: () => Promise<Decision<R>>): Promise<R> {
  for (let attempts = 1; ; attempts++) {
    const counter = await store.get('counter', COUNTER);
    const { changes, result } = await decide();
    try {
      await store.write([moveCounter(counter?.value), ...changes]);
      return result;
    } catch (error) {
      const overtaken = isFishplateError(error, 'store.stale', 'store.conflict');
      if (!overtaken || attempts === MOST_ATTEMPTS) throw error;
    }
  }
}

function moveCounter(value: number | undefined): Change {
  if (value === undefined) return { op: 'insert', table: 'counter', row: { id: COUNTER, value: 1 } };
  return { op: 'update', table: 'counter', id: COUNTER, set: { value: value + 1 }, expect: { value } };
}
