/** A data folder and ports come in; API and sandboxes run, seeded and wired to each other, and their addresses go out. */
import { mkdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LOCAL_ACTOR } from '../access/audit.ts';
import type { LogLevel, Watching } from '../config.ts';
import type { Connector } from '../definition/connector.ts';
import { withEnvironment } from '../definition/environment.ts';
import { createLibrary } from '../definition/library.ts';
import { FishplateError } from '../errors.ts';
import { createSignInLink } from '../server/session-routes.ts';
import type { KeySource } from '../store/keyring.ts';
import { LOOPBACK } from '../transport/address-guard.ts';
import { type ApiServer, startApi } from './api-server.ts';
import { type LoadedConnector, loadConnectors } from './connectors.ts';
import { ensureAccount, ensureAdministrator } from './harness-access.ts';
import { type HarnessFile, readHarnessFile, writeHarnessFile } from './harness-file.ts';
import { type PlayedVendor, playVendor, portCount } from './harness-sandbox.ts';
import type { TextStream } from './io.ts';

/** The environment that points at this machine, and the account to try things in. */
export const SANDBOX_ENVIRONMENT = 'sandbox';
const ACCOUNT = { id: 'demo', name: 'Demo Account' };

export interface HarnessOptions {
  /** Absent: everything is in memory, and no file is written. */
  readonly dataFolder?: string;
  /** Not needed in memory. */
  readonly keys?: KeySource;
  /** Of the API; the sandboxes take the ports after it. 0 takes free ones everywhere. */
  readonly port: number;
  readonly connectorFolders: readonly string[];
  /** Addresses besides this machine that vendors may be at although they are not public. */
  readonly allowAddresses?: readonly string[];
  readonly log: TextStream;
  readonly logLevel: LogLevel;
  /** See `startApi`. */
  readonly watching?: Watching;
  /** See `startApi`. */
  readonly consoleFolder?: string;
  /** Changes a connector before it is served; for environments beyond the sandbox. */
  readonly adapt?: (connector: Connector) => Connector;
}

export interface Harness {
  readonly file: HarnessFile;
  /** Opens the console, once, within ten minutes. */
  readonly signInUrl: string;
  readonly connectors: readonly LoadedConnector[];
  /** Those of the folders that were given, beside the package's own. */
  readonly added: readonly LoadedConnector[];
  readonly api: ApiServer;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Throws `cli.port-in-use`, `cli.harness-running`, `store.*`, `connector.invalid`, `sandbox.invalid`; then nothing stays open. */
export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const { dataFolder } = options;
  const saved = dataFolder === undefined ? undefined : readHarnessFile(dataFolder);
  if (saved && dataFolder !== undefined) await refuseSecond(saved, dataFolder);
  if (dataFolder !== undefined) await makeFolder(dataFolder);
  const connectors = await loadConnectors(options.connectorFolders);
  const vendors: PlayedVendor[] = [];
  try {
    let port = options.port;
    for (const loaded of onePerName(connectors)) {
      const vendor = await playOne(loaded, port === 0 ? 0 : port + 1, options, saved);
      if (!vendor) continue;
      vendors.push(vendor);
      if (port !== 0) port += portCount(vendor.connector);
    }
    return await serveAll(options, connectors, vendors, saved);
  } catch (error) {
    await Promise.all(vendors.map((vendor) => vendor.close()));
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new FishplateError('config.invalid', `the data folder ${folder} cannot be made (${code})`, {
      hint: 'Name a folder that can be written with --data.',
      cause,
    });
  }
}

/** Of several releases the one that is installed unless told otherwise: a vendor is played once. */
function onePerName(all: readonly LoadedConnector[]): LoadedConnector[] {
  const library = createLibrary(all.map(({ connector }) => connector));
  return all.filter(({ connector }) => library.find(connector.name) === connector);
}

async function playOne(
  { connector, script }: LoadedConnector,
  port: number,
  { dataFolder }: HarnessOptions,
  saved: HarnessFile | undefined,
): Promise<PlayedVendor | undefined> {
  const found = await script();
  if (!found) return undefined;
  return playVendor({
    connector,
    script: found,
    port,
    ...(dataFolder !== undefined && { file: join(dataFolder, `sandbox-${connector.name}.json`) }),
    saved: saved?.sandbox[connector.name],
  });
}

async function serveAll(
  options: HarnessOptions,
  loaded: readonly LoadedConnector[],
  vendors: readonly PlayedVendor[],
  saved: HarnessFile | undefined,
): Promise<Harness> {
  const { dataFolder, keys, port, log, logLevel, adapt = (connector) => connector } = options;
  const connectors = loaded.map((one) => ({
    ...one,
    connector: adapt(withSandbox(one.connector, vendors)),
  }));
  const api = await startApi({
    connectors: connectors.map(({ connector }) => connector),
    ...(dataFolder !== undefined && { dataFolder }),
    ...(keys && { keys }),
    ...{ host: HOST, port, log, logLevel },
    ...(options.watching && { watching: options.watching }),
    // The sandboxes are on this machine.
    allowAddresses: [LOOPBACK, ...(options.allowAddresses ?? [])],
    sandboxes: vendors.map(({ screens }) => screens),
    consoleFolder: options.consoleFolder,
  });
  try {
    const { clientId, clientSecret } = await ensureAdministrator(api.access, api.runtime, saved);
    const file: HarnessFile = {
      apiUrl: api.url,
      clientId,
      clientSecret: clientSecret.reveal(),
      account: await ensureAccount(api.runtime, ACCOUNT.id, ACCOUNT.name),
      sandbox: Object.fromEntries(vendors.map(({ connector, address }) => [connector.name, address])),
      pid: process.pid,
    };
    const write = async (now: HarnessFile) => {
      if (dataFolder !== undefined) await writeHarnessFile(dataFolder, now);
    };
    await write(file);
    const { path } = await createSignInLink(api.access, LOCAL_ACTOR, clientId);
    const close = async () => {
      await api.close();
      await Promise.all(vendors.map((vendor) => vendor.close()));
      await write({ ...file, pid: null });
    };
    const added = connectors.filter(({ folder }) =>
      options.connectorFolders.some((root) => folder === root || folder.startsWith(`${root}${sep}`)),
    );
    return { file, signInUrl: `${api.url}${path}`, connectors, added, api, close };
  } catch (error) {
    await api.close();
    throw error;
  }
}

function withSandbox(connector: Connector, vendors: readonly PlayedVendor[]): Connector {
  const vendor = vendors.find((one) => one.connector.name === connector.name);
  if (!vendor) return connector;
  return withEnvironment(connector, SANDBOX_ENVIRONMENT, 'Sandbox on this machine', vendor.urls);
}

/** Two harnesses in one folder would write over each other's sandboxes. */
async function refuseSecond({ pid, apiUrl }: HarnessFile, folder: string): Promise<void> {
  if (pid === null || pid === process.pid || !isAlive(pid)) return;
  // The number may be another program's by now, so the API itself is asked.
  const answers = await fetch(`${apiUrl}/healthz`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (answers)
    throw new FishplateError(
      'cli.harness-running',
      `a harness works in ${folder} already, at ${apiUrl} (process ${pid})`,
    );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
