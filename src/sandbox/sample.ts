/** A JSON Schema comes in, one plausible value that satisfies it goes out: the same value every time. */
import { createHash } from 'node:crypto';
import type { JsonSchema } from '../definition/connector.ts';
import { textMatching } from './pattern.ts';
import { type Shape, shapeOf, type Types } from './schema-shape.ts';

export interface SampleOptions {
  /** Ids differ between seeds. */
  readonly seed?: string;
  /** Whether fields that are not required are there too. Default: true. */
  readonly complete?: boolean;
  /** Milliseconds since the epoch; dates and times are taken from it. Default: 1 January 2026, UTC. */
  readonly now?: number;
}

interface Place {
  readonly types: Types;
  readonly now: number;
  readonly complete: boolean;
  /** Names of fields and indexes from the root, after the seed: what ids are derived from. */
  readonly path: readonly string[];
  /** Types that this value lies within. */
  readonly within: readonly string[];
}

const NEW_YEAR_2026 = Date.UTC(2026, 0, 1);

/** A value of a schema; `$ref`s read `#/$defs/Name` and lead into `types`. Recursive types end at their first repetition. */
export function sampleOf(schema: JsonSchema | undefined, types: Types, options: SampleOptions = {}): unknown {
  return sample(schema, {
    types,
    now: options.now ?? NEW_YEAR_2026,
    complete: options.complete ?? true,
    path: [options.seed ?? ''],
    within: [],
  });
}

/**
 * Adds what a value lacks to satisfy a schema: required fields at any depth get a sample, fields with a `default` or
 * a `const` get that. What is there already is left alone.
 */
