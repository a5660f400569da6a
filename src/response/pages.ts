/** A page comes in; its items, and the arguments of the page after it, go out. */
import type { Method } from '../definition/connector.ts';
import type { Arguments } from '../request/arguments.ts';
import { valueAt } from './read.ts';

export interface Page {
  readonly items: readonly unknown[];
  /** Arguments of the next page; absent on the last. */
  readonly next?: Arguments;
}

/**
 * Reads a page. A vendor that answers one entity where a list was due is taken at its word: a page of one.
 * Tokens end with none; offsets and page numbers end with a page that is not full, or empty when no size was asked for.
 */
export function readPage(method: Method, args: Arguments, body: unknown): Page | undefined {
  const { paging } = method;
  if (!paging) return undefined;
  const found = valueAt(body, paging.items);
  const items = Array.isArray(found)
    ? (found as unknown[])
    : found === undefined && body !== undefined && body !== null
      ? [body]
      : [];
  const next =
    paging.kind === 'token'
      ? nextByToken(method, body)
      : Array.isArray(found)
        ? nextByCount(method, args, items)
        : undefined;
  return { items, ...(next && { next: { ...args, ...next } }) };
}

function nextByToken({ paging }: Method, body: unknown): Arguments | undefined {
  const token = paging?.next === undefined ? undefined : valueAt(body, paging.next);
  if (!paging || (typeof token !== 'string' && typeof token !== 'number') || token === '') return undefined;
  return { [paging.parameter]: String(token) };
}

function nextByCount({ paging }: Method, args: Arguments, items: readonly unknown[]): Arguments | undefined {
  if (!paging || items.length === 0) return undefined;
  const size = paging.size === undefined ? undefined : args[paging.size];
  if (typeof size === 'number' && items.length < size) return undefined;
  const current = args[paging.parameter];
  const here = typeof current === 'number' ? current : paging.first;
  return { [paging.parameter]: paging.kind === 'offset' ? here + items.length : here + 1 };
}
