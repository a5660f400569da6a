/** Base URL, path template and query values come in, an absolute URL on that very host goes out. */
import type { Parameter } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';

/**
 * Escapes a value for one path segment. Slashes, dots that would climb and everything else special stay inside the
 * segment; `.` and `..` have no escaped form that URL parsers leave alone, so they are refused (`arguments.invalid`).
 */
export function pathSegment(value: string): string {
  if (value === '.' || value === '..') {
    throw new FishplateError('arguments.invalid', `"${value}" cannot stand in a path`, {
      problems: [{ path: '', message: `"${value}" cannot stand in a path` }],
    });
  }
  return encodeURIComponent(value);
}

/** `?a=1&b=2` from pairs in order; empty when there are none. Spaces are `%20`, which every server reads alike. */
export function queryString(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return '';
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${queryValue(value)}`).join('&')}`;
}

// Commas and colons may stand unescaped in a query (RFC 3986 section 3.4), and lists and times read better so.
const queryValue = (value: string) => encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':');

/** The query pairs of one parameter's value: arrays joined by commas or repeated. */
export function queryPairs(
  parameter: Parameter,
  style: 'comma' | 'repeat',
  value: unknown,
): [string, string][] {
  if (!Array.isArray(value)) return [[parameter.name, textOfValue(value)]];
  if (value.length === 0) return [];
  if (style === 'repeat') return value.map((item) => [parameter.name, textOfValue(item)]);
  return [[parameter.name, value.map(textOfValue).join(',')]];
}

export function textOfValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
