/** A query with conditions `field:op(value)` and orders `asc(field)` comes in; which entities meet them, and in which order, goes out. */
import type { Entity } from './collections.ts';
import { valueAt } from './dotted.ts';
import { Refusal } from './refusal.ts';
import type { ConditionRules } from './script.ts';
import { compareValues } from './select.ts';

interface Condition {
  readonly field: string;
  readonly is: Operator;
  readonly value: string;
  /** Conditions of one group go together, groups are alternatives; those without one always hold. */
  readonly group: string | undefined;
}

type Query = Readonly<Record<string, unknown>>;

const CONDITION = /^([A-Za-z_][\w.]*):([a-z]{2})\((.*)\)(?::(\d+))?$/s;
const ORDER = /^(asc|desc)\(([A-Za-z_][\w.]*)\)$/;

/** Whether an entity meets what the query asks for. Throws the refusal badQuery for conditions that cannot be read. */
export function conditionsOf(query: Query, rules: ConditionRules | undefined): (entity: Entity) => boolean {
  const all = (rules ? textsOf(query[rules.filter]) : []).map(readCondition);
  const always = all.filter(({ group }) => group === undefined);
  const groups = new Map<string, Condition[]>();
  for (const each of all)
    if (each.group !== undefined) groups.set(each.group, [...(groups.get(each.group) ?? []), each]);
  return (entity) => {
    const holds = (each: Condition) => operators[each.is](fieldOf(entity, each.field), each.value);
    return (
      always.every(holds) && (groups.size === 0 || [...groups.values()].some((group) => group.every(holds)))
    );
  };
}

/** Compares two entities as the query asks; undefined when it asks for no order. Throws the refusal badQuery. */
export function orderOf(
  query: Query,
  rules: ConditionRules | undefined,
): ((a: Entity, b: Entity) => number) | undefined {
  const texts = rules?.sort === undefined ? [] : textsOf(query[rules.sort]);
  const orders = texts.map((text) => {
    const [, direction, field] = ORDER.exec(text) ?? [];
    if (field === undefined) throw unreadable(text, 'write asc(field) or desc(field)');
    return { field, sign: direction === 'asc' ? 1 : -1 };
  });
  if (orders.length === 0) return undefined;
  return (a, b) => {
    for (const { field, sign } of orders) {
      const order = compareValues(folded(valueAt(a, field)), folded(valueAt(b, field)));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

/** A parameter of that name which is no list speaks another language. */
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function readCondition(text: string): Condition {
  const [, field, is, value, group] = CONDITION.exec(text) ?? [];
  if (field === undefined || value === undefined)
    throw unreadable(text, 'write field:op(value), with :0 or :1 at its end for alternatives');
  if (!isOperator(is)) throw unreadable(text, `the operators are ${Object.keys(operators).join(', ')}`);
  return { field, is, value, group };
}

const unreadable = (text: string, hint: string) =>
  new Refusal('badQuery', `${JSON.stringify(text)} cannot be read: ${hint}`);

const fieldOf = (entity: Entity, field: string): unknown[] =>
  [valueAt(entity, field) ?? []].flat().map(folded);

/** Case does not matter. */
const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** A field that holds a list passes when one of its values does. */
const some =
  (passes: (own: unknown, wanted: string) => boolean) =>
  (own: readonly unknown[], value: string): boolean =>
    own.some((each) => passes(each, value.toLowerCase()));
const ordered = (passes: (order: number) => boolean) =>
  some((own, wanted) => passes(compareValues(own, typeof own === 'number' ? Number(wanted) : wanted)));
const equal = some((own, wanted) => String(own) === wanted);
const among = (own: readonly unknown[], value: string) =>
  value.split(',').some((each) => equal(own, each.trim()));

const operators = {
  eq: equal,
  ne: (own: readonly unknown[], value: string) => !equal(own, value),
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  in: among,
  ni: (own: readonly unknown[], value: string) => !among(own, value),
  ct: some((own, wanted) => String(own).includes(wanted)),
  sw: some((own, wanted) => String(own).startsWith(wanted)),
  ew: some((own, wanted) => String(own).endsWith(wanted)),
  ex: (own: readonly unknown[], value: string) => own.length > 0 === (value.toLowerCase() === 'true'),
} as const satisfies Record<string, (own: readonly unknown[], value: string) => boolean>;

type Operator = keyof typeof operators;

const isOperator = (name: string | undefined): name is Operator =>
  name !== undefined && Object.hasOwn(operators, name);
