/** A way to load things from the store comes in; the same goes out for those in use, from memory while nothing has changed. */
import { createRecent } from './recent.ts';
import type { Store } from './store/store.ts';
import type { WatchedGroup } from './store/tables.ts';

/** What has this name: as a promise only when it is loaded, anew or for the first time. */
export type Keep<T> = (name: string, load: () => Promise<T>) => T | Promise<T>;

interface Kept<T> {
  readonly version: number;
  readonly thing: T;
}

/**
 * Creates what keeps at most so many. The store tells with each use whether a row of the group was changed, whoever did
 * it: then each is loaded anew when it is used next. A name that leads nowhere is looked up each time.
 */
export function createKeep<T extends object>(
  store: Pick<Store, 'version'>,
  group: WatchedGroup,
  most: number,
): Keep<T> {
  const kept = createRecent<Kept<T>>(most);
  const find = (version: number, name: string, load: () => Promise<T>): T | Promise<T> => {
    const known = kept.get(name);
    return known?.version === version ? known.thing : reload(version, name, load);
  };
  const reload = async (version: number, name: string, load: () => Promise<T>): Promise<T> => {
    kept.delete(name);
    const thing = await load();
    kept.set(name, { version, thing });
    return thing;
  };
  return (name, load) => {
    // Before it is loaded: what is changed in between is noticed next time.
    const version = store.version(group);
    return typeof version === 'number'
      ? find(version, name, load)
      : version.then((known) => find(known, name, load));
  };
}
