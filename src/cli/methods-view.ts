/** A method comes in; a description with the vendor's own names, as OpenAPI writes them, goes out. */
import type { Connector, JsonSchema, Method, Parameter } from '../definition/connector.ts';
import { formatTemplate, placeholderNames } from '../definition/template.ts';

export interface ParameterDescription {
  /** The vendor's name. */
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly required: boolean;
  /** A JSON type, or several. Absent when the schema leaves it open. */
  readonly type?: unknown;
  readonly description?: string;
  /** The setting that fills it; callers need not give it. */
  readonly setting?: string;
  /** Further keywords of JSON Schema: format, enum, items, minimum, ... */
  readonly [keyword: string]: unknown;
}

export interface MethodDescription {
  readonly key: string;
  /** The same in every release. */
  readonly uuid: string;
  /** The integer id, which belongs to this release. */
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly verb: string;
  /** Name of the host in the connector's environments. */
  readonly host: string;
  /** `/organizations/{orgId}/accounts/{id}` */
  readonly path: string;
  /** What people must know before they call it. */
  readonly warning?: string;
  readonly parameters: readonly ParameterDescription[];
  readonly body?: { readonly required: boolean; readonly type?: unknown };
}

/** Describes a method. Parameters come in the order of path, query, header, body. */
export function describeMethod(connector: Connector, method: Method): MethodDescription {
  const { key, uuid, id, name, category, verb, host, body } = method;
  const inPath = [...new Set(placeholderNames(method.path))];
  const others = Object.values(method.parameters).filter((parameter) => !inPath.includes(parameter.name));
  return {
    ...{ key, uuid, id, name, category, verb, host },
    path: openApiPath(connector, method),
    ...(method.warning !== undefined && { warning: method.warning }),
    parameters: [
      ...inPath.map((placeholder) => describePathValue(connector, method, placeholder)),
      ...others.map((parameter) => describeParameter(connector, parameter)),
    ],
    ...(body && { body: { required: body.required, ...pick(bodyType(connector, body.schema), ['type']) } }),
  };
}

/** The path with `{names}`: a setting goes by what the vendor's API calls it. */
export function openApiPath(connector: Connector, method: Method): string {
  return formatTemplate(method.path, (placeholder) => {
    const name = placeholder.split(' | ')[0] ?? placeholder;
    return `{${vendorName(connector, method, name)}}`;
  });
}

/** A parameter hides a setting of the same name. */
function vendorName(connector: Connector, method: Method, name: string): string {
  return Object.hasOwn(method.parameters, name) ? name : (connector.settings[name]?.vendorName ?? name);
}

function describePathValue(connector: Connector, method: Method, name: string): ParameterDescription {
  const parameter = method.parameters[name];
  if (parameter) return describeParameter(connector, parameter);
  const description = connector.settings[name]?.description;
  return {
    name: vendorName(connector, method, name),
    in: 'path',
    required: true,
    type: 'string',
    ...(description !== undefined && { description }),
    setting: name,
  };
}

function describeParameter(connector: Connector, parameter: Parameter): ParameterDescription {
  const { name, required, description } = parameter;
  const schema = resolveSchema(connector, parameter.schema);
  return { name, in: parameter.in, required, ...pick(schema, shownKeywords), description };
}

const shownKeywords = [
  'type',
  'format',
  'enum',
  'const',
  'items',
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
];

type Keywords = Readonly<Record<string, unknown>>;

/** Follows references and `allOf`; what stands beside a reference goes before what it leads to. */
function resolveSchema(
  connector: Connector,
  schema: JsonSchema | undefined,
  seen: readonly string[] = [],
): Keywords {
  if (typeof schema !== 'object') return {};
  const { $ref, allOf, items, ...own } = schema;
  const name = typeof $ref === 'string' ? $ref.replace('#/$defs/', '') : undefined;
  const target = name === undefined || seen.includes(name) ? undefined : connector.types[name];
  const path = name === undefined ? seen : [...seen, name];
  const parts = Array.isArray(allOf) ? (allOf as JsonSchema[]) : [];
  return {
    ...resolveSchema(connector, target, path),
    ...Object.assign({}, ...parts.map((part) => resolveSchema(connector, part, path))),
    ...(items !== undefined && {
      items: pick(resolveSchema(connector, items as JsonSchema, path), shownKeywords),
    }),
    ...own,
  };
}

const bodyType = (connector: Connector, schema: JsonSchema): Keywords => {
  const resolved = resolveSchema(connector, schema);
  return 'type' in resolved || !('properties' in resolved) ? resolved : { type: 'object' };
};

const pick = (keywords: Keywords, names: readonly string[]): Keywords =>
  Object.fromEntries(names.flatMap((name) => (name in keywords ? [[name, keywords[name]]] : [])));
