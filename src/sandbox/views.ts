/** Stored entities come in; entities as they are read, with the fields that follow from others, go out. */
import type { Collections, Entity, Place } from './collections.ts';
import { namedValues, type Scope } from './fill.ts';
import { createCut, type Fit } from './fit.ts';
import type { MintLink } from './links.ts';
import type { Collection } from './plan-collections.ts';
import { schemaAt, type Types } from './schema-shape.ts';
import type { DerivedRule, Reference } from './script-collections.ts';
import { allOf, type Found, hasAll, latestOf, meets, wantedOf } from './select.ts';
import type { Tags } from './tags.ts';

export interface Views {
  /** The entity with its derived fields. */
  of(found: Pick<Found, 'place' | 'id' | 'entity'>, scope: Scope): Entity;
  /** The entity with those that it takes from others: all that lists can be filtered by. */
  references(found: Pick<Found, 'place' | 'id' | 'entity'>, scope: Scope): Entity;
  /** A field of the entity that another one refers to; undefined when there is none. */
  resolve(entity: Entity, reference: Reference, scope: Scope): unknown;
}

/** Entities may refer to each other in a circle; nobody needs more steps than this. */
const DEEPEST = 5;

export function createViews(
  known: ReadonlyMap<string, Collection>,
  collections: Collections,
  mintLink: MintLink,
  types: Types,
  tags: Tags,
): Views {
  const { field: tag } = tags;
  const listed = createListCuts(known, types);
  const rulesAt = ({ collection }: Place) => known.get(collection)?.rules.derived ?? {};

  function resolve(
    entity: Entity,
    { by, in: collection, field }: Reference,
    scope: Scope,
    depth = 0,
  ): unknown {
    const id = entity[by];
    const place: Place = { organisationId: scope.organisationId, collection, parents: [] };
    const isId = typeof id === 'string' || typeof id === 'number';
    const target = isId ? collections.find(place, String(id)) : undefined;
    const rule = rulesAt(place)[field];
    if (!target || !rule || !('in' in rule) || depth >= DEEPEST) return target?.[field];
    return resolve(target, rule, scope, depth + 1) ?? target[field];
  }

  function below({ place, id }: Pick<Found, 'place' | 'id'>, collection: string, scope: Scope): Found[] {
    const found = allOf(collections, place.organisationId, collection, [...place.parents, id]);
    return found.map((each) => ({ ...each, entity: views.of(each, scope) }));
  }

  function derive(rule: DerivedRule, found: Pick<Found, 'place' | 'id' | 'entity'>, scope: Scope): unknown {
    if ('in' in rule) return resolve(found.entity, rule, scope);
    if ('list' in rule) {
      const items = below(found, rule.list, scope).map(({ entity }) => entity);
      return items.map(listed.get(rule) ?? ((entity) => entity)).reverse();
    }
    if ('sum' in rule)
      return below(found, rule.sum, scope).reduce((sum, { entity }) => sum + numberIn(entity, rule.field), 0);
    if ('count' in rule) return count(below(found, rule.count, scope), rule.field);
    if ('latest' in rule) {
      const wanted = wantedOf(rule.where, scope.values);
      const fitting = below(found, rule.latest, scope).filter(({ entity }) => hasAll(entity, wanted));
      return latestOf(fitting, rule.by)?.entity;
    }
    return undefined;
  }

  const views: Views = {
    resolve,
    references: ({ place, entity }, scope) => {
      const derived: Record<string, unknown> = {};
      for (const [field, rule] of Object.entries(rulesAt(place))) {
        const value = 'in' in rule && meets(entity, rule.when) ? resolve(entity, rule, scope) : undefined;
        if (value !== undefined) derived[field] = value;
      }
      return { ...entity, ...derived };
    },
    of: (found, scope) => {
      const derived: Record<string, unknown> = {};
      for (const [field, rule] of Object.entries(rulesAt(found.place))) {
        const isLeftOut =
          rule.unless !== undefined && String(scope.values[`query_${rule.unless}`]) === 'true';
        if (isLeftOut || !meets(found.entity, rule.when)) continue;
        if ('link' in rule) {
          const link = mintLink(rule.link, {
            ...scope,
            values: { ...scope.values, ...namedValues('it', found.id, found.entity) },
          });
          derived[field] = link.url;
          if (rule.expires !== undefined) derived[rule.expires] = link.expires;
        } else {
          const value = derive(rule, found, scope);
          if (value !== undefined) derived[field] = value;
        }
      }
      const isTagged =
        tag !== undefined && Object.hasOwn(known.get(found.place.collection)?.fields ?? {}, tag);
      return { ...found.entity, ...derived, ...(isTagged && { [tag]: tags.of(found.entity) }) };
    },
  };
  return views;
}

/** How the items of a derived list look, by its rule. */
function createListCuts(known: ReadonlyMap<string, Collection>, types: Types): ReadonlyMap<DerivedRule, Fit> {
  const cuts = new Map<DerivedRule, Fit>();
  for (const { rules, fields } of known.values())
    for (const [field, rule] of Object.entries(rules.derived ?? {}))
      if ('list' in rule) cuts.set(rule, createCut(schemaAt(fields?.[field], ['[]'], types), types));
  return cuts;
}

const numberIn = (entity: Entity, field: string) => {
  const value = entity[field];
  return typeof value === 'number' ? value : 0;
};

function count(found: readonly Found[], field: string | undefined): number {
  if (field === undefined) return found.length;
  const list = found[0]?.entity[field];
  return Array.isArray(list) ? list.length : 0;
}
