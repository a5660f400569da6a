/** A runtime of the fixture connector on a store in memory and a fake vendor, with one account and one installation. */
import { randomBytes } from 'node:crypto';
import { loadConnectorOrThrow } from '../../src/definition/load.ts';
import { createRuntime, type RuntimeOptions } from '../../src/runtime.ts';
import type { Runtime } from '../../src/runtime-contract.ts';
import { Secret } from '../../src/secret.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { withOverlay } from './overlay.ts';
import { createFakeVendor, createFakeWorld, type FakeVendor, type FakeWorld } from './vendor.ts';

export const goodValues = { keyId: 'key', keySecret: 'the-key-secret', tenant: 't1' };

export interface TestBed {
  readonly runtime: Runtime;
  readonly vendor: FakeVendor;
  readonly world: FakeWorld;
  readonly store: Store;
  readonly account: string;
  /** Installs with these values over the good ones and returns the id. */
  install(values?: Record<string, string>): Promise<string>;
}

export const memoryStore = () =>
  openStore({ location: ':memory:', keys: { key: new Secret(randomBytes(32).toString('base64')) } });

/** `overlays` are fixtures laid over the connector `acme`. */
export const createTestBed = (...overlays: readonly string[]): Promise<TestBed> =>
  createTestBedWith({}, ...overlays);

/** `options` go before those that the test bed gives the runtime. */
export async function createTestBedWith(
  options: Partial<RuntimeOptions>,
  ...overlays: readonly string[]
): Promise<TestBed> {
  const vendor = createFakeVendor();
  const world = createFakeWorld();
  const store = options.store ?? (await memoryStore());
  const connector = await withOverlay(['acme', ...overlays], loadConnectorOrThrow);
  const runtime = createRuntime({ connectors: [connector], store, send: vendor.send, world, ...options });
  const { id: account } = await runtime.accounts.create({ name: 'Customer' });
  const install = async (values: Record<string, string> = {}) =>
    (await runtime.install(account, 'acme', { values: { ...goodValues, ...values } })).row.id;
  return { runtime, vendor, world, store, account, install };
}
