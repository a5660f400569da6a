/** A token request (RFC 6749 section 4.4.2) comes in, the vendor's token answer goes out, or its refusal. */
import type { ClientCredentials } from '../definition/connector.ts';
import type { SandboxAccess } from './access.ts';
import { callerOf, callerValues } from './caller.ts';
import { isObject } from './dotted.ts';
import { fillFields } from './fill.ts';
import { Refusal } from './refusal.ts';
import type { TokenRules } from './script.ts';
import type { Tokens } from './token.ts';
import { readBasic, readBody, type VendorAnswer, type VendorRequest } from './vendor-request.ts';

export interface TokenEndpoint {
  readonly rules: TokenRules;
  readonly access: SandboxAccess;
  readonly tokens: Tokens;
}

/**
 * Checks credentials, then the fields of the request, and issues a token. `now` is the vendor's clock in milliseconds,
 * `lifetimeSeconds` a switch of the running sandbox. Throws the refusals noCredentials, badCredentials, inactiveKey,
 * badTokenRequest.
 */
export function answerTokenRequest(
  { rules, access, tokens }: TokenEndpoint,
  auth: ClientCredentials,
  request: VendorRequest,
  now: number,
  lifetimeSeconds = rules.lifetimeSeconds ?? auth.lifetimeSeconds,
): VendorAnswer {
  const body = readBody(request) ?? {};
  const fields = isObject(body) ? body : {};
  const { id, secret } = readClient(auth, request, fields);
  const key = access.secretMatches(id, secret) ? access.keyById(id) : undefined;
  const caller = key && callerOf(access, key);
  if (!key || !caller)
    throw new Refusal('badCredentials', 'The access key is unknown or its secret is wrong');
  if (!access.isActive(key)) throw new Refusal('inactiveKey', `The access key ${key.id} is ${key.status}`);
  checkFields({ grant_type: 'client_credentials', ...rules.require }, fields);
  const values = {
    ...callerValues(caller, now),
    accessKeyId: key.id,
    lifetimeSeconds,
    expiresSeconds: Math.floor(now / 1000) + lifetimeSeconds,
  };
  const token = tokens.issue(key.id, now + lifetimeSeconds * 1000, values);
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' },
    body: fillFields(rules.answer, { ...values, token }),
  };
}

/** RFC 6749 section 2.3.1: HTTP Basic or fields of the body, as the definition says. */
function readClient(
  auth: ClientCredentials,
  request: VendorRequest,
  fields: Readonly<Record<string, unknown>>,
): { id: string; secret: string } {
  if (auth.credentials === 'basic') {
    const basic = readBasic(request.headers.authorization);
    if (basic) return { id: basic.user, secret: basic.password };
    const challenge = { 'WWW-Authenticate': 'Basic realm="token"' };
    throw new Refusal('noCredentials', 'Unauthorized: send key id and secret by HTTP Basic', challenge);
  }
  const { client_id: id, client_secret: secret } = fields;
  if (typeof id === 'string' && typeof secret === 'string') return { id, secret };
  throw new Refusal('noCredentials', 'Unauthorized: send client_id and client_secret in the body');
}

function checkFields(
  wanted: Readonly<Record<string, string>>,
  given: Readonly<Record<string, unknown>>,
): void {
  for (const [field, text] of Object.entries(wanted)) {
    if (given[field] === undefined) throw new Refusal('badTokenRequest', `${field} is missing`);
    if (given[field] !== text) throw new Refusal('badTokenRequest', `${field} must be ${text}`);
  }
}
