/** Values of query parameters come in, the query string goes out. */
import type { Parameter } from '../definition/connector.ts';

/** `?a=1&b=2` from pairs in order; empty when there are none. Spaces are `%20`, which every server reads alike. */
export function queryString(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return '';
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
}

/** The query pairs of one parameter's value: arrays joined by commas or repeated. */
export function queryPairs(
  parameter: Parameter,
  style: 'comma' | 'repeat',
  value: unknown,
): [string, string][] {
  if (!Array.isArray(value)) return [[parameter.name, textOfValue(value)]];
  if (value.length === 0) return [];
  if (style === 'repeat') return value.map((item) => [parameter.name, textOfValue(item)]);
  return [[parameter.name, textOfParameter(value)]];
}

/** The text of an argument in a path or header: lists are joined by commas, as OpenAPI's style `simple` has it. */
export function textOfParameter(value: unknown): string {
  return Array.isArray(value) ? value.map(textOfValue).join(',') : textOfValue(value);
}

export function textOfValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
