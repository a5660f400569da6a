/** A fixture folder comes in; its vendor, played on this machine, and a runtime that calls it go out. */
import { onTestFinished } from 'vitest';
import type { Connector } from '../../src/definition/connector.ts';
import { withEnvironment } from '../../src/definition/environment.ts';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime } from '../../src/runtime.ts';
import type { Runtime } from '../../src/runtime-contract.ts';
import { loadSandboxScript } from '../../src/sandbox/load.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import type { WireRequest } from '../../src/wire.ts';
import { fixture } from '../helpers/overlay.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/vendor.ts';

export interface PlayedBed {
  readonly connector: Connector;
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  readonly world: FakeWorld;
  readonly account: string;
  /** What was sent, in order. */
  readonly sent: WireRequest[];
  /** A service user's key that may do everything. */
  makeKey(): { readonly keyId: string; readonly secret: string };
  /** How many requests for this method - `token` for tokens - the sandbox has seen. */
  asked(method: string): number;
}

export async function playFixture(name: string): Promise<PlayedBed> {
  const folder = fixture(name);
  const defined = await loadConnectorOrThrow(folder);
  const loaded = await loadSandboxScript(folder, defined);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const world = createFakeWorld(Date.now());
  const sandbox = createSandbox({ connector: defined, script: loaded.script, world });
  const { urls, close } = await sandbox.listen();
  onTestFinished(close);
  const connector = withEnvironment(defined, 'sandbox', 'Sandbox', urls);
  const send = createAxiosSend({ allowAddresses: ['loopback'] });
  const sent: WireRequest[] = [];
  const runtime = createRuntime({
    connectors: [connector],
    store: await memoryStore(),
    world,
    send: (request, options) => {
      sent.push(request);
      return send(request, options);
    },
  });
  onTestFinished(async () => {
    await runtime.close();
    send.close();
  });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  return {
    ...{ connector, sandbox, runtime, world, account, sent },
    makeKey: () => {
      const { key } = sandbox.access.createServiceUser({
        name: 'robot',
        policies: ['All'],
        generateKey: true,
      });
      if (!key) throw new Error('no key');
      return { keyId: key.accessKeyId, secret: key.apiSecret.reveal() };
    },
    asked: (method) => sandbox.requests.list(method).length,
  };
}
