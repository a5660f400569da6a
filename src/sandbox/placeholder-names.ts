/** Values with placeholders and the names that are filled come in, the placeholders that nothing fills come out. */
import type { ProblemCode } from '../definition/problem.ts';
import { parseTemplate, placeholderNames } from '../definition/template.ts';

export interface PlaceholderProblem {
  readonly path: readonly (string | number)[];
  readonly code: ProblemCode;
  readonly message: string;
}

/** Names of placeholders; one with a `*` at its end stands for all that begin so. Undefined: every name. */
export type Names = readonly string[] | undefined;

/** The names that an entity leaves when it is given a name itself. */
export const namesOf = (name: string): string[] => [name, `${name}Id`, `${name}Ids`, `${name}_*`];

/** Looks into values of any depth. */
export function problemsIn(
  path: readonly (string | number)[],
  value: unknown,
  names: Names,
): PlaceholderProblem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => problemsIn([...path, index], item, names));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => problemsIn([...path, key], item, names));
  if (typeof value !== 'string') return [];
  const { template, problems } = parseTemplate(value);
  const unknown = placeholderNames(template).filter((name) => names !== undefined && !isAmong(name, names));
  return [
    ...problems.map(({ code, message }) => ({ path, code, message })),
    ...unknown.map((name) => unfilled(path, name, names)),
  ];
}

/** A placeholder's bare name, as conditions have it. */
export function problemsOfName(
  path: PlaceholderProblem['path'],
  name: string,
  names: Names,
): PlaceholderProblem[] {
  return names === undefined || isAmong(name, names) ? [] : [unfilled(path, name, names)];
}

const isAmong = (name: string, names: readonly string[]) =>
  names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name));

const unfilled = (path: PlaceholderProblem['path'], name: string, names: Names): PlaceholderProblem => ({
  path,
  code: 'definition.unknown-placeholder',
  message: `nothing fills {{${name}}} here: there are ${(names ?? []).join(', ')}`,
});
