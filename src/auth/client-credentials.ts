/** OAuth 2.0 client credentials (RFC 6749 section 4.4): settings become a token request, its answer becomes a token. */
import type { ClientCredentials } from '../definition/connector.ts';
import { pathSegment } from '../definition/template.ts';
import { FishplateError } from '../errors.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { fillFromSettings } from '../installation/settings.ts';
import { fingerprint, Secret } from '../secret.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { ASSERTION_TYPE } from './client-assertion.ts';
import type { Token } from './token.ts';
import { assertTokenLength, lifetimeMsOf, parseObject } from './token-answer.ts';

/**
 * Builds the token request. Id and secret stand in the Basic header as they are (RFC 7617): the percent-encoding that
 * RFC 6749 section 2.3.1 asks for is undone by few vendors, and theirs are plain ASCII anyway. `assertion` is the JWT of
 * a client that signs one (RFC 7523 section 2.2).
 * Throws `installation.setup-required` when a setting that it is made of has no value.
 */
export function buildTokenRequest(
  auth: ClientCredentials,
  settings: ResolvedSettings,
  assertion?: string,
): WireRequest {
  const id = fillFromSettings(auth.clientId, settings);
  const secret = assertion === undefined ? fillFromSettings(auth.clientSecret ?? [], settings) : '';
  const fields: Record<string, string> = { grant_type: 'client_credentials' };
  for (const [name, template] of Object.entries(auth.fields))
    fields[name] = fillFromSettings(template, settings);
  if (auth.credentials === 'body') Object.assign(fields, { client_id: id, client_secret: secret });
  if (assertion !== undefined)
    Object.assign(fields, {
      client_id: id,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
    });
  const json = auth.encoding === 'json';
  return {
    method: 'POST',
    url: `${settings.hosts[auth.host]}${fillFromSettings(auth.path, settings, pathSegment)}`,
    headers: {
      accept: 'application/json',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(auth.credentials === 'basic' && {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      }),
    },
    body: json ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
  };
}

/**
 * Reads the answer of a token endpoint (RFC 6749 section 5.1). `now` is when the request was sent, so that the
 * lifetime is never over-estimated. Throws `token.unreadable`.
 */
export function readTokenResponse(auth: ClientCredentials, response: WireResponse, now: number): Token {
  const answer = parseObject(response.body);
  const access = answer?.access_token;
  if (typeof access !== 'string' || access === '') {
    throw new FishplateError(
      'token.unreadable',
      `the token endpoint answered ${response.status} without an access_token`,
      { vendor: { status: response.status } },
    );
  }
  assertTokenLength(access);
  if (/[^\x21-\x7e]/.test(access))
    throw new FishplateError(
      'token.unreadable',
      'the access_token holds characters that no header may carry',
    );
  const type = answer?.token_type;
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    // Only a type that exists is quoted: the endpoint may have put anything there, the token itself included.
    const said = /^(?:mac|dpop|pop|jwt|n_a)$/i.test(type)
      ? `a token of type "${type}"`
      : 'a token of another type';
    throw new FishplateError(
      'token.unreadable',
      `the token endpoint issued ${said}; only Bearer is understood`,
    );
  }
  const lifetimeMs = lifetimeMsOf(answer?.expires_in, auth.lifetimeSeconds);
  return { access: new Secret(access), obtainedAt: now, expiresAt: now + lifetimeMs };
}

/** Identifies the credentials a token belongs to, without giving them away: changed credentials never meet an old token. */
export function credentialsFingerprint(auth: ClientCredentials, settings: ResolvedSettings): string {
  const { assertion } = auth;
  // An assertion differs each time; what it is signed with does not.
  const signed = assertion && [assertion.key, assertion.keyId, assertion.audience];
  const proof = signed?.map((template) => (template ? fillFromSettings(template, settings) : ''));
  const { url, headers, body } = buildTokenRequest(auth, settings, proof && '');
  return fingerprint(auth.id, url, headers.authorization ?? '', String(body), ...(proof ?? []));
}
