/** A store and a clock come in; the credentials that wait for their turn, or for their end, go out - and are gone when it is past. */
import { FishplateError, isFishplateError } from './errors.ts';
import { type Held, heldId, heldRow, readHeld } from './installation/rotation.ts';
import type { Store } from './store/store.ts';
import type { World } from './wire.ts';

export interface HeldCredentials {
  /** Undefined when there are none, or their time is past: then they are deleted. */
  find(owner: string, kind: Held['kind']): Promise<Held | undefined>;
  /** Notes that a call was carried by the fallback, and which refusal brought it to that; not with every call. */
  noteUse(held: Held, code: string): Promise<void>;
  /** Deletes all whose time is past. Looks once a minute however often it is called; undefined when it does not. */
  sweep(): Promise<void> | undefined;
}

const NOTE_EVERY_MS = 10_000;
const SWEEP_EVERY_MS = 60_000;

export function createHeldCredentials(store: Store, { now }: Pick<World, 'now'>): HeldCredentials {
  let sweptAt = Number.NEGATIVE_INFINITY;
  const deletePast = async () => {
    const below = { column: 'purgeAt', value: now() + 1 } as const;
    if ((await store.count('heldCredentials', {}, below)) > 0)
      await store.write([{ op: 'delete', table: 'heldCredentials', where: {}, below }]);
  };
  return {
    find: async (owner, kind) => {
      const id = heldId(owner, kind);
      const row = await store.get('heldCredentials', id);
      if (!row) return undefined;
      // The id is what they are sealed for; a row whose other columns say something else was tampered with.
      if (row.owner !== owner || row.kind !== kind)
        throw new FishplateError('store.sealed-unreadable', `the credentials "${id}" are not of "${owner}"`);
      if (now() < row.purgeAt) return readHeld(row);
      const below = { column: 'purgeAt', value: now() + 1 } as const;
      await store.write([{ op: 'delete', table: 'heldCredentials', where: { id }, below }]);
      return undefined;
    },
    noteUse: async (held, code) => {
      if (held.usedAt !== null && held.usedFor === code && now() < held.usedAt + NOTE_EVERY_MS) return;
      const { id, values } = heldRow({ ...held, usedAt: now(), usedFor: code });
      const { createdAt } = held;
      try {
        await store.write([
          { op: 'update', table: 'heldCredentials', id, set: { values }, expect: { createdAt } },
        ]);
      } catch (error) {
        // Replaced or purged since: there is nothing left to note it on.
        if (!isFishplateError(error, 'store.stale')) throw error;
      }
    },
    sweep: () => {
      if (now() < sweptAt + SWEEP_EVERY_MS) return undefined;
      sweptAt = now();
      return deletePast();
    },
  };
}
