/** A list and the query's paging values come in, one page of it goes out, in the shape the definition gives pages. */
import type { Paging } from '../definition/connector.ts';
import type { Stored } from './collections.ts';
import { valueAt, withValueAt } from './dotted.ts';
import { Refusal } from './refusal.ts';

export interface PageRules {
  /** Items on a page when none are asked for. */
  readonly size: number;
  /** Dotted path in the answer for the number of all items. */
  readonly total?: string;
  /** Dotted path in the answer for the number of this page. */
  readonly page?: string;
}

/** How an answer tells of the next page outside of its body. */
export interface PageWays {
  /** The address at which the parameter of the paging style has this value. */
  readonly address: (parameter: string, token: string) => string;
  readonly header: (name: string, value: string) => void;
}

/**
 * The page that the query asks for; the whole list when the method has no paging. `show` gives what stands for an item.
 * Throws the refusal badQuery.
 */
export function pageOf<T extends Stored>(
  stored: readonly T[],
  paging: Paging | undefined,
  query: Readonly<Record<string, unknown>>,
  rules: PageRules,
  show: (item: T) => unknown,
  ways?: PageWays,
): unknown {
  if (!paging) return stored.map(show);
  if (paging.kind === 'whole') return withValueAt({}, paging.items, stored.map(show));
  const asked = paging.size === undefined ? undefined : query[paging.size];
  const size = typeof asked === 'number' ? asked : (paging.defaultSize ?? rules.size);
  if (!Number.isInteger(size) || size < 1) throw badPaging(paging.size ?? 'size', size);
  const start = startOf(stored, paging, query[paging.parameter ?? ''], size, show);
  const items = stored.slice(start, start + size);
  let page = withValueAt({}, paging.items, items.map(show));
  const last = items.at(-1);
  const isCounted = paging.kind === 'offset' || paging.kind === 'page' || paging.nextItem !== undefined;
  if (!isCounted && last && start + size < stored.length) {
    const token = writeToken(last);
    const isLink = paging.kind === 'link';
    const next = isLink ? (ways?.address(paging.parameter ?? '', token) ?? token) : token;
    if (paging.next !== undefined) page = withValueAt(page, paging.next, next);
    if (paging.nextHeader !== undefined)
      ways?.header(paging.nextHeader, isLink ? `<${next}>; rel="next"` : next);
  }
  const told: [string | undefined, unknown][] = [
    [rules.total ?? paging.total, stored.length],
    [rules.page, Math.floor(start / size) + paging.first],
    [paging.totalOverflow, false],
    [paging.pages, Math.max(1, Math.ceil(stored.length / size))],
    [paging.last, start + size >= stored.length],
    [paging.more, start + size < stored.length],
  ];
  return told.reduce<unknown>(
    (each, [path, value]) =>
      path === undefined || Array.isArray(each) ? each : withValueAt(each, path, value),
    page,
  );
}

function startOf<T extends Stored>(
  stored: readonly T[],
  paging: Paging,
  value: unknown,
  size: number,
  show: (item: T) => unknown,
): number {
  const { parameter = '', nextItem } = paging;
  if (value === undefined) return 0;
  if (nextItem !== undefined) {
    const at = stored.findIndex((each) => String(valueAt(show(each), nextItem)) === String(value));
    if (at === -1) throw badPaging(parameter, value);
    return at + 1;
  }
  if (paging.kind === 'token' || paging.kind === 'link') {
    const last = readToken(parameter, value);
    const at = stored.findIndex((each) => each.id === last.id);
    if (at !== -1) return at + 1;
    // The last item of the page before was deleted meanwhile: go on with what is older.
    const older = stored.findIndex((each) => each.sequence < last.sequence);
    return older === -1 ? stored.length : older;
  }
  const number = Number(value);
  if (!Number.isInteger(number) || number < paging.first) throw badPaging(parameter, value);
  return paging.kind === 'offset' ? number - paging.first : (number - paging.first) * size;
}

const badPaging = (name: string, value: unknown) =>
  new Refusal('badQuery', `${name} cannot be ${JSON.stringify(value)}`);

const writeToken = ({ id, sequence }: Stored) =>
  Buffer.from(JSON.stringify([sequence, id])).toString('base64url');

function readToken(name: string, value: unknown): { sequence: number; id: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(String(value), 'base64url').toString('utf8'));
    const [sequence, id] = parsed as [unknown, unknown];
    if (typeof sequence === 'number' && typeof id === 'string') return { sequence, id };
  } catch {
    // Falls through: whatever it was, it is no token of ours.
  }
  throw badPaging(name, value);
}
