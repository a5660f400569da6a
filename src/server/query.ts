/** The query string comes in; the values that a route declares go out, typed and checked. */
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, type InputProblem } from '../errors.ts';

export interface QueryParameter {
  readonly type: 'text' | 'integer' | 'boolean';
  readonly description: string;
  readonly values?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export type QuerySpec = Readonly<Record<string, QueryParameter>>;
export type QueryValues = Readonly<Record<string, string | number | boolean>>;
export type RawQuery = Readonly<Record<string, unknown>>;

/** Reads what is declared; names whatever their case. Throws `input.invalid` with all problems, unknown names among them. */
export function readQuery(spec: QuerySpec, raw: RawQuery): QueryValues {
  const values: Record<string, string | number | boolean> = {};
  const problems: InputProblem[] = [];
  for (const [given, text] of Object.entries(raw)) {
    const name = Object.keys(spec).find((known) => known.toLowerCase() === given.toLowerCase());
    const parameter = name === undefined ? undefined : spec[name];
    if (name === undefined || !parameter) {
      problems.push(unknownName(given, Object.keys(spec)));
      continue;
    }
    const read =
      typeof text === 'string' ? readValue(parameter, text) : { problem: 'is given more than once' };
    if ('problem' in read) problems.push({ path: name, message: read.problem });
    else values[name] = read.value;
  }
  if (problems.length > 0)
    throw new FishplateError(
      'input.invalid',
      `Query: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
      { problems },
    );
  return values;
}

function unknownName(path: string, known: readonly string[]): InputProblem {
  const near = didYouMean(path, known);
  const all = known.length > 0 ? `there are ${known.join(', ')}` : 'there are none';
  return { path, message: 'is no query parameter of this path', hint: near ?? all };
}

type Read = { readonly value: string | number | boolean } | { readonly problem: string };

function readValue(parameter: QueryParameter, text: string): Read {
  if (parameter.type === 'boolean') {
    if (/^(?:true|1)$/i.test(text)) return { value: true };
    return /^(?:false|0)$/i.test(text) ? { value: false } : { problem: 'must be true or false' };
  }
  if (parameter.type === 'integer') return readInteger(parameter, text);
  const { values } = parameter;
  if (!values) return { value: text };
  const found = values.find((value) => value.toLowerCase() === text.toLowerCase());
  return found === undefined ? { problem: `must be one of ${values.join(', ')}` } : { value: found };
}

function readInteger({ minimum = 0, maximum }: QueryParameter, text: string): Read {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < minimum || (maximum !== undefined && value > maximum))
    return {
      problem: `must be a whole number ${maximum === undefined ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`}`,
    };
  return { value };
}

/** A declared text; undefined when it is not given or empty. */
export function queryText(query: QueryValues, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A declared text that is a date and time, in milliseconds since the epoch. Throws `input.invalid` when it is none. */
export function queryTime(query: QueryValues, name: string): number | undefined {
  const text = queryText(query, name);
  if (text === undefined) return undefined;
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return time;
  const problem = { path: name, message: 'must be a date and time such as 2026-01-31T09:30:00Z' };
  throw new FishplateError('input.invalid', `Query: ${name} ${problem.message}`, { problems: [problem] });
}

// With its zone: without one it would be read by the clock of whatever machine we run on.
const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;
