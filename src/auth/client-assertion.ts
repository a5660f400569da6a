/** A client's key comes in, a signed assertion that it holds that key goes out (RFC 7523 section 2.2, RFC 7515). */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Assertion, ClientCredentials } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
import { FishplateError } from '../errors.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { fillFromSettings } from '../installation/settings.ts';
import type { World } from '../wire.ts';

/** `client_assertion_type` of a JWT (RFC 7523 section 2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Signs an assertion for the token endpoint at `url`; undefined for clients that prove themselves otherwise. Each has an
 * id of its own: vendors take one once. Throws `settings.invalid` for a key that is none or of the wrong kind,
 * `installation.setup-required` when a setting that it is made of has no value.
 */
export function buildAssertion(
  auth: ClientCredentials,
  settings: ResolvedSettings,
  url: string,
  world: Pick<World, 'now' | 'uuid'>,
): string | undefined {
  const { assertion } = auth;
  if (!assertion) return undefined;
  const client = fillFromSettings(auth.clientId, settings);
  const issuedAt = Math.floor(world.now() / 1000);
  const header = {
    alg: assertion.algorithm,
    typ: 'JWT',
    ...(assertion.keyId && { kid: fillFromSettings(assertion.keyId, settings) }),
  };
  const claims = {
    iss: client,
    sub: client,
    aud: assertion.audience ? fillFromSettings(assertion.audience, settings) : url,
    jti: world.uuid(),
    iat: issuedAt,
    exp: issuedAt + assertion.lifetimeSeconds,
  };
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${signatureOf(assertion, settings, content).toString('base64url')}`;
}

/** RFC 7518 section 3.4 writes the two numbers of an ES256 signature one after the other, without DER. */
function signatureOf(assertion: Assertion, settings: ResolvedSettings, content: string): Buffer {
  const key = readKey(assertion, fillFromSettings(assertion.key, settings));
  return sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
}

const HINT = 'Give the whole key as PEM, from -----BEGIN PRIVATE KEY----- to the END line.';

/** Line breaks may have become `\n`, as they do in environment variables. */
function readKey({ algorithm, key: template }: Assertion, text: string): KeyObject {
  const [name = 'the private key'] = placeholderNames(template);
  const [type, what] =
    algorithm === 'ES256' ? ['ec', 'an elliptic-curve key (P-256)'] : ['rsa', 'an RSA key'];
  const invalid = (fault: string) => {
    const message = `${name} ${fault}`;
    return new FishplateError('settings.invalid', message, {
      problems: [{ path: name, message }],
      hint: HINT,
    });
  };
  let key: KeyObject;
  try {
    key = createPrivateKey(text.replaceAll('\\n', '\n'));
  } catch {
    // What was thrown may quote the key.
    throw invalid('is no private key in PEM form, or is locked with a password');
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const curve = asymmetricKeyDetails?.namedCurve;
  if (asymmetricKeyType !== type || (type === 'ec' && curve !== 'prime256v1'))
    throw invalid(`must be ${what}, as ${algorithm} asks for`);
  return key;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
