/** A query string comes in, values by parameter name with their types go out, or a refusal that names what is wrong. */
import type { JsonSchema, Method, Parameter } from '../definition/connector.ts';
import { joinSteps, valueAt, withValueAt } from '../definition/value-at.ts';
import type { InputProblem } from '../errors.ts';
import type { SchemaChecker } from '../schema.ts';
import { Refusal } from './refusal.ts';
import { schemaAt, shapeOf, type Types } from './schema-shape.ts';

/**
 * Reads the method's parameters. Lists may be joined by commas or repeated; empty values count as absent; parameters
 * that the method does not have are ignored. Throws the refusal badQuery.
 */
export function readQuery(
  method: Method,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | undefined>>,
  types: Types,
  checker: SchemaChecker,
  body?: unknown,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  const problems: InputProblem[] = [];
  for (const parameter of Object.values(method.parameters)) {
    const fields = fieldsOf(parameter, query, types, body);
    const texts = fields === undefined ? textsOf(parameter, query, headers, types) : ['fields'];
    if (texts === undefined) continue;
    if (texts.length === 0) {
      if (parameter.required) problems.push({ path: parameter.name, message: 'is missing' });
      continue;
    }
    const value =
      fields ??
      (parameter.encode === 'json'
        ? readJson(texts)
        : readValue(dated(parameter, texts), parameter.schema, types));
    values[parameter.name] = value;
    for (const { path, message } of checker.check(parameter.schema, value))
      problems.push({ path: path === '' ? parameter.name : `${parameter.name}.${path}`, message });
  }
  if (problems.length > 0)
    throw new Refusal('badQuery', problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  return values;
}

/** What a parameter has in the body, or in a query in brackets (`created[gte]=1`); undefined where it is a text, or not given. */
function fieldsOf(parameter: Parameter, query: URLSearchParams, types: Types, body: unknown): unknown {
  if (parameter.in === 'body') return valueAt(body, parameter.name);
  if (parameter.objects !== 'brackets' || parameter.in !== 'query') return undefined;
  const { name, wire = name, schema } = parameter;
  let found: unknown;
  for (const [key, text] of query) {
    if (!key.startsWith(`${wire}[`)) continue;
    const steps = [...key.slice(wire.length).matchAll(/\[([^\]]*)\]/g)].map(([, step = '']) => step);
    const inList = steps.at(-1) === '';
    const path = joinSteps(inList ? steps.slice(0, -1) : steps);
    const field = schemaAt(schema, inList ? [...steps.slice(0, -1), '[]'] : steps, types);
    const value = readScalar(text, shapeOf(field, types).type);
    found = withValueAt(found, path, inList ? [...[valueAt(found, path) ?? []].flat(), value] : value);
  }
  return found;
}

/** The texts given for a parameter; undefined when it has its place in the path. */
function textsOf(
  parameter: Parameter,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | undefined>>,
  types: Types,
): string[] | undefined {
  if (parameter.in === 'path' || parameter.in === 'body') return undefined;
  const { wire = parameter.name } = parameter;
  const given =
    parameter.in === 'query'
      ? [...query.getAll(wire), ...query.getAll(`${wire}[]`)]
      : [headers[wire.toLowerCase()] ?? ''];
  const isList = shapeOf(parameter.schema, types).type === 'array';
  if (parameter.encode === 'json' || parameter.dates) return given.filter((text) => text !== '');
  const isJoined = parameter.arrays !== 'repeat' && parameter.arrays !== 'brackets';
  const texts = isList && isJoined ? given.flatMap((text) => text.split(',')) : given;
  return texts.filter((text) => text !== '');
}

/** What is no JSON stays a text: the schema check then says so. */
function readJson(texts: readonly string[]): unknown {
  const text = texts.at(-1) ?? '';
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Dates as HTTP writes them, as JSON Schema knows them. */
function dated({ dates }: Parameter, texts: readonly string[]): readonly string[] {
  if (dates === undefined) return texts;
  return texts.map((text) => {
    const time = Date.parse(text);
    return Number.isNaN(time) || !text.endsWith('GMT') ? text : new Date(time).toISOString();
  });
}

function readValue(texts: readonly string[], schema: JsonSchema, types: Types): unknown {
  const shape = shapeOf(schema, types);
  if (shape.type !== 'array') return readScalar(texts.at(-1) ?? '', shape.type);
  const items = shapeOf(shape.keywords.items as JsonSchema | undefined, types);
  return texts.map((text) => readScalar(text, items.type));
}

/** Text that is not of the type is left as it is: the schema check then says so. */
export function readScalar(text: string, type: string | undefined): unknown {
  if ((type === 'integer' || type === 'number') && /^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