export function completeValue(
  value: unknown,
  schema: JsonSchema | undefined,
  types: Types,
  options: SampleOptions = {},
): unknown {
  const shape = shapeOf(schema, types);
  if (Array.isArray(value)) {
    const items = shape.keywords.items as JsonSchema | undefined;
    return value.map((item: unknown, index) =>
      completeValue(item, items, types, { ...options, seed: `${options.seed}.${index}` }),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const full: Record<string, unknown> = { ...value };
  for (const [field, fieldSchema] of Object.entries(shape.fields)) {
    const seed = `${options.seed}.${field}`;
    if (full[field] !== undefined)
      full[field] = completeValue(full[field], fieldSchema, types, { ...options, seed });
    else if (shape.required.includes(field) || isGiven(fieldSchema, types))
      full[field] = sampleOf(fieldSchema, types, { ...options, complete: false, seed });
  }
  return full;
}

/** Whether the schema itself says what the value is. */
const isGiven = (schema: JsonSchema, types: Types): boolean => {
  const { keywords } = shapeOf(schema, types);
  return 'const' in keywords || (typeof schema === 'object' && schema.default !== undefined);
};

function sample(schema: JsonSchema | undefined, place: Place): unknown {
  const shape = shapeOf(schema, place.types);
  const { keywords } = shape;
  if ('const' in keywords) return keywords.const;
  if (Array.isArray(keywords.examples)) return keywords.examples[0];
  if (keywords.default !== undefined) return keywords.default;
  if (Array.isArray(keywords.enum)) return keywords.enum[0];
  const inner = { ...place, within: [...place.within, ...shape.through] };
  if (shape.unions.length > 0 && !isLeaf(shape)) return sample(withFirstBranches(shape), inner);
  switch (shape.type) {
    case 'object':
      return sampleObject(shape, inner, place.within);
    case 'array':
      return sampleArray(shape, inner, place.within);
    case 'integer':
    case 'number':
      return sampleNumber(shape);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return sampleText(shape, place);
  }
}

/** A union beside a plain type adds nothing that could be sampled. */
const isLeaf = (shape: Shape) =>
  shape.type !== undefined && shape.type !== 'object' && shape.type !== 'array';

/** A schema with the first branch of each union in the union's place. */
function withFirstBranches(shape: Shape): JsonSchema {
  const own = { ...shape.keywords, properties: shape.fields, required: shape.required };
  return { allOf: [own, ...shape.unions.flatMap((branches) => branches.slice(0, 1))] };
}

function sampleObject(shape: Shape, place: Place, outside: readonly string[]): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const again = isRepetition(shape, outside);
  for (const [field, schema] of Object.entries(shape.fields)) {
    if (schema === false || (!shape.required.includes(field) && (!place.complete || again))) continue;
    value[field] = sample(schema, { ...place, path: [...place.path, field] });
  }
  const rest = shape.keywords.additionalProperties as JsonSchema | undefined;
  const isMap = Object.keys(shape.fields).length === 0 && rest !== undefined && rest !== false;
  const fewest = Number(shape.keywords.minProperties ?? 0);
  if (!isMap || (fewest === 0 && (!place.complete || again))) return value;
  for (let index = 0; index < Math.max(1, fewest); index++) {
    const name = sample(shape.keywords.propertyNames as JsonSchema | undefined, place);
    const key = `${typeof name === 'string' ? name : 'sample'}${index === 0 ? '' : index}`;
    value[key] = sample(rest, { ...place, path: [...place.path, key] });
  }
  return value;
}

function sampleArray(shape: Shape, place: Place, outside: readonly string[]): unknown[] {
  const fewest = Number(shape.keywords.minItems ?? 0);
  const items = shape.keywords.items as JsonSchema | undefined;
  const again = isRepetition(shapeOf(items, place.types), [...outside, ...shape.through]);
  const length = again || !place.complete ? fewest : Math.max(1, fewest);
  const most = Number(shape.keywords.maxItems ?? length);
  return Array.from({ length: Math.min(length, most) }, (_, index) =>
    sample(items, { ...place, path: [...place.path, String(index)] }),
  );
}

const isRepetition = (shape: Shape, within: readonly string[]) =>
  shape.through.some((name) => within.includes(name));

function sampleNumber({ type, keywords }: Shape): number {
  const step = Number(keywords.multipleOf ?? (type === 'integer' ? 1 : 0));
  const small = type === 'integer' ? 1 : 0.5;
  const lowest = Math.max(
    Number(keywords.minimum ?? Number.NEGATIVE_INFINITY),
    keywords.exclusiveMinimum === undefined
      ? Number.NEGATIVE_INFINITY
      : Number(keywords.exclusiveMinimum) + (step || small),
  );
  const highest = Math.min(
    Number(keywords.maximum ?? Number.POSITIVE_INFINITY),
    keywords.exclusiveMaximum === undefined
      ? Number.POSITIVE_INFINITY
      : Number(keywords.exclusiveMaximum) - (step || small),
  );
  const wanted = Math.min(Math.max(1, lowest), highest);
  return step === 0 ? wanted : Math.min(Math.ceil(wanted / step) * step, Math.floor(highest / step) * step);
}

function sampleText({ keywords }: Shape, place: Place): string {
  const shortest = Number(keywords.minLength ?? 0);
  const longest = Number(keywords.maxLength ?? 1000);
  if (typeof keywords.pattern === 'string') {
    const text = textMatching(keywords.pattern, shortest, longest);
    if (text !== undefined) return text;
  }
  const format = typeof keywords.format === 'string' ? formats[keywords.format] : undefined;
  if (format) return format(place);
  const name = place.path.at(-1) ?? '';
  const text = /(^|[a-z])(Id|ID|id)s?$/.test(name) ? uuidFor(place) : 'sample';
  return text.slice(0, longest).padEnd(shortest, 'x');
}

const formats: Readonly<Record<string, (place: Place) => string>> = {
  date: ({ now }) => new Date(now).toISOString().slice(0, 10),
  'date-time': ({ now }) => new Date(now).toISOString(),
  time: ({ now }) => new Date(now).toISOString().slice(11),
  email: () => 'sample@example.com',
  uri: () => 'https://example.com/sample',
  url: () => 'https://example.com/sample',
  'uri-reference': () => '/sample',
  uuid: (place) => uuidFor(place),
  hostname: () => 'example.com',
  ipv4: () => '192.0.2.1',
  ipv6: () => '2001:db8::1',
  byte: () => Buffer.from('sample').toString('base64'),
};

/** A UUID (version 4 in form) that follows from the place: the same place has the same id. */
function uuidFor({ path }: Place): string {
  return uuidOf(...path);
}

/** A UUID (version 4 in form) that follows from texts. */
export function uuidOf(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(parts.join('\u0000')).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
