/** Where the demo takes place: an API, a vendor's sandbox, a connector - of a harness of its own or of one that runs. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConnectorFolders } from '../config.ts';
import type { Connector } from '../definition/connector.ts';
import { withEnvironment } from '../definition/environment.ts';
import { FishplateError } from '../errors.ts';
import { heldBy } from '../sandbox/credentials.ts';
import { nameCredentials } from '../sandbox/key-values.ts';
import { loadSandboxScript } from '../sandbox/load.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import { Secret } from '../secret.ts';
import { type Api, createApi } from './api-client.ts';
import { type ApiOptions, findHarness, openApi } from './api-options.ts';
import { type LoadedConnector, loadConnectors } from './connectors.ts';
import { createDemoSandbox, type DemoSandbox, type SandboxKey } from './demo-sandbox.ts';
import { type DemoScript, loadDemoScript } from './demo-script.ts';
import type { SandboxAddress } from './harness-file.ts';
import { SANDBOX_ENVIRONMENT, startHarness } from './harness-start.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';

/** What every step needs. */
export interface DemoWorld {
  readonly api: Api;
  readonly account: string;
  readonly connector: Connector;
  readonly sandbox: DemoSandbox;
  /** What an account has to give to reach the sandbox: environment and organisation, not the credentials. */
  rightValues(): Record<string, string>;
  /** A key of the sandbox as values of the connector's settings. */
  credentials(key: SandboxKey): Record<string, string>;
}

export interface DemoPlace {
  readonly api: Api;
  readonly connector: Connector;
  readonly script: DemoScript;
  /** By what rules the vendor is played. */
  readonly played: SandboxScript;
  readonly address: SandboxAddress;
  close(): Promise<void>;
}

interface Chosen extends LoadedConnector {
  readonly demo: DemoScript;
}

/** Opens the place: the harness that the options name, else one of its own, in memory, on free ports. */
export async function openPlace(
  options: ApiOptions,
  connectorName: string | undefined,
  io: Io,
): Promise<DemoPlace> {
  const folders = readConnectorFolders(undefined, io.env, io.cwd);
  const chosen = await chooseConnector(await loadConnectors(folders), connectorName);
  const { connector, demo: script } = chosen;
  const loaded = await loadSandboxScript(chosen.folder, connector);
  if (!('script' in loaded))
    throw new FishplateError('connector.invalid', `sandbox.yaml of ${connector.title} has problems`);
  const played = loaded.script;
  if (options.url !== undefined) {
    const api = openApi(options, io);
    const address = findHarness(options, io)?.sandbox[connector.name];
    if (!address)
      throw usageError(
        `the data folder knows no sandbox of ${connector.title}`,
        'Name the data folder of the harness with --data, or leave --url out.',
      );
    const adapted = withHosts(connector, SANDBOX_ENVIRONMENT, api.url);
    return { api, connector: adapted, script, played, address, close: async () => undefined };
  }
  const elsewhere = await openElsewhere();
  const harness = await startHarness({
    port: 0,
    connectorFolders: folders,
    log: io.stderr,
    logLevel: 'error',
    adapt: (one) => (one.name === connector.name ? withWrongEnvironments(one, script, elsewhere.url) : one),
  }).catch(async (error: unknown) => {
    await elsewhere.close();
    throw error;
  });
  const { apiUrl, clientId, clientSecret, sandbox } = harness.file;
  const api = createApi({ url: apiUrl, clientId, clientSecret: new Secret(clientSecret) }, io.stop);
  const close = async () => {
    await harness.close();
    await elsewhere.close();
  };
  const adapted = harness.connectors.find((one) => one.folder === chosen.folder)?.connector ?? connector;
  return { api, connector: adapted, script, played, address: sandbox[connector.name] ?? {}, close };
}

/** The named connector, or the first that has a demo. Throws `connector.unknown`, `cli.usage`. */
async function chooseConnector(all: readonly LoadedConnector[], name: string | undefined): Promise<Chosen> {
  for (const loaded of all) {
    if (name !== undefined && loaded.connector.name !== name) continue;
    const demo = await loadDemoScript(loaded.folder, loaded.connector);
    if (demo && 'script' in demo) return { ...loaded, demo: demo.script };
    if (demo)
      throw new FishplateError('connector.invalid', `demo.yaml of ${loaded.connector.title} has problems`);
    if (name !== undefined)
      throw usageError(`${loaded.connector.title} has no demo.yaml`, 'Write one beside its connector.yaml.');
  }
  if (name === undefined)
    throw usageError('no connector has a demo.yaml', 'Write one beside a connector.yaml.');
  throw new FishplateError('connector.unknown', `there is no connector "${name}"`, {
    hint: `The connectors are: ${all.map(({ connector }) => connector.name).join(', ')}.`,
  });
}

/** A host that is up but is not the vendor's, as one meets in a wrong environment. */
async function openElsewhere(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => response.writeHead(404, { connection: 'close' }).end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** The demo stays on this machine: the environments that its refusals make up lead to a host of its own. */
function withWrongEnvironments(connector: Connector, { refusals }: DemoScript, url: string): Connector {
  const { setting = '', named } = connector.environments;
  const names = refusals.flatMap(({ settings }) => settings?.[setting] ?? []);
  return names
    .filter((name) => !Object.hasOwn(named, name))
    .reduce((one, name) => withHosts(one, name, url), connector);
}

/** One more environment, all of whose hosts are at one URL. */
function withHosts(connector: Connector, name: string, url: string): Connector {
  const { named, other } = connector.environments;
  const hosts = [...Object.values(named), other].flatMap((one) => Object.keys(one?.hosts ?? {}));
  return withEnvironment(connector, name, name, Object.fromEntries(hosts.map((host) => [host, url])));
}

/** The world within a place: an account, and the vendor's screens. */
export function worldOf({ api, connector, played, address }: DemoPlace, account: string): DemoWorld {
  const [auth] = connector.auth;
  const held = auth ? [...heldBy(connector, played, auth)] : [];
  const names = held.flatMap(([name, holds]) => (holds === 'id' || holds === 'secret' ? [name] : []));
  const { setting: environment } = connector.environments;
  const testHost = connector.methods[connector.test.method]?.host ?? '';
  const others = Object.entries(address).filter(
    ([key]) => Object.hasOwn(connector.settings, key) && !names.includes(key),
  );
  return {
    api,
    account,
    connector,
    sandbox: createDemoSandbox(address[`${testHost}Url`] ?? ''),
    rightValues: () => ({
      ...(environment !== undefined && { [environment]: SANDBOX_ENVIRONMENT }),
      ...Object.fromEntries(others),
    }),
    credentials: ({ accessKeyId, apiSecret }) =>
      auth ? nameCredentials(connector, played, auth, { accessKeyId, secret: apiSecret }) : {},
  };
}
