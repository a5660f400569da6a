/** Installations and a way to exchange come in, tokens go out: kept in memory and in the store, exchanged once for all. */
import { createRecent } from '../recent.ts';
import type { Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { createForbiddenNotes, type ForbiddenNotes } from './forbidden-notes.ts';
import { createRenewals, type Exchange, type TokenKey, type Want } from './renewal.ts';
import { isFresh, type Token } from './token.ts';

export type { TokenKey } from './renewal.ts';

/** `get`, `confirm` and `renew` throw as `Renewals.obtain`. */
export interface TokenCache extends ForbiddenNotes {
  /** A fresh token that is kept in memory: what nearly every call needs, without a promise. */
  peek(key: TokenKey): Token | undefined;
  /**
   * A fresh token: from memory, from the store, or by `exchange`. Callers that come while one is under way share it,
   * those of other processes wait for what it leaves in the store.
   */
  get(key: TokenKey, exchange: Exchange): Promise<Token>;
  /**
   * The same, but a kept token must have been requested after `since` (milliseconds since the epoch), and none will do
   * while the last exchange of these credentials is one that failed.
   */
  confirm(key: TokenKey, exchange: Exchange, since: number): Promise<Token>;
  /**
   * A token exchanged just now, whatever is kept or backed off; it replaces the kept one, which stays if the exchange
   * fails.
   */
  renew(key: TokenKey, exchange: Exchange): Promise<Token>;
  /** Drops a token that the vendor no longer takes, unless a newer one has replaced it already. */
  forget(key: TokenKey, token: Token): Promise<void>;
}

interface Entry {
  readonly fingerprint: string;
  readonly token: Token;
}

interface Flight {
  readonly fingerprint: string;
  readonly want: Want;
  readonly token: Promise<Token>;
}

/** Most tokens kept in memory; the least recently used go first and are read from the store when needed again. */
const MOST_ENTRIES = 10_000;

export function createTokenCache(store: Store, world: World): TokenCache {
  const renewals = createRenewals(store, world);
  const entries = createRecent<Entry>(MOST_ENTRIES);
  const flights = new Map<string, Flight>();

  const remember = (key: TokenKey, token: Token) => {
    entries.set(key.installationId, { fingerprint: key.fingerprint, token });
    return token;
  };
  const peek: TokenCache['peek'] = (key) => {
    const entry = entries.get(key.installationId);
    const isGood = entry?.fingerprint === key.fingerprint && isFresh(entry.token, world.now());
    return isGood ? entry.token : undefined;
  };

  /** One after the other for each installation: within a process nobody has to poll for the lease. */
  const start = (key: TokenKey, exchange: Exchange, want: Want): Promise<Token> => {
    const { installationId: id, fingerprint } = key;
    const before = flights.get(id)?.token;
    const obtain = async () => {
      await before?.catch(() => undefined);
      return remember(key, await renewals.obtain(key, exchange, want));
    };
    const token = obtain().finally(() => {
      if (flights.get(id)?.token === token) flights.delete(id);
    });
    flights.set(id, { fingerprint, want, token });
    return token;
  };
  const share = (key: TokenKey, exchange: Exchange, want: Want): Promise<Token> => {
    const flight = flights.get(key.installationId);
    const isEnough = flight?.fingerprint === key.fingerprint && (want === 'fresh' || flight.want !== 'fresh');
    return isEnough ? flight.token : start(key, exchange, want);
  };

  return {
    ...createForbiddenNotes(),
    peek,
    get: (key, exchange) => {
      const kept = peek(key);
      return kept ? Promise.resolve(kept) : share(key, exchange, 'fresh');
    },
    confirm: (key, exchange, since) => share(key, exchange, { since }),
    renew: (key, exchange) => start(key, exchange, 'new'),
    forget: async (key, token) => {
      const isIt = (other: Token | undefined) => other?.access.reveal() === token.access.reveal();
      try {
        const kept = await renewals.stored(key);
        if (kept && isIt(kept)) {
          // By its time as well: a newer one that was written since we looked stays.
          const where = { id: key.installationId, obtainedAt: kept.obtainedAt };
          await store.write([{ op: 'delete', table: 'token', where }]);
        }
      } finally {
        // After the store: a caller that came in between would have read it from there again.
        if (isIt(entries.get(key.installationId)?.token)) entries.delete(key.installationId);
      }
    },
  };
}
