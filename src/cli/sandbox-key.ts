/** A sandbox comes in; values for the connector's settings that reach it - organisation and key - go out. */
import { createPublicKey } from 'node:crypto';
import { heldBy } from '../sandbox/credentials.ts';
import { nameCredentials, registerKey, signsItself } from '../sandbox/key-values.ts';
import { sampleSetting } from '../sandbox/sample-setting.ts';
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
  const organisation = script.organisationSetting;
  const held = auth ? [...heldBy(sandbox.connector, script, auth)] : [];
  const names = held.flatMap(([name, holds]) => (holds === 'organisation' ? [] : [name]));
  const wanted = [...(organisation === undefined ? [] : [organisation]), ...names];
  if (saved && wanted.every((name) => saved[name] !== undefined) && isGood(sandbox, saved, names))
    return Object.fromEntries(wanted.map((name) => [name, saved[name] ?? '']));
  const administrator = script.policies.find(
    ({ statements, serviceUsers = true }) =>
      serviceUsers &&
      statements.some(
        ({ effect, methods, reading }) =>
          effect === 'allow' && methods.includes('*') && reading === undefined,
      ),
  );
  const { key } = sandbox.access.createServiceUser({
    name: 'Fishplate harness',
    policies: administrator ? [administrator.name] : [],
    generateKey: true,
  });
  if (!key) throw new TypeError('the sandbox made no access key');
  const { accessKeyId, apiSecret, organisationId } = key;
  const secret = auth && signsItself(auth) ? registerKey(sandbox, auth, accessKeyId) : apiSecret.reveal();
  return {
    ...(organisation !== undefined && { [organisation]: organisationId }),
    ...Object.fromEntries(
      names.flatMap((name) => {
        const setting = sandbox.connector.settings[name];
        return setting ? [[name, sampleSetting(setting)]] : [];
      }),
    ),
    ...(auth && nameCredentials(sandbox.connector, script, auth, { accessKeyId, secret, organisationId })),
  };
}

/** The sandbox keeps secrets as SHA-256 only, and of a client that signs its public key. */
function isGood(sandbox: Sandbox, saved: SandboxAddress, names: readonly string[]): boolean {
  const { connector, access } = sandbox;
  const name = names.find((each) => connector.settings[each]?.secret) ?? names.at(-1) ?? '';
  const secret = saved[name] ?? '';
  const [auth] = connector.auth;
  const isOwn = auth && signsItself(auth) ? ofPrivateKey(secret) : ofSecret(secret);
  const key = sandbox.snapshot().access.keys.find(isOwn);
  return key !== undefined && access.isActive(key);
}

type Recognise = (key: { readonly secretHash: string; readonly publicKey?: string }) => boolean;

const ofSecret = (secret: string): Recognise => {
  const hash = fingerprint(secret);
  return ({ secretHash }) => secretHash === hash;
};

/** What was saved may be of another kind. */
const ofPrivateKey = (pem: string): Recognise => {
  if (!pem.includes('PRIVATE KEY')) return () => false;
  const own = String(createPublicKey(pem).export({ type: 'spki', format: 'pem' }));
  return ({ publicKey }) => publicKey === own;
};
