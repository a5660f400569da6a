/** Rows come in; those that refer to something the vendor does not know come out as problems. */
import type { StrictCheck } from './definition/connector.ts';
import type { InputProblem } from './errors.ts';
import type { Arguments } from './request/arguments.ts';
import { valueAt } from './response/read.ts';
import type { MethodResult } from './runtime-contract.ts';

/**
 * Looks up the values of a field of all rows, as many at once as the check allows, over all pages. `itemsName` is the
 * list's name in the body, for the problems' paths.
 */
export async function unknownReferences(
  check: StrictCheck,
  itemsName: string,
  rows: readonly unknown[],
  pages: (args: Arguments) => AsyncIterable<MethodResult>,
): Promise<InputProblem[]> {
  const wanted = [...new Set(rows.map((row) => valueAt(row, check.field)))].filter(
    (value) => typeof value === 'string',
  );
  const found = new Set<unknown>();
  for (let start = 0; start < wanted.length; start += check.maximum) {
    const values = wanted.slice(start, start + check.maximum);
    for await (const { page } of pages({ [check.parameter]: values })) {
      for (const item of page?.items ?? []) found.add(valueAt(item, check.found));
    }
  }
  return rows.flatMap((row, index): InputProblem[] => {
    const value = valueAt(row, check.field);
    if (typeof value !== 'string' || found.has(value)) return [];
    return [
      { path: `body.${itemsName}.${index}.${check.field}`, message: `"${value}" is not known to the vendor` },
    ];
  });
}
