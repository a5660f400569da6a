/** A call and its caller's key come in; it is sent once, and its first answer goes out however often it is asked for. */
import { nameUuid } from './definition/ids.ts';
import { FishplateError, isFishplateError, restate } from './errors.ts';
import { type Kept, keep, type Recalled, recallKept } from './kept-answer.ts';
import type { Watch } from './perform-options.ts';
import { fingerprint, Secret } from './secret.ts';
import type { KeyedCallRow } from './store/rows.ts';
import type { Store } from './store/store.ts';
import type { World } from './wire.ts';

/** What makes two calls the same one. */
export interface KeyedIdentity {
  readonly accountId: string;
  readonly installationId: string;
  /** See `CallOptions.idempotencyKey`. */
  readonly key: string;
  /** Method and arguments, as plain data: the same key with others is refused. */
  readonly asked: unknown;
  /** Whether the vendor does no harm when it gets it twice: then it is sent again when its fate is not known. */
  readonly repeatable: boolean;
}

export interface KeyedCall {
  /**
   * The first answer, marked as replayed; undefined when the call is to be sent. Throws the first error, marked likewise,
   * `call.key-reused`, `call.key-in-use`, `call.interrupted` and `call.answer-not-kept`.
   */
  recall<T>(): Promise<Recalled<T> | undefined>;
  /** For values that are generated: the same each time the call is sent again. */
  readonly values: Pick<World, 'now' | 'uuid'>;
  /**
   * Takes the key, sends the call and keeps its answer - or recalls that of somebody who was faster. `longestMs` is how
   * long it may take: later nobody is believed to be at it. Throws like `recall`, and what `send` throws.
   */
  perform<T extends object>(send: (watch: Watch) => Promise<T>, longestMs: number): Promise<T | Recalled<T>>;
}

export interface KeyedCallTools {
  readonly store: Store;
  readonly world: World;
  /** How long an answer is kept, in milliseconds. */
  readonly rememberMs: number;
  /** Told of answers that could not be kept, and of rows that could not be removed. */
  readonly onError: (message: string) => void;
}

const MARGIN_MS = 60_000;
const MOST_HELD_MS = 86_400_000;
const PURGE_EVERY_MS = 600_000;
const MOST_PURGED = 500;
/** Somebody who takes and leaves the key again and again must not keep others busy. */
const MOST_TRIES = 5;

/** A deadline may be part of a millisecond, or never come; what is written down is whole, and a day at most. */
const heldMs = (longestMs: number) => Math.min(Math.max(Math.ceil(longestMs) || 0, 0), MOST_HELD_MS);

/** Throws `call.key-invalid`. */
export function assertKey(key: string): void {
  const length = `has ${key.length} characters; 1 to 255 are allowed`;
  const fault =
    key.trim() === '' ? 'is empty' : key.length > 255 ? length : /^[\x20-\x7e]*$/.test(key) ? undefined : ODD;
  if (fault !== undefined) throw new FishplateError('call.key-invalid', `the idempotency key ${fault}`);
}

const ODD = 'holds characters that are not printable ASCII';

/** Creates what remembers keyed calls. All that it knows is in the store, so processes on one store know the same. */
export function createKeyedCalls(tools: KeyedCallTools): (identity: KeyedIdentity) => KeyedCall {
  const purge = createPurge(tools);
  return (identity) => {
    const call = createKeyedCall(identity, tools);
    return {
      ...call,
      perform: async (send, longestMs) => {
        await purge();
        return call.perform(send, longestMs);
      },
    };
  };
}

