/** A method's query parameters come in; which fields of an entity they filter by goes out, and later who passes. */
import type { JsonSchema, Method } from '../definition/connector.ts';
import type { Entity } from './collections.ts';
import { isObject, valueAt } from './dotted.ts';
import { fillValue, type Values } from './fill.ts';
import { likeField } from './like-field.ts';
import type { CollectionRules, FilterRule, Reference } from './script-collections.ts';
import { compareValues } from './select.ts';

export interface Filter extends FilterRule {
  readonly parameter: string;
  readonly field: string;
  /** Values of the parameter that ask for all of them: `all` beside `open` and `closed`. */
  readonly all?: readonly unknown[];
}

/** Reads a field of the entity that another one refers to. */
export type Resolve = (entity: Entity, reference: Reference) => unknown;

interface Filtered {
  readonly rules: CollectionRules;
  readonly fields: Readonly<Record<string, JsonSchema>> | undefined;
}

/**
 * The filters of a listing method. A parameter filters by what the script says, or by the field that its name tells:
 * `codes` by code, `productId` by productId, `account` by accountId. Those that the script excepts filter nothing.
 */
export function filtersOf(method: Method, collection: Filtered): Filter[] {
  return filterNames(method, collection).flatMap((parameter) => {
    const rule = collection.rules.filters?.[parameter];
    if (rule === null) return [];
    const field = rule?.field ?? fieldFor(parameter, collection.fields);
    const all = rule?.when ? [] : everythingOf(method.parameters[parameter]?.schema);
    return field === undefined ? [] : [{ ...rule, parameter, field, ...(all.length > 0 && { all }) }];
  });
}

/** Choices of a parameter that no entity has, but that vendors offer for not choosing. */
function everythingOf(schema: JsonSchema | undefined): readonly unknown[] {
  const choices = typeof schema === 'object' && Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [];
  return choices.filter((choice) => /^(?:all|any|everything|both|\*)$/i.test(String(choice)));
}

/** Parameters that look like filters, but name no field and are not explained. */
export function unexplainedFilters(method: Method, collection: Filtered): string[] {
  return filterNames(method, collection).filter(
    (parameter) =>
      collection.rules.filters?.[parameter] === undefined &&
      fieldFor(parameter, collection.fields) === undefined,
  );
}

/** Query parameters that neither page nor order, nor leave derived fields out. */
function filterNames(method: Method, { rules }: Filtered): string[] {
  const others = new Set([method.paging?.parameter, method.paging?.size, rules.order?.parameter]);
  for (const rule of Object.values(rules.derived ?? {})) others.add(rule.unless);
  return Object.values(method.parameters)
    .filter(({ name, in: place }) => place === 'query' && !others.has(name))
    .map(({ name }) => name);
}

function fieldFor(
  name: string,
  fields: Readonly<Record<string, JsonSchema>> | undefined,
): string | undefined {
  const one = name.replace(/s$/, '');
  const candidates = [name, one, `${name}Id`, `${one}Id`];
  if (!fields) return candidates.find((candidate) => candidate === 'id');
  const exact = candidates.find((candidate) => Object.hasOwn(fields, candidate));
  return exact ?? candidates.flatMap((candidate) => likeField(candidate, fields) ?? []).at(0);
}

/** Whether an entity passes all filters that `input` gives a value for. Several values of one filter are alternatives. */
export function passes(
  entity: Entity,
  filters: readonly Filter[],
  input: Values,
  values: Values,
  resolve: Resolve,
): boolean {
  return filters.every((filter) => {
    const wanted = input[filter.parameter] ?? defaultOf(filter, input, values);
    if (wanted === undefined || filter.all?.includes(wanted)) return true;
    const { by, in: collection, field, or } = filter;
    const isOwn = by === undefined || collection === undefined;
    const actual = isOwn ? valueAt(entity, field) : resolve(entity, { by, in: collection, field });
    const other = or === undefined ? undefined : valueAt(entity, or);
    return filter.is === 'active'
      ? isActive(actual, filter.end === undefined ? undefined : valueAt(entity, filter.end), wanted)
      : fits(filter, actual, [wanted].flat()) ||
          (other !== undefined && fits(filter, other, [wanted].flat()));
  });
}

function defaultOf(filter: Filter, input: Values, values: Values): unknown {
  if (filter.default === undefined) return undefined;
  if (filter.unless !== undefined && String(input[filter.unless]) === 'true') return undefined;
  return fillValue(filter.default, values);
}

function fits(filter: Filter, actual: unknown, wanted: readonly unknown[]): boolean {
  if (filter.when) {
    const allowed = filter.when[String(wanted[0])];
    return allowed === undefined || allowed.some((each) => String(each) === String(actual));
  }
  const { is = 'equal' } = filter;
  if (is === 'equal') return wanted.some((each) => [actual].flat().some((own) => isLike(own, each)));
  if (actual === undefined || actual === null) return false;
  const order = compareValues(actual, typeof actual === 'number' ? Number(wanted[0]) : wanted[0]);
  if (is === 'from') return order >= 0;
  if (is === 'after') return order > 0;
  return is === 'until' ? order <= 0 : order < 0;
}

/** Bounds as vendors name them in `created[gte]=1`. */
const bounds: Readonly<Record<string, (order: number) => boolean>> = {
  gte: (order) => order >= 0,
  gt: (order) => order > 0,
  lte: (order) => order <= 0,
  lt: (order) => order < 0,
};

/** An object is named by any of its own values, and by an object of what its fields are or lie between. */
function isLike(own: unknown, wanted: unknown): boolean {
  if (!isObject(wanted))
    return isObject(own)
      ? Object.values(own).some((value) => !isObject(value) && String(value) === String(wanted))
      : String(own) === String(wanted);
  return Object.entries(wanted).every(([name, value]) => {
    const bound = Object.hasOwn(bounds, name) ? bounds[name] : undefined;
    if (!bound) return isObject(own) && [value].flat().some((each) => isLike(own[name], each));
    if (own === undefined || own === null) return false;
    return bound(compareValues(own, typeof own === 'number' ? Number(value) : value));
  });
}

const DAY_MS = 86_400_000;

/** A date stands for the whole day (UTC). What has no end has not ended; what has no start is active from ever. */
function isActive(start: unknown, end: unknown, wanted: unknown): boolean {
  const text = String([wanted].flat()[0]);
  const from = Date.parse(text);
  if (Number.isNaN(from)) return true;
  const until = /^\d{4}-\d\d-\d\d$/.test(text) ? from + DAY_MS - 1 : from;
  const started = typeof start !== 'string' || Date.parse(start) <= until;
  return started && (typeof end !== 'string' || Date.parse(end) > from);
}
