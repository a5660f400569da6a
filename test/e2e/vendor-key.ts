/** The address of a sandbox comes in; a new key goes out, made as on the vendor's own screen, and faults are switched on. */
import type { SandboxAddress } from '../../src/cli/harness-file.ts';

export interface VendorKey {
  readonly accessKeyId: string;
  readonly apiSecret: string;
  /** What the vendor's screen offers for copying. */
  readonly environment: string;
  readonly json: string;
}

export async function makeVendorKey(sandbox: SandboxAddress, name: string): Promise<VendorKey> {
  const given = { name, policies: ['Administrator'], generateKey: true };
  const { accessKey } = (await ask(sandbox, 'service-users', given)) as {
    readonly accessKey: {
      readonly accessKeyId: string;
      readonly apiSecret: string;
      readonly copyForms: { readonly environment: string; readonly json: string };
    };
  };
  const { accessKeyId, apiSecret, copyForms } = accessKey;
  return { accessKeyId, apiSecret, environment: copyForms.environment, json: copyForms.json };
}

/** The next request of this method goes wrong: docs/sandbox.md. */
export async function failOnce(
  sandbox: SandboxAddress,
  fault: { readonly method: string; readonly status: number },
): Promise<void> {
  await ask(sandbox, 'faults', { ...fault, times: 1 });
}

async function ask(sandbox: SandboxAddress, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${sandbox.apiUrl}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the sandbox refused ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as unknown;
}
