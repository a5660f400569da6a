/** A method and what a caller gives for it come in; every problem, by name, goes out - before anything is sent. */
import type { Connector, JsonSchema, Method, Parameter } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { LONE_SURROGATE } from '../definition/template.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { createSchemaChecker, type SchemaChecker } from '../schema.ts';
import { textOfParameter } from './url.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** An argument by name; undefined when it was not given. Names are the vendor's: one may be called `toString`. */
export function argumentOf(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

export interface ArgumentChecker {
  /** Throws `arguments.invalid` with all problems at once. `undefined` counts as not given. */
  assert(method: Method, args: Arguments): void;
  problems(method: Method, args: Arguments): InputProblem[];
}

/** Creates the checker of one connector. Schemas are compiled on first use and kept as long as the checker. */
export function createArgumentChecker(connector: Connector): ArgumentChecker {
  const checker = createSchemaChecker(connector.types);
  const bodies = new Map<string, JsonSchema>();
  const bodySchema = (method: Method): JsonSchema => {
    let schema = bodies.get(method.key);
    if (schema === undefined) {
      schema =
        method.body?.closed === true ? closedSchema(method.body.schema) : (method.body?.schema ?? true);
      bodies.set(method.key, schema);
    }
    return schema;
  };
  const problems: ArgumentChecker['problems'] = (method, args) => [
    ...unknownArguments(method, args),
    ...parameterProblems(checker, method, args),
    ...bodyProblems(checker, connector, method, argumentOf(args, 'body'), bodySchema(method)),
  ];
  return {
    problems,
    assert: (method, args) => {
      const found = problems(method, args);
      if (found.length === 0) return;
      const list = found.map((problem) => `${problem.path} ${problem.message}`).join('; ');
      throw new FishplateError('arguments.invalid', `${method.key}: ${list}`, { problems: found });
    },
  };
}

function unknownArguments(method: Method, args: Arguments): InputProblem[] {
  const known = [...Object.keys(method.parameters), ...(method.body ? ['body'] : [])];
  return Object.keys(args)
    .filter((name) => args[name] !== undefined && !known.includes(name))
    .map((name) => {
      const hint = didYouMean(name, known) ?? `known are: ${known.join(', ') || 'none'}`;
      return { path: name, message: 'is not known here', hint };
    });
}

function parameterProblems(checker: SchemaChecker, method: Method, args: Arguments): InputProblem[] {
  return Object.values(method.parameters).flatMap((parameter): InputProblem[] => {
    const value = argumentOf(args, parameter.name);
    if (value === undefined)
      return parameter.required ? [{ path: parameter.name, message: 'is missing' }] : [];
    const found = checker
      .check(parameter.schema, value)
      .map((problem) => ({ ...problem, path: joinPath(parameter.name, problem.path) }));
    const fault = found.length > 0 ? undefined : textFault(parameter.in, textOfParameter(value));
    if (fault !== undefined) return [{ path: parameter.name, message: fault }];
    return found;
  });
}

/** What keeps a value's text from its place, whatever its schema says; undefined when nothing does. */
function textFault(place: Parameter['in'], text: string): string | undefined {
  if (place === 'header')
    return /[^\t\x20-\x7e]/.test(text) ? 'holds characters that no header may carry' : undefined;
  if (LONE_SURROGATE.test(text)) return 'holds half a character (an unpaired surrogate)';
  if (place === 'path' && text === '') return 'cannot be empty';
  return place === 'path' && (text === '.' || text === '..') ? `cannot be "${text}"` : undefined;
}

function bodyProblems(
  checker: SchemaChecker,
  connector: Connector,
  method: Method,
  body: unknown,
  schema: JsonSchema,
): InputProblem[] {
  if (!method.body) return [];
  if (body === undefined) return method.body.required ? [{ path: 'body', message: 'is missing' }] : [];
  return checker.check(schema, body).map((problem) => {
    const unknown = problem.message === 'is not known here' ? problem.path.split('.').at(-1) : undefined;
    const hint =
      unknown === undefined ? undefined : didYouMean(unknown, propertyNames(schema, connector.types));
    return { ...problem, path: joinPath('body', problem.path), ...(hint !== undefined && { hint }) };
  });
}

/** The schema that also refuses fields it does not know, wherever they may be declared below it. */
function closedSchema(schema: JsonSchema): JsonSchema {
  return { allOf: [schema], unevaluatedProperties: false };
}

/** Names of the properties that a schema declares at its top, through references and compositions. */
export function propertyNames(
  schema: unknown,
  types: Readonly<Record<string, unknown>>,
  seen = new Set<unknown>(),
): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const { $ref, properties, allOf, anyOf, oneOf } = schema as Record<string, unknown>;
  const target = typeof $ref === 'string' ? types[$ref.replace('#/$defs/', '')] : undefined;
  const parts = [target, ...[allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []))];
  return [
    ...Object.keys((properties as object | undefined) ?? {}),
    ...parts.flatMap((part) => propertyNames(part, types, seen)),
  ];
}

const joinPath = (head: string, rest: string) => (rest === '' ? head : `${head}.${rest}`);

/**
 * Reads texts as what a parameter's schema asks for, for callers that only have texts (command lines, query strings):
 * numbers, booleans, comma-separated lists. What may be a text stays one, and what does not fit is left as it is, for the check to name.
 */
export function coerceText(schema: JsonSchema, text: string): unknown {
  const type = typeof schema === 'object' ? schema.type : undefined;
  const types = [type].flat();
  if (types.includes('string')) return text;
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?$/.test(text)) {
    // A number that would lose digits stays a text, so that the check names it.
    const number = Number(text);
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
  }
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  if (types.includes('array')) {
    const items = (schema as { items?: JsonSchema }).items ?? true;
    return text === '' ? [] : text.split(',').map((item) => coerceText(items, item));
  }
  return text;
}
