/** A request without credentials and a way to get them come in; the request that may be sent goes out. */
import type { AuthMethod } from '../definition/connector.ts';
import type { Template } from '../definition/template.ts';
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
 * The credential of a request. Client credentials need a token; the other kinds are made of settings alone. Throws
 * `installation.setup-required` when one of these has no value, `settings.invalid` when no header can carry it.
 */
export function buildCredential(
  auth: AuthMethod,
  settings: ResolvedSettings,
  token: Token | undefined,
): Credential {
  const fill = (template: Template) => fillFromSettings(template, settings);
  switch (auth.kind) {
    case 'client-credentials':
      if (!token)
        throw new TypeError('client credentials are exchanged for a token before a request is authorized');
      return { in: 'header', name: 'authorization', scheme: 'Bearer ', secret: token.access.reveal() };
    case 'bearer':
      return {
        in: 'header',
        name: 'authorization',
        scheme: 'Bearer ',
        secret: headerText(auth, fill(auth.token)),
      };
    case 'basic':
      return {
        in: 'header',
        name: 'authorization',
        scheme: 'Basic ',
        secret: Buffer.from(`${fill(auth.username)}:${fill(auth.password)}`).toString('base64'),
      };
    case 'api-key':
      return {
        in: auth.in,
        name: auth.in === 'header' ? auth.name.toLowerCase() : auth.name,
        scheme: '',
        secret: auth.in === 'header' ? headerText(auth, fill(auth.value)) : fill(auth.value),
      };
  }
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
    return {
      ...request,
      headers: { ...request.headers, [credential.name]: `${credential.scheme}${credential.secret}` },
    };
  }
  const joint = request.url.includes('?') ? '&' : '?';
  return {
    ...request,
    url: `${request.url}${joint}${encodeURIComponent(credential.name)}=${encodeURIComponent(credential.secret)}`,
  };
}

/** The credential as a preview may show it. */
export function maskedCredential(auth: AuthMethod): Credential {
  switch (auth.kind) {
    case 'api-key':
      return {
        in: auth.in,
        name: auth.in === 'header' ? auth.name.toLowerCase() : auth.name,
        scheme: '',
        secret: REDACTED,
      };
    case 'basic':
      return { in: 'header', name: 'authorization', scheme: 'Basic ', secret: REDACTED };
    default:
      return { in: 'header', name: 'authorization', scheme: 'Bearer ', secret: REDACTED };
  }
}
