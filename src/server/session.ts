/** A request with a console's cookie comes in and goes on as one with a bearer token - when it is plain that our own page sent it. */
import type { IncomingMessage } from 'node:http';
import { FishplateError } from '../errors.ts';

/** Our pages send it with every request; a page of another origin cannot (it would need CORS, which we don't answer). */
export const CONSOLE_HEADER = 'x-fishplate-console';

/** Twelve hours: a working day. */
export const SESSION_SECONDS = 43_200;

/**
 * Cookies do not tell the ports of a host apart, so the name has the port in it: consoles side by side on one machine
 * keep their own.
 */
export const cookieName = (host: string): string => `fishplate_session_${/:(\d+)$/.exec(host)?.[1] ?? 'web'}`;

/** HttpOnly: no script can read it. SameSite=Strict: no other site's page can send it. Secure where the page came by TLS. */
export function sessionCookie(host: string, secure: boolean, token: string, seconds: number): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${seconds}`];
  return [`${cookieName(host)}=${token}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}

/** The session's token, without a look at whether it is good. */
export function readSession(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  const name = cookieName(request.headers.host ?? '');
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value !== undefined && value !== '') return value;
  }
  return undefined;
}

/**
 * Whether a request comes from a page of ours: it has our header, and the browser, if it says so at all, says "same
 * origin" (Fetch Metadata). Kept to for reads too: some of them make the vendor work.
 */
export function isFromOwnPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  if (headers[CONSOLE_HEADER] !== '1') return false;
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined || originHost(origin) === host;
}

function originHost(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}

/** Puts the session's token where bearer tokens are; a bearer token goes before it. Throws `access.foreign-page`. */
export function takeSession(request: Pick<IncomingMessage, 'headers'>, path: string): void {
  const token = request.headers.authorization === undefined ? readSession(request) : undefined;
  if (token === undefined || !path.startsWith('/v1.0/')) return;
  if (!isFromOwnPage(request))
    throw new FishplateError(
      'access.foreign-page',
      'the request has a session cookie but is not from the console',
    );
  request.headers.authorization = `Bearer ${token}`;
}
