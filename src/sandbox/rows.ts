/** The rows of a bulk request come in; they are kept for inspection, and what they refer to is created if missing. */
import type { Collections, Place } from './collections.ts';
import { isObject, valueAt } from './dotted.ts';
import type { Scope } from './fill.ts';
import { fillFields } from './fill.ts';
import type { Keeper } from './keeper.ts';
import type { KeepRule, MakeRule } from './script-behaviours.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Kept rows are for looking at; a load test must not fill the memory. */
const MOST_ROWS = 10_000;

/** Keeps the rows: of those with the same key the first, and never more than the newest 10,000. */
export function keepRows(
  rule: KeepRule,
  body: unknown,
  { organisationId }: Scope,
  collections: Collections,
  newId: () => string,
): void {
  const place: Place = { organisationId, collection: rule.in, parents: [] };
  for (const row of rowsAt(body, rule.rows)) {
    const key = rule.key === undefined ? undefined : row[rule.key];
    const id = typeof key === 'string' || typeof key === 'number' ? String(key) : newId();
    if (!collections.find(place, id)) collections.add(place, id, row);
  }
  collections.trim(place, MOST_ROWS);
}

/** Creates an entity for each reference that leads nowhere. */
export function makeMissing(
  rule: MakeRule,
  body: unknown,
  scope: Scope,
  collections: Collections,
  keeper: Keeper,
): void {
  const place: Place = { organisationId: scope.organisationId, collection: rule.in, parents: [] };
  const known = new Set<unknown>();
  for (const { entity } of collections.each(place)) known.add(entity[rule.as]);
  for (const row of rowsAt(body, rule.rows)) {
    const value = row[rule.field];
    if (value === undefined || known.has(value)) continue;
    known.add(value);
    const fields = fillFields(rule.with ?? {}, { ...scope.values, value });
    keeper.create(place, { ...fields, [rule.as]: value }, scope);
  }
}

/** The objects in the array at a dotted path. */
export function rowsAt(body: unknown, path: string): Row[] {
  const rows = valueAt(body, path);
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}
