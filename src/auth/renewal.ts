/**
 * A token key and a way to exchange come in, a token goes out: one exchange at a time for all processes on one store, by
 * a lease that is held without any connection or transaction, and none while a failure is backed off.
 */
import { FishplateError } from '../errors.ts';
import type { InstallationRow, LeaseRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import {
  backOffMs,
  type FailureReason,
  heldOffError,
  isOutage,
  isVendorFailure,
  reasonOf,
} from './back-off.ts';
import { createLeases, isTooLate, type Lease, type LeaseResult } from './lease.ts';
import { isFresh, type Token } from './token.ts';

/** Whose token: the installation, and the fingerprint of the credentials it has just now. */
export interface TokenKey {
  readonly installationId: string;
  readonly fingerprint: string;
}

/**
 * `fresh`: a kept token will do. `since`: one will do that was requested after that time (milliseconds since the epoch),
 * unless the last exchange of these credentials failed. `new`: one that is requested from now on, whatever is backed off.
 */
export type Want = 'fresh' | 'new' | { readonly since: number };

export type Exchange = () => Promise<Token>;

export interface Renewals {
  /** The kept token of these credentials, fresh or not. */
  stored(key: TokenKey): Promise<Token | undefined>;
  /**
   * Throws what `exchange` throws, the same again while it is backed off (with `retryAfterMs`), and when the
   * installation is gone by then `installation.unknown` or `installation.deauthenticated`.
   */
  obtain(key: TokenKey, exchange: Exchange, want: Want): Promise<Token>;
}

const FIRST_POLL_MS = 25;
const MOST_POLL_MS = 1_000;

export function createRenewals(store: Store, world: World): Renewals {
  const leases = createLeases(store, world);

  const stored: Renewals['stored'] = async ({ installationId, fingerprint }) => {
    const row = await store.get('token', installationId);
    if (row?.fingerprint !== fingerprint) return undefined;
    return { access: row.token, obtainedAt: row.obtainedAt, expiresAt: row.expiresAt };
  };

  /** Writes the token unless the lease was lost or the installation is gone; tells whether it was written. */
  const keep = async (lease: Lease, key: TokenKey, token: Token): Promise<boolean> => {
    for (;;) {
      const installation = await store.get('installation', key.installationId);
      const gone = whyGone(key.installationId, installation);
      if (gone || !installation) {
        await leases.end(lease, {}).catch(() => undefined);
        throw gone;
      }
      try {
        await leases.end(lease, success, keeping(key, token, installation.revision));
        return true;
      } catch (error) {
        if (!isTooLate(error)) throw error;
        const { owner, counter } = (await leases.read(lease.id)) ?? {};
        if (owner !== lease.owner || counter !== lease.counter) return false;
        // It was the installation that changed: look at it again.
      }
    }
  };

  /** Leaves behind why it failed, for all who ask next. */
  const exchangeUnder = async (lease: Lease, key: TokenKey, exchange: Exchange, failuresBefore: number) => {
    const stop = leases.keep(lease);
    try {
      return await exchange();
    } catch (error) {
      const result = isVendorFailure(error) ? failureOf(key, error, failuresBefore + 1, world) : {};
      // Whatever becomes of this, the caller is to hear why there is no token.
      await leases.end(lease, result).catch(() => undefined);
      throw error;
    } finally {
      stop();
    }
  };

  return {
    stored,
    obtain: async (key, exchange, want) => {
      const askedAt = world.now();
      const id = `token/${key.installationId}`;
      for (let turn = 0; ; turn++) {
        // The lease before the token: who gives the one back has written the other, so that a lease which is free, and
        // is taken as it was seen, has left no token unnoticed.
        const row = await leases.read(id);
        const kept = await stored(key);
        const step = judge({
          key,
          row,
          kept,
          want,
          now: world.now(),
          waitedSince: turn > 0 ? askedAt : undefined,
        });
        if ('use' in step) return step.use;
        if ('refuse' in step) throw step.refuse;
        const lease = await leases.take(id, row);
        if (!lease) {
          if (step.spare) return step.spare;
          await world.sleep(pollMs(turn, world.random));
          continue;
        }
        try {
          const token = await exchangeUnder(lease, key, exchange, step.failures);
          if (await keep(lease, key, token)) return token;
        } catch (error) {
          if (step.spare && error instanceof FishplateError && isOutage(error)) return step.spare;
          throw error;
        }
      }
    },
  };
}

/** What is known when somebody asks for a token. */
interface Situation {
  readonly key: TokenKey;
  readonly row: LeaseRow | undefined;
  readonly kept: Token | undefined;
  readonly want: Want;
  readonly now: number;
  /** Since when the asker has waited for others; undefined for one who has just come. */
  readonly waitedSince: number | undefined;
}

/** `spare`: a token that is due, but good still: better than to wait, or to fail because the vendor is down. */
type Step =
  | { readonly use: Token }
  | { readonly refuse: FishplateError }
  | { readonly spare: Token | undefined; readonly failures: number };

/** Pure: whether a kept token will do, nobody is to ask just now, or the asker may try for the lease. */
function judge({ key, row, kept, want, now, waitedSince }: Situation): Step {
  const reason = row && reasonFor(row, key);
  if (want === 'new') {
    const isNew = kept && waitedSince !== undefined && kept.obtainedAt >= waitedSince;
    return isNew ? { use: kept } : { spare: undefined, failures: 0 };
  }
  const isEnough = want === 'fresh' || (!reason && kept !== undefined && kept.obtainedAt > want.since);
  if (kept && isFresh(kept, now) && isEnough) return { use: kept };
  const spare = want === 'fresh' && kept && now < kept.expiresAt ? kept : undefined;
  if (!row || !reason) return { spare, failures: 0 };
  if (row.notBefore <= now) return { spare, failures: row.failures };
  const held = heldOffError(reason, row.notBefore - now);
  return spare && isOutage(held) ? { use: spare } : { refuse: held };
}

/** Why the last exchange of these very credentials failed; undefined when it did not. */
function reasonFor({ failures, reason }: LeaseRow, { fingerprint }: TokenKey): FailureReason | undefined {
  return failures > 0 && reason?.fingerprint === fingerprint
    ? (reason as unknown as FailureReason)
    : undefined;
}

function failureOf(
  { fingerprint }: TokenKey,
  error: FishplateError,
  failures: number,
  { now, random }: Pick<World, 'now' | 'random'>,
): LeaseResult {
  const notBefore = now() + backOffMs(error, failures, random);
  return { failures, notBefore, reason: { fingerprint, ...reasonOf(error) } };
}

const success: LeaseResult = { failures: 0, notBefore: 0, reason: null };

/** Written only while the installation is as it was when it was looked at. */
function keeping({ installationId: id, fingerprint }: TokenKey, token: Token, revision: number): Change[] {
  const { access, obtainedAt, expiresAt } = token;
  return [
    { op: 'update', table: 'installation', id, set: {}, expect: { revision } },
    { op: 'upsert', table: 'token', row: { id, fingerprint, token: access, obtainedAt, expiresAt } },
  ];
}

function whyGone(id: string, row: InstallationRow | undefined): FishplateError | undefined {
  if (!row) return new FishplateError('installation.unknown', `installation "${id}" was removed meanwhile`);
  if (row.state !== 'de-authenticated') return undefined;
  return new FishplateError('installation.deauthenticated', `"${row.name}" was de-authenticated`);
}

/** Growing from 25 ms to a second, the later half of it by chance: those who wait do not come all at once. */
function pollMs(turn: number, random: () => number): number {
  const mostMs = Math.min(MOST_POLL_MS, FIRST_POLL_MS * 2 ** Math.min(turn, 10));
  return Math.ceil(mostMs * (0.5 + random() / 2));
}
