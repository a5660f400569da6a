/** The JSON Schema of a body comes in; what the form library needs to show it well goes out. Pure. */
import type { ErrorSchema, RJSFSchema, UiSchema } from '@rjsf/utils';
import type { ApiProblem } from '../../api/api-error.ts';
import type { JsonSchema } from '../../api/methods.ts';
import type { FormData } from '../../form/form.tsx';

type Group = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each branch of a union gets a title, so that a person can choose; nothing else changes. */
export function withTitles(schema: JsonSchema): RJSFSchema {
  const defs = isGroup(schema.$defs) ? schema.$defs : {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isGroup(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const isUnion = (key === 'anyOf' || key === 'oneOf') && Array.isArray(inner);
        return [key, isUnion ? inner.map((branch) => titled(visit(branch), defs)) : visit(inner)];
      }),
    );
  };
  return visit(schema) as RJSFSchema;
}

function titled(branch: unknown, defs: Group): unknown {
  if (!isGroup(branch) || branch.title !== undefined) return branch;
  const title = titleOf(branch, defs);
  return title === undefined ? branch : { ...branch, title };
}

/** What it is called, what tells it from the others, or what it is. */
function titleOf(branch: Group, defs: Group): string | undefined {
  const name = nameIn(branch.$ref);
  const target = name === undefined ? branch : defs[name];
  if (isGroup(target) && typeof target.title === 'string') return target.title;
  if (name !== undefined) return wordsOf(name.replace(/Request$/, ''));
  if (branch.const !== undefined) return String(branch.const);
  return typeof branch.type === 'string' ? branch.type : undefined;
}

const nameIn = (ref: unknown): string | undefined =>
  typeof ref === 'string' && ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : undefined;

/** "S3ExportDestination" is "S3 Export Destination". */
const wordsOf = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');

/** Whether there is anything to fill in but JSON: a named field, or a choice. */
export function hasFields(schema: JsonSchema): boolean {
  const defs = isGroup(schema.$defs) ? schema.$defs : {};
  const look = (value: unknown, depth: number): boolean => {
    if (!isGroup(value) || depth > 16) return false;
    if (isGroup(value.properties) && Object.keys(value.properties).length > 0) return true;
    const name = nameIn(value.$ref);
    const inner = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (Array.isArray(value[key]) ? value[key] : []));
    return [...(name === undefined ? [] : [defs[name]]), ...inner].some((one) => look(one, depth + 1));
  };
  return look(schema, 0);
}

/** The schema of an object without some of its own fields, wherever they are declared. */
export function withoutFields(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const defs = isGroup(schema.$defs) ? schema.$defs : {};
  const visit = (value: Group, depth: number): Group => {
    const name = nameIn(value.$ref);
    const target = name === undefined ? undefined : defs[name];
    if (isGroup(target) && depth < 16) {
      const { $ref: _, ...rest } = value;
      return visit({ ...target, ...rest }, depth + 1);
    }
    return {
      ...value,
      ...(isGroup(value.properties) && {
        properties: Object.fromEntries(
          Object.entries(value.properties).filter(([field]) => !names.includes(field)),
        ),
      }),
      ...(Array.isArray(value.required) && {
        required: value.required.filter((field) => !names.includes(String(field))),
      }),
      ...(Array.isArray(value.allOf) && {
        allOf: value.allOf.map((part) => (isGroup(part) ? visit(part, depth + 1) : part)),
      }),
    };
  };
  return visit(schema, 0);
}

/** Hides what is typed into the secrets of a body. Paths as in connector-method.schema.json. */
export function hidingUi(paths: readonly string[]): UiSchema {
  const ui: Record<string, unknown> = {};
  for (const path of paths) {
    let at = ui;
    for (const step of path
      .split('.')
      .flatMap((one) => (one.endsWith('[]') ? [one.slice(0, -2), 'items'] : [one]))) {
      if (step === '') continue;
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at['ui:widget'] = 'password';
  }
  return ui;
}

/** Errors by field, in the form library's shape. */
export type FieldErrors = ErrorSchema<FormData>;

export interface SortedProblems {
  readonly parameters: FieldErrors;
  readonly body: FieldErrors;
  /** Those that belong to neither form. */
  readonly others: readonly ApiProblem[];
}

/** The API's problems by form and field: `Parameters.id` and `id` are parameters, what begins with `body.` is of the body. */
export function sortProblems(
  problems: readonly ApiProblem[],
  parameters: readonly string[],
  hasBodyForm: boolean,
): SortedProblems {
  const sorted = { parameters: {}, body: {}, others: [] as ApiProblem[] };
  for (const problem of problems) {
    const path = problem.path.split('.');
    if (path[0] === 'Parameters') path.shift();
    if (path[0] === 'body' && path.length > 1 && hasBodyForm) addError(sorted.body, path.slice(1), problem);
    else if (parameters.includes(path[0] ?? '')) addError(sorted.parameters, path.slice(0, 1), problem);
    else sorted.others.push(problem);
  }
  return sorted;
}

function addError(to: Record<string, unknown>, path: readonly string[], { message, hint }: ApiProblem): void {
  let at = to;
  for (const name of path) {
    at[name] ??= {};
    at = at[name] as Record<string, unknown>;
  }
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  at.__errors = [
    ...((at.__errors as string[] | undefined) ?? []),
    hint === undefined ? text : `${text} - ${hint}`,
  ];
}
