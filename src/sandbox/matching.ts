/** A JSON condition as MongoDB takes them comes in; which entities meet it goes out. */
import type { Entity } from './collections.ts';
import { isObject, valueAt } from './dotted.ts';
import { Refusal } from './refusal.ts';
import { compareValues } from './select.ts';

type Meets = (entity: Entity) => boolean;

/** As HTTP writes dates (RFC 9110 section 5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Whether an entity meets a condition: `{field: value}`, `{field: {$gt: value}}`, `{$or: [condition]}`. Values of
 * different kinds are never greater or smaller than each other: a date of another form than the stored one finds
 * nothing. Throws the refusal badQuery for what is no condition.
 */
export function matcherOf(condition: unknown): Meets {
  if (condition === undefined) return () => true;
  if (!isObject(condition)) throw unreadable(condition, 'write a JSON object');
  const all = Object.entries(condition).map(([name, wanted]) =>
    name.startsWith('$') ? joined(name, wanted) : ofField(name, wanted),
  );
  return (entity) => all.every((meets) => meets(entity));
}

function joined(name: string, wanted: unknown): Meets {
  if (!Array.isArray(wanted)) throw unreadable(wanted, `${name} takes a list of conditions`);
  const each = wanted.map(matcherOf);
  if (name === '$and') return (entity) => each.every((meets) => meets(entity));
  if (name === '$or') return (entity) => each.some((meets) => meets(entity));
  throw unreadable(name, 'conditions are joined by $and or $or');
}

function ofField(field: string, wanted: unknown): Meets {
  const isOperation = isObject(wanted) && Object.keys(wanted).some((name) => name.startsWith('$'));
  const tests = Object.entries(isOperation ? wanted : { $eq: wanted }).map(([name, value]) => {
    if (!isOperator(name)) throw unreadable(name, `the operators are ${Object.keys(operators).join(', ')}`);
    return (own: readonly unknown[]) => operators[name](own, value);
  });
  return (entity) => {
    const own = [valueAt(entity, field) ?? []].flat();
    return tests.every((test) => test(own));
  };
}

const unreadable = (what: unknown, hint: string) =>
  new Refusal('badQuery', `${JSON.stringify(what)} cannot be read: ${hint}`);

/** A field that holds a list passes when one of its values does. */
type Test = (own: readonly unknown[], wanted: unknown) => boolean;

const equal: Test = (own, wanted) => (wanted === null ? own.length === 0 : own.includes(wanted));
const among: Test = (own, wanted) => [wanted].flat().some((each) => equal(own, each));
const ordered =
  (passes: (order: number) => boolean): Test =>
  (own, wanted) =>
    own.some((each) => {
      const [mine, other] = [comparable(each), comparable(wanted)];
      return mine.kind === other.kind && passes(compareValues(mine.value, other.value));
    });

function comparable(value: unknown): { readonly kind: string; readonly value: unknown } {
  if (typeof value !== 'string' || !HTTP_DATE.test(value)) return { kind: typeof value, value };
  return { kind: 'date', value: Date.parse(value) };
}

const operators = {
  $eq: equal,
  $ne: (own, wanted) => !equal(own, wanted),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $in: among,
  $nin: (own, wanted) => !among(own, wanted),
  $exists: (own, wanted) => own.length > 0 === (wanted === true),
} as const satisfies Record<string, Test>;

const isOperator = (name: string): name is keyof typeof operators => Object.hasOwn(operators, name);
