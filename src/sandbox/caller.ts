/** A request comes in, the service user who makes it goes out, or the vendor's refusal. */
import type { AuthMethod, Connector, Placement } from '../definition/connector.ts';
import type { SandboxAccess, ServiceUser } from './access.ts';
import type { AccessKey } from './access-keys.ts';
import { fromBase64, type KeyOf, unfill, unfillAll } from './credentials.ts';
import type { Values } from './fill.ts';
import { Refusal } from './refusal.ts';
import type { Organisation, PermissionPolicy } from './script.ts';
import type { Tokens } from './token.ts';
import { readBasic, readBearer, type VendorRequest } from './vendor-request.ts';

export interface Caller {
  readonly serviceUser: ServiceUser;
  readonly organisation: Organisation;
  readonly policies: readonly PermissionPolicy[];
}

/** Who has this key. Undefined when the service user or its organisation is gone. */
export function callerOf(access: SandboxAccess, key: AccessKey): Caller | undefined {
  const serviceUser = access.findServiceUser(key.serviceUserId);
  const organisation = serviceUser && access.organisation(serviceUser.organisationId);
  if (!serviceUser || !organisation) return undefined;
  const policies = access
    .policies(organisation.id)
    .filter((policy) => serviceUser.policies.includes(policy.name));
  return { serviceUser, organisation, policies };
}

/** The placeholders that stand for a caller and a moment. */
export function callerValues({ serviceUser, organisation, policies }: Caller, now: number): Values {
  const permissions = policies.flatMap((policy) => policy.permissions ?? []);
  return {
    serviceUserId: serviceUser.id,
    serviceUserName: serviceUser.name,
    serviceUserCreated: new Date(serviceUser.createdAt).toISOString(),
    organisationId: organisation.id,
    organisationName: organisation.name,
    organisationType: organisation.type,
    organisationStatus: organisation.status,
    ...Object.fromEntries(
      Object.entries(serviceUser.details ?? {}).map(([name, value]) => [`serviceUser_${name}`, value]),
    ),
    permissions: Object.fromEntries(permissions.map((permission) => [permission, true])),
    ...momentValues(now),
  };
}

/** The placeholders of a moment, in milliseconds since the epoch. */
export function momentValues(now: number): Values {
  const text = new Date(now).toISOString();
  return {
    now: text,
    today: text.slice(0, 10),
    nowSeconds: Math.floor(now / 1000),
    nowHttp: new Date(now).toUTCString(),
  };
}

export interface CallerParts {
  readonly connector: Connector;
  readonly access: SandboxAccess;
  readonly tokens: Tokens;
  readonly keyOf: KeyOf;
}

/**
 * Identifies the caller by whichever of the connector's auth methods the request uses. `now` is the vendor's clock in
 * milliseconds. Throws the refusals noToken, badToken, expiredToken, revokedToken.
 */
export function identifyCaller(
  { connector, access, tokens, keyOf }: CallerParts,
  request: VendorRequest,
  now: number,
): Caller {
  let refusal: Refusal | undefined;
  for (const auth of connector.auth) {
    const key = readKey(auth, { access, tokens, keyOf }, request, now);
    if (key instanceof Refusal) refusal ??= key;
    else if (key) return usable(access, key);
  }
  throw refusal ?? new Refusal('noToken', 'Unauthorized: the request carries no credentials');
}

function usable(access: SandboxAccess, key: AccessKey): Caller {
  if (!access.isActive(key))
    throw new Refusal('revokedToken', `Unauthorized: the access key is ${key.status}`);
  const caller = callerOf(access, key);
  if (!caller) throw new Refusal('revokedToken', 'Unauthorized: the service user no longer exists');
  return caller;
}

/** The key behind a request's credentials; undefined when it carries none of this kind. */
function readKey(
  auth: AuthMethod,
  { access, tokens, keyOf }: Omit<CallerParts, 'connector'>,
  request: VendorRequest,
  now: number,
): AccessKey | Refusal | undefined {
  const header = request.headers.authorization;
  if (auth.kind === 'basic') {
    const basic = readBasic(header);
    if (!basic) return undefined;
    const given = unfillAll([
      [auth.username, basic.user],
      [auth.password, basic.password],
    ]);
    return (
      keyOf(auth, given) ?? new Refusal('badToken', 'Unauthorized: user and password are not an access key')
    );
  }
  if (auth.kind === 'api-key') {
    const text = readPlaced(auth, request);
    if (!text) return undefined;
    const given = unfill(auth.value, auth.encode === 'base64' ? fromBase64(text) : text);
    return keyOf(auth, given) ?? new Refusal('badToken', 'Unauthorized: the API key is not known');
  }
  if (auth.kind === 'login') {
    const session = readPlaced(auth.place, request);
    return session ? keyOfToken(session, access, tokens, now) : undefined;
  }
  const bearer = readBearer(header);
  if (bearer === undefined)
    return header === undefined
      ? undefined
      : new Refusal('noToken', 'Unauthorized: the Authorization header is malformed');
  if (auth.kind === 'bearer')
    return (
      keyOf(auth, unfill(auth.token, bearer)) ??
      new Refusal('badToken', 'Unauthorized: the token is not known')
    );
  return keyOfToken(bearer, access, tokens, now);
}

/** What stands where credentials go, without its prefix; undefined when there is nothing, or something else. */
function readPlaced(place: Placement, { headers, query }: VendorRequest): string | undefined {
  const { in: where, name, prefix = '' } = place;
  const text =
    where === 'query'
      ? query.get(name)
      : where === 'header'
        ? headers[name.toLowerCase()]
        : readCookie(headers.cookie, name);
  return text?.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/** RFC 6265 section 4.2.1. */
function readCookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function keyOfToken(text: string, access: SandboxAccess, tokens: Tokens, now: number): AccessKey | Refusal {
  const token = tokens.find(text);
  if (!token) return new Refusal('badToken', 'Unauthorized: the token was not issued here');
  if (token.expiresAt <= now) return new Refusal('expiredToken', 'Unauthorized: the token has expired');
  return (
    access.keyById(token.keyId) ??
    new Refusal('revokedToken', 'Unauthorized: the access key of this token was deleted')
  );
}
