/** A connector and its script come in; the vendor plays on this machine, keeps its state in a file, and has a key for us. */
import type { Connector } from '../definition/connector.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import { portsOf } from '../sandbox/ports.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import type { PlayedSandbox } from '../server/services.ts';
import type { SandboxAddress } from './harness-file.ts';
import { ensureCredentials } from './sandbox-key.ts';
import { keepState, restoreState } from './sandbox-state.ts';

export interface PlayedVendor {
  readonly connector: Connector;
  /** Base URL by host name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly address: SandboxAddress;
  /** Its own screens, as the console asks them. */
  readonly screens: PlayedSandbox;
  /** Stops taking requests, and writes the state down. */
  close(): Promise<void>;
}

export interface PlayOptions {
  readonly connector: Connector;
  readonly script: SandboxScript;
  /** The first of its ports; 0 takes free ones. */
  readonly port: number;
  /** Where the state is kept; without it, it is gone with the process. */
  readonly file?: string;
  /** Settings of an earlier start; used again when the key still works. */
  readonly saved?: SandboxAddress | undefined;
}

/** How many ports the sandbox of a connector takes. */
export const portCount = (connector: Connector): number => portsOf(connector).length;

/** Throws `cli.port-in-use`, and `sandbox.invalid` for a state that this release cannot read. */
export async function playVendor(options: PlayOptions): Promise<PlayedVendor> {
  const { connector, script, port, file } = options;
  const sandbox = createSandbox({ connector, script, checked: true });
  if (file !== undefined) restoreState(sandbox, file);
  const listening = await sandbox.listen(portNumbers(connector, port)).catch((error: unknown) => {
    throw isFishplateError(error, 'sandbox.port-in-use') ? portInUse(connector, error) : error;
  });
  const credentials = ensureCredentials(sandbox, script, options.saved);
  const keeper = file === undefined ? undefined : keepState(sandbox, file);
  return {
    connector,
    urls: listening.urls,
    address: { ...addressOf(listening.urls), ...credentials },
    screens: screensOf(connector, listening.urls),
    close: async () => {
      await listening.close();
      keeper?.stop();
    },
  };
}

/** They are on the port of the API, for programs on this machine. */
function screensOf(connector: Connector, urls: Readonly<Record<string, string>>): PlayedSandbox {
  const api = portsOf(connector).find(({ isApi }) => isApi)?.hosts[0] ?? '';
  return {
    ...{ name: connector.name, title: connector.title },
    ask: async (verb, path, body) => {
      const response = await fetch(new URL(`/_sandbox/${path}`, urls[api]), {
        method: verb,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
    },
  };
}

/** The port of the API first, the others behind it, in the order of the definition. */
function portNumbers(connector: Connector, first: number) {
  if (first === 0) return { port: 0 };
  const others = portsOf(connector).filter(({ isApi }) => !isApi);
  const ports = others.flatMap(({ hosts }, index) => hosts.map((host) => [host, first + 1 + index]));
  return { port: first, ports: Object.fromEntries(ports) as Record<string, number> };
}

const portInUse = (connector: Connector, cause: FishplateError) =>
  new FishplateError(
    'cli.port-in-use',
    `the sandbox of ${connector.title} cannot have its port: ${cause.message}`,
    {
      hint: 'Stop the program that has it, or give other ports with --port N (the sandboxes take those after N); --port 0 takes free ones.',
      cause,
    },
  );

/** `<host>Url` for each base URL; hosts that share one go by the first name. */
function addressOf(urls: Readonly<Record<string, string>>): SandboxAddress {
  const seen = new Set<string>();
  return Object.fromEntries(
    Object.entries(urls).flatMap(([host, url]) => {
      if (seen.has(url)) return [];
      seen.add(url);
      return [[`${host}Url`, url]];
    }),
  );
}
