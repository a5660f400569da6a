/** A query string comes in, values by parameter name with their types go out, or a refusal that names what is wrong. */
import type { JsonSchema, Method, Parameter } from '../definition/connector.ts';
import type { InputProblem } from '../errors.ts';
import type { SchemaChecker } from '../schema.ts';
import { Refusal } from './refusal.ts';
import { shapeOf, type Types } from './schema-shape.ts';

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
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  const problems: InputProblem[] = [];
  for (const parameter of Object.values(method.parameters)) {
    const texts = textsOf(parameter, query, headers, types);
    if (texts === undefined) continue;
    if (texts.length === 0) {
      if (parameter.required) problems.push({ path: parameter.name, message: 'is missing' });
      continue;
    }
    const value =
      parameter.encode === 'json'
        ? readJson(texts)
        : readValue(dated(parameter, texts), parameter.schema, types);
    values[parameter.name] = value;
    for (const { path, message } of checker.check(parameter.schema, value))
      problems.push({ path: path === '' ? parameter.name : `${parameter.name}.${path}`, message });
  }
  if (problems.length > 0)
    throw new Refusal('badQuery', problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  return values;
}

/** The texts given for a parameter; undefined when it has its place in the path. */
function textsOf(
  parameter: Parameter,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | undefined>>,
  types: Types,
): string[] | undefined {
  if (parameter.in === 'path') return undefined;
  const given =
    parameter.in === 'query' ? query.getAll(parameter.name) : [headers[parameter.name.toLowerCase()] ?? ''];
  const isList = shapeOf(parameter.schema, types).type === 'array';
  if (parameter.encode === 'json' || parameter.dates) return given.filter((text) => text !== '');
  const texts = isList && parameter.arrays !== 'repeat' ? given.flatMap((text) => text.split(',')) : given;
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
