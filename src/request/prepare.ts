/** A method, its arguments and resolved settings come in; the request without credentials, and where each part came from, go out. */
import type { Fill, Method, Parameter, ValueSource } from '../definition/connector.ts';
import { fillTemplate, placeholderNames } from '../definition/template.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { textOf } from '../installation/settings.ts';
import type { WireRequest, World } from '../wire.ts';
import type { Arguments } from './arguments.ts';
import { pathSegment, queryPairs, queryString, textOfValue } from './url.ts';

export interface Provenance {
  readonly name: string;
  readonly in: 'host' | 'path' | 'query' | 'header' | 'body' | 'auth';
  readonly source: ValueSource | 'argument' | 'definition' | 'generated';
}

export interface PreparedRequest {
  readonly wire: WireRequest;
  /** The body before it was encoded. */
  readonly body: unknown;
  readonly bodyBytes: number;
}

/** Prepares a request from arguments that have passed their check. Header values cannot carry line breaks: the check refuses them. */
export function prepareRequest(
  method: Method,
  args: Arguments,
  settings: ResolvedSettings,
  world: Pick<World, 'now' | 'uuid'>,
): PreparedRequest {
  const given = Object.values(method.parameters).filter((parameter) => args[parameter.name] !== undefined);
  const path = fillTemplate(method.path, (name) => pathValue(method, args, settings, name), pathSegment);
  const query = given
    .filter((parameter) => parameter.in === 'query')
    .flatMap((parameter) => queryPairs(parameter, arrayStyle(parameter, settings), args[parameter.name]));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(method.headers)) headers[name.toLowerCase()] = value;
  for (const parameter of given)
    if (parameter.in === 'header') headers[parameter.name.toLowerCase()] = textOfValue(args[parameter.name]);
  const body =
    method.body && args.body !== undefined ? fillBody(args.body, method.body.fill, world) : undefined;
  const text = body === undefined ? undefined : encodeBody(method, body);
  if (text !== undefined)
    headers['content-type'] ??=
      method.body?.encoding === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  return {
    wire: {
      method: method.verb,
      url: `${settings.hosts[method.host]}${path}${queryString(query)}`,
      headers,
      ...(text !== undefined && { body: text }),
    },
    body,
    bodyBytes: text === undefined ? 0 : Buffer.byteLength(text),
  };
}

function pathValue(
  method: Method,
  args: Arguments,
  settings: ResolvedSettings,
  name: string,
): string | undefined {
  if (Object.hasOwn(method.parameters, name)) return textOfValue(args[name]);
  const setting = settings.values[name];
  return setting && textOf(setting.value);
}

function arrayStyle(parameter: Parameter, settings: ResolvedSettings): 'comma' | 'repeat' {
  if (typeof parameter.arrays === 'string') return parameter.arrays;
  const setting = settings.values[parameter.arrays.setting];
  return setting && textOf(setting.value) === 'repeat' ? 'repeat' : 'comma';
}

function encodeBody(method: Method, body: unknown): string {
  if (method.body?.encoding !== 'form') return JSON.stringify(body);
  const pairs = Object.entries(body as Record<string, unknown>).map(([name, value]): [string, string] => [
    name,
    textOfValue(value),
  ]);
  return new URLSearchParams(pairs).toString();
}

/** Gives fields that the caller left out their generated values, on a copy. Done once, so that every retry sends the same. */
function fillBody(body: unknown, fills: readonly Fill[], world: Pick<World, 'now' | 'uuid'>): unknown {
  return fills.reduce((filled, fill) => {
    const make = () => (fill.value === 'uuid' ? world.uuid() : new Date(world.now()).toISOString());
    return fillAt(filled, fill.path.split('.'), make);
  }, body);
}

function fillAt(value: unknown, path: readonly string[], make: () => string): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const each = step.endsWith('[]');
  const name = each ? step.slice(0, -2) : step;
  const record = value as Record<string, unknown>;
  const inner = record[name];
  if (each)
    return Array.isArray(inner)
      ? { ...record, [name]: inner.map((item) => fillAt(item, rest, make)) }
      : value;
  if (rest.length > 0) return { ...record, [name]: fillAt(inner, rest, make) };
  return inner === undefined ? { ...record, [name]: make() } : value;
}

/** Where each part of a method's request comes from, for people who ask. */
export function provenanceOf(method: Method, args: Arguments, settings: ResolvedSettings): Provenance[] {
  const list: Provenance[] = [];
  const fromSetting = (name: string, place: Provenance['in']) => {
    const source = settings.values[name]?.source;
    if (source) list.push({ name, in: place, source });
  };
  const { setting } = settings.connector.environments;
  if (setting !== undefined) fromSetting(setting, 'host');
  const override = settings.connector.overrides[method.host];
  if (override !== undefined) fromSetting(override, 'host');
  for (const name of placeholderNames(method.path)) {
    if (Object.hasOwn(method.parameters, name)) list.push({ name, in: 'path', source: 'argument' });
    else fromSetting(name, 'path');
  }
  for (const parameter of Object.values(method.parameters))
    if (parameter.in !== 'path' && args[parameter.name] !== undefined)
      list.push({ name: parameter.name, in: parameter.in, source: 'argument' });
  for (const name of Object.keys(method.headers)) list.push({ name, in: 'header', source: 'definition' });
  if (method.body && args.body !== undefined) {
    list.push({ name: 'body', in: 'body', source: 'argument' });
    for (const fill of method.body.fill) list.push({ name: fill.path, in: 'body', source: 'generated' });
  }
  return list;
}
