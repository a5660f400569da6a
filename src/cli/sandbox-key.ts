/** A sandbox comes in; values for the connector's settings that reach it - organisation and key - go out. */
import type { AuthMethod } from '../definition/connector.ts';
import { placeholderNames } from '../definition/template.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import { fingerprint } from '../secret.ts';
import type { SandboxAddress } from './harness-file.ts';

/** The key of an earlier start as long as it works, else a new one that may do everything. */
export function ensureCredentials(
  sandbox: Sandbox,
  script: SandboxScript,
  saved: SandboxAddress | undefined,
): SandboxAddress {
  const [auth] = sandbox.connector.auth;
  const names = auth ? credentialSettings(auth) : [];
  const organisation = script.organisationSetting;
  const wanted = [...(organisation === undefined ? [] : [organisation]), ...names];
  if (saved && wanted.every((name) => saved[name] !== undefined) && isGood(sandbox, saved, names))
    return Object.fromEntries(wanted.map((name) => [name, saved[name] ?? '']));
  const administrator = script.policies.find(({ statements }) =>
    statements.some(
      ({ effect, methods, reading }) => effect === 'allow' && methods.includes('*') && reading === undefined,
    ),
  );
  const { key } = sandbox.access.createServiceUser({
    name: 'Fishplate harness',
    policies: administrator ? [administrator.name] : [],
    generateKey: true,
  });
  if (!key) throw new TypeError('the sandbox made no access key');
  // The key's id is not needed where the secret alone is sent.
  const values = names.length > 1 ? [key.accessKeyId, key.apiSecret.reveal()] : [key.apiSecret.reveal()];
  const credentials = names.map((name, index) => [name, values[index] ?? '']);
  return {
    ...(organisation !== undefined && { [organisation]: key.organisationId }),
    ...(Object.fromEntries(credentials) as Record<string, string>),
  };
}

/** The sandbox keeps secrets as SHA-256 only. */
function isGood(sandbox: Sandbox, saved: SandboxAddress, names: readonly string[]): boolean {
  const hash = fingerprint(saved[names.at(-1) ?? ''] ?? '');
  const key = sandbox.snapshot().access.keys.find(({ secretHash }) => secretHash === hash);
  return key !== undefined && sandbox.access.isActive(key);
}

/** Keys of the settings that hold the credentials: id and secret, or the secret alone. */
export function credentialSettings(auth: AuthMethod): string[] {
  switch (auth.kind) {
    case 'client-credentials':
      return [...placeholderNames(auth.clientId), ...placeholderNames(auth.clientSecret)];
    case 'basic':
      return [...placeholderNames(auth.username), ...placeholderNames(auth.password)];
    case 'api-key':
      return placeholderNames(auth.value);
    case 'bearer':
      return placeholderNames(auth.token);
  }
}
