/** A sandbox with a clock that the test moves comes out, and runtimes over real HTTP on one SQLite file. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRuntime } from '../../src/runtime.ts';
import type { Runtime } from '../../src/runtime-contract.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { loadKeyring } from '../../src/store/keyring.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { createAxiosSend } from '../../src/transport/axios.ts';
import type { World } from '../../src/wire.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/vendor.ts';
import { smallConnector, smallScript } from '../sandbox/small-connector.ts';
import { makeTempFolder } from '../store/temp-folder.ts';
import { connectorAt } from './small-setup.ts';

export interface Held {
  /** The vendor has the request. */
  readonly arrived: Promise<void>;
  /** The vendor answers. */
  release(): void;
}

export interface SandboxBed<W extends World = FakeWorld> {
  readonly sandbox: Sandbox;
  readonly urls: Readonly<Record<string, string>>;
  readonly world: W;
  readonly store: Store;
  readonly file: string;
  readonly keyFile: string;
  readonly runtime: Runtime;
  readonly account: string;
  /** Another process, as far as that goes within one: nothing is shared but the file. */
  another(): Runtime;
  /** A service user's key, as values to install with. */
  makeKey(policy?: string): { org: string; keyId: string; secret: string };
  install(values?: Record<string, string>): Promise<string>;
  /** How many requests for this method - `token` for tokens - the sandbox has seen. */
  asked(method: string): number;
  /** The sandbox keeps such requests waiting, each time, until it is told. */
  hold(fault: Fault): Held;
  /** Every token is unknown to the vendor from now on. */
  revokeTokens(): void;
}

const DELAY_MS = 3_600_000;

export function openSandboxBed(): Promise<SandboxBed>;
export function openSandboxBed<W extends World>(world: W): Promise<SandboxBed<W>>;
export async function openSandboxBed(world: World = createFakeWorld(Date.now())): Promise<SandboxBed<World>> {
  let gate: { arrive: () => void; opened: Promise<void> } | undefined;
  const sleep = async (ms: number) => {
    if (ms !== DELAY_MS) return;
    gate?.arrive();
    await gate?.opened;
  };
  const sandbox = createSandbox({
    ...{ connector: smallConnector(), script: smallScript },
    world: { ...world, sleep },
  });
  const { urls, close } = await sandbox.listen();
  onTestFinished(close);

  const folder = makeTempFolder();
  const [file, keyFile] = [join(folder, 'fishplate.db'), join(folder, 'key')];
  const keyring = loadKeyring({ keyFile, createIfMissing: true });
  const connectors = [connectorAt(urls)];
  const open = () => {
    const store = openSqlite({ file, keyring });
    const send = createAxiosSend({ allowAddresses: ['loopback'] });
    const runtime = createRuntime({ connectors, store, world, send });
    onTestFinished(async () => {
      await runtime.close();
      send.close();
    });
    return { store, runtime };
  };
  const { store, runtime } = open();
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const makeKey = (policy = 'All') => {
    const { key } = sandbox.access.createServiceUser({ name: policy, policies: [policy], generateKey: true });
    if (!key) throw new Error('no key');
    return { org: 'one', keyId: key.accessKeyId, secret: key.apiSecret.reveal() };
  };
  return {
    ...{ sandbox, urls, world, store, file, keyFile, runtime, account, makeKey },
    another: () => open().runtime,
    install: async (values = makeKey()) => (await runtime.install(account, 'small', { values })).row.id,
    asked: (method) => sandbox.requests.list(method).length,
    hold: (fault) => {
      let release = () => {};
      let arrive = () => {};
      const opened = new Promise<void>((resolve) => {
        release = resolve;
      });
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      gate = { arrive, opened };
      sandbox.faults.add({ ...fault, delayMs: DELAY_MS });
      return { arrived, release };
    },
    revokeTokens: () => sandbox.restore({ ...sandbox.snapshot(), tokens: [] }),
  };
}
