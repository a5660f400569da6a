/** A token request (RFC 6749 section 4.4.2) or a login call comes in, the vendor's answer with a token goes out, or its refusal. */
import type { ClientCredentials, Login, TokenAuth } from '../definition/connector.ts';
import type { Template } from '../definition/template.ts';
import type { SandboxAccess } from './access.ts';
import type { AccessKey } from './access-keys.ts';
import { callerOf, callerValues } from './caller.ts';
import { checkAssertion } from './client-assertion.ts';
import { type Given, type KeyOf, unfill, unfillAll } from './credentials.ts';
import { isObject, valueAt, withValueAt } from './dotted.ts';
import { fillFields, type Values } from './fill.ts';
import { Refusal } from './refusal.ts';
import type { TokenRules } from './script.ts';
import type { Tokens } from './token.ts';
import { readBasic, readBody, type VendorAnswer, type VendorRequest } from './vendor-request.ts';

export interface TokenEndpoint {
  readonly rules: TokenRules;
  /** What the script says of the answer; undefined when it says nothing. */
  readonly ownAnswer: TokenRules['answer'] | undefined;
  readonly keyOf: KeyOf;
  readonly access: SandboxAccess;
  readonly tokens: Tokens;
  /** Ids of assertions that were taken already. */
  readonly used: Set<string>;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks credentials by whichever of the auth methods of this endpoint the request uses, then the fields of the request,
 * and issues a token. `now` is the vendor's clock in milliseconds, `lifetimeSeconds` a switch of the running sandbox.
 * Throws the refusals noCredentials, badCredentials, inactiveKey, badTokenRequest.
 */
export function answerTokenRequest(
  endpoint: TokenEndpoint,
  auths: readonly TokenAuth[],
  request: VendorRequest,
  now: number,
  switchedSeconds?: number,
): VendorAnswer {
  const { rules, access, tokens } = endpoint;
  const body = readBody(request) ?? {};
  const fields = isObject(body) ? body : {};
  const { auth, key } = identify(endpoint, auths, request, fields, now);
  const caller = key && callerOf(access, key);
  if (!key || !caller)
    throw new Refusal('badCredentials', 'The access key is unknown, or this is not its secret');
  if (!access.isActive(key)) throw new Refusal('inactiveKey', `The access key ${key.id} is ${key.status}`);
  const isLogin = auth.kind === 'login';
  checkFields({ ...(!isLogin && { grant_type: 'client_credentials' }), ...rules.require }, fields);
  const lifetimeSeconds = switchedSeconds ?? rules.lifetimeSeconds ?? auth.lifetimeSeconds;
  const values = {
    ...callerValues(caller, now),
    accessKeyId: key.id,
    lifetimeSeconds,
    expiresSeconds: Math.floor(now / 1000) + lifetimeSeconds,
  };
  const token = tokens.issue(key.id, now + lifetimeSeconds * 1000, values);
  const issued = { ...values, token };
  return isLogin ? loginAnswer(endpoint, auth, issued) : tokenAnswer(endpoint, issued);
}

const uncached = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

const tokenAnswer = ({ rules }: TokenEndpoint, values: Values): VendorAnswer => ({
  status: 200,
  headers: uncached,
  body: fillFields(rules.answer, values),
});

/** The token where the definition looks for it; beside it, what the script says of the answer. */
function loginAnswer({ ownAnswer }: TokenEndpoint, auth: Login, values: Values): VendorAnswer {
  const { token: place, lifetime } = auth;
  const { token, lifetimeSeconds } = values;
  const base: unknown = fillFields(ownAnswer ?? {}, values);
  const timed = lifetime === undefined ? base : withValueAt(base, lifetime, lifetimeSeconds);
  if ('body' in place) return { status: 200, headers: uncached, body: withValueAt(timed, place.body, token) };
  const header: Readonly<Record<string, string>> =
    'header' in place
      ? { [place.header]: String(token) }
      : { 'Set-Cookie': `${place.cookie}=${token}; Path=/; HttpOnly; Max-Age=${lifetimeSeconds}` };
  return { status: 200, headers: { ...uncached, ...header }, body: timed };
}

/** The first auth method whose credentials the request carries, and their key, if they are good. */
function identify(
  endpoint: TokenEndpoint,
  auths: readonly TokenAuth[],
  request: VendorRequest,
  fields: Fields,
  now: number,
): { readonly auth: TokenAuth; readonly key: AccessKey | undefined } {
  let refusal: Refusal | undefined;
  for (const auth of auths) {
    const found =
      auth.kind === 'login'
        ? readLogin(endpoint, auth, request, fields)
        : readClient(endpoint, auth, request, fields, now);
    if (!(found instanceof Refusal)) return { auth, key: found.key };
    refusal ??= found;
  }
  throw refusal ?? new Refusal('noCredentials', 'Unauthorized');
}

interface Read {
  readonly key: AccessKey | undefined;
}

/** RFC 6749 section 2.3.1: HTTP Basic or fields of the body, as the definition says; or a signed assertion (RFC 7523). */
function readClient(
  { access, keyOf, used }: TokenEndpoint,
  auth: ClientCredentials,
  request: VendorRequest,
  fields: Fields,
  now: number,
): Read | Refusal {
  const keyFor = (id: string, secret: string) =>
    readBy(
      keyOf,
      auth,
      unfillAll([
        [auth.clientId, id],
        [auth.clientSecret ?? [], secret],
      ]),
    );
  if (auth.credentials === 'private_key_jwt') {
    if (fields.client_assertion === undefined)
      return new Refusal('noCredentials', 'Unauthorized: send a client_assertion');
    return { key: checkAssertion({ auth, access, used, request, now }, fields) };
  }
  if (auth.credentials === 'basic') {
    const basic = readBasic(request.headers.authorization);
    if (basic) return keyFor(basic.user, basic.password);
    const challenge = { 'WWW-Authenticate': 'Basic realm="token"' };
    return new Refusal('noCredentials', 'Unauthorized: send key id and secret by HTTP Basic', challenge);
  }
  const { client_id: id, client_secret: secret } = fields;
  if (typeof id === 'string' && typeof secret === 'string') return keyFor(id, secret);
  return new Refusal('noCredentials', 'Unauthorized: send client_id and client_secret in the body');
}

/** What the definition makes of settings is taken apart again. */
function readLogin(
  { keyOf }: TokenEndpoint,
  auth: Login,
  { headers }: VendorRequest,
  fields: Fields,
): Read | Refusal {
  const texts: (readonly [Template, string])[] = [];
  const sent = [
    ...Object.entries(auth.headers).map(
      ([name, template]) => [name, template, headers[name.toLowerCase()]] as const,
    ),
    ...Object.entries(auth.fields).map(
      ([name, value]) =>
        [name, value, auth.encoding === 'json' ? valueAt(fields, name) : fields[name]] as const,
    ),
  ];
  for (const [name, template, text] of sent) {
    if (typeof template !== 'object') continue;
    if (typeof text !== 'string' || !unfill(template, text))
      return new Refusal('noCredentials', `Unauthorized: ${name} is missing or malformed`);
    texts.push([template, text]);
  }
  return readBy(keyOf, auth, unfillAll(texts));
}

function readBy(keyOf: KeyOf, auth: TokenAuth, given: Given | undefined): Read | Refusal {
  const key = keyOf(auth, given);
  return key instanceof Refusal ? key : { key };
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
