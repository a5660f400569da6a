/** A key of the sandbox comes in, values for the settings that carry it go out. */
import { generateKeyPairSync } from 'node:crypto';
import { credentialTemplates } from '../definition/auth-settings.ts';
import type { AuthMethod, ClientCredentials, Connector } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
import type { Sandbox } from './sandbox.ts';

/** Keys of the settings that hold the credentials: id and secret, or the secret alone. */
export const credentialSettings = (auth: AuthMethod): string[] => [
  ...new Set(credentialTemplates(auth).flatMap(placeholderNames)),
];

/** The key's id is not needed where the secret alone is sent. */
export function nameCredentials(
  { settings }: Connector,
  names: readonly string[],
  id: string,
  secret: string,
): Record<string, string> {
  const isSecret = (name: string) => names.length === 1 || settings[name]?.secret === true;
  return Object.fromEntries(names.map((name) => [name, isSecret(name) ? secret : id]));
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
