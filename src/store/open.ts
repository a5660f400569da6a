/** Where the data lies and where the key comes from go in, the `Store` for that place comes out. */
import { FishplateError } from '../errors.ts';
import { type KeySource, loadKeyring } from './keyring.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/** Where the data lies and what opens it. */
export interface StoreOptions {
  /** Path of a SQLite file, also as `sqlite:path`; `:memory:` for a store that is gone when it is closed. */
  readonly location: string;
  readonly keys: KeySource;
}

/**
 * Throws `config.invalid` for a kind of database that this release does not have, and what `loadKeyring` and
 * `openSqlite` throw.
 */
export async function openStore({ location, keys }: StoreOptions): Promise<Store> {
  // Two letters at least: one is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'sqlite') {
    // The rest of a location may hold a password, so only the scheme is repeated.
    throw new FishplateError('config.invalid', `There is no store for locations of the kind ${scheme}:`, {
      hint: 'Give the path of a SQLite file, or :memory:.',
    });
  }
  const file = scheme === undefined ? location : location.slice('sqlite:'.length);
  return openSqlite({ file, keyring: loadKeyring(keys) });
}
