/** A response schema comes in; whether an answer can only be JSON goes out. */
import type { JsonSchema } from '../definition/connector.ts';

type Types = Readonly<Record<string, JsonSchema>>;

/** References that lead round in a circle say nothing. */
const DEEPEST = 20;

/** Whether only an object or a list fits the schema. A schema that says nothing of it, or allows a text, does not promise that. */
export function expectsJson(schema: JsonSchema | undefined, types: Types, depth = 0): boolean {
  if (schema === undefined || typeof schema === 'boolean' || depth > DEEPEST) return false;
  const fits = (inner: unknown) => expectsJson(inner as JsonSchema, types, depth + 1);
  const { type, $ref, allOf, anyOf, oneOf } = schema;
  if (type !== undefined) return [type].flat().every((each) => each === 'object' || each === 'array');
  if (typeof $ref === 'string' && fits(types[$ref.replace('#/$defs/', '')])) return true;
  if (Array.isArray(allOf) && allOf.some(fits)) return true;
  for (const branches of [anyOf, oneOf])
    if (Array.isArray(branches) && branches.length > 0 && branches.every(fits)) return true;
  return schema.properties !== undefined || schema.items !== undefined;
}
