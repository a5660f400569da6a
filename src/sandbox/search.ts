/** A search text and entities come in, those that match go out, sorted: `name~Acme$currency:GBP`. */
import type { Entity, Stored } from './collections.ts';
import { valueAt } from './dotted.ts';
import { Refusal } from './refusal.ts';
import type { SearchRules } from './script.ts';
import { compareValues } from './select.ts';

interface Condition {
  readonly field: string;
  readonly comparator: string;
  readonly value: string;
}

/** Filters and sorts; newest first unless a field to sort by is named. Throws the refusal badQuery. */
export function searchStored<T extends Stored>(
  stored: readonly T[],
  query: Readonly<Record<string, unknown>>,
  rules: SearchRules,
): readonly T[] {
  const text = query[rules.query];
  const conditions = typeof text === 'string' && text !== '' ? readConditions(text, rules) : [];
  const any = query[rules.operator] === 'OR' && conditions.length > 0;
  const found = stored.filter(({ entity }) =>
    any
      ? conditions.some((condition) => holds(condition, entity))
      : conditions.every((condition) => holds(condition, entity)),
  );
  const field = query[rules.sortBy];
  const upwards = query[rules.sortOrder] === 'ASC';
  if (typeof field !== 'string') return upwards ? found.reverse() : found;
  const order = found.sort((a, b) => compareValues(valueAt(a.entity, field), valueAt(b.entity, field)));
  return upwards ? order : order.reverse();
}

const CONDITION = /^([A-Za-z_][\w.]*)(>=|<=|[:><~])(.*)$/s;

function readConditions(text: string, rules: SearchRules): Condition[] {
  return text.split(rules.joiner).map((part) => {
    const [, field, comparator, value] = CONDITION.exec(part.trim()) ?? [];
    if (field === undefined || comparator === undefined || value === undefined)
      throw new Refusal(
        'badQuery',
        `${rules.query}: ${JSON.stringify(part)} is not a condition such as name:value`,
      );
    return { field, comparator, value };
  });
}

function holds({ field, comparator, value }: Condition, entity: Entity): boolean {
  const actual = valueAt(entity, field);
  if (actual === undefined || actual === null) {
    // `codes:a,b` asks for any of several values of `code`.
    const one = valueAt(entity, field.replace(/s$/, ''));
    return comparator === ':' && one !== undefined && value.split(',').includes(String(one));
  }
  if (comparator === ':') return String(actual) === value;
  if (comparator === '~') return String(actual).startsWith(value);
  const order = compareValues(actual, typeof actual === 'number' ? Number(value) : value);
  switch (comparator) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    default:
      return order <= 0;
  }
}
