/** Values of query parameters come in, the query string goes out. */
import type { ArrayStyle, Parameter } from '../definition/connector.ts';

/** `?a=1&b=2` from pairs in order; empty when there are none. Spaces are `%20`, which every server reads alike. */
export function queryString(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return '';
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
}

/** The query pairs of one parameter's value, under the name that the vendor gives it. */
export function queryPairs(parameter: Parameter, style: ArrayStyle, value: unknown): [string, string][] {
  return pairsOf(parameter.wire ?? parameter.name, style, parameter.objects === 'brackets', value);
}

/** Objects in brackets are OpenAPI's style `deepObject`: `created[gte]=1`, at any depth. */
function pairsOf(name: string, style: ArrayStyle, deep: boolean, value: unknown): [string, string][] {
  if (deep && typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined || inner === null ? [] : pairsOf(`${name}[${key}]`, style, deep, inner),
    );
  if (!Array.isArray(value)) return [[name, textOfValue(value)]];
  if (value.length === 0) return [];
  if (style === 'comma') return [[name, textOfParameter(value)]];
  const key = style === 'brackets' ? `${name}[]` : name;
  return value.map((item) => [key, textOfValue(item)]);
}

/** The text of an argument in a path or header: lists are joined by commas, as OpenAPI's style `simple` has it. */
export function textOfParameter(value: unknown): string {
  return Array.isArray(value) ? value.map(textOfValue).join(',') : textOfValue(value);
}

export function textOfValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** RFC 3339 with a time and a zone. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** The value as its parameter writes it: dates as HTTP writes them (RFC 9110 section 5.6.7), then all of it as JSON. */
export function encodeArgument({ dates, encode }: Parameter, value: unknown): unknown {
  const dated = dates === undefined ? value : withHttpDates(value);
  return encode === 'json' ? JSON.stringify(dated) : dated;
}

function withHttpDates(value: unknown): unknown {
  if (typeof value === 'string') {
    const time = DATE_TIME.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? value : new Date(time).toUTCString();
  }
  if (Array.isArray(value)) return value.map(withHttpDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withHttpDates(inner)]));
}
