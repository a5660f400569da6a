/** What a request says of an entity comes in, the entity as the vendor stores and answers it goes out. */
import type { JsonSchema } from '../definition/connector.ts';
import type { Entity } from './collections.ts';
import { fillFields, type Values } from './fill.ts';
import { asFields } from './like-field.ts';
import type { Collection } from './plan-collections.ts';
import { Refusal } from './refusal.ts';
import { completeValue } from './sample.ts';
import { knownFields, shapeOf, type Types } from './schema-shape.ts';
import type { EntityRules } from './script.ts';
import { typedValue } from './typed.ts';

export interface EntityChange {
  readonly collection: Collection;
  readonly id: string;
  readonly before: Entity;
  readonly body: Entity;
  readonly values: Values;
  /** Whether the fields that the body leaves out stay. */
  readonly merge: boolean;
}

export interface EntityMaker {
  /** A new entity: version 1, the script's fields, and whatever the schema of answers requires beyond the body. */
  create(collection: Collection, id: string, body: Entity, values: Values): Entity;
  /** Replaces an entity by the body, or merges the two; either way the version grows. */
  update(change: EntityChange): Entity;
  /**
   * Compares the version in the body with the stored one, where the method's body has a version at all.
   * Throws the refusals missingVersion and staleVersion.
   */
  checkVersion(before: Entity, body: Entity, bodySchema: JsonSchema | undefined): void;
}

/** RFC 3339; the time, with its `T`, may be missing. */
const DATE = /^\d{4}-\d\d-\d\d((?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)$/;

/** Makes entities by the rules that all entities of a vendor share. */
export function createEntityMaker(rules: EntityRules, types: Types): EntityMaker {
  const versionOf = (entity: Entity) => (rules.version === null ? undefined : entity[rules.version]);

  /** A moment becomes a day where the field holds days, and a day its first moment where it holds moments. */
  function inForm(fields: Entity, { fields: schemas }: Collection): Entity {
    const changed = Object.entries(fields).map(([field, value]) => {
      const time = typeof value === 'string' ? DATE.exec(value)?.[1] : undefined;
      if (typeof value !== 'string' || time === undefined || !schemas?.[field])
        return [field, value] as const;
      const { format } = shapeOf(schemas[field], types).keywords;
      if (format === 'date' && time !== '') return [field, value.slice(0, 10)] as const;
      return [field, format === 'date-time' && time === '' ? `${value}T00:00:00.000Z` : value] as const;
    });
    return Object.fromEntries(changed);
  }

  const idIn = ({ numbered }: Collection, id: string) => (numbered && /^-?\d+$/.test(id) ? Number(id) : id);

  function finish(collection: Collection, id: string, fields: Entity, values: Values): Entity {
    const known = Object.fromEntries(
      Object.entries(fields).filter(
        ([field]) => !collection.fields || Object.hasOwn(collection.fields, field),
      ),
    );
    const now = Date.parse(String(values.now));
    const options = { seed: id, ...(Number.isFinite(now) && { now }) };
    const typed = typedValue(inForm(known, collection), collection.schema, types);
    return completeValue(typed, collection.schema, types, options) as Entity;
  }

  return {
    create: (collection, id, body, values) =>
      finish(
        collection,
        id,
        {
          ...fillFields(collection.rules.defaults ?? {}, values),
          ...asFields(body, collection.fields),
          [collection.id]: idIn(collection, id),
          ...(rules.version !== null && { [rules.version]: 1 }),
          ...fillFields(rules.created, values),
          ...fillFields(rules.updated, values),
        },
        values,
      ),
    update: ({ collection, id, before, body, values, merge }) => {
      const version = versionOf(before);
      const kept = Object.fromEntries(
        Object.entries(before).filter(([field]) => Object.hasOwn(rules.created, field)),
      );
      const fields = {
        ...(merge ? before : fillFields(collection.rules.defaults ?? {}, values)),
        ...asFields(body, collection.fields),
        ...kept,
        [collection.id]: idIn(collection, id),
        ...(rules.version !== null && typeof version === 'number' && { [rules.version]: version + 1 }),
        ...fillFields(rules.updated, values),
      };
      return finish(collection, id, fields, values);
    },
    checkVersion: (before, body, bodySchema) => {
      const field = rules.version;
      const stored = versionOf(before);
      if (field === null || stored === undefined) return;
      const fields = knownFields(bodySchema, types);
      if (fields && !Object.hasOwn(fields, field)) return;
      const given = body[field];
      if (given === undefined || given === null)
        throw new Refusal(
          'missingVersion',
          `${field} is missing: send the current ${field} (${String(stored)})`,
        );
      if (given !== stored)
        throw new Refusal(
          'staleVersion',
          `${field} ${JSON.stringify(given)} is not the current ${field} (${String(stored)})`,
        );
    },
  };
}
