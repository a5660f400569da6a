/** JSON Schemas of a connector come in; types in words, and the fields of an object, go out. */
import { codes, linkTo } from './docs-markdown.js';

/** Longer lists of values stand once, under the name of their type. */
const LONGEST_INLINE = 120;

/**
 * The fields of an object: `{name, schema, required}`, with references and `allOf` followed. `variants` are the schemas
 * of which one holds besides.
 */
export function fieldsOf(types, schema) {
  const { properties, required, variants } = flatten(types, schema);
  const fields = Object.entries(properties).map(([name, field]) => ({
    name,
    schema: field,
    required: required.has(name),
  }));
  return { fields, variants };
}

function flatten(types, schema) {
  const result = { properties: {}, required: new Set(), variants: [] };
  if (typeof schema !== 'object') return result;
  const bases = [...(schema.$ref ? [types[nameOf(schema)]] : []), ...(schema.allOf ?? [])];
  const own = {
    properties: schema.properties ?? {},
    required: schema.required ?? [],
    variants: schema.anyOf ?? schema.oneOf ?? [],
  };
  for (const part of [...bases.map((base) => flatten(types, base)), own]) {
    Object.assign(result.properties, part.properties);
    for (const name of part.required) result.required.add(name);
    result.variants.push(...part.variants);
  }
  return result;
}

/** Name of the type that a schema refers to. */
export const nameOf = ({ $ref }) => $ref.replace('#/$defs/', '');

/** Whether a type has a section of its own: it has fields, is one of several, or lists many values. */
export function hasSection(types, name) {
  const { fields, variants } = fieldsOf(types, types[name]);
  return fields.length > 0 || variants.length > 0 || codes(types[name].enum ?? []).length > LONGEST_INLINE;
}

/** A type in words: `string (1-80)`, `list of Account`, `AND`, `OR`. Types with a section are links; `seen` is told their names. */
export function typeText(types, schema, seen = () => {}) {
  if (typeof schema !== 'object') return 'anything';
  if (schema.$ref) {
    const name = nameOf(schema);
    if (!hasSection(types, name)) return typeText(types, withTarget(types, schema), seen);
    seen(name);
    return linkTo(name);
  }
  if (schema.enum) return codes(schema.enum);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.map((variant) => typeText(types, variant, seen)).join(' or ');
  if (schema.allOf?.length === 1) return typeText(types, schema.allOf[0], seen);
  if (schema.properties || schema.allOf) return objectText(types, schema, seen);
  return [schema.type ?? 'anything']
    .flat()
    .map((type) => plainText(types, type, schema, seen))
    .join(' or ');
}

/** A reference with what it leads to laid under what stands beside it. */
export function withTarget(types, schema) {
  if (typeof schema !== 'object' || !schema.$ref) return schema;
  const { $ref, ...own } = schema;
  return { ...withTarget(types, types[nameOf({ $ref })]), ...own };
}

function objectText(types, schema, seen) {
  const fields = fieldsOf(types, schema).fields.map(
    ({ name, schema: field }) => `\`${name}\` (${typeText(types, field, seen)})`,
  );
  return `object with ${fields.join(', ')}`;
}

function plainText(types, type, schema, seen) {
  const kept = schema.format && !/^(?:u?int|double|float)/.test(schema.format) ? schema.format : undefined;
  switch (type) {
    case 'array': {
      const items = typeText(types, schema.items ?? true, seen);
      return `list of ${items}${boundsText(schema.minItems, schema.maxItems)}`;
    }
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? `map of ${typeText(types, schema.additionalProperties, seen)}${boundsText(undefined, schema.maxProperties)}`
        : 'object';
    case 'string':
      return `${kept ?? 'string'}${boundsText(schema.minLength > 1 || schema.maxLength ? schema.minLength : undefined, schema.maxLength)}`;
    case 'integer':
    case 'number':
      return `${type}${rangeText(schema)}`;
    default:
      return type;
  }
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const limits = [
    ...(exclusiveMinimum === undefined ? [] : [`over ${exclusiveMinimum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`under ${exclusiveMaximum}`]),
  ];
  return limits.length > 0 ? ` (${limits.join(', ')})` : boundsText(minimum, maximum);
}

function boundsText(from, to) {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return ` (${from} or more)`;
  if (from === undefined) return ` (up to ${to})`;
  return from === to ? ` (${from})` : ` (${from}-${to})`;
}
