/** A login call: settings become its request, its answer becomes the token of a session. */
import type { Login } from '../definition/connector.ts';
import { pathSegment, type Template } from '../definition/template.ts';
import { stepsOf, valueAt } from '../definition/value-at.ts';
import { FishplateError } from '../errors.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { fillFromSettings } from '../installation/settings.ts';
import { Secret } from '../secret.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { Token } from './token.ts';
import { assertTokenLength, lifetimeMsOf, parseObject } from './token-answer.ts';

/** Builds the call. Throws `installation.setup-required`, and `settings.invalid` for a header that cannot carry its setting. */
export function buildLoginRequest(auth: Login, settings: ResolvedSettings): WireRequest {
  const fill = (template: Template) => fillFromSettings(template, settings);
  const fields = Object.entries(auth.fields).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'object' ? fill(value) : value,
  ]);
  const json = auth.encoding === 'json';
  const hasBody = auth.verb !== 'GET' && fields.length > 0;
  const body = json ? JSON.stringify(nested(fields)) : formOf(fields);
  return {
    method: auth.verb,
    url: `${settings.hosts[auth.host]}${fillFromSettings(auth.path, settings, pathSegment)}`,
    headers: {
      accept: 'application/json',
      ...(hasBody && { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded' }),
      ...Object.fromEntries(
        Object.entries(auth.headers).map(([name, value]) => [
          name.toLowerCase(),
          headerText(auth, name, fill(value)),
        ]),
      ),
    },
    ...(hasBody && { body }),
  };
}

function headerText({ label }: Login, name: string, text: string): string {
  if (/^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return text;
  throw new FishplateError(
    'settings.invalid',
    `${label}: the header ${name} would hold characters that no header may carry`,
  );
}

const formOf = (fields: readonly [string, unknown][]) =>
  new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)])).toString();

/** `user.name` leads into an object. */
function nested(fields: readonly [string, unknown][]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [path, value] of fields) {
    const steps = stepsOf(path);
    const last = steps.pop() ?? path;
    let here = body;
    for (const step of steps) {
      const inner = Object.hasOwn(here, step) ? here[step] : undefined;
      const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
      here[step] = next;
      here = next;
    }
    here[last] = value;
  }
  return body;
}

/**
 * Reads the session's token. `now` is when the call was sent, so that the lifetime is never over-estimated. Throws
 * `token.unreadable`.
 */
export function readLoginResponse(auth: Login, response: WireResponse, now: number): Token {
  const answer = parseObject(response.body);
  const { text, maxAge } = findToken(auth, response, answer);
  if (text === undefined || text === '')
    throw new FishplateError(
      'token.unreadable',
      `the login call answered ${response.status} without ${placeName(auth)}`,
      { vendor: { status: response.status } },
    );
  assertTokenLength(text);
  const fits =
    auth.place.in === 'cookie' ? /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/ : /^[\x21-\x7e]+$/;
  if (!fits.test(text))
    throw new FishplateError(
      'token.unreadable',
      `the login call answered a token that its ${auth.place.in} cannot carry`,
    );
  const stated = auth.lifetime === undefined ? maxAge : valueAt(answer, auth.lifetime);
  const lifetimeMs = lifetimeMsOf(stated, auth.lifetimeSeconds);
  return { access: new Secret(text), obtainedAt: now, expiresAt: now + lifetimeMs };
}

function placeName({ token }: Login): string {
  if ('body' in token) return `a token at ${token.body || 'the top of its body'}`;
  return 'header' in token ? `the header ${token.header}` : `the cookie ${token.cookie}`;
}

function findToken(
  { token }: Login,
  { headers, body }: WireResponse,
  answer: unknown,
): { readonly text?: string | undefined; readonly maxAge?: string | undefined } {
  if ('header' in token) return { text: headers[token.header.toLowerCase()] };
  if ('cookie' in token) return findCookie(headers['set-cookie'] ?? '', token.cookie);
  // A JSON text, or a plain one.
  const found = token.body === '' ? body.trim().replace(/^"(.*)"$/, '$1') : valueAt(answer, token.body);
  return { text: typeof found === 'string' || typeof found === 'number' ? String(found) : undefined };
}

/** Several `Set-Cookie` lines come as one, joined by commas; dates in them hold commas, but no name before a `=`. */
function findCookie(lines: string, name: string) {
  const cookies = lines.split(/,\s*(?=[!#$%&'*+.^_`|~\w-]+=)/).map((line) => line.split(/;\s*/));
  const found = cookies.find(([pair = '']) => pair.startsWith(`${name}=`));
  const [pair = '', ...attributes] = found ?? [];
  const maxAge = attributes.map((text) => /^max-age=(\d+)$/i.exec(text)?.[1]).find(Boolean);
  const value = pair.slice(name.length + 1).replace(/^"(.*)"$/, '$1');
  return { text: found ? value : undefined, maxAge };
}
