/** Installations and a way to exchange come in, tokens go out: one exchange at a time, kept in memory and in the store. */
import type { Store } from '../store/store.ts';
import { isFresh, type Token } from './token.ts';

/** Whose token: the installation, and the fingerprint of the credentials it has just now. */
export interface TokenKey {
  readonly installationId: string;
  readonly fingerprint: string;
}

export interface TokenCache {
  /** A fresh token: from memory, from the store, or by `exchange`. Callers that come while one is under way share it. */
  get(key: TokenKey, exchange: () => Promise<Token>): Promise<Token>;
  /** A token exchanged just now, whatever is kept; it replaces the kept one, which stays if the exchange fails. */
  renew(key: TokenKey, exchange: () => Promise<Token>): Promise<Token>;
  /** Drops a token that the vendor no longer takes, unless a newer one has replaced it already. */
  forget(key: TokenKey, token: Token): Promise<void>;
}

interface Entry {
  readonly fingerprint: string;
  readonly token: Token;
}

/** Most tokens kept in memory; the least recently used go first and are read from the store when needed again. */
const MOST_ENTRIES = 10_000;

export function createTokenCache(store: Store, now: () => number): TokenCache {
  const entries = new Map<string, Entry>();
  const underWay = new Map<string, Promise<Token>>();

  const remember = (key: TokenKey, token: Token) => {
    entries.delete(key.installationId);
    entries.set(key.installationId, { fingerprint: key.fingerprint, token });
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST_ENTRIES) break;
      entries.delete(oldest);
    }
    return token;
  };
  const stored = async (key: TokenKey): Promise<Token | undefined> => {
    const row = await store.get('token', key.installationId);
    if (row?.fingerprint !== key.fingerprint) return undefined;
    return { access: row.token, obtainedAt: row.obtainedAt, expiresAt: row.expiresAt };
  };
  const renew = async (key: TokenKey, exchange: () => Promise<Token>): Promise<Token> => {
    const token = await exchange();
    const { installationId: id, fingerprint } = key;
    await store.write([
      {
        op: 'upsert',
        table: 'token',
        row: {
          id,
          fingerprint,
          token: token.access,
          obtainedAt: token.obtainedAt,
          expiresAt: token.expiresAt,
        },
      },
    ]);
    return remember(key, token);
  };

  const restoreOrRenew = async (key: TokenKey, exchange: () => Promise<Token>): Promise<Token> => {
    const kept = await stored(key);
    return kept && isFresh(kept, now()) ? remember(key, kept) : renew(key, exchange);
  };

  return {
    renew,
    get: (key, exchange) => {
      const entry = entries.get(key.installationId);
      if (entry?.fingerprint === key.fingerprint && isFresh(entry.token, now()))
        return Promise.resolve(remember(key, entry.token));
      const flight = `${key.installationId} ${key.fingerprint}`;
      let promise = underWay.get(flight);
      if (!promise) {
        promise = restoreOrRenew(key, exchange).finally(() => underWay.delete(flight));
        underWay.set(flight, promise);
      }
      return promise;
    },
    forget: async (key, token) => {
      const isIt = (other: Token | undefined) => other?.access.reveal() === token.access.reveal();
      try {
        const kept = await stored(key);
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
