/** A method, its arguments and resolved settings come in; the request without credentials, and where each part came from, go out. */
import type { ArrayStyle, Fill, Method, Parameter, ValueSource } from '../definition/connector.ts';
import { fillTemplate, pathSegment, pathSegments, placeholderNames } from '../definition/template.ts';
import { withValueAt } from '../definition/value-at.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { neededText, settingText } from '../installation/settings.ts';
import type { WireRequest, World } from '../wire.ts';
import { type Arguments, argumentOf } from './arguments.ts';
import { encodeForm, FORM_TYPE } from './form.ts';
import { assertAllowed, nextPageOf } from './next-page.ts';
import { settingHeaderSources, settingHeaders } from './setting-headers.ts';
import { encodeArgument, queryPairs, queryString, textOfParameter } from './url.ts';

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

/**
 * Prepares a request from arguments that have passed their check. Header values cannot carry line breaks: the check
 * refuses them. `key` is the caller's idempotency key for the vendor; where the vendor takes one and there is none, one is
 * made here, once for all attempts. Throws `arguments.invalid` for what no path can hold, `installation.setup-required` for a path or
 * header that names a setting without a value, `settings.invalid` for a setting that no header can carry.
 */
export function prepareRequest(
  method: Method,
  args: Arguments,
  settings: ResolvedSettings,
  world: Pick<World, 'now' | 'uuid'>,
  key?: string,
): PreparedRequest {
  const path = fillTemplate(
    method.path,
    (name) =>
      Object.hasOwn(method.parameters, name)
        ? textOfParameter(argumentOf(args, name))
        : neededText(settings, name),
    (value, name) => {
      const parameter = Object.hasOwn(method.parameters, name) ? method.parameters[name] : undefined;
      return parameter?.encode === 'path' ? pathSegments(value, name) : pathSegment(value, name);
    },
  );
  const at = nextPageOf(method, args);
  if (at !== undefined) assertAllowed(method, path, at);
  const query: [string, string][] = [];
  let bodyGiven = method.body && argumentOf(args, 'body');
  const headers: Record<string, string> = {};
  for (const name of Object.keys(method.headers)) headers[name.toLowerCase()] = method.headers[name] ?? '';
  if (method.settingHeaders) Object.assign(headers, settingHeaders(method.settingHeaders, settings));
  // In the order the caller gave them, as other clients of the vendor do.
  for (const name of Object.keys(args)) {
    const parameter = Object.hasOwn(method.parameters, name) ? method.parameters[name] : undefined;
    const value = args[name];
    if (parameter === undefined || value === undefined || parameter.in === 'path') continue;
    const encoded = encodeArgument(parameter, value);
    if (parameter.in === 'header') headers[(parameter.wire ?? name).toLowerCase()] = textOfParameter(encoded);
    else if (parameter.in === 'body') bodyGiven = withValueAt(bodyGiven, name, value);
    else query.push(...queryPairs(parameter, arrayStyle(parameter, settings), encoded));
  }
  if (method.idempotencyKey) headers[method.idempotencyKey.header.toLowerCase()] = key ?? world.uuid();
  const body =
    method.body && bodyGiven !== undefined ? fillBody(bodyGiven, method.body.fill, world) : undefined;
  const text = body === undefined ? undefined : encodeBody(method, body);
  if (text !== undefined) headers['content-type'] ??= contentTypeOf(method, settings);
  return {
    wire: {
      method: method.verb,
      url: `${settings.hosts[method.host]}${at ?? path + queryString(query)}`,
      headers,
      ...(text !== undefined && { body: text }),
    },
    body,
    bodyBytes: text === undefined ? 0 : Buffer.byteLength(text),
  };
}

function contentTypeOf({ body }: Method, settings: ResolvedSettings): string {
  const type = body?.contentType;
  const own = typeof type === 'object' ? settingText(settings.values, type.setting) : type;
  return own ?? (body?.encoding === 'form' ? FORM_TYPE : 'application/json');
}

function arrayStyle({ arrays }: Parameter, settings: ResolvedSettings): ArrayStyle {
  if (typeof arrays === 'string') return arrays;
  const chosen = settingText(settings.values, arrays.setting);
  return chosen === 'repeat' || chosen === 'brackets' ? chosen : 'comma';
}

