/** A call that has passed every check but those that need the stored entities, and the placeholders that it brings. */
import type { Method } from '../definition/connector.ts';
import type { Entity } from './collections.ts';
import { isObject } from './dotted.ts';
import type { Scope, Values } from './fill.ts';

export interface Call extends Scope {
  readonly method: Method;
  /** Placeholder -> text of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** What the answer's headers are to say; whoever plays the call adds to it. */
  readonly headers?: Record<string, string>;
}

/** `{{body}}` and `{{body_field}}`, `{{query_parameter}}`, and the placeholders of the path by their own names. */
export function requestValues(path: Values, query: Readonly<Record<string, unknown>>, body: unknown): Values {
  const values: Record<string, unknown> = { ...path, body };
  for (const [name, value] of Object.entries(query)) values[`query_${name}`] = value;
  for (const [name, value] of Object.entries(isObject(body) ? body : {})) values[`body_${name}`] = value;
  return values;
}

/** The body as fields of an entity; none when it is something else. */
export const bodyOf = ({ body }: Pick<Call, 'body'>): Entity => (isObject(body) ? body : {});
