/** The address of a sandbox comes in; a new key goes out, made as on the vendor's own screen. */
import type { SandboxAddress } from '../../src/cli/harness-file.ts';

export interface VendorKey {
  readonly accessKeyId: string;
  readonly apiSecret: string;
  /** What the vendor's screen offers for copying. */
  readonly environment: string;
  readonly json: string;
}

export async function makeVendorKey(sandbox: SandboxAddress, name: string): Promise<VendorKey> {
  const response = await fetch(`${sandbox.apiUrl}/_sandbox/service-users`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, policies: ['Administrator'], generateKey: true }),
  });
  if (response.status >= 300) throw new Error(`no key: ${response.status} ${await response.text()}`);
  const { accessKey } = (await response.json()) as {
    readonly accessKey: {
      readonly accessKeyId: string;
      readonly apiSecret: string;
      readonly copyForms: { readonly environment: string; readonly json: string };
    };
  };
  const { accessKeyId, apiSecret, copyForms } = accessKey;
  return { accessKeyId, apiSecret, environment: copyForms.environment, json: copyForms.json };
}
