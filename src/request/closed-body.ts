/** Schemas of a connector come in; the same for request bodies go out: closed at every depth to fields they do not know. */
import type { JsonSchema } from '../definition/connector.ts';
import { partsOf, propertyNames } from './property-names.ts';

type Types = Readonly<Record<string, JsonSchema>>;
type Keywords = Readonly<Record<string, unknown>>;

/** Keywords whose schemas are those of further values; the others speak of the same value. */
const valueKeywords = new Set(['items', 'additionalProperties', 'unevaluatedProperties']);
const compositions = new Set(['allOf', 'anyOf', 'oneOf']);

/**
 * The schema of a whole body. Each object in it that declares properties takes these and no others, wherever they are
 * declared; below the top, one that says `additionalProperties` itself, or declares none, stays as it is. Its `$ref`s
 * lead into `closeTypes`. An object is declared in one place: where two parts of a composition declare a property of the
 * same name as objects, each of them closes it.
 */
export function closeBody(schema: JsonSchema, types: Types): JsonSchema {
  return { allOf: [closeInside(schema, types)], unevaluatedProperties: false };
}

/** Types for closed bodies: closed below their top. The top is closed by whoever refers to it, since types are composed. */
export function closeTypes(types: Types): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(types).map(([name, schema]) => [name, closeInside(schema, types) as JsonSchema]),
  );
}

function closeValue(schema: unknown, types: Types): unknown {
  if (!isKeywords(schema)) return schema;
  const inner = closeInside(schema, types);
  const isSettled = 'additionalProperties' in schema || 'unevaluatedProperties' in schema;
  if (isSettled || propertyNames(schema, types).length === 0) return inner;
  // Beside a reference or a composition, `unevaluatedProperties` sees what these have declared.
  return { ...(inner as Keywords), unevaluatedProperties: false };
}

function closeInside(schema: unknown, types: Types): unknown {
  if (!isKeywords(schema)) return schema;
  const closed = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (keyword === 'properties') return [keyword, mapValues(value, (inner) => closeValue(inner, types))];
    if (valueKeywords.has(keyword)) return [keyword, closeValue(value, types)];
    if (compositions.has(keyword) && Array.isArray(value))
      return [keyword, value.map((part) => closeInside(part, types))];
    return [keyword, value];
  });
  return chooseByTag(Object.fromEntries(closed), types);
}

/**
 * A union whose branches each fix another value of one property becomes a choice by this property. It takes and refuses
 * the same values; but of one that it refuses, only the branch that was meant says why.
 */
function chooseByTag(schema: Keywords, types: Types): Keywords {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || 'if' in schema) return schema;
  const tag = tagOf(anyOf, types);
  if (tag === undefined) return schema;
  const given = (value: object) => ({ required: [tag.name], properties: { [tag.name]: value } });
  return {
    ...rest,
    if: { required: [tag.name] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: {
      properties: { [tag.name]: { enum: tag.values } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      allOf: anyOf.map((branch, index) => ({ if: given({ const: tag.values[index] }), then: branch })),
    },
    else: { anyOf },
  };
}

/** The property that every branch declares as a constant of its own, and the constants in the branches' order. */
function tagOf(branches: readonly unknown[], types: Types): { name: string; values: unknown[] } | undefined {
  const [first] = branches;
  for (const name of new Set(propertyNames(first, types))) {
    const values = branches.map((branch) => constantOf(branch, name, types));
    if (!values.includes(undefined) && new Set(values).size === branches.length) return { name, values };
  }
  return undefined;
}

function constantOf(branch: unknown, name: string, types: Types): unknown {
  // A constant inside a union of its own holds for some of the values only.
  if (partsOf(branch, types).some((part) => 'anyOf' in part || 'oneOf' in part)) return undefined;
  const declared = partsOf(branch, types).map(
    ({ properties }) => (properties as Keywords | undefined)?.[name],
  );
  return declared.flatMap((schema) => (isKeywords(schema) && 'const' in schema ? [schema.const] : []))[0];
}

const isKeywords = (schema: unknown): schema is Keywords => typeof schema === 'object' && schema !== null;

const mapValues = (record: unknown, make: (value: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record as object).map(([name, value]) => [name, make(value)]));
