/** Two values come in, whether they say the same goes out: stands in for the library that the form library would bring (vite.config.ts). */

type Pairs = Map<object, object>;

/** As the form library has it: functions are alike, and what refers to itself is compared once. */
export default function deepEquals(one: unknown, other: unknown, known: Pairs = new Map()): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === 'function') return typeof other === 'function';
  if (!isObject(one) || !isObject(other)) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (one instanceof Map && other instanceof Map) return deepEquals([...one], [...other], known);
  if (one instanceof Set && other instanceof Set) return deepEquals([...one], [...other], known);
  if (known.get(one) === other) return true;
  known.set(one, other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && deepEquals(one[key], other[key], known))
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
