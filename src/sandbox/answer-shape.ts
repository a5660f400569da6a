/** A method's schemas come in; where its answer holds the entities that it is about, and its body the fields of one, goes out. */
import type { Connector, JsonSchema, Method } from '../definition/connector.ts';
import { stepsOf } from '../definition/value-at.ts';
import { knownFields, schemaAt, shapeOf, type Types } from './schema-shape.ts';

/**
 * Dotted path of the items of a list: those of its pages, the answer itself when it is an array, or the only array of
 * objects in it. Undefined for what is no list.
 */
export function itemsPath({ paging, response }: Method, types: Types): string | undefined {
  if (paging) return paging.items;
  const { type, fields } = shapeOf(response, types);
  if (type === 'array') return '';
  const lists = Object.entries(fields).filter(([, schema]) => holdsObjects(schema, types));
  return type === 'object' && lists.length === 1 && !Object.hasOwn(fields, 'id') ? lists[0]?.[0] : undefined;
}

function holdsObjects(schema: JsonSchema, types: Types): boolean {
  const { type, keywords } = shapeOf(schema, types);
  return type === 'array' && shapeOf(keywords.items as JsonSchema | undefined, types).type === 'object';
}

/** The item that an array or a page of a method's answer holds. */
export function itemSchema(method: Method | undefined, { types }: Connector): JsonSchema | undefined {
  const path = (method && itemsPath(method, types)) ?? '';
  return schemaAt(method?.response, [...stepsOf(path), '[]'], types);
}

/** `ticket` of `{ ticket: { id, ... } }`: the field that holds the entity, where the answer is not the entity itself. */
export function wrapperOf(schema: JsonSchema | undefined, id: string, types: Types): string | undefined {
  const { type, fields } = shapeOf(schema, types);
  if (type !== 'object' || Object.hasOwn(fields, id)) return undefined;
  const holding = Object.entries(fields).filter(([, inner]) =>
    Object.hasOwn(knownFields(inner, types) ?? {}, id),
  );
  return holding.length === 1 ? holding[0]?.[0] : undefined;
}

/** The same of a request: the only field of a body, where it holds fields and the entity has none of that name. */
export function bodyWrapperOf(
  schema: JsonSchema | undefined,
  entity: Readonly<Record<string, JsonSchema>> | undefined,
  types: Types,
): string | undefined {
  const [only, ...others] = Object.entries(shapeOf(schema, types).fields);
  if (!only || others.length > 0 || Object.hasOwn(entity ?? {}, only[0])) return undefined;
  return shapeOf(only[1], types).type === 'object' ? only[0] : undefined;
}

/** A method as it would be without its wrappers. */
export function unwrapped(
  method: Method,
  wrapper: string | undefined,
  bodyWrapper: string | undefined,
  types: Types,
): Method {
  if (wrapper === undefined && bodyWrapper === undefined) return method;
  const { response, body } = method;
  const inner = wrapper === undefined ? response : schemaAt(response, [wrapper], types);
  const fields = bodyWrapper === undefined ? undefined : schemaAt(body?.schema, [bodyWrapper], types);
  return {
    ...method,
    ...(inner !== undefined && { response: inner }),
    ...(body && fields !== undefined && { body: { ...body, schema: fields } }),
  };
}
