/** The stored entities and what is looked for come in; how many there are, and those that fit, go out: for the sandbox's screens. */
import type { Collections, Entity, Place } from './collections.ts';

export interface EntitySearch {
  readonly organisationId: string;
  /** In any field, name or value, whatever the case; empty: all. */
  readonly search: string;
  /** Undefined: all. */
  readonly most: number | undefined;
}

/** Of a collection, below all its parents. */
export function countEntities(collections: Collections, name: string, organisationId: string): number {
  const places = placesOf(collections, name, organisationId);
  return places.reduce((sum, place) => sum + collections.list(place).length, 0);
}

/** Newest first below each parent. */
export function findEntities(
  collections: Collections,
  name: string,
  search: EntitySearch,
): readonly Entity[] {
  const wanted = search.search.trim().toLowerCase();
  const fits = (entity: Entity) => wanted === '' || JSON.stringify(entity).toLowerCase().includes(wanted);
  const found: Entity[] = [];
  for (const place of placesOf(collections, name, search.organisationId))
    for (const { entity } of collections.list(place)) {
      if (!fits(entity)) continue;
      found.push(entity);
      if (found.length === search.most) return found;
    }
  return found;
}

const placesOf = (collections: Collections, name: string, organisationId: string): readonly Place[] =>
  collections.places(name).filter((place) => place.organisationId === organisationId);
