/** A method and what its organisation answers about custom fields come in; the schema of the body with these fields goes out. */
import type { Connector, JsonSchema, Method } from './definition/connector.ts';
import { propertyNames } from './request/property-names.ts';
import { valueAt } from './response/read.ts';

/** Whether the body of a method takes fields that each organisation adds for itself. */
export function takesCustomFields(connector: Connector, method: Method): boolean {
  const { customFields } = connector;
  if (!customFields || !method.body || !Object.hasOwn(customFields.entities, categoryKey(method)))
    return false;
  return propertyNames(method.body.schema, connector.types).includes(customFields.property);
}

/**
 * The body's schema with the organisation's own fields named, typed as their default values are. Other names stay
 * allowed: vendors take fields of a single entity too. `answer` is that of the connector's custom field method.
 */
export function withCustomFields(
  connector: Connector,
  method: Method,
  answer: unknown,
): JsonSchema | undefined {
  const { customFields } = connector;
  if (!customFields || !method.body || !takesCustomFields(connector, method)) return method.body?.schema;
  const defaults = valueAt(answer, customFields.entities[categoryKey(method)] ?? '');
  if (typeof defaults !== 'object' || defaults === null) return method.body.schema;
  const properties = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === 'number' ? 'number' : 'string', default: value },
    ]),
  );
  return {
    allOf: [method.body.schema, { properties: { [customFields.property]: { type: 'object', properties } } }],
  };
}

const categoryKey = (method: Method) => method.key.split('.')[0] ?? '';
