/** A method and what a caller gives for it come in; every problem, by name, goes out - before anything is sent. */
import type { Connector, JsonSchema, Method, Parameter } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { LONE_SURROGATE } from '../definition/template.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { createSchemaChecker, type SchemaChecker } from '../schema.ts';
import { nameFault, type SchemaFault } from '../schema-faults.ts';
import { closeBody, closeTypes } from './closed-body.ts';
import { propertyNamesAt } from './property-names.ts';
import { encodeArgument, textOfParameter } from './url.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** An argument by name; undefined when it was not given. Names are the vendor's: one may be called `toString`. */
export function argumentOf(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

export interface ArgumentChecker {
  /** Throws `arguments.invalid` with all problems at once. `undefined` counts as not given. */
  assert(method: Method, args: Arguments): void;
  problems(method: Method, args: Arguments): InputProblem[];
  /** Paths of the fields of a body that the method does not know, at any depth; none where the body is open. */
  unknownFields(method: Method, body: unknown): string[][];
}

/** Creates the checker of one connector. Schemas are compiled on first use and kept as long as the checker. */
export function createArgumentChecker(connector: Connector): ArgumentChecker {
  const checker = createSchemaChecker(connector.types);
  const bodies = createBodyChecker(connector);
  const plans = new WeakMap<Method, readonly Parameter[]>();
  const parametersOf = (method: Method): readonly Parameter[] => {
    let plan = plans.get(method);
    if (!plan) {
      plan = Object.values(method.parameters);
      plans.set(method, plan);
    }
    return plan;
  };
  const problems: ArgumentChecker['problems'] = (method, args) => {
    const found: InputProblem[] = [];
    for (const name of Object.keys(args))
      if (args[name] !== undefined && !isKnown(method, name)) found.push(unknownArgument(method, name));
    for (const parameter of parametersOf(method)) addProblems(checker, parameter, args, found);
    addBodyProblems(bodies, connector, method, argumentOf(args, 'body'), found);
    return found;
  };
  return {
    problems,
    unknownFields: (method, body) =>
      bodies(method, body).flatMap((fault) =>
        isUnknown(fault) && fault.property !== undefined ? [[...fault.path, fault.property]] : [],
      ),
    assert: (method, args) => {
      const found = problems(method, args);
      if (found.length === 0) return;
      const list = found.map((problem) => `${problem.path} ${problem.message}`).join('; ');
      throw new FishplateError('arguments.invalid', `${method.key}: ${list}`, { problems: found });
    },
  };
}

/** One checker for each connector, made when it is first needed. */
export function createArgumentCheckers(): (connector: Connector) => ArgumentChecker {
  const checkers = new WeakMap<Connector, ArgumentChecker>();
  return (connector) => {
    let checker = checkers.get(connector);
    if (!checker) {
      checker = createArgumentChecker(connector);
      checkers.set(connector, checker);
    }
    return checker;
  };
}

type BodyChecker = (method: Method, body: unknown) => readonly SchemaFault[];

/** Checks bodies against their schemas, closed ones at every depth. */
function createBodyChecker(connector: Connector): BodyChecker {
  const open = createSchemaChecker(connector.types);
  const closed = createSchemaChecker(closeTypes(connector.types));
  const schemas = new Map<string, JsonSchema>();
  return (method, body) => {
    if (!method.body) return [];
    if (!method.body.closed) return open.checkOf(method.body.schema)(body);
    const schema = schemas.get(method.key) ?? closeBody(method.body.schema, connector.types);
    schemas.set(method.key, schema);
    return dropEchoes(closed.checkOf(schema)(body), method.body.schema, connector);
  };
}

const isUnknown = ({ keyword }: SchemaFault) => /^(additional|unevaluated)Properties$/.test(keyword);

/** A branch that fails declares nothing, so its fields seem unknown beside the fault that they only follow from. */
function dropEchoes(faults: SchemaFault[], schema: JsonSchema, { types }: Connector): SchemaFault[] {
  return faults.filter((fault) => {
    if (!isUnknown(fault) || fault.property === undefined) return true;
    const isEcho = faults.some(
      (other) =>
        (!isUnknown(other) || other.path.length > fault.path.length) &&
        fault.path.every((name, index) => other.path[index] === name),
    );
    return !isEcho || !propertyNamesAt(schema, types, fault.path).includes(fault.property);
  });
}

const isKnown = (method: Method, name: string) =>
  Object.hasOwn(method.parameters, name) || (name === 'body' && method.body !== undefined);

function unknownArgument(method: Method, name: string): InputProblem {
  const known = [...Object.keys(method.parameters), ...(method.body ? ['body'] : [])];
  const hint = didYouMean(name, known) ?? `known are: ${known.join(', ') || 'none'}`;
  return { path: name, message: 'is not known here', hint };
}

function addProblems(
  checker: SchemaChecker,
  parameter: Parameter,
  args: Arguments,
  to: InputProblem[],
): void {
  const { name, required, schema } = parameter;
  const value = argumentOf(args, name);
  if (value === undefined) {
    if (required) to.push({ path: name, message: 'is missing' });
    return;
  }
  const found = checker.check(schema, value);
  for (const problem of found) to.push({ ...problem, path: joinPath(name, problem.path) });
  if (found.length > 0) return;
  const fault = textFault(parameter.in, textOfParameter(encodeArgument(parameter, value)));
  if (fault !== undefined) to.push({ path: name, message: fault });
}

/** What keeps a value's text from its place, whatever its schema says; undefined when nothing does. */
function textFault(place: Parameter['in'], text: string): string | undefined {
  if (place === 'header')
    return /[^\t\x20-\x7e]/.test(text) ? 'holds characters that no header may carry' : undefined;
  if (LONE_SURROGATE.test(text)) return 'holds half a character (an unpaired surrogate)';
  if (place === 'path' && text === '') return 'cannot be empty';
  return place === 'path' && (text === '.' || text === '..') ? `cannot be "${text}"` : undefined;
}

function addBodyProblems(
  faultsOf: BodyChecker,
  connector: Connector,
  method: Method,
  body: unknown,
  to: InputProblem[],
): void {
  if (!method.body) return;
  const { required, schema } = method.body;
  if (body === undefined) {
    if (required) to.push({ path: 'body', message: 'is missing' });
    return;
  }
  for (const fault of faultsOf(method, body)) {
    const hint = isUnknown(fault) ? hintOfUnknown(fault, schema, connector) : undefined;
    const problem = nameFault(fault);
    to.push({ ...problem, path: joinPath('body', problem.path), ...(hint !== undefined && { hint }) });
  }
}

function hintOfUnknown(fault: SchemaFault, schema: JsonSchema, { types }: Connector): string | undefined {
  const { property = '', path } = fault;
  const names = propertyNamesAt(schema, types, path);
  return names.includes(property)
    ? 'it is known, but not beside the other fields given'
    : didYouMean(property, names);
}

const joinPath = (head: string, rest: string) => (rest === '' ? head : `${head}.${rest}`);

/**
 * Reads texts as what a parameter's schema asks for, for callers that only have texts (command lines, query strings):
 * numbers, booleans, comma-separated lists, objects in JSON. What may be a text stays one, and what does not fit is left as it is, for the check to name.
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
  if (types.includes('object') && text.startsWith('{')) return parseJson(text);
  if (types.includes('array')) {
    const items = (schema as { items?: JsonSchema }).items ?? true;
    return text === '' ? [] : text.split(',').map((item) => coerceText(items, item));
  }
  return text;
}

/** What is no JSON stays a text, for the check to name. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
