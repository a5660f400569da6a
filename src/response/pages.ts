/** A page comes in; its items, and the arguments of the page after it, go out. */
import type { Method, Paging } from '../definition/connector.ts';
import { type Arguments, argumentOf } from '../request/arguments.ts';
import { valueAt } from './read.ts';

export interface Page {
  readonly items: readonly unknown[];
  /** Arguments of the next page; absent on the last. */
  readonly next?: Arguments;
}

/**
 * Reads a page. A vendor that answers one entity, or a bare list, where a page was due is taken at its word.
 * Tokens end with none. Offsets and page numbers end with an empty page, or where the answer says so - that this page is
 * the last, how many pages there are, how many items - and only where it says nothing of it with a page that is not full.
 */
export function readPage(method: Method, args: Arguments, body: unknown): Page | undefined {
  const { paging } = method;
  if (!paging) return undefined;
  const found = valueAt(body, paging.items);
  const items = itemsOf(paging, body, found);
  const next =
    paging.kind === 'token'
      ? nextByToken(method, body)
      : Array.isArray(found)
        ? nextByCount(method, args, items, body)
        : undefined;
  return { items, ...(next && { next: { ...args, ...next } }) };
}

function itemsOf(paging: Paging, body: unknown, found: unknown): readonly unknown[] {
  if (Array.isArray(found)) return found;
  if (found === null) return [];
  if (found !== undefined) return [found];
  if (Array.isArray(body)) return body;
  if (body === undefined || body === null) return [];
  // Some vendors leave an empty list out; what is left is still a page, not an entity.
  const isPage =
    typeof body === 'object' &&
    (Object.keys(body).length === 0 ||
      (paging.next !== undefined && valueAt(body, paging.next) !== undefined));
  return isPage ? [] : [body];
}

function nextByToken({ paging }: Method, body: unknown): Arguments | undefined {
  const token = paging?.next === undefined ? undefined : valueAt(body, paging.next);
  if (!paging || (typeof token !== 'string' && typeof token !== 'number') || token === '') return undefined;
  return { [paging.parameter]: String(token) };
}

function nextByCount(
  { paging }: Method,
  args: Arguments,
  items: readonly unknown[],
  body: unknown,
): Arguments | undefined {
  if (!paging || items.length === 0) return undefined;
  const asked = paging.size === undefined ? undefined : argumentOf(args, paging.size);
  const size = typeof asked === 'number' ? asked : paging.defaultSize;
  const current = argumentOf(args, paging.parameter);
  const here = typeof current === 'number' ? current : paging.first;
  const position = { here, size, count: items.length };
  if (toldLast(paging, body, position) ?? (size !== undefined && items.length < size)) return undefined;
  return { [paging.parameter]: paging.kind === 'offset' ? here + items.length : here + 1 };
}

interface Position {
  /** Offset or number of the page. */
  readonly here: number;
  readonly size: number | undefined;
  readonly count: number;
}

/** Whether the answer says that the page is the last; undefined when it says nothing of it. */
function toldLast(paging: Paging, body: unknown, { here, size, count }: Position): boolean | undefined {
  const { kind, first, last, pages, total, totalOverflow } = paging;
  const told = (path: string | undefined) => (path === undefined ? undefined : valueAt(body, path));
  const isLast = told(last);
  if (typeof isLast === 'boolean') return isLast;
  const pageCount = told(pages);
  if (kind === 'page' && typeof pageCount === 'number') return here - first + 1 >= pageCount;
  const itemCount = told(total);
  if (typeof itemCount !== 'number' || told(totalOverflow) === true) return undefined;
  if (kind === 'offset') return here - first + count >= itemCount;
  return size === undefined ? undefined : (here - first) * size + count >= itemCount;
}
