/** A method comes in; JSON Schemas of its parameters, body and answer go out, each complete in itself. */
import type { Connector, JsonSchema, Method } from '../definition/connector.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Describes what a method takes and gives (method-schema.schema.json); null where there is no body or no schema.
 * `body` is the schema in an installation, where that differs from the connector's.
 */
export function methodSchemaView(
  connector: Connector,
  method: Method,
  body: JsonSchema | undefined = method.body?.schema,
): Record<string, unknown> {
  const parameters = Object.values(method.parameters);
  const arguments_: JsonSchema = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      parameters.map(({ name, description, schema, lookup }) => [
        name,
        typeof schema === 'boolean'
          ? schema
          : { description, ...schema, ...(lookup !== undefined && { lookup }) },
      ]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
  return {
    Key: method.key,
    Name: method.name,
    Parameters: selfContained(arguments_, connector.types),
    IsBodyOptional: method.body ? !method.body.required : true,
    Body: body === undefined ? null : selfContained(body, connector.types),
    Response: method.response === undefined ? null : selfContained(method.response, connector.types),
  };
}

/** Adds the types that can be reached from the schema, and no others. */
export function selfContained(schema: JsonSchema, types: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const reached = new Map<string, JsonSchema>();
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const name = refName(value);
    const type = name === undefined || reached.has(name) ? undefined : types[name];
    if (name !== undefined && type !== undefined) {
      reached.set(name, type);
      open.push(type);
    }
    open.push(...Object.values(value));
  }
  const root = typeof schema === 'boolean' ? { allOf: [schema] } : schema;
  const $defs = Object.fromEntries([...reached].sort(([a], [b]) => a.localeCompare(b)));
  return { $schema: DIALECT, ...root, ...(reached.size > 0 && { $defs }) };
}

function refName(value: object): string | undefined {
  const ref = (value as { $ref?: unknown }).$ref;
  return typeof ref === 'string' && ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : undefined;
}
