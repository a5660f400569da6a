/** A request without credentials and a way to get them come in; the request that may be sent goes out. */
import type { AuthMethod, Placement } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { fillFromSettings } from '../installation/settings.ts';
import { REDACTED } from '../secret.ts';
import type { WireRequest } from '../wire.ts';
import type { Token } from './token.ts';

/** Where the credentials go and what stands there. */
export interface Credential {
  readonly in: 'header' | 'query';
  readonly name: string;
  /** What precedes the secret: `Bearer `, `Basic `, or nothing. */
  readonly scheme: string;
  readonly secret: string;
}

/**
 * The credential of a request. Kinds that exchange need a token; the others are made of settings alone. Throws
 * `installation.setup-required` when one of these has no value, `settings.invalid` when no header can carry it.
 */
export function buildCredential(
  auth: AuthMethod,
  settings: ResolvedSettings,
  token: Token | undefined,
): Credential {
  switch (auth.kind) {
    case 'client-credentials':
      return bearing(tokenText(token));
    case 'login':
      return placed(auth, auth.place, tokenText(token));
    case 'bearer':
      return bearing(headerText(auth, fillFromSettings(auth.token, settings)));
    case 'basic':
      return {
        in: 'header',
        name: 'authorization',
        scheme: 'Basic ',
        secret: basicText(auth, settings),
      };
    case 'api-key':
      return placed(auth, auth, encoded(fillFromSettings(auth.value, settings), auth.encode));
  }
}

const bearing = (secret: string): Credential => ({
  in: 'header',
  name: 'authorization',
  scheme: 'Bearer ',
  secret,
});

/** RFC 7617 section 2. */
function basicText(auth: Extract<AuthMethod, { kind: 'basic' }>, settings: ResolvedSettings): string {
  const [name, word] = [auth.username, auth.password].map((template) => fillFromSettings(template, settings));
  return Buffer.from(`${name}:${word}`).toString('base64');
}

function tokenText(token: Token | undefined): string {
  if (!token) throw new TypeError('a token is obtained before a request is authorized');
  return token.access.reveal();
}

const encoded = (text: string, encode: 'base64' | undefined) =>
  encode === 'base64' ? Buffer.from(text).toString('base64') : text;

/** A secret in its place. Throws `settings.invalid` when it cannot stand there. */
function placed(auth: AuthMethod, place: Placement, secret: string): Credential {
  const credential = { ...placeOf(place), secret };
  if (place.in === 'cookie') assertCookie(auth, secret);
  else if (place.in === 'header') headerText(auth, secret);
  return credential;
}

/** A cookie is a header that begins with its name (RFC 6265 section 4.2.1). */
function placeOf({ in: where, name, prefix = '' }: Placement): Omit<Credential, 'secret'> {
  if (where === 'cookie') return { in: 'header', name: 'cookie', scheme: `${name}=${prefix}` };
  return { in: where, name: where === 'header' ? name.toLowerCase() : name, scheme: prefix };
}

/** RFC 6265 section 4.1.1: what may stand in a cookie's value. */
function assertCookie({ label }: AuthMethod, text: string): void {
  if (/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(text)) return;
  throw new FishplateError(
    'settings.invalid',
    `${label} holds characters that no cookie may carry: spaces, quotes, commas, semicolons, backslashes, letters beyond ASCII`,
  );
}

/** HTTP clients drop what a header cannot carry, and the vendor then refuses a key that nobody gave. */
function headerText({ label }: AuthMethod, text: string): string {
  if (/^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return text;
  throw new FishplateError(
    'settings.invalid',
    `${label} holds characters that no header may carry: line breaks, letters beyond ASCII, or spaces around it`,
  );
}

/** Puts a credential onto a request. */
export function authorize(request: WireRequest, credential: Credential): WireRequest {
  if (credential.in === 'header') {
    const headers: Record<string, string> = { ...request.headers };
    headers[credential.name] = credential.scheme + credential.secret;
    return { ...request, headers };
  }
  const joint = request.url.includes('?') ? '&' : '?';
  return {
    ...request,
    url: `${request.url}${joint}${encodeURIComponent(credential.name)}=${encodeURIComponent(credential.scheme + credential.secret)}`,
  };
}

/** The credential as a preview may show it. */
export function maskedCredential(auth: AuthMethod): Credential {
  switch (auth.kind) {
    case 'api-key':
      return { ...placeOf(auth), secret: REDACTED };
    case 'login':
      return { ...placeOf(auth.place), secret: REDACTED };
    case 'basic':
      return { in: 'header', name: 'authorization', scheme: 'Basic ', secret: REDACTED };
    default:
      return bearing(REDACTED);
  }
}
