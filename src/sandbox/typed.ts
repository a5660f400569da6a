/** A JSON value and its schema come in; texts that stand for numbers are numbers in what goes out. */
import type { JsonSchema, Method } from '../definition/connector.ts';
import { type Shape, schemaTypes, shapeOf, type Types } from './schema-shape.ts';

const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

/**
 * Placeholders of paths and ids are texts. Where the schema allows a number and no text, a text that reads like one
 * becomes one; where it allows an object and no text, the text becomes the first such field that the object must have.
 * Everything else is left as it is.
 */
export function typedValue(value: unknown, schema: JsonSchema | undefined, types: Types): unknown {
  if (schema === undefined || value === null) return value;
  if (typeof value !== 'object') return typedScalar(value, schema, types);
  const shape = shapeOf(schema, types);
  if (Array.isArray(value)) {
    const items = shape.keywords.items as JsonSchema | undefined;
    return value.map((item: unknown) => typedValue(item, items, types));
  }
  const fields = Object.entries(value as object);
  return Object.fromEntries(
    fields.map(([field, inner]) => [field, typedValue(inner, fieldIn(shape, field, types), types)]),
  );
}

function typedScalar(value: unknown, schema: JsonSchema, types: Types): unknown {
  if (typeof value === 'string' && NUMBER.test(value) && isNumeric(schema, types)) return Number(value);
  const allowed = schemaTypes(schema, types);
  const isNamed = typeof value === 'string' || typeof value === 'number';
  if (!isNamed || !allowed.has('object') || allowed.has(typeof value) || allowed.has('integer')) return value;
  // A request names what the answer shows: `assignees: [ada]` becomes `[{ login: ada }]`.
  const { fields, required } = objectIn(schema, types);
  const kinds = typeof value === 'string' ? ['string'] : ['number', 'integer'];
  const name = required.find((field) => kinds.some((kind) => schemaTypes(fields[field], types).has(kind)));
  return name === undefined ? value : { [name]: value };
}

function objectIn(schema: JsonSchema, types: Types): Shape {
  const shape = shapeOf(schema, types);
  const branches = shape.unions.flat().map((branch) => shapeOf(branch, types));
  return branches.find(({ type }) => type === 'object') ?? shape;
}

/** Texts of a path, by the schemas of their parameters. */
export const typedValues = (
  path: Readonly<Record<string, string>>,
  parameters: Method['parameters'],
  types: Types,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(path).map(([name, text]) => [name, typedValue(text, parameters[name]?.schema, types)]),
  );

/** Whether the schema allows numbers and no texts. */
export function isNumeric(schema: JsonSchema | undefined, types: Types): boolean {
  const allowed = schemaTypes(schema, types);
  return (allowed.has('integer') || allowed.has('number')) && !allowed.has('string');
}

const fieldIn = ({ fields, unions }: Shape, field: string, types: Types): JsonSchema | undefined =>
  Object.hasOwn(fields, field)
    ? fields[field]
    : unions
        .flat()
        .map((branch) => shapeOf(branch, types).fields[field])
        .find(Boolean);
