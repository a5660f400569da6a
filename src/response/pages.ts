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
 * Tokens end with none; offsets and page numbers end with a page that is not full, or empty when no size was asked for.
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
        ? nextByCount(method, args, items)
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

function nextByCount({ paging }: Method, args: Arguments, items: readonly unknown[]): Arguments | undefined {
  if (!paging || items.length === 0) return undefined;
  const size = paging.size === undefined ? undefined : argumentOf(args, paging.size);
  if (typeof size === 'number' && items.length < size) return undefined;
  const current = argumentOf(args, paging.parameter);
  const here = typeof current === 'number' ? current : paging.first;
  return { [paging.parameter]: paging.kind === 'offset' ? here + items.length : here + 1 };
}
