/** Entities and what is wanted of their fields come in, those that have it go out. */
import type { Collections, Entity, Place, Stored } from './collections.ts';
import { valueAt } from './dotted.ts';
import { fillFields, type Values } from './fill.ts';
import type { Condition } from './script-collections.ts';

/** An entity and where it lies. */
export interface Found extends Stored {
  readonly place: Place;
}

/** Every value a list of alternatives. */
export type Wanted = readonly (readonly [field: string, values: readonly unknown[]])[];

/** Fills the texts; what has no value asks for nothing. */
export function wantedOf(where: Values | undefined, values: Values): Wanted {
  return Object.entries(fillFields(where ?? {}, values)).map(([field, value]) => [field, [value].flat()]);
}

/** A field that holds a list has each of its values; values are compared as texts. */
export function hasAll(entity: Entity, wanted: Wanted): boolean {
  return wanted.every(([field, values]) =>
    [valueAt(entity, field)].flat().some((own) => values.some((value) => String(own) === String(value))),
  );
}

/** Whether each field has one of the values that the condition lists for it. */
export const meets = (entity: Entity, condition: Condition | undefined): boolean =>
  hasAll(entity, Object.entries(condition ?? {}));

/** The entities of one place, or with `parents` undefined of all places of an organisation; newest first. */
export function allOf(
  collections: Collections,
  organisationId: string,
  collection: string,
  parents: readonly string[] | undefined,
): Found[] {
  const places = parents
    ? [{ organisationId, collection, parents }]
    : collections.places(collection).filter((place) => place.organisationId === organisationId);
  const found = places.flatMap((place) => collections.list(place).map((stored) => ({ ...stored, place })));
  return places.length > 1 ? found.sort((a, b) => b.sequence - a.sequence) : found;
}

/** The first when no field is named, otherwise the one with the greatest value of it. */
export function latestOf<T extends Stored>(found: readonly T[], by: string | undefined): T | undefined {
  const [first, ...others] = found;
  if (by === undefined) return first;
  return others.reduce((best, each) => {
    if (best === undefined) return each;
    return compareValues(valueAt(each.entity, by), valueAt(best.entity, by)) > 0 ? each : best;
  }, first);
}

const DATE = /^\d{4}-\d\d-\d\d(?:T|$)/;

/** Numbers by size, dates and times by the moment, all else as text; what is missing comes first. */
export function compareValues(a: unknown, b: unknown): number {
  const left = measure(a);
  const right = measure(b);
  if (typeof left !== typeof right) return compareTexts(a, b);
  // A text that should have been a number is neither before nor behind one.
  return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
}

function measure(value: unknown): number | string {
  if (typeof value === 'number') return value;
  const text = value === undefined || value === null ? '' : String(value);
  const moment = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? text : moment;
}

function compareTexts(a: unknown, b: unknown): number {
  const left = a === undefined || a === null ? '' : String(a);
  const right = b === undefined || b === null ? '' : String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
