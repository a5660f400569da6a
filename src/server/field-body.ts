/** Values by location come in; the request body that they describe goes out. */
import type { Segment } from './fields.ts';

export interface Placed {
  readonly segments: readonly Segment[];
  readonly value: unknown;
}

/** Where the values of two locations cannot both stand, such as `a` and `a.b`. */
export interface Clash {
  readonly clash: string;
}

type Container = Record<string, unknown> | unknown[];

/**
 * Builds a body. At a location inside a list (`[items].name`), an array gives one item for each of its values, and a
 * single value gives the first item: `[items].name` = `["a", "b"]` and `[items].price` = `[1, 2]` make two items.
 */
export function buildBody(values: readonly Placed[]): { body: unknown } | Clash {
  const holder: Record<string, unknown> = {};
  for (const { segments, value } of values) {
    if (!place(holder, 'root', segments, value)) return { clash: segments.map(({ name }) => name).join('.') };
  }
  return { body: holder.root };
}

/** Puts the value into `holder[key]`; false when something of another kind is there already. */
function place(
  holder: Container,
  key: string | number,
  segments: readonly Segment[],
  value: unknown,
): boolean {
  const [segment, ...rest] = segments;
  if (!segment) return put(holder, key, value);
  if (segment.name === '') return placeInList(holder, key, rest, value);
  const object = open(holder, key, {});
  if (!object || Array.isArray(object)) return false;
  return segment.list
    ? placeInList(object, segment.name, rest, value)
    : place(object, segment.name, rest, value);
}

function placeInList(
  holder: Container,
  key: string | number,
  rest: readonly Segment[],
  value: unknown,
): boolean {
  const list = open(holder, key, []);
  if (!Array.isArray(list)) return false;
  const items = Array.isArray(value) ? value : [value];
  return items.every((item, index) => place(list, index, rest, item));
}

function put(holder: Container, key: string | number, value: unknown): boolean {
  if (read(holder, key) !== undefined) return false;
  write(holder, key, value);
  return true;
}

function open(holder: Container, key: string | number, empty: Container): Container | undefined {
  const found = read(holder, key);
  if (found === undefined) {
    write(holder, key, empty);
    return empty;
  }
  return typeof found === 'object' && found !== null ? (found as Container) : undefined;
}

function read(holder: Container, key: string | number): unknown {
  return Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
}

/** Defined rather than assigned, so that no key can reach the prototype. */
function write(holder: Container, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
