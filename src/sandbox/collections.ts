/** The vendor's stored entities, in memory: places and entities come in, copies of them go out, newest first. */

export type Entity = Readonly<Record<string, unknown>>;

/** Where entities lie: a collection within an organisation, below the ids that the path gives for its parents. */
export interface Place {
  readonly organisationId: string;
  readonly collection: string;
  readonly parents: readonly string[];
}

export interface Stored {
  readonly id: string;
  /** Grows with each creation, over all places. */
  readonly sequence: number;
  readonly entity: Entity;
}

/** Plain JSON. */
export interface CollectionsSnapshot {
  readonly sequence: number;
  readonly places: readonly { readonly place: Place; readonly stored: readonly Stored[] }[];
}

export interface Collections {
  add(place: Place, id: string, entity: Entity): void;
  find(place: Place, id: string): Entity | undefined;
  /** Keeps the position in lists. */
  replace(place: Place, id: string, entity: Entity): void;
  remove(place: Place, id: string): void;
  /** Newest first. */
  list(place: Place): readonly Stored[];
  /** The places of a collection that hold something. */
  places(collection: string): readonly Place[];
  clear(): void;
  snapshot(): CollectionsSnapshot;
  restore(snapshot: CollectionsSnapshot): void;
}

interface Shelf {
  readonly place: Place;
  readonly items: Map<string, Stored>;
  /** Newest first; made when it is asked for and dropped at each change. */
  listed: readonly Stored[] | undefined;
}

/** An empty set of collections. Entities are never changed in place, so handing them out is safe. */
export function createCollections(): Collections {
  const shelves = new Map<string, Shelf>();
  let sequence = 0;
  const keyOf = (place: Place) => JSON.stringify([place.organisationId, place.collection, ...place.parents]);

  function shelf(place: Place): Shelf {
    const key = keyOf(place);
    let found = shelves.get(key);
    if (!found) {
      found = { place, items: new Map(), listed: undefined };
      shelves.set(key, found);
    }
    return found;
  }

  function put(place: Place, stored: Stored): void {
    const target = shelf(place);
    target.items.set(stored.id, stored);
    target.listed = undefined;
  }

  return {
    add: (place, id, entity) => {
      sequence++;
      put(place, { id, sequence, entity });
    },
    find: (place, id) => shelves.get(keyOf(place))?.items.get(id)?.entity,
    replace: (place, id, entity) => {
      const before = shelf(place).items.get(id);
      if (before) put(place, { ...before, entity });
    },
    remove: (place, id) => {
      const target = shelf(place);
      target.items.delete(id);
      target.listed = undefined;
    },
    list: (place) => {
      const found = shelves.get(keyOf(place));
      if (!found) return [];
      // A map keeps the order in which its keys came, and replacing an entity does not move it.
      found.listed ??= [...found.items.values()].reverse();
      return found.listed;
    },
    places: (collection) =>
      [...shelves.values()]
        .filter((each) => each.place.collection === collection && each.items.size > 0)
        .map((each) => each.place),
    clear: () => shelves.clear(),
    snapshot: () => ({
      sequence,
      places: [...shelves.values()]
        .filter((each) => each.items.size > 0)
        .map((each) => ({ place: each.place, stored: [...each.items.values()] })),
    }),
    restore: (snapshot) => {
      shelves.clear();
      sequence = snapshot.sequence;
      for (const { place, stored } of snapshot.places) for (const each of stored) put(place, each);
    },
  };
}
