/** A JSON Schema with references and `allOf` comes in, its flat shape goes out: type, fields, required fields. */
import type { JsonSchema } from '../definition/connector.ts';
import { isIndex } from '../definition/value-at.ts';

export type Types = Readonly<Record<string, JsonSchema>>;

/** A schema whose references and `allOf` parts are merged; unions are left as they are. */
export interface Shape {
  readonly type?: string;
  readonly fields: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  /** Whether fields that are not listed have their place here. */
  readonly open: boolean;
  /** For each `oneOf` and `anyOf` its branches. */
  readonly unions: readonly (readonly JsonSchema[])[];
  /** All other keywords. */
  readonly keywords: Readonly<Record<string, unknown>>;
  /** Types that were stepped through, to notice recursion. */
  readonly through: readonly string[];
}

type Keywords = Readonly<Record<string, unknown>>;

const MERGED = new Set(['$ref', 'allOf', 'oneOf', 'anyOf', 'properties', 'required']);
const DEEPEST = 32;

/** By the types that references lead to, then by schema: definitions do not change, and a vendor asks again and again. */
const known = new WeakMap<Types, WeakMap<object, Shape>>();

/** Merges references and `allOf`. An unknown reference is as good as no schema: compiling has ruled it out. */
export function shapeOf(schema: JsonSchema | undefined, types: Types): Shape {
  if (typeof schema !== 'object') return mergeShape(schema, types);
  const shapes = known.get(types) ?? new WeakMap<object, Shape>();
  known.set(types, shapes);
  const shape = shapes.get(schema) ?? mergeShape(schema, types);
  shapes.set(schema, shape);
  return shape;
}

function mergeShape(schema: JsonSchema | undefined, types: Types): Shape {
  const parts = partsOf(schema, types, 0);
  const keywords: Record<string, unknown> = {};
  const fields: Record<string, JsonSchema> = {};
  const required = new Set<string>();
  const unions: (readonly JsonSchema[])[] = [];
  for (const { part } of parts) {
    for (const [keyword, value] of Object.entries(part)) if (!MERGED.has(keyword)) keywords[keyword] = value;
    for (const [field, value] of Object.entries((part.properties ?? {}) as Record<string, JsonSchema>)) {
      const before = fields[field];
      fields[field] = before === undefined || before === value ? value : { allOf: [before, value] };
    }
    for (const field of (part.required ?? []) as string[]) required.add(field);
    for (const union of [part.oneOf, part.anyOf])
      if (Array.isArray(union)) unions.push(union as JsonSchema[]);
  }
  const type = typeIn(keywords, fields);
  return {
    ...(type !== undefined && { type }),
    fields,
    required: [...required],
    open: isOpen(keywords, fields, unions),
    unions,
    keywords,
    through: parts.flatMap(({ name }) => (name === undefined ? [] : [name])),
  };
}

/**
 * The fields an object of this schema can have, over all branches of a union; undefined when any field will do or
 * nothing is known.
 */
export function knownFields(
  schema: JsonSchema | undefined,
  types: Types,
): Readonly<Record<string, JsonSchema>> | undefined {
  const shape = shapeOf(schema, types);
  const found = { ...shape.fields };
  for (const branch of shape.unions.flat()) {
    const more = knownFields(branch, types);
    if (!more) return undefined;
    Object.assign(found, more);
  }
  return shape.open || Object.keys(found).length === 0 ? undefined : found;
}

/** The types that a value may have, over all branches of unions; empty when nothing is said. */
export function schemaTypes(schema: JsonSchema | undefined, types: Types, depth = 0): ReadonlySet<string> {
  const { type, keywords, unions } = shapeOf(schema, types);
  const own = keywords.type ?? type;
  if (own !== undefined) return new Set([own].flat() as string[]);
  const known = 'const' in keywords ? [keywords.const] : Array.isArray(keywords.enum) ? keywords.enum : [];
  const branches = depth > DEEPEST ? [] : unions.flat();
  return new Set([
    ...known.map((value: unknown) => typeof value),
    ...branches.flatMap((branch) => [...schemaTypes(branch, types, depth + 1)]),
  ]);
}

/** The schema at the steps of a path; `[]`, and the number of an item, step into an array's items. */
export function schemaAt(
  schema: JsonSchema | undefined,
  path: readonly string[],
  types: Types,
): JsonSchema | undefined {
  let here = schema;
  for (const step of path) {
    const shape = shapeOf(here, types);
    const isItem = step === '[]' || (shape.type === 'array' && isIndex(step));
    here = isItem ? (shape.keywords.items as JsonSchema | undefined) : shape.fields[step];
  }
  return here;
}

function partsOf(
  schema: JsonSchema | undefined,
  types: Types,
  depth: number,
): { part: Keywords; name?: string }[] {
  if (typeof schema !== 'object' || depth > DEEPEST) return [];
  const part = schema as Keywords;
  const found: { part: Keywords; name?: string }[] = [];
  const name = typeof part.$ref === 'string' ? /^#\/(?:\$defs|types)\/(.+)$/.exec(part.$ref)?.[1] : undefined;
  if (name !== undefined) {
    found.push({ part: {}, name }, ...partsOf(types[name], types, depth + 1));
  }
  for (const each of (part.allOf ?? []) as JsonSchema[]) found.push(...partsOf(each, types, depth + 1));
  // What a schema says itself comes last, so that it wins over what it refers to.
  found.push({ part });
  return found;
}

function typeIn(keywords: Keywords, fields: object): string | undefined {
  const { type } = keywords;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return (type as string[]).find((each) => each !== 'null') ?? 'null';
  if (Object.keys(fields).length > 0) return 'object';
  return keywords.items === undefined ? undefined : 'array';
}

function isOpen(keywords: Keywords, fields: object, unions: readonly unknown[]): boolean {
  const rest = keywords.additionalProperties ?? keywords.unevaluatedProperties;
  if (rest !== undefined && rest !== false) return true;
  return rest === undefined && Object.keys(fields).length === 0 && unions.length === 0;
}
