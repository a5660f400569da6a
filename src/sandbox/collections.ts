/** The vendor's stored entities, in memory: places and entities come in, copies of them go out, newest first. */

export type Entity = Readonly<Record<string, unknown>>;

/** Where entities lie: a collection within an organisation, below the ids that the path gives for its parents. */
export interface Place {
  readonly organisationId: string;
  readonly collection: string;
  readonly parents: readonly string[];
}

/** How long a job has been in its state. */
export interface Standing {
  /** Milliseconds since the epoch, on the vendor's clock. */
  readonly since: number;
  /** How often the entity was read in that state. */
  readonly reads: number;
}

export interface Stored {
  readonly id: string;
  /** Grows with each creation, over all places. */
  readonly sequence: number;
  readonly entity: Entity;
  /** Of entities that change by themselves, until they have reached their last state. */
  readonly standing?: Standing;
}

/** Plain JSON. */
export interface CollectionsSnapshot {
  readonly sequence: number;
  readonly places: readonly { readonly place: Place; readonly stored: readonly Stored[] }[];
}

export interface Collections {
  add(place: Place, id: string, entity: Entity, standing?: Standing): void;
  find(place: Place, id: string): Entity | undefined;
  stored(place: Place, id: string): Stored | undefined;
  /** Keeps the position in lists. Without a standing the entity no longer changes by itself. */
  replace(place: Place, id: string, entity: Entity, standing?: Standing): void;
  /** With everything that lies below it. */
  remove(place: Place, id: string): void;
  /** Removes the oldest until so many are left. */
  trim(place: Place, most: number): void;
  /** Newest first. */
  list(place: Place): readonly Stored[];
  /** Oldest first, without making a list. */
  each(place: Place): Iterable<Stored>;
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
  /** By collection, then by organisation and parents. */
  const shelves = new Map<string, Map<string, Shelf>>();
  let sequence = 0;
  const keyOf = ({ organisationId, parents }: Place) => JSON.stringify([organisationId, ...parents]);
  const shelfAt = (place: Place) => shelves.get(place.collection)?.get(keyOf(place));
  const allShelves = () => [...shelves.values()].flatMap((each) => [...each.values()]);

  function shelf(place: Place): Shelf {
    const found = shelfAt(place);
    if (found) return found;
    const made: Shelf = { place, items: new Map(), listed: undefined };
    const siblings = shelves.get(place.collection) ?? new Map<string, Shelf>();
    shelves.set(place.collection, siblings.set(keyOf(place), made));
    return made;
  }

  function put(place: Place, stored: Stored): void {
    const target = shelf(place);
    target.items.set(stored.id, stored);
    target.listed = undefined;
  }

  function removeBelow({ organisationId, collection, parents }: Place, id: string): void {
    const path = [...parents, id];
    for (const [name, siblings] of shelves) {
      if (!name.startsWith(`${collection}/*/`)) continue;
      for (const [key, { place }] of siblings)
        if (place.organisationId === organisationId && path.every((each, at) => place.parents[at] === each))
          siblings.delete(key);
    }
  }

  return {
    add: (place, id, entity, standing) => {
      sequence++;
      put(place, { id, sequence, entity, ...(standing && { standing }) });
    },
    find: (place, id) => shelfAt(place)?.items.get(id)?.entity,
    stored: (place, id) => shelfAt(place)?.items.get(id),
    replace: (place, id, entity, standing) => {
      const before = shelfAt(place)?.items.get(id);
      if (before) put(place, { id, sequence: before.sequence, entity, ...(standing && { standing }) });
    },
    remove: (place, id) => {
      const target = shelf(place);
      target.items.delete(id);
      target.listed = undefined;
      removeBelow(place, id);
    },
    trim: (place, most) => {
      const target = shelf(place);
      for (const id of target.items.keys()) {
        if (target.items.size <= most) break;
        target.items.delete(id);
        target.listed = undefined;
      }
    },
    list: (place) => {
      const found = shelfAt(place);
      if (!found) return [];
      // A map keeps the order in which its keys came, and replacing an entity does not move it.
      found.listed ??= [...found.items.values()].reverse();
      return found.listed;
    },
    each: (place) => shelfAt(place)?.items.values() ?? [],
    places: (collection) =>
      [...(shelves.get(collection)?.values() ?? [])]
        .filter((each) => each.items.size > 0)
        .map((each) => each.place),
    clear: () => shelves.clear(),
    snapshot: () => ({
      sequence,
      places: allShelves()
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
