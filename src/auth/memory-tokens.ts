/** A clock comes in, a token cache of this process alone goes out: for credentials that are tried, or used for a while only. */
import { createForbiddenNotes } from './forbidden-notes.ts';
import { isFresh, type Token } from './token.ts';
import type { TokenCache, TokenKey } from './token-cache.ts';

/** Most tokens kept; the oldest go first. */
const MOST_ENTRIES = 1_000;

/**
 * Nothing of it reaches the store, so it never takes the place of the token of the credentials in use. One exchange at
 * a time for each installation and credentials.
 */
export function createMemoryTokens(now: () => number): TokenCache {
  const entries = new Map<string, Token>();
  const flights = new Map<string, Promise<Token>>();
  const nameOf = ({ installationId, fingerprint }: TokenKey) => `${installationId} ${fingerprint}`;

  const renew: TokenCache['renew'] = (key, exchange) => {
    const name = nameOf(key);
    const flight =
      flights.get(name) ??
      exchange()
        .then((token) => {
          entries.delete(name);
          entries.set(name, token);
          for (const oldest of entries.keys()) {
            if (entries.size <= MOST_ENTRIES) break;
            entries.delete(oldest);
          }
          return token;
        })
        .finally(() => flights.delete(name));
    flights.set(name, flight);
    return flight;
  };
  const peek: TokenCache['peek'] = (key) => {
    const token = entries.get(nameOf(key));
    return token && isFresh(token, now()) ? token : undefined;
  };
  const get: TokenCache['get'] = (key, exchange) => {
    const token = peek(key);
    return token ? Promise.resolve(token) : renew(key, exchange);
  };
  return {
    ...createForbiddenNotes(),
    ...{ peek, get, renew },
    confirm: get,
    forget: async (key, token) => {
      if (entries.get(nameOf(key)) === token) entries.delete(nameOf(key));
    },
  };
}
