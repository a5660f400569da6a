/** The address that a vendor gives of the next page comes in; the path and query that may be asked for, or why not, go out. */
import type { Method } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { type Arguments, argumentOf } from './arguments.ts';

/** What the request of a page was sent to, as far as it decides where the next one may be. */
export interface PageSource {
  /** The whole URL, without credentials. */
  readonly url: string;
  /** Of the method's host. */
  readonly base: string;
  /** What the vendor calls it, where requests go to a proxy or a mock server in its place. */
  readonly replaced?: string | undefined;
  /** Query parameters that carry credentials: some vendors write them into their addresses, and nobody is to see them. */
  readonly hidden?: readonly string[];
}

/** The text behind the host's base URL that a call goes on with; undefined where it begins. */
export function nextPageOf({ paging }: Method, args: Arguments): string | undefined {
  if (paging?.kind !== 'link') return undefined;
  const given = argumentOf(args, paging.parameter ?? '');
  return given === undefined ? undefined : String(given);
}

/**
 * The path and query of an address, behind the base URL of the method's host. It is resolved against the request (RFC 3986
 * section 5); its host and port must be those of the method's host, and its path one that the method may have. It is
 * never sent as it came: what is kept of it goes to the method's host. Throws `pages.foreign-link`.
 */
export function readAddress(
  method: Method,
  address: string,
  { url, base, replaced, hidden = [] }: PageSource,
): string {
  const target = URL.canParse(address, url) ? new URL(address, url) : undefined;
  if (!target) throw foreign(`${method.key}: the next page has no address that can be read`);
  const own = [base, ...(replaced === undefined ? [] : [replaced])].map((text) => new URL(text));
  const named = own.find(({ host }) => host === target.host);
  if (!named || !/^https?:$/.test(target.protocol))
    throw foreign(
      `${method.key}: the next page is at the host ${target.host || target.protocol}, but the method's is ${own[0]?.host}`,
    );
  const root = rootOf(named.href);
  if (root !== '' && !target.pathname.startsWith(`${root}/`))
    throw foreign(`${method.key}: the next page is at ${target.pathname}, which is not below ${root}`);
  const rest = `${target.pathname.slice(root.length)}${searchWithout(target.search, hidden)}`;
  const fault = placeFault(method, new URL(url).pathname.slice(rootOf(base).length), rest);
  if (fault !== undefined) throw foreign(`${method.key}: the next page ${fault}`);
  return rest;
}

const rootOf = (base: string): string => new URL(base).pathname.replace(/\/$/, '');

/**
 * Whoever calls may give any text: what it leads to must be the method's own path, or one that its paging style names.
 * Throws `arguments.invalid`.
 */
export function assertAllowed(method: Method, ownPath: string, at: string): void {
  const message = placeFault(method, ownPath, at);
  if (message === undefined) return;
  const path = method.paging?.parameter ?? '';
  throw new FishplateError('arguments.invalid', `${method.key}: ${path} ${message}`, {
    problems: [{ path, message }],
  });
}

/** Why no page can be there; undefined when one can. */
function placeFault(method: Method, ownPath: string, at: string): string | undefined {
  const mark = at.indexOf('?');
  const path = mark === -1 ? at : at.slice(0, mark);
  // Nothing but what can stand in a path and query as it is (RFC 3986): no fragment, space, backslash or dot segment.
  const isPlain =
    /^\/(?!\/)(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*(?:\?[^#\\]*)?$/.test(at) &&
    /^[\x21-\x7e]*$/.test(at) &&
    !path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  const patterns = method.paging?.paths ?? [];
  if (isPlain && (isSame(path, ownPath) || patterns.some((pattern) => fits(pattern, path)))) return undefined;
  const message = `is at ${isPlain ? path : 'no plain path'}, which is not the method's own path ${ownPath}`;
  return patterns.length === 0 ? message : `${message}, nor one of ${patterns.join(', ')}`;
}

/** Vendors escape what they need not, and end paths with a slash or without; a slash inside a segment stays one. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [decoded(one), decoded(other)];
  return left.length === right.length && left.every((segment, index) => segment === right[index]);
}

function decoded(path: string): string[] {
  try {
    return path.replace(/\/$/, '').split('/').map(decodeURIComponent);
  } catch {
    return [path];
  }
}

function searchWithout(search: string, names: readonly string[]): string {
  if (search === '' || names.length === 0) return search;
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => !names.includes(decodeName(pair.split('=')[0] ?? '')));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

const decodeName = (text: string) => new URLSearchParams(`${text}=`).keys().next().value ?? '';

/** `*` is one segment, `/**` at the end whatever is below. */
function fits(pattern: string, path: string): boolean {
  // A server may read an escaped slash as one, and then the segments are not those that were compared.
  if (/%2f|%5c/i.test(path)) return false;
  const isOpen = pattern.endsWith('/**');
  const wanted = (isOpen ? pattern.slice(0, -3) : pattern).split('/');
  const given = path.split('/');
  const isLong = isOpen ? given.length > wanted.length : given.length === wanted.length;
  return (
    isLong && wanted.every((step, index) => (step === '*' ? given[index] !== '' : step === given[index]))
  );
}

const foreign = (message: string) => new FishplateError('pages.foreign-link', message);
