/** A client assertion comes in; the key of the client that signed it goes out, or a refusal (RFC 7523 section 3). */
import { createPublicKey, verify } from 'node:crypto';
import type { ClientCredentials } from '../definition/connector.ts';
import type { SandboxAccess } from './access.ts';
import type { AccessKey } from './access-keys.ts';
import { isObject } from './dotted.ts';
import { Refusal } from './refusal.ts';
import type { VendorRequest } from './vendor-request.ts';

export interface AssertionContext {
  readonly auth: ClientCredentials;
  readonly access: SandboxAccess;
  readonly used: Set<string>;
  readonly request: VendorRequest;
  /** The vendor's clock in milliseconds. */
  readonly now: number;
}

type Fields = Readonly<Record<string, unknown>>;

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** How far the client's clock may be ahead, and how long an assertion may be good for, in seconds. */
const MOST_SKEW = 60;
const MOST_LIFETIME = 3600;
const MOST_USED = 10_000;

const bad = (why: string) => new Refusal('badCredentials', `invalid_client: ${why}`);

/** Each assertion is taken once. Throws the refusal badCredentials. */
export function checkAssertion(context: AssertionContext, fields: Fields): AccessKey {
  const { auth, access, used, now } = context;
  if (fields.client_assertion_type !== TYPE) throw bad(`client_assertion_type must be ${TYPE}`);
  const [head = '', payload = '', signature = ''] = String(fields.client_assertion).split('.');
  const header = decode(head);
  const claims = decode(payload);
  if (!header || !claims) throw bad('the client_assertion is no JWT');
  if (header.alg !== auth.assertion?.algorithm) throw bad(`alg must be ${auth.assertion?.algorithm}`);
  const key = typeof claims.sub === 'string' ? access.keyById(claims.sub) : undefined;
  if (!key || claims.iss !== claims.sub) throw bad('iss and sub must be the client id');
  if (fields.client_id !== undefined && fields.client_id !== claims.sub) throw bad('client_id is not sub');
  if (key.publicKey === undefined) throw bad('no public key is registered for this client');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    { key: createPublicKey(key.publicKey), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw bad('the signature is not that of the registered key');
  checkAudience(context, claims.aud);
  checkTimes(claims, now / 1000);
  const id = JSON.stringify([claims.sub, claims.jti]);
  if (typeof claims.jti !== 'string' || used.has(id)) throw bad('jti is missing, or was used before');
  used.add(id);
  const [oldest] = used;
  if (used.size > MOST_USED && oldest !== undefined) used.delete(oldest);
  return key;
}

/** The URL that was called, unless the definition says otherwise; what settings say is not known here. */
function checkAudience({ auth, request }: AssertionContext, audience: unknown): void {
  const said = auth.assertion?.audience;
  if (said?.some((part) => typeof part !== 'string')) return;
  const wanted = said ? said.join('') : `http://${request.headers.host}${request.path}`;
  if (audience !== wanted) throw bad(`aud must be ${wanted}`);
}

function checkTimes({ exp, iat }: Fields, now: number): void {
  if (typeof exp !== 'number' || typeof iat !== 'number') throw bad('exp and iat are missing');
  if (exp <= now) throw bad('the client_assertion has expired');
  if (iat > now + MOST_SKEW || exp - iat > MOST_LIFETIME) throw bad('iat and exp are out of bounds');
}

function decode(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
