/** JSON with placeholders and the values for them come in, plain JSON goes out. */
import { fillTemplate, parseTemplate, type Template } from '../definition/template.ts';

/** Values by placeholder name. */
export type Values = Readonly<Record<string, unknown>>;

const templateOf = (text: string): Template => parseTemplate(text).template;

/** For whom something is done, and what placeholders stand for. */
export interface Scope {
  readonly organisationId: string;
  /** Always with `now`, in ISO 8601. */
  readonly values: Values;
}

/** The placeholders that a named entity leaves: itself, its id, its fields. */
export function namedValues(name: string, id: string, entity: Values): Values {
  const fields = Object.entries(entity).map(([field, value]) => [`${name}_${field}`, value] as const);
  const own = idAsIs(id, entity);
  return { ...Object.fromEntries(fields), [name]: entity, [`${name}Id`]: own, [`${name}Ids`]: [own] };
}

/** Ids are kept as texts; an entity that has its id as a number is named by that number. */
function idAsIs(id: string, entity: Values): unknown {
  const values = Object.values(entity);
  return /^-?\d+$/.test(id) && !values.includes(id) && values.includes(Number(id)) ? Number(id) : id;
}

/** Fills a text; a value that is absent leaves nothing in its place. */
export function fillText(text: string, values: Values): string {
  return fillTemplate(templateOf(text), (name) => toText(values[name]));
}

/**
 * Fills every text in a JSON value. A text that is one placeholder alone becomes the value with its type, and the
 * field that held it is left out when there is no such value.
 */
export function fillValue(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return fillWhole(value, values);
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return fillFields(value as Values, values);
}

/** Fills the fields of an object; or one placeholder that stands for all of them, and for none where it has no object. */
export function fillAll(fields: Values | string, values: Values): Record<string, unknown> {
  const filled = fillValue(fields, values);
  return typeof filled === 'object' && filled !== null && !Array.isArray(filled) ? { ...filled } : {};
}

/** Fills the fields of an object. */
export function fillFields(fields: Values, values: Values): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    const result = fillValue(value, values);
    if (result !== undefined) filled[field] = result;
  }
  return filled;
}

function fillWhole(text: string, values: Values): unknown {
  const template = templateOf(text);
  const [only] = template;
  if (template.length === 1 && typeof only === 'object' && only.transform === undefined)
    return values[only.name];
  return fillText(text, values);
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
