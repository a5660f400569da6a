/** A JSON value and a path, as definitions write them, come in; what stands there, or what is wrong with the path, goes out. */

/**
 * The steps of a path. Dots part them; a name that has a dot is written with a backslash before it (`@odata\.nextLink`).
 * The empty path has none: it is the whole.
 */
export function stepsOf(path: string): string[] {
  if (path === '') return [];
  if (!path.includes('\\')) return path.split('.');
  const steps = [''];
  for (const [, escaped, plain = ''] of path.matchAll(/\\(.?)|([^\\])/gsu)) {
    if (escaped === undefined && plain === '.') steps.push('');
    else steps.push(`${steps.pop() ?? ''}${escaped ?? plain}`);
  }
  return steps;
}

/** Steps as a path. */
export const joinSteps = (steps: readonly string[]): string =>
  steps.map((step) => step.replace(/[\\.]/g, '\\$&')).join('.');

/** Whether a step can be the place of an item in a list, counted from 0. */
export const isIndex = (step: string): boolean => /^(?:0|[1-9]\d*)$/.test(step);

/** What stands at a path: whole numbers step into lists, from 0. Undefined when there is nothing. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of stepsOf(path)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    // Lists have a length of their own, which is no part of the JSON.
    if (Array.isArray(here) && !isIndex(step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}

/** A copy with something put at a path; what is missing on the way is made, a list where the step is a number. */
export function withValueAt(value: unknown, path: string, put: unknown): unknown {
  return putAt(value, stepsOf(path), put);
}

function putAt(value: unknown, [step, ...rest]: readonly string[], put: unknown): unknown {
  if (step === undefined) return put;
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isIndex(step) && !isRecord) {
    const list = Array.isArray(value) ? [...value] : [];
    list[Number(step)] = putAt(list[Number(step)], rest, put);
    return Array.from(list, (item) => item ?? null);
  }
  const record = (isRecord ? value : {}) as Readonly<Record<string, unknown>>;
  return { ...record, [step]: putAt(Object.hasOwn(record, step) ? record[step] : undefined, rest, put) };
}

export interface PathFault {
  readonly message: string;
  readonly hint: string;
}

/** Why nothing can ever stand at a path; undefined when something can. */
export function pathFault(path: string): PathFault | undefined {
  for (const step of stepsOf(path)) {
    if (step === '')
      return { message: `"${path}" has an empty step`, hint: 'steps are parted by single dots: data.items' };
    if (/^-\d+$/.test(step))
      return {
        message: `"${path}" counts from the end with ${step}, which paths cannot`,
        hint: 'items are counted from 0; where the next page begins after the last item, write next: { lastItem: id }',
      };
    if (/^\$$|\[(?:\d*|\*|-\d+|'[^']*'|"[^"]*")\]$|^\*$/.test(step) || /^\/./.test(path))
      return {
        message: `"${path}" is another path language`,
        hint: 'paths are names parted by dots, with numbers for the items of a list: data.0.id',
      };
  }
  return undefined;
}