function createKeyedCall(identity: KeyedIdentity, { store, world, ...tools }: KeyedCallTools): KeyedCall {
  const { accountId, installationId, key, repeatable } = identity;
  const id = fingerprint(accountId, installationId, key);
  const print = fingerprint(id, canonical(identity.asked));
  const owner = world.uuid();
  /** The row that is in the way but need not stay: of a call whose fate is not known, or of one long ago. */
  let former: KeyedCallRow | undefined;
  let firstAt: number | undefined;

  const recall = async <T>(): Promise<Recalled<T> | undefined> => {
    former = await store.get('keyedCall', id);
    if (!former || former.expiresAt <= world.now()) return undefined;
    if (former.fingerprint !== print)
      throw new FishplateError('call.key-reused', 'this idempotency key was given to another call before');
    if (former.state === 'running' && world.now() < former.heldUntil)
      throw new FishplateError(
        'call.key-in-use',
        'the first call with this idempotency key is still running',
      );
    const kept = former.answer && (JSON.parse(former.answer.reveal()) as Kept);
    if (repeatable && (!kept || kept.unknown)) {
      firstAt = former.createdAt;
      return undefined;
    }
    if (!kept) throw interrupted();
    return recallKept<T>(kept);
  };

  /** Writes the key down as ours; undefined when somebody else was faster. */
  const take = async (longestMs: number): Promise<KeyedCallRow | undefined> => {
    const now = world.now();
    const heldUntil = now + heldMs(longestMs) + MARGIN_MS;
    const row: KeyedCallRow = {
      ...{
        id,
        accountId,
        installationId,
        fingerprint: print,
        state: 'running',
        owner,
        heldUntil,
        answer: null,
      },
      ...{ createdAt: firstAt ?? now, expiresAt: Math.max(now + tools.rememberMs, heldUntil) },
    };
    try {
      await store.write([
        ...(former ? [{ op: 'delete', table: 'keyedCall', where: formerOwn(former) } as const] : []),
        { op: 'insert', table: 'keyedCall', row },
      ]);
      return row;
    } catch (error) {
      if (isFishplateError(error, 'store.conflict')) return undefined;
      // A call that cannot be written down is not made; what became of a former one, nobody knows.
      throw error instanceof FishplateError && !former ? restate(error, { outcome: 'not-sent' }) : error;
    }
  };

  const finish = async (row: KeyedCallRow, kept: Kept): Promise<void> => {
    const set = {
      state: 'done',
      answer: new Secret(JSON.stringify(kept)),
      expiresAt: Math.max(world.now(), row.createdAt) + tools.rememberMs,
    } as const;
    await store
      .write([{ op: 'update', table: 'keyedCall', id, set, expect: { owner } }])
      .catch((error: unknown) => {
        // Whoever took the call over, or removed the installation, has the say.
        if (!isFishplateError(error, 'store.stale'))
          tools.onError(`the answer of a keyed call was not kept: ${String(error)}`);
      });
  };

  const release = () =>
    store
      .write([{ op: 'delete', table: 'keyedCall', where: { id, owner } }])
      .catch((error: unknown) => tools.onError(`a key could not be left free: ${String(error)}`));

  return {
    recall,
    values: createValues(id, () => {
      firstAt ??= world.now();
      return firstAt;
    }),
    perform: async <T extends object>(send: (watch: Watch) => Promise<T>, longestMs: number) => {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const row = await take(longestMs);
        if (!row) {
          const known = await recall<T>();
          if (known) return known;
          continue;
        }
        const watch = createWatch(id, key);
        try {
          const result = await send(watch);
          await finish(row, keep.result(result));
          return result;
        } catch (error) {
          const kept = keep.error(error, watch.hasArrived());
          await (kept ? finish(row, kept) : release());
          throw error;
        }
      }
      throw new FishplateError('call.key-in-use', 'others are at the call with this idempotency key');
    },
  };
}

/** The row, unless it was written since: then it stays, and is in the way. */
const formerOwn = ({ id, owner, state }: KeyedCallRow) => ({ id, owner, state });

const interrupted = () =>
  new FishplateError('call.interrupted', 'the first call with this idempotency key was cut off', {
    outcome: 'sent-unknown',
  });

function createWatch(id: string, key: string): Watch & { hasArrived(): boolean } {
  let requests = 0;
  let arrived = false;
  return {
    // The vendor must not take the second request for the first; and a call that is sent again asks in the same order.
    nextKey: () => (requests++ === 0 ? key : nameUuid(`${id}/key/${requests}`)),
    arrived: () => {
      arrived = true;
    },
    hasArrived: () => arrived,
  };
}

function createValues(id: string, now: () => number): Pick<World, 'now' | 'uuid'> {
  let count = 0;
  return { now, uuid: () => nameUuid(`${id}/value/${++count}`) };
}

/** JSON with its keys in order: who writes the same arguments in another order asks for the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Now and then removes rows that nobody may ask for any more, a bounded number at once. */
function createPurge({ store, world, onError }: KeyedCallTools): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    const value = world.now();
    if (value < next) return;
    next = value + PURGE_EVERY_MS;
    const below = { column: 'expiresAt', value } as const;
    try {
      const rows = await store.list('keyedCall', { below, limit: MOST_PURGED });
      if (rows.length === MOST_PURGED) next = value;
      if (rows.length > 0)
        await store.write(
          rows.map(({ id }) => ({ op: 'delete', table: 'keyedCall', where: { id }, below }) as const),
        );
    } catch (error) {
      onError(`old keyed calls were not removed: ${String(error)}`);
    }
  };
}
