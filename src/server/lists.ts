/** A list and a query come in; the page that was asked for goes out, and the query parameters that every list takes. */
import type { QuerySpec, QueryValues } from './query.ts';

/** Of lists that can grow without end. */
export const USUAL_PAGE_SIZE = 100;
export const MOST_PAGE_SIZE = 1_000;

const page = {
  page: { type: 'integer', minimum: 1, description: 'Which page, from 1.' },
  pageSize: {
    type: 'integer',
    minimum: 1,
    maximum: MOST_PAGE_SIZE,
    description: 'How many in a page.',
  },
} as const satisfies QuerySpec;

/** The parameters of a list that can be sorted by these columns; the first is the usual one. */
export function listQuery(columns: readonly string[]): QuerySpec {
  return {
    ...page,
    orderBy: { type: 'text', values: columns, description: `Sort by this; ${columns[0]} when left out.` },
    sortOrderAsc: { type: 'boolean', description: 'False sorts downwards.' },
  };
}

/** The parameters of a list that comes newest first. */
export const newestFirstQuery: QuerySpec = {
  ...page,
  limit: {
    type: 'integer',
    minimum: 1,
    maximum: MOST_PAGE_SIZE,
    description: 'The same as pageSize.',
  },
};

/** Limit and offset for a store. */
export function sliceOf(query: QueryValues): { limit: number; offset: number } {
  const limit = Number(query.pageSize ?? query.limit ?? USUAL_PAGE_SIZE);
  return { limit, offset: (Number(query.page ?? 1) - 1) * limit };
}

export const isDescending = (query: QueryValues): boolean => query.sortOrderAsc === false;

/**
 * Sorts and pages descriptions that are all at hand. Such lists are short enough to come whole when no page is asked
 * for. Equal entries keep their order; texts are compared without case.
 */
export function sortAndPage<T extends Readonly<Record<string, unknown>>>(
  items: readonly T[],
  query: QueryValues,
  usualColumn: string,
): T[] {
  const column = String(query.orderBy ?? usualColumn);
  const sign = isDescending(query) ? -1 : 1;
  const sorted = [...items].sort((a, b) => sign * compare(a[column], b[column]));
  if (query.page === undefined && query.pageSize === undefined) return sorted;
  const { limit, offset } = sliceOf(query);
  return sorted.slice(offset, offset + limit);
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a ?? '').toLowerCase(), String(b ?? '').toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
