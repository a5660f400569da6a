/** An auth method that exchanges its credentials comes in; its request, and the token in the answer, go out. */
import type { AuthMethod, Login, TokenAuth } from '../definition/connector.ts';
import { pathSegment } from '../definition/template.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { fillFromSettings } from '../installation/settings.ts';
import { fingerprint } from '../secret.ts';
import type { WireRequest, WireResponse, World } from '../wire.ts';
import { buildAssertion } from './client-assertion.ts';
import { buildTokenRequest, credentialsFingerprint, readTokenResponse } from './client-credentials.ts';
import { buildLoginRequest, readLoginResponse } from './login.ts';
import type { Token } from './token.ts';

export const isTokenAuth = (auth: AuthMethod): auth is TokenAuth =>
  auth.kind === 'client-credentials' || auth.kind === 'login';

/** A request for a token, and what in it proves who we are: it must not be told to anybody. */
export interface ExchangeRequest {
  readonly wire: WireRequest;
  readonly credential?: string | undefined;
}

/** Builds the request of one attempt: what is signed, is signed anew. Throws `installation.setup-required`, `settings.invalid`. */
export function buildExchangeRequest(
  auth: TokenAuth,
  settings: ResolvedSettings,
  world: Pick<World, 'now' | 'uuid'>,
): ExchangeRequest {
  if (auth.kind === 'login') return { wire: buildLoginRequest(auth, settings) };
  const url = `${settings.hosts[auth.host]}${fillFromSettings(auth.path, settings, pathSegment)}`;
  const assertion = buildAssertion(auth, settings, url, world);
  const wire = buildTokenRequest(auth, settings, assertion);
  return { wire, credential: assertion ?? wire.headers.authorization?.replace(/^Basic /, '') };
}

/** `now` is when the request was sent. Throws `token.unreadable`. */
export const readExchangeResponse = (auth: TokenAuth, response: WireResponse, now: number): Token =>
  auth.kind === 'login' ? readLoginResponse(auth, response, now) : readTokenResponse(auth, response, now);

/** Identifies the credentials a token belongs to, without giving them away: changed credentials never meet an old token. */
export const exchangeFingerprint = (auth: TokenAuth, settings: ResolvedSettings): string =>
  auth.kind === 'login' ? loginFingerprint(auth, settings) : credentialsFingerprint(auth, settings);

function loginFingerprint(auth: Login, settings: ResolvedSettings): string {
  const { url, headers, body } = buildLoginRequest(auth, settings);
  return fingerprint(auth.id, url, JSON.stringify(Object.entries(headers).sort()), String(body ?? ''));
}
