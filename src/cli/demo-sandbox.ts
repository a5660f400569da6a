/** The vendor's screens, as far as the demo uses them: service users and keys are made, and their paste block is read. */
import { FishplateError } from '../errors.ts';
import type { DemoKey } from './demo-script.ts';

/** What the vendor's popup shows. */
export interface SandboxKey {
  readonly organisationId: string;
  readonly accessKeyId: string;
  readonly apiSecret: string;
  readonly copyForms: { readonly environment: string };
}

export interface DemoSandbox {
  createKey(name: string, key: DemoKey): Promise<SandboxKey>;
}

interface ServiceUserAnswer {
  readonly id: string;
  readonly accessKey: SandboxKey;
}

/** `url` is the sandbox's API, which may have a path; its screens are at the root. Rejects with `cli.demo-failed` when the sandbox refuses. */
export function createDemoSandbox(url: string): DemoSandbox {
  const send = async <T>(verb: 'POST' | 'PUT', path: string, body: unknown): Promise<T> => {
    const response = await fetch(new URL(`/_sandbox/${path}`, url), {
      method: verb,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw new FishplateError('cli.demo-failed', `the sandbox at ${url} does not answer`, { cause });
    });
    const text = await response.text();
    if (!response.ok)
      throw new FishplateError(
        'cli.demo-failed',
        `the sandbox answered ${response.status} to ${verb} ${path}`,
      );
    return JSON.parse(text) as T;
  };
  return {
    createKey: async (name, { policies, active = true }) => {
      const user = await send<ServiceUserAnswer>('POST', 'service-users', {
        name,
        policies,
        generateKey: true,
      });
      const key = user.accessKey;
      const path = `service-users/${user.id}/access-keys/${key.accessKeyId}`;
      if (!active) await send('PUT', path, { active: false });
      return key;
    },
  };
}
