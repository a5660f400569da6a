/** A page comes in; its items, and the arguments of the page after it, go out. */
import type { Method, Paging } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { type Arguments, argumentOf } from '../request/arguments.ts';
import { type PageSource, readAddress } from '../request/next-page.ts';
import type { ListBounds } from './capped-list.ts';
import { nextOfLinks } from './link-header.ts';
import { valueAt } from './read.ts';

export interface Page extends ListBounds {
  readonly items: readonly unknown[];
  /** Arguments of the next page; absent on the last. */
  readonly next?: Arguments;
}

/** Where a page came from. Without it - in documentation, say - what headers and addresses tell of the next page is not read. */
export interface PageOrigin extends PageSource {
  /** Of the answer; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads a page. A vendor that answers one entity, or a bare list, where a page was due is taken at its word.
 * Tokens and links end with none. Offsets and page numbers end with an empty page, or where the answer says so - that this
 * page is the last, how many pages there are, how many items - and only where it says nothing of it with a page that is
 * not full. What says that there are more, or not, decides for all of them. Throws `pages.no-cursor` when there are more and
 * nothing says where, `pages.foreign-link`.
 */
export function readPage(
  method: Method,
  args: Arguments,
  body: unknown,
  origin?: PageOrigin,
): Page | undefined {
  const { paging } = method;
  if (!paging) return undefined;
  const found = valueAt(body, paging.items);
  const items = itemsOf(paging, body, found);
  const more = moreOf(paging, body);
  const bounds = boundsOf(paging, body);
  if (more === false || paging.kind === 'whole') return { items, ...bounds };
  const next = nextOf({ method, paging, args, body, items, isList: Array.isArray(found), more, origin });
  if (next !== undefined && paging.parameter !== undefined)
    return { items, next: { ...args, [paging.parameter]: next }, ...bounds };
  if (more === true && !(paging.nextHeader !== undefined && !origin)) throw noCursor(method, paging);
  return { items, ...bounds };
}

/** Of lists that the vendor cuts off; others end where they say. */
function boundsOf({ maximumItems, total, totalOverflow }: Paging, body: unknown): ListBounds {
  if (maximumItems === undefined) return {};
  const told = total === undefined ? undefined : valueAt(body, total);
  const isAll = totalOverflow === undefined || valueAt(body, totalOverflow) !== true;
  return { maximumItems, ...(typeof told === 'number' && isAll && { total: told }) };
}

/** The items of a page alone, wherever it goes on; none for a method without pages. */
export function readItems({ paging }: Method, body: unknown): readonly unknown[] {
  return paging ? itemsOf(paging, body, valueAt(body, paging.items)) : [];
}

interface Reading {
  readonly method: Method;
  readonly paging: Paging;
  readonly args: Arguments;
  readonly body: unknown;
  readonly items: readonly unknown[];
  /** Whether the items stand where the style says. */
  readonly isList: boolean;
  readonly more: boolean | undefined;
  readonly origin: PageOrigin | undefined;
}

/** What the parameter of the style is on the next page. */
function nextOf(reading: Reading): string | number | undefined {
  const { method, paging, args, origin, isList } = reading;
  if (paging.kind === 'offset' || paging.kind === 'page') return isList ? nextByCount(reading) : undefined;
  const cursor = cursorOf(reading);
  if (cursor === undefined || paging.kind === 'token' || !origin) return cursor;
  const address = readAddress(method, cursor, origin);
  // Some vendors say of the last page that it comes after itself.
  return address === argumentOf(args, paging.parameter ?? '') && reading.more !== true ? undefined : address;
}

function cursorOf({ paging, body, items, more, origin, args }: Reading): string | undefined {
  const { kind, next, nextItem, nextHeader } = paging;
  if (nextHeader !== undefined) {
    const header = origin?.headers[nextHeader.toLowerCase()];
    return header === undefined || kind === 'token' ? textOf(header) : nextOfLinks(header);
  }
  if (nextItem === undefined) return next === undefined ? undefined : textOf(valueAt(body, next));
  // Where nothing says whether there are more, the list ends with a page that is not full.
  const size = sizeOf(paging, args);
  if (more === undefined && size !== undefined && items.length < size) return undefined;
  return items.length === 0 ? undefined : textOf(valueAt(items.at(-1), nextItem));
}

/** A token; undefined for what vendors write when there is none. */
const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

function moreOf({ more }: Paging, body: unknown): boolean | undefined {
  const said = more === undefined ? undefined : valueAt(body, more);
  return typeof said === 'boolean' ? said : undefined;
}

function noCursor({ key }: Method, paging: Paging): FishplateError {
  const { kind, next, nextItem, nextHeader, more } = paging;
  const place =
    nextItem !== undefined
      ? `the last item has nothing at "${nextItem}"`
      : nextHeader !== undefined
        ? `the header ${nextHeader} does not say where`
        : next !== undefined
          ? `it has nothing at "${next}"`
          : `its page is empty, so no ${kind} comes after it`;
  return new FishplateError(
    'pages.no-cursor',
    `${key}: the answer says at "${more}" that there are more, but ${place}`,
  );
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
      [paging.next, paging.more].some((path) => path !== undefined && valueAt(body, path) !== undefined));
  return isPage ? [] : [body];
}

function sizeOf({ size, defaultSize }: Paging, args: Arguments): number | undefined {
  const asked = size === undefined ? undefined : argumentOf(args, size);
  return typeof asked === 'number' ? asked : defaultSize;
}

function nextByCount({ paging, args, items, body, more }: Reading): number | undefined {
  if (items.length === 0) return undefined;
  const size = sizeOf(paging, args);
  const current = argumentOf(args, paging.parameter ?? '');
  const here = typeof current === 'number' ? current : paging.first;
  const position = { here, size, count: items.length };
  const isShort = size !== undefined && items.length < size;
  if (more !== true && (toldLast(paging, body, position) ?? isShort)) return undefined;
  return paging.kind === 'offset' ? here + items.length : here + 1;
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
