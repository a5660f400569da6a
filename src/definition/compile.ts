/** Files without problems come in; the frozen `Connector` goes out: inherited, parsed, with ids. */
import { compileAuth, neededBy, sharedSettings } from './compile-auth.ts';
import { compilePaging, pageSchema, pagingParameters } from './compile-paging.ts';
import type {
  Body,
  Connector,
  Environment,
  FailureRule,
  JsonSchema,
  Limit,
  Lookup,
  Method,
  Parameter,
  Setting,
} from './connector.ts';
import { integerId, nameUuid } from './ids.ts';
import { mapValues } from './map-values.ts';
import {
  inheritMethod,
  type RawConnector,
  type RawEnvironment,
  type RawFailure,
  type RawMethod,
  type RawMethods,
  type RawSetting,
} from './raw.ts';
import type { Source } from './source.ts';
import { formatTemplate, parseTemplate, placeholderNames, type Template } from './template.ts';

/** Compiles a source that `validateSource` and `checkRules` found no problem in. */
export function compile(source: Source): Connector {
  const raw = source.files.find((file) => file.kind === 'connector')?.data as RawConnector;
  const categories = source.files
    .filter((file) => file.kind === 'methods')
    .map((file) => file.data as RawMethods);
  const types = Object.assign(
    {},
    ...source.files.filter((file) => file.kind === 'types').map((file) => file.data),
  ) as object;
  const icon = raw.icon === undefined ? undefined : source.assets[raw.icon];
  const methods = categories.flatMap((category) =>
    Object.entries(category.methods).map(([name, method]) =>
      compileMethod(raw, `${category.key}.${name}`, category.category, inheritMethod(raw, category, method)),
    ),
  );
  const auth = raw.auth.map(compileAuth);
  const shared = sharedSettings(raw, methods);
  return deepFreeze({
    id: integerId(raw.name, raw.version),
    uuid: nameUuid(raw.name),
    name: raw.name,
    title: raw.title,
    version: raw.version,
    status: raw.status,
    description: raw.description,
    categories: raw.categories,
    ...(icon &&
      raw.icon && {
        icon: `data:image/${raw.icon.endsWith('.svg') ? 'svg+xml' : 'png'};base64,${Buffer.from(icon).toString('base64')}`,
      }),
    ...(raw.guide !== undefined && { guide: raw.guide }),
    settings: mapValues(raw.settings, (setting, key) => ({
      ...compileSetting(raw, key, setting),
      ...(!shared.has(key) && neededBy(key, auth)),
    })),
    environments: {
      ...(raw.environments.setting !== undefined && { setting: raw.environments.setting }),
      named: mapValues(raw.environments.named, compileEnvironment),
      ...(raw.environments.other && { other: compileEnvironment(raw.environments.other) }),
    },
    overrides: raw.overrides ?? {},
    auth,
    test: {
      ...{ method: raw.test.method, arguments: raw.test.arguments ?? {}, identity: raw.test.identity },
      ...(raw.test.organisation !== undefined && { organisation: raw.test.organisation }),
    },
    failures: (raw.failures ?? []).map(compileFailure),
    ...(raw.refusals && { refusals: mapValues(raw.refusals, (paths) => [paths].flat()) }),
    limits: mapValues(raw.limits ?? {}, (limit): Limit => ({ ...limit, sharedBy: limit.sharedBy ?? [] })),
    lookups: mapValues(
      raw.lookups ?? {},
      (lookup, key): Lookup => ({
        ...lookup,
        key,
        id: integerId(raw.name, raw.version, 'lookup', key),
        arguments: lookup.arguments ?? {},
      }),
    ),
    ...(raw.defaults?.idempotencyKey && { idempotencyKey: raw.defaults.idempotencyKey }),
    ...(raw.customFields && { customFields: raw.customFields }),
    uploads: mapValues(raw.uploads ?? {}, (upload, key) => ({ ...upload, key })),
    types: mapValues(types as Record<string, JsonSchema>, bindRefs),
    methods: Object.fromEntries(methods.map((method) => [method.key, withReader(method, methods)])),
  });
}

function compileSetting(connector: RawConnector, key: string, raw: RawSetting): Setting {
  return {
    required: true,
    secret: false,
    multiline: false,
    open: false,
    maxLength: raw.multiline ? 20_000 : 2_000,
    aliases: [],
    overridable: raw.level === 'either' ? 'account' : 'none',
    ...raw,
    key,
    id: integerId(connector.name, connector.version, 'setting', key),
  };
}

function compileEnvironment(raw: RawEnvironment): Environment {
  return { label: raw.label, hosts: mapValues(raw.hosts, templateOf) };
}

function compileFailure(raw: RawFailure): FailureRule {
  const { claim, body, ...when } = raw.when;
  return {
    when: {
      ...when,
      ...(body && { body: [body].flat() }),
      ...(claim && { claim: { name: claim.name, differsFrom: templateOf(claim.differsFrom) } }),
    },
    means: raw.means,
    ...(raw.hint !== undefined && { hint: raw.hint }),
  };
}

