/** A method's query parameters come in; which fields of an entity they filter by goes out, and later who passes. */
import type { JsonSchema, Method, Parameter } from '../definition/connector.ts';
import type { Entity } from './collections.ts';
import { valueAt } from './dotted.ts';
import type { CollectionRules, FilterRule } from './script.ts';

export interface Filter {
  readonly parameter: string;
  readonly field: string;
  readonly is: NonNullable<FilterRule['is']>;
}

/**
 * The filters of a listing method. A parameter filters by the field that the script names, or by the one that its name
 * tells: `codes` by code, `productId` by productId, `account` by accountId. Others filter nothing.
 */
export function filtersOf(
  method: Method,
  collection: {
    readonly rules: CollectionRules;
    readonly fields: Readonly<Record<string, JsonSchema>> | undefined;
  },
): Filter[] {
  const paging = new Set([method.paging?.parameter, method.paging?.size]);
  const found: Filter[] = [];
  for (const parameter of Object.values(method.parameters)) {
    if (parameter.in !== 'query' || paging.has(parameter.name)) continue;
    const rule = collection.rules.filters?.[parameter.name];
    if (rule === null) continue;
    const field = rule?.field ?? fieldFor(parameter, collection.fields);
    if (field !== undefined) found.push({ parameter: parameter.name, field, is: rule?.is ?? 'equal' });
  }
  return found;
}

function fieldFor(
  { name }: Parameter,
  fields: Readonly<Record<string, JsonSchema>> | undefined,
): string | undefined {
  const one = name.replace(/s$/, '');
  const candidates = [name, one, `${name}Id`, `${one}Id`];
  return candidates.find((candidate) => (fields ? Object.hasOwn(fields, candidate) : candidate === 'id'));
}

/** Whether an entity passes all filters that the query gives a value for. Several values of one filter are alternatives. */
export function passes(
  entity: Entity,
  filters: readonly Filter[],
  query: Readonly<Record<string, unknown>>,
): boolean {
  return filters.every(({ parameter, field, is }) => {
    const wanted = query[parameter];
    if (wanted === undefined) return true;
    const value = valueAt(entity, field);
    const values = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
    if (is === 'equal') return [value].flat().some((each) => values.includes(String(each)));
    if (value === undefined || value === null) return false;
    const [bound = ''] = values;
    const text = String(value);
    return is === 'from' ? text >= bound : is === 'until' ? text <= bound : text < bound;
  });
}
