/** The rows of a bulk request come in; they are kept for inspection, and what they refer to is created if missing. */
import type { Collections, Place } from './collections.ts';
import { isObject, valueAt } from './dotted.ts';
import type { EntityMaker } from './entity.ts';
import { fillFields, type Values } from './fill.ts';
import type { Collection } from './plan.ts';
import type { BehaviourRule, MakeRule } from './script.ts';

type KeepRule = NonNullable<Extract<BehaviourRule, { as: 'answer' }>['keeps']>;

interface BulkCall {
  readonly organisationId: string;
  readonly body: unknown;
  readonly values: Values;
}

/** Kept rows are for looking at; a load test must not fill the memory. */
const MOST_ROWS = 10_000;

/** Keeps the rows: of those with the same key the first, and never more than the newest 10,000. */
export function keepRows(
  rule: KeepRule,
  call: BulkCall,
  collections: Collections,
  newId: () => string,
): void {
  const place: Place = { organisationId: call.organisationId, collection: rule.in, parents: [] };
  for (const row of rowsAt(call.body, rule.rows)) {
    const key = rule.key === undefined ? undefined : row[rule.key];
    const id = typeof key === 'string' ? key : newId();
    if (!collections.find(place, id)) collections.add(place, id, row);
  }
  for (const { id } of collections.list(place).slice(MOST_ROWS)) collections.remove(place, id);
}

/** Creates an entity for each reference that leads nowhere. */
export function makeMissing(
  rule: MakeRule,
  call: BulkCall,
  collection: Collection,
  collections: Collections,
  entities: EntityMaker,
  newId: () => string,
): void {
  const place: Place = { organisationId: call.organisationId, collection: rule.in, parents: [] };
  const known = new Set(collections.list(place).map(({ entity }) => entity[rule.as]));
  for (const row of rowsAt(call.body, rule.rows)) {
    const value = row[rule.field];
    if (value === undefined || known.has(value)) continue;
    known.add(value);
    const id = newId();
    const fields = fillFields(rule.with ?? {}, { ...call.values, value });
    collections.add(place, id, entities.create(collection, id, { ...fields, [rule.as]: value }, call.values));
  }
}

function rowsAt(body: unknown, path: string): Readonly<Record<string, unknown>>[] {
  const rows = valueAt(body, path);
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}