function compileMethod(connector: RawConnector, key: string, category: string, raw: RawMethod): Method {
  const path = templateOf(raw.path);
  const readOnly = raw.readOnly ?? raw.verb === 'GET';
  const paging = compilePaging(connector, raw);
  const parameters = {
    ...compileParameters(connector, key, raw, path),
    ...pagingParameters(connector, key, raw, paging),
  };
  if (raw.etag && !Object.keys(parameters).some(isIfMatch))
    parameters[IF_MATCH] = ifMatchParameter(connector, key, raw.etag.reads);
  const response =
    paging && raw.items !== undefined
      ? pageSchema(paging, bindRefs(raw.items))
      : raw.response === undefined
        ? undefined
        : bindRefs(raw.response);
  return {
    key,
    id: integerId(connector.name, connector.version, key),
    uuid: nameUuid(`${connector.name}/${key}`),
    name: raw.name,
    category,
    description: raw.description,
    verb: raw.verb,
    host: raw.host ?? '',
    path,
    ...compileHeaders(raw.headers),
    parameters,
    ...(raw.body !== undefined && { body: compileBody(raw, raw.body) }),
    ...(response !== undefined && { response }),
    ...(paging && { paging }),
    ...(raw.batch && { batch: raw.batch }),
    ...(raw.etag && { etag: raw.etag }),
    ...(raw.warning !== undefined && { warning: raw.warning }),
    limits: raw.limits ?? [],
    idempotent: raw.idempotent ?? (raw.verb !== 'POST' && raw.verb !== 'PATCH'),
    ...(raw.idempotencyKey && !readOnly && { idempotencyKey: raw.idempotencyKey }),
    readOnly,
    deprecated: raw.deprecated ?? false,
    beta: raw.beta ?? false,
    sensitive: raw.sensitive ?? [],
  };
}

/** Most headers never change: only the others are looked at in each call. */
function compileHeaders(raw: RawMethod['headers'] = {}): Pick<Method, 'headers' | 'settingHeaders'> {
  const written = Object.entries(raw);
  const made = written.filter(([, value]) => value.includes('{{'));
  if (made.length === 0) return { headers: raw };
  return {
    headers: Object.fromEntries(written.filter(([, value]) => !value.includes('{{'))),
    settingHeaders: Object.fromEntries(made.map(([name, value]) => [name.toLowerCase(), templateOf(value)])),
  };
}

/** A method that replaces knows the one that reads the same: together they can change a part. */
function withReader(method: Method, methods: readonly Method[]): Method {
  if (method.verb !== 'PUT' || !method.body) return method;
  const path = formatTemplate(method.path);
  const reader = methods.find(
    (other) => other.verb === 'GET' && other.host === method.host && formatTemplate(other.path) === path,
  );
  return reader ? { ...method, reads: reader.key } : method;
}

function compileParameters(
  connector: RawConnector,
  key: string,
  raw: RawMethod,
  path: Template,
): Record<string, Parameter> {
  const inPath = new Set(placeholderNames(path));
  return mapValues(raw.parameters ?? {}, (parameter, name) => {
    const {
      in: where,
      name: wire,
      required,
      description,
      lookup,
      arrays,
      objects,
      encode,
      dates,
      ...schema
    } = parameter;
    const place = where ?? (inPath.has(name) ? 'path' : 'query');
    return {
      name,
      id: integerId(connector.name, connector.version, key, 'parameter', name),
      in: place,
      required: place === 'path' || (required ?? false),
      description,
      schema: bindRefs({
        ...('$ref' in schema ? {} : { type: 'string' }),
        ...(place === 'path' && { minLength: 1 }),
        ...schema,
      }),
      arrays: arrays ?? raw.arrays ?? 'comma',
      ...(wire !== undefined && wire !== name && { wire }),
      ...(objects !== undefined && { objects }),
      ...(encode !== undefined && { encode }),
      ...(dates !== undefined && { dates }),
      ...(lookup !== undefined && { lookup }),
    };
  });
}

/** The header that names the version that is meant (RFC 9110 section 13.1.1). */
const IF_MATCH = 'If-Match';

const isIfMatch = (name: string): boolean => name.toLowerCase() === 'if-match';

const ifMatchParameter = (connector: RawConnector, key: string, reads: string): Parameter => ({
  name: IF_MATCH,
  id: integerId(connector.name, connector.version, key, 'parameter', IF_MATCH),
  in: 'header',
  required: false,
  description: `ETag of the version to change; read by ${reads} when it is not given.`,
  schema: { type: 'string', minLength: 1 },
  arrays: 'comma',
});

function compileBody(raw: RawMethod, schema: JsonSchema): Body {
  return {
    required: !(raw.bodyOptional ?? false),
    schema: bindRefs(schema),
    closed: !(raw.bodyOpen ?? false),
    encoding: raw.bodyEncoding ?? 'json',
    ...(raw.bodyEncoding === 'form' &&
      raw.formStyle !== undefined &&
      raw.formStyle !== 'json' && { formStyle: raw.formStyle }),
    ...(raw.contentType !== undefined && { contentType: raw.contentType }),
    fill: Object.entries(raw.fill ?? {}).map(([path, value]) => ({ path, value })),
  };
}

const templateOf = (text: string): Template => parseTemplate(text).template;

/** References as written (`#/types/Name`) become those that hold inside a compiled schema (`#/$defs/Name`). */
function bindRefs<T>(value: T): T {
  if (Array.isArray(value)) return value.map(bindRefs) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace('#/types/', '#/$defs/') : bindRefs(inner),
    ]),
  ) as T;
}

/** Freezes a value and all that is in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