/** A body as it is sent: JSON, or a form. */
export function encodeBody(method: Method, body: unknown): string {
  return method.body?.encoding === 'form' ? encodeForm(body, method.body.formStyle) : JSON.stringify(body);
}

/** The arguments with generated values in the body where the caller gave none. Filling twice changes nothing. */
export function fillArguments(
  method: Method,
  args: Arguments,
  world: Pick<World, 'now' | 'uuid'>,
): Arguments {
  const body = argumentOf(args, 'body');
  return method.body && body !== undefined
    ? { ...args, body: fillBody(body, method.body.fill, world) }
    : args;
}

/** Gives fields that the caller left out their generated values, on a copy. Done once, so that every retry sends the same. */
function fillBody(body: unknown, fills: readonly Fill[], world: Pick<World, 'now' | 'uuid'>): unknown {
  return fills.reduce((filled, fill) => {
    const make = () => {
      if (typeof fill.value === 'object') return fill.value.constant;
      return fill.value === 'uuid' ? world.uuid() : new Date(world.now()).toISOString();
    };
    return fillAt(filled, fill.path.split('.'), make);
  }, body);
}

function fillAt(value: unknown, path: readonly string[], make: () => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return value;
  const each = step.endsWith('[]');
  const name = each ? step.slice(0, -2) : step;
  // `[]` alone steps into the items of a body that is a list itself.
  if (each && name === '' && Array.isArray(value)) return value.map((item) => fillAt(item, rest, make));
  if (Array.isArray(value)) return value;
  const record = value as Record<string, unknown>;
  const inner = argumentOf(record, name);
  if (each)
    return Array.isArray(inner)
      ? { ...record, [name]: inner.map((item) => fillAt(item, rest, make)) }
      : value;
  if (rest.length > 0) return inner === undefined ? value : { ...record, [name]: fillAt(inner, rest, make) };
  return inner === undefined ? { ...record, [name]: make() } : value;
}

/** Where each part of a method's request comes from, for people who ask. `key` as of `prepareRequest`. */
export function provenanceOf(
  method: Method,
  args: Arguments,
  settings: ResolvedSettings,
  key?: string,
): Provenance[] {
  const list: Provenance[] = [];
  const fromSetting = (name: string, place: Provenance['in']) => {
    const resolved = Object.hasOwn(settings.values, name) ? settings.values[name] : undefined;
    if (resolved) list.push({ name, in: place, source: resolved.source });
  };
  const { setting } = settings.connector.environments;
  if (setting !== undefined) fromSetting(setting, 'host');
  const override = settings.connector.overrides[method.host];
  if (override !== undefined) fromSetting(override, 'host');
  for (const name of placeholderNames(method.path)) {
    if (Object.hasOwn(method.parameters, name)) list.push({ name, in: 'path', source: 'argument' });
    else fromSetting(name, 'path');
  }
  const at = nextPageOf(method, args);
  for (const parameter of Object.values(method.parameters))
    if (
      parameter.in !== 'path' &&
      argumentOf(args, parameter.name) !== undefined &&
      // The address of the next page takes the place of the whole query.
      (at === undefined || parameter.in !== 'query' || parameter.name === method.paging?.parameter)
    )
      list.push({ name: parameter.name, in: parameter.in, source: 'argument' });
  // Read before the call, unless the caller gave it.
  if (method.etag && !list.some(({ name }) => /^if-match$/i.test(name)))
    list.push({ name: 'If-Match', in: 'header', source: 'generated' });
  for (const name of Object.keys(method.headers)) list.push({ name, in: 'header', source: 'definition' });
  list.push(...settingHeaderSources(method, settings));
  if (method.idempotencyKey)
    list.push({
      ...{ name: method.idempotencyKey.header, in: 'header' },
      source: key === undefined ? 'generated' : 'argument',
    });
  if (method.body && argumentOf(args, 'body') !== undefined) {
    list.push({ name: 'body', in: 'body', source: 'argument' });
    for (const fill of method.body.fill) list.push({ name: fill.path, in: 'body', source: 'generated' });
  }
  return list;
}
