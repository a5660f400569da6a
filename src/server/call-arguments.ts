/** The body of a method call as the partner API has it comes in; arguments by name and settings go out. */
import type { Connector, Method, Parameter } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { findSetting } from '../installation/credentials-paste.ts';
import type { Arguments } from '../runtime-contract.ts';
import { buildBody, type Placed } from './field-body.ts';
import { describeValue, type Field, flattenSchema, parseLocation } from './fields.ts';
import { fieldId } from './method-view.ts';
import { fromText } from './texts.ts';

/** Values by name or id; clients send null for a group that they do not use. */
type Group = Readonly<Record<string, unknown>> | null;

/** A checked method-call.schema.json. */
export interface MethodCall {
  /** By integer id or by name. */
  readonly Parameters?: Group;
  /** Like Parameters, for those in the path. */
  readonly Mergefields?: Group;
  /** Parts of the request body, by integer id or by location. */
  readonly Fields?: Group;
  /** The whole request body. */
  readonly Body?: unknown;
  /** Values for settings that a call may override, by key or label. */
  readonly Settings?: Group;
  /** The body holds only what changes. Booleans may be written as texts, as older clients do. */
  readonly Merge?: boolean | string | null;
  readonly Strict?: boolean | string | null;
}

export interface CallArguments {
  readonly args: Arguments;
  readonly settings: Readonly<Record<string, string>>;
  readonly merge: boolean;
  readonly strict: boolean;
}

/** Nothing more is looked at once this many problems are known: somebody has to read them. */
const MOST_PROBLEMS = 1_000;

/** What was read so far, and what was wrong with it. */
interface Reading {
  readonly args: Record<string, unknown>;
  readonly problems: InputProblem[];
}

/** Reads a method call. Throws `arguments.invalid` with every unknown id or name, before anything is sent. */
export function readCallArguments(connector: Connector, method: Method, call: MethodCall): CallArguments {
  const reading: Reading = { args: {}, problems: [] };
  const { args, problems } = reading;
  const all = Object.values(method.parameters);
  const inPath = all.filter((parameter) => parameter.in === 'path');
  readParameters(
    connector,
    { name: 'Parameters', given: call.Parameters ?? {}, known: all, method },
    reading,
  );
  const merge = { name: 'Mergefields', given: call.Mergefields ?? {}, known: inPath, method };
  readParameters(connector, merge, reading);
  const body = readBody(connector, method, call, problems);
  if (body !== undefined) args.body = body;
  const settings = readSettings(connector, call.Settings ?? {}, problems);
  const isMerged = readYes('Merge', call.Merge, problems);
  const strict = readYes('Strict', call.Strict, problems);
  if (problems.length > 0) {
    const list = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    throw new FishplateError('arguments.invalid', `${method.key}: ${list}`, { problems });
  }
  return { args, settings, merge: isMerged, strict };
}

/** A word that is neither is refused: taken for "no", a body with the fields to change would replace all others. */
function readYes(
  path: string,
  given: boolean | string | null | undefined,
  problems: InputProblem[],
): boolean {
  const value = fromText(given ?? false, ['boolean']);
  if (typeof value === 'boolean') return value;
  problems.push({ path, message: 'must be true or false' });
  return false;
}

interface ParameterGroup {
  readonly name: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly known: readonly Parameter[];
  readonly method: Method;
}

function readParameters(
  connector: Connector,
  { name: group, given, known, method }: ParameterGroup,
  to: Reading,
): void {
  let inBody: ReadonlySet<string> | undefined;
  for (const [key, value] of Object.entries(given)) {
    if (to.problems.length >= MOST_PROBLEMS) return;
    const parameter = findParameter(known, key);
    const path = `${group}.${key}`;
    if (!parameter) {
      const names = known.map(({ name }) => name);
      inBody ??= new Set(flattenSchema(method.body?.schema, connector.types).map(({ location }) => location));
      const hint = inBody.has(key)
        ? 'it is a field of the body: give it in Body, on the command line in --body'
        : (didYouMean(key, names) ?? `known are: ${names.join(', ') || 'none'}`);
      to.problems.push({ path, message: 'is not known here', hint });
    } else if (Object.hasOwn(to.args, parameter.name)) {
      to.problems.push({ path, message: `gives ${parameter.name} a second time` });
    } else {
      to.args[parameter.name] = argumentOf(connector, parameter, value);
    }
  }
}

function findParameter(known: readonly Parameter[], key: string): Parameter | undefined {
  const wanted = key.toLowerCase();
  return (
    known.find(({ id, name }) => String(id) === key || name === key) ??
    known.find(({ name }) => name.toLowerCase() === wanted)
  );
}

/** A single value given for a list is a list of one, as it is in a query string. */
function argumentOf(connector: Connector, parameter: Parameter, value: unknown): unknown {
  const { types, itemTypes } = describeValue(parameter.schema, connector.types);
  if (!types.includes('array') || types.includes('string')) return fromText(value, types);
  return fromText(typeof value === 'string' ? [value] : value, itemTypes);
}

function readBody(connector: Connector, method: Method, call: MethodCall, problems: InputProblem[]): unknown {
  const given = Object.entries(call.Fields ?? {});
  if (call.Body !== undefined && given.length > 0) {
    problems.push({ path: 'Fields', message: 'cannot be given together with Body' });
    return undefined;
  }
  if (call.Body !== undefined) return call.Body;
  // Clients send `Fields: {}` with every call; for a method that needs a body it is an empty one.
  if (given.length === 0) return call.Fields && method.body?.required ? {} : undefined;
  if (!method.body) {
    problems.push({ path: 'Fields', message: 'must be empty: this method has no request body' });
    return undefined;
  }
  return readFields(connector, method, given, problems);
}

function readFields(
  connector: Connector,
  method: Method,
  given: readonly [string, unknown][],
  problems: InputProblem[],
): unknown {
  const fields = flattenSchema(method.body?.schema, connector.types);
  const known = new Map(
    fields.flatMap((field) => [
      [field.location, field] as const,
      [String(fieldId(connector, method, 'request', field.location)), field] as const,
    ]),
  );
  const placed: Placed[] = [];
  for (const [key, value] of given) {
    if (problems.length >= MOST_PROBLEMS) return undefined;
    const field = known.get(key);
    const segments = field?.segments ?? (/^\d+$/.test(key) ? undefined : parseLocation(key));
    if (segments) placed.push({ segments, value: field ? fromText(value, field.types) : value });
    else problems.push(unknownField(key, fields));
  }
  const built = buildBody(placed);
  if ('body' in built) return built.body;
  problems.push({ path: `Fields.${built.clash}`, message: 'cannot be set together with the other fields' });
  return undefined;
}

function unknownField(key: string, fields: readonly Field[]): InputProblem {
  const hint = didYouMean(
    key,
    fields.map(({ location }) => location),
  );
  return { path: `Fields.${key}`, message: 'is not known here', ...(hint !== undefined && { hint }) };
}

function readSettings(
  connector: Connector,
  given: Readonly<Record<string, unknown>>,
  problems: InputProblem[],
): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (problems.length >= MOST_PROBLEMS) break;
    const setting = findSetting(connector, key);
    const path = `Settings.${key}`;
    if (!setting) problems.push({ path, message: 'is not a setting of this connector' });
    else if (setting.overridable !== 'call')
      problems.push({ path, message: 'cannot be changed for a single call' });
    else if (typeof value !== 'string') problems.push({ path, message: 'must be a text' });
    else settings[setting.key] = value;
  }
  return settings;
}
