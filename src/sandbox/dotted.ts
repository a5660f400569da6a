/** JSON values and dotted paths come in, the value at the path goes out, or the value with something put there. */
import { stepsOf, valueAt, withValueAt } from '../definition/value-at.ts';

export { valueAt, withValueAt };

/** A copy without what stands at a dotted path. */
export function withoutValueAt(value: unknown, path: string): unknown {
  return withoutStep(value, stepsOf(path));
}

function withoutStep(value: unknown, [step = '', ...rest]: readonly string[]): unknown {
  if (!isObject(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [step]: withoutStep(inner, rest) };
}

/** A JSON object: neither an array nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
