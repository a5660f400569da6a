/** A store comes in; leases go out: the right to do one thing at a time, for any number of processes on one store. */
import type { LeaseRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';

/** A lease that is held: its owner and number must still be there when what was done under it is written. */
export interface Lease {
  readonly id: string;
  readonly owner: string;
  readonly counter: number;
}

export interface Leases {
  read(id: string): Promise<LeaseRow | undefined>;
  /** Takes the lease as it was `seen`; undefined when somebody has it, or was faster. */
  take(id: string, seen: LeaseRow | undefined): Promise<Lease | undefined>;
  /** Moves its end on, again and again, until the function that comes back is called. */
  keep(lease: Lease): () => void;
  /**
   * Gives it back, in one write with what was done under it: rejects with `store.stale`, and nothing is written, when it
   * was taken over meanwhile.
   */
  end(lease: Lease, result: Partial<LeaseResult>, also?: readonly Change[]): Promise<void>;
}

export type LeaseResult = Pick<LeaseRow, 'failures' | 'notBefore' | 'reason'>;

/**
 * After so many milliseconds without a sign of life a holder counts as gone; while it is at it, it gives one every three
 * seconds, so that what it does may take longer. The clocks of the machines on one store must not differ by as much.
 */
export const LEASE_MS = 10_000;
const SIGN_MS = 3_000;

/** `world.uuid` is asked once, when a lease is taken first: it tells this process from others. */
export function createLeases(store: Store, world: World): Leases {
  let name: string | undefined;
  const update = (
    { id, owner, counter }: Lease,
    set: Partial<Omit<LeaseRow, 'id'>>,
    also: readonly Change[] = [],
  ) => store.write([{ op: 'update', table: 'lease', id, set, expect: { owner, counter } }, ...also]);

  return {
    read: (id) => store.get('lease', id),
    take: async (id, seen) => {
      if (seen && seen.owner !== null && seen.expiresAt > world.now()) return undefined;
      name ??= world.uuid();
      const held = { owner: name, counter: (seen?.counter ?? 0) + 1, expiresAt: world.now() + LEASE_MS };
      const taking: Change = seen
        ? // By its end as well: a holder that gave a sign of life since it was seen keeps it.
          { op: 'update', table: 'lease', id, set: held, expect: stateOf(seen) }
        : { op: 'insert', table: 'lease', row: { id, ...held, failures: 0, notBefore: 0, reason: null } };
      try {
        await store.write([taking]);
        return { id, owner: held.owner, counter: held.counter };
      } catch (error) {
        if (isTooLate(error)) return undefined;
        throw error;
      }
    },
    keep: (lease) => {
      let cancel = () => {};
      let over = false;
      const wait = () => {
        if (!over) cancel = world.after(SIGN_MS, renew);
      };
      // One that was lost stays lost: `end` finds out.
      const renew = () =>
        void update(lease, { expiresAt: world.now() + LEASE_MS }).then(wait, (error: unknown) => {
          if (!isTooLate(error)) wait();
        });
      wait();
      return () => {
        over = true;
        cancel();
      };
    },
    end: (lease, result, also) => update(lease, { owner: null, ...result }, also),
  };
}

const stateOf = ({ owner, counter, expiresAt }: LeaseRow) => ({ owner, counter, expiresAt });

/** Whether a write was refused because of what others wrote before. */
export function isTooLate(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'store.stale' || code === 'store.conflict';
}
