/** A key of the sandbox comes in, values for the settings that carry it go out. */
import { generateKeyPairSync } from 'node:crypto';
import type { AuthMethod, ClientCredentials, Connector } from '../definition/connector.ts';
import { heldBy } from './credentials.ts';
import { fillText } from './fill.ts';
import type { Sandbox } from './sandbox.ts';
import { accessKeyRulesOf, type SandboxScript } from './script.ts';

/** What a key's settings are filled from; `secret` is a private key where the client signs. */
export interface KeyParts {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly organisationId?: string;
}

/** Settings that carry the key, without the organisation's and those that take anything. */
export function nameCredentials(
  connector: Connector,
  script: SandboxScript,
  auth: AuthMethod,
  { accessKeyId, secret, organisationId }: KeyParts,
): Record<string, string> {
  const { settings } = accessKeyRulesOf(script);
  const values: Record<string, string> = {};
  for (const [name, holds] of heldBy(connector, script, auth)) {
    if (holds === 'secret') values[name] = secret;
    if (holds === 'id') values[name] = accessKeyId;
    if (holds === 'said') values[name] = fillText(settings[name] ?? '', { accessKeyId, organisationId });
  }
  return values;
}

/** Its secret is a private key that the vendor never sees. */
export const signsItself = (auth: AuthMethod): auth is ClientCredentials =>
  auth.kind === 'client-credentials' && auth.credentials === 'private_key_jwt';

/** Makes the key of a client that signs, and registers its public half; the private one comes out, as PEM. */
export function registerKey(sandbox: Sandbox, auth: ClientCredentials, keyId: string): string {
  const { privateKey, publicKey } =
    auth.assertion?.algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  sandbox.access.setPublicKey(keyId, String(publicKey.export({ type: 'spki', format: 'pem' })));
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' })).trim();
}
