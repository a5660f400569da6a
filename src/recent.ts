/** Things by name come in and are found again, the most recently used ones: a bounded number, whatever goes through. */

export interface Recent<T> {
  get(name: string): T | undefined;
  set(name: string, thing: T): void;
  delete(name: string): void;
  /** Between half of `most` and `most` once there were so many. */
  readonly size: number;
}

/**
 * Keeps two generations: what is used moves to the young one, and when that is full it takes the place of the old one.
 * So looking something up costs no more than that, and what nobody asks for is gone after `most` others at the latest.
 */
export function createRecent<T>(most: number): Recent<T> {
  const half = Math.max(1, Math.floor(most / 2));
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  const set = (name: string, thing: T) => {
    if (young.size >= half && !young.has(name)) {
      old = young;
      young = new Map();
    }
    young.set(name, thing);
    old.delete(name);
  };
  return {
    get: (name) => {
      const thing = young.get(name);
      if (thing !== undefined) return thing;
      const older = old.get(name);
      if (older !== undefined) set(name, older);
      return older;
    },
    set,
    delete: (name) => {
      young.delete(name);
      old.delete(name);
    },
    get size() {
      return young.size + old.size;
    },
  };
}
