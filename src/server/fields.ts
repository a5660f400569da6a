/** A JSON Schema comes in; its fields go out as a flat list with the partner API's locations: `a.b`, `[items].name`. */
import type { JsonSchema } from '../definition/connector.ts';

/** One step of a location. `list`: the name holds an array, and the location goes on inside its items. */
export interface Segment {
  readonly name: string;
  readonly list: boolean;
}

/** A value at the end of a path, or an object whose keys the schema leaves open. */
export interface Field {
  readonly location: string;
  readonly segments: readonly Segment[];
  /** JSON types without `null`; empty when the schema leaves them open. */
  readonly types: readonly string[];
  readonly format?: string;
  readonly description: string;
  /** False when the field is required at every level above it. */
  readonly optional: boolean;
  readonly readOnly: boolean;
  /** The texts of a closed list of values; empty when there is none. */
  readonly values: readonly string[];
}

export type Types = Readonly<Record<string, JsonSchema>>;

/** What a schema says once references and combinations are followed. */
interface Shape {
  readonly types: readonly string[];
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly values: readonly string[];
  /** The types that were followed on the way here. */
  readonly refs: readonly string[];
}

const NOTHING: Shape = { types: [], properties: {}, required: [], values: [], refs: [] };

/** Types that each refer to two others come to millions of fields, which nobody could choose from. */
const MOST_FIELDS = 10_000;

/**
 * Flattens a schema. A type inside itself is not entered a second time: it is given as one field. Of a schema with more
 * than 10,000 fields the rest is left out: it can be given in `Body` only.
 */
export function flattenSchema(schema: JsonSchema | undefined, types: Types): Field[] {
  if (schema === undefined) return [];
  const fields: Field[] = [];
  const walk = (inner: JsonSchema, path: readonly Segment[], optional: boolean, refs: readonly string[]) => {
    if (fields.length >= MOST_FIELDS) return;
    const shape = shapeOf(inner, types, refs);
    const names = Object.entries(shape.properties);
    if (names.length > 0) {
      for (const [name, property] of names) {
        const free = optional || !shape.required.includes(name);
        walk(property, [...path, { name, list: false }], free, shape.refs);
      }
    } else if (shape.items !== undefined) {
      walk(shape.items, stepInto(path), optional, shape.refs);
    } else if (path.length > 0) {
      fields.push(fieldOf(shape, path, optional));
    }
  };
  walk(schema, [], false, []);
  return fields;
}

/** What a schema says of a single value: a parameter's, for one. */
export interface ValueWords {
  /** JSON types without `null`. */
  readonly types: readonly string[];
  /** Of the items, for an array. */
  readonly itemTypes: readonly string[];
  readonly format?: string;
  readonly values: readonly string[];
}

export function describeValue(schema: JsonSchema, types: Types): ValueWords {
  const shape = shapeOf(schema, types, []);
  const items = shape.items === undefined ? undefined : shapeOf(shape.items, types, shape.refs);
  return {
    types: withoutNull(shape.types),
    itemTypes: withoutNull(items?.types ?? []),
    ...(shape.format !== undefined && { format: shape.format }),
    values: items ? items.values : shape.values,
  };
}

const withoutNull = (types: readonly string[]) => types.filter((type) => type !== 'null');

/** The same path, into the items of its last name; a list in a list, or at the root, has no name of its own. */
function stepInto(path: readonly Segment[]): Segment[] {
  const last = path.at(-1);
  if (!last || last.list) return [...path, { name: '', list: true }];
  return [...path.slice(0, -1), { name: last.name, list: true }];
}

function fieldOf(shape: Shape, segments: readonly Segment[], optional: boolean): Field {
  return {
    location: formatLocation(segments),
    segments,
    types: withoutNull(shape.types),
    ...(shape.format !== undefined && { format: shape.format }),
    description: shape.description ?? '',
    optional,
    readOnly: shape.readOnly ?? false,
    values: shape.values,
  };
}

function shapeOf(schema: JsonSchema, types: Types, refs: readonly string[]): Shape {
  if (typeof schema === 'boolean') return { ...NOTHING, refs };
  const own = ownShape(schema, refs);
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  const target = name === undefined || refs.includes(name) ? undefined : types[name];
  const parts = listOf(schema.allOf).map((part) => shapeOf(part, types, refs));
  if (name !== undefined && target !== undefined) parts.unshift(shapeOf(target, types, [...refs, name]));
  const choices = [...listOf(schema.oneOf), ...listOf(schema.anyOf)].map((part) => ({
    ...shapeOf(part, types, refs),
    required: [],
  }));
  return [...parts, ...choices].reduce(merge, own);
}

function ownShape(schema: Exclude<JsonSchema, boolean>, refs: readonly string[]): Shape {
  const { format, description, readOnly, items } = schema;
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : [];
  return {
    types: [schema.type ?? []].flat() as string[],
    properties: (schema.properties ?? {}) as Record<string, JsonSchema>,
    required: (schema.required ?? []) as string[],
    ...(items !== undefined && { items: items as JsonSchema }),
    ...(typeof format === 'string' && { format }),
    ...(typeof description === 'string' && { description }),
    ...(typeof readOnly === 'boolean' && { readOnly }),
    values: values.filter((value) => value !== null).map(String),
    refs,
  };
}

/** What the first says goes before what the second says; their properties and values are joined. */
function merge(first: Shape, second: Shape): Shape {
  const items = first.items ?? second.items;
  const format = first.format ?? second.format;
  const description = first.description ?? second.description;
  const readOnly = first.readOnly ?? second.readOnly;
  return {
    types: [...new Set([...first.types, ...second.types])],
    // The first once more, since its own come first in order and win in value.
    properties: { ...first.properties, ...second.properties, ...first.properties },
    required: [...first.required, ...second.required],
    ...(items !== undefined && { items }),
    ...(format !== undefined && { format }),
    ...(description !== undefined && { description }),
    ...(readOnly !== undefined && { readOnly }),
    values: [...new Set([...first.values, ...second.values])],
    refs: [...new Set([...first.refs, ...second.refs])],
  };
}

const listOf = (value: unknown): JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);

/** Names joined by dots; a name that holds a list stands in brackets, one with dots or brackets in backslashes. */
export function formatLocation(segments: readonly Segment[]): string {
  return segments.map(({ name, list }) => (list ? `[${escapeName(name)}]` : escapeName(name))).join('.');
}

const escapeName = (name: string) => (/[.[\]\\]/.test(name) ? `\\${name}\\` : name);

const SEGMENT =
  /^(?:\[(?:\\(?<quotedItem>[^\\]*)\\|(?<item>[^.[\]\\]*))\]|\\(?<quoted>[^\\]*)\\|(?<plain>[^.[\]\\]+))(?:\.|$)/;

/** As deep as a request body may be nested. What builds the body descends by recursion. */
const MOST_SEGMENTS = 64;

/** Reads a location back; undefined when it is none, or a deeper one than any body. */
export function parseLocation(text: string): Segment[] | undefined {
  const segments: Segment[] = [];
  let rest = text;
  while (rest !== '') {
    const match = SEGMENT.exec(rest);
    if (!match) return undefined;
    const { quotedItem, item, quoted, plain } = match.groups ?? {};
    segments.push({
      name: quotedItem ?? item ?? quoted ?? plain ?? '',
      list: (quotedItem ?? item) !== undefined,
    });
    rest = rest.slice(match[0].length);
    if (segments.length > MOST_SEGMENTS) return undefined;
    if (rest === '' && match[0].endsWith('.')) return undefined;
  }
  return segments.length > 0 ? segments : undefined;
}
