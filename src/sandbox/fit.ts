/** What a method answers and what a collection holds come in; how an entity is brought into the method's form goes out. */
import type { JsonSchema } from '../definition/connector.ts';
import type { Entity } from './collections.ts';
import { completeValue } from './sample.ts';
import { knownFields, type Types } from './schema-shape.ts';

export type Fit = (entity: Entity) => Entity;

const asItIs: Fit = (entity) => entity;

/**
 * An answer that knows only some of the entity's fields is cut down to these; one that asks for others gets them.
 * What a schema does not mention at all stays: it is no reason to withhold it.
 */
export function createFit(answered: JsonSchema | undefined, kept: JsonSchema | undefined, types: Types): Fit {
  if (answered === undefined || JSON.stringify(answered) === JSON.stringify(kept)) return asItIs;
  const shown = knownFields(answered, types);
  const all = knownFields(kept, types);
  if (!shown || !all) return asItIs;
  const isNarrower = Object.keys(shown).every((field) => Object.hasOwn(all, field));
  const cut = (entity: Entity) => pick(entity, shown);
  return isNarrower
    ? cut
    : (entity) => completeValue(entity, answered, types, { seed: String(entity.id) }) as Entity;
}

/** What lies within another entity has the fields that the schema gives it there, and no others. */
export function createCut(schema: JsonSchema | undefined, types: Types): Fit {
  const shown = knownFields(schema, types);
  if (!shown) return asItIs;
  return (entity) => completeValue(pick(entity, shown), schema, types, { seed: String(entity.id) }) as Entity;
}

const pick = (entity: Entity, fields: object): Entity =>
  Object.fromEntries(Object.entries(entity).filter(([field]) => Object.hasOwn(fields, field)));
