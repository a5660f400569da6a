/** One schema of either dialect comes in, in isolation; what it says itself, in one vocabulary, goes out. */
import { isObject, type JsonObject } from './document.ts';

/** A schema without what it includes: references, `allOf` and unions are somebody else's matter. */
export interface Statement {
  /** Types but null; empty when it names none. A number may be an integer. */
  readonly types: readonly string[];
  /** What is compared by value. Flags are there only when they are true, `additionalProperties` when it is false. */
  readonly keywords: ReadonlyMap<string, unknown>;
  readonly required: readonly string[];
  readonly fields: JsonObject;
  readonly items: unknown;
  readonly values: unknown;
}

/** Keywords whose higher, or lower, value is the tighter one. */
export const lowerBounds = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'];
export const upperBounds = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties'];
/** Whether a keyword limits the values of a type, rather than listing or describing them. */
export const isBound = (keyword: string): boolean =>
  keyword === 'pattern' || [...lowerBounds, ...upperBounds].includes(keyword);
const plainKeywords = new Set(['pattern', 'default', 'multipleOf', ...lowerBounds, ...upperBounds]);
const flags = new Set(['deprecated', 'readOnly', 'writeOnly', 'uniqueItems']);
/** Compared by their presence alone: what they say cannot be told from the outside. */
const opaque = new Set([
  'not',
  'if',
  'contains',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'prefixItems',
  'propertyNames',
]);
/** They say how wide a number is stored, which JSON does not show. */
const numberFormats = new Set(['int32', 'int64', 'float', 'double']);
const formatAliases: Readonly<Record<string, string>> = { url: 'uri' };

/** Reads one schema. OpenAPI 3.0's `nullable` and flags for exclusive bounds become what 3.1 writes. */
export function readStatement(schema: JsonObject): Statement {
  const listed = schema.const === undefined ? schema.enum : [schema.const];
  const choices = Array.isArray(listed) ? listed.filter((value) => value !== null) : undefined;
  const given = [schema.type ?? []].flat().map(String);
  const types = given.filter((type) => type !== 'null');
  const keywords = new Map(
    Object.entries(schema).flatMap(([keyword, value]) => readKeyword(keyword, value, schema)),
  );
  if (choices) keywords.set('enum', choices);
  if (given.includes('null') || choices?.length !== (Array.isArray(listed) ? listed.length : undefined))
    keywords.set('nullable', true);
  return {
    types: types.length > 0 || given.length > 0 ? types : impliedTypes(schema, choices),
    keywords,
    required: Array.isArray(schema.required) ? schema.required.map(String) : [],
    fields: isObject(schema.properties) ? schema.properties : {},
    items: schema.items,
    values: schema.additionalProperties === false ? undefined : schema.additionalProperties,
  };
}

function readKeyword(keyword: string, value: unknown, schema: JsonObject): [string, unknown][] {
  if (plainKeywords.has(keyword)) return readBound(keyword, value, schema);
  if (opaque.has(keyword)) return [[keyword, true]];
  if (flags.has(keyword) || keyword === 'nullable') return value === true ? [[keyword, true]] : [];
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties')
    return value === false ? [['additionalProperties', false]] : [];
  if (keyword !== 'format' || numberFormats.has(String(value))) return [];
  return [['format', formatAliases[String(value)] ?? value]];
}

function readBound(keyword: string, value: unknown, schema: JsonObject): [string, unknown][] {
  if (keyword === 'minimum' && schema.exclusiveMinimum === true) return [['exclusiveMinimum', value]];
  if (keyword === 'maximum' && schema.exclusiveMaximum === true) return [['exclusiveMaximum', value]];
  return typeof value === 'boolean' && keyword !== 'default' ? [] : [[keyword, value]];
}

function impliedTypes(schema: JsonObject, choices: readonly unknown[] | undefined): string[] {
  if (schema.properties !== undefined || isObject(schema.additionalProperties)) return ['object'];
  if (schema.items !== undefined) return ['array'];
  return choices && choices.length > 0 && choices.every((value) => typeof value === 'string')
    ? ['string']
    : [];
}
