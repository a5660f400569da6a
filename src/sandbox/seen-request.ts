/** A request that arrived comes in; its headers and body go out as the log shows them, without secrets. */
import type { Connector, Method } from '../definition/connector.ts';
import { isTellingName, REDACTED } from '../secret.ts';
import { isObject } from './dotted.ts';
import type { VendorRequest } from './vendor-request.ts';

export interface SeenRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as such, form fields by name, a text as it came; absent for none, and for what is no text. */
  readonly body?: unknown;
}

const MOST_CHARACTERS = 4_000;
/** What every client sends, whatever it asks. */
const IDLE = new Set(['host', 'connection', 'accept-encoding', 'content-length', 'transfer-encoding']);
/** Of a token request: what is no credential. */
const OPEN = new Set(['grant_type', 'scope', 'audience', 'resource', 'client_assertion_type']);

/** `purpose`: the method, or `token`, where every field that may be a credential is masked. */
export function seenRequest(
  connector: Connector,
  purpose: Method | 'token' | undefined,
  { headers, body }: Pick<VendorRequest, 'headers' | 'body'>,
): SeenRequest {
  const own = credentialHeaders(connector);
  const shown = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || IDLE.has(name)) return [];
    const isSecret = own.has(name) || isTellingName(name) || name === 'cookie';
    return [[name, isSecret ? masked(name, value) : value]];
  });
  const content = readContent(headers['content-type'] ?? '', body);
  const sensitive =
    purpose === 'token' ? [] : (purpose?.sensitive ?? []).map((path) => path.replaceAll('[]', ''));
  const hides = (name: string, path: string) =>
    purpose === 'token' ? !OPEN.has(name) : isTellingName(name) || sensitive.includes(path);
  return {
    headers: Object.fromEntries(shown),
    ...(content !== undefined && {
      body: purpose === 'token' && !isObject(content) ? REDACTED : mask(content, '', hides),
    }),
  };
}

/** The scheme tells something; the rest is nobody's business. */
function masked(name: string, value: string): string {
  const scheme = name === 'authorization' ? /^([A-Za-z][\w-]*) /.exec(value)?.[1] : undefined;
  return scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`;
}

function credentialHeaders({ auth }: Connector): ReadonlySet<string> {
  const names = auth.flatMap((each) => {
    if (each.kind === 'api-key') return each.in === 'header' ? [each.name] : [];
    if (each.kind !== 'login') return [];
    return [...Object.keys(each.headers), ...(each.place.in === 'header' ? [each.place.name] : [])];
  });
  return new Set(['authorization', ...names.map((name) => name.toLowerCase())]);
}

function readContent(type: string, bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  if (text.includes('\u0000') || text.includes('\uFFFD')) return undefined;
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  if (text.length > MOST_CHARACTERS) return `${text.length} characters`;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function mask(value: unknown, path: string, hides: (name: string, path: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mask(item, path, hides));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [name, hides(name, at) && inner !== null ? REDACTED : mask(inner, at, hides)];
    }),
  );
}
