/** `fishplate harness`: console, API and vendors on one machine; their addresses and credentials go out, until it is stopped. */
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  DEFAULT_DATA,
  DEFAULT_PORT,
  readAllowedAddresses,
  readConnectorFolders,
  readDataFolder,
  readKeySource,
  readLogLevel,
  readPort,
  readVariable,
  readWatching,
} from '../config.ts';
import type { KeySource } from '../store/keyring.ts';
import { type CommandContext, collect, createCommand } from './command.ts';
import { type Harness, startHarness } from './harness-start.ts';
import { formatHarness } from './harness-text.ts';
import type { Io } from './io.ts';
import { untilStopped } from './until-stopped.ts';

interface HarnessCommandOptions {
  readonly port?: string;
  readonly data?: string;
  readonly memory?: boolean;
  readonly connectors?: readonly string[];
  readonly json?: boolean;
}

export function harnessCommand({ io }: CommandContext): Command {
  return createCommand('harness', io, {
    description:
      'Starts the API and a sandbox of each vendor on 127.0.0.1, with an account, a service user and keys to try\n' +
      'them with. The other commands find it by its data folder. The environment "sandbox" exists only here.',
    examples: [
      'harness',
      'harness --port 0 --json',
      'harness --memory',
      'harness --data /tmp/try --port 9000',
    ],
  })
    .option(
      '--port <n>',
      `port of the API; the sandboxes take the next ones; 0 takes free ones (${DEFAULT_PORT})`,
    )
    .option('--data <dir>', `where everything is kept (FISHPLATE_DATA, ./${DEFAULT_DATA})`)
    .option('--memory', 'keep nothing: everything is gone when it stops')
    .option('--connectors <dir>', 'folder of further connectors; may be repeated', collect)
    .option('--json', 'print exactly one line of JSON when it is ready; logs go to stderr')
    .action(async (options: HarnessCommandOptions) => {
      const dataFolder = options.memory ? undefined : readDataFolder(options.data, io.env, io.cwd);
      const harness = await startHarness({
        ...(dataFolder !== undefined && { dataFolder, keys: keysOf(dataFolder, io) }),
        port: readPort(options.port, io.env),
        connectorFolders: readConnectorFolders(options.connectors, io.env, io.cwd),
        allowAddresses: readAllowedAddresses(io.env),
        log: io.stderr,
        logLevel: readLogLevel(io.env, 'warn'),
        watching: readWatching(io.env),
      });
      try {
        io.stdout.write(options.json ? formatLine(harness) : await formatHarness(harness, dataFolder, io));
        await untilStopped(io);
      } finally {
        await harness.close();
      }
    });
}

/** A key that is given counts; else the folder has its own, which is made on the first start. */
function keysOf(dataFolder: string, io: Io): KeySource {
  const isGiven = readVariable(io.env, 'FISHPLATE_KEY_FILE') ?? readVariable(io.env, 'FISHPLATE_KEY');
  return isGiven === undefined
    ? { keyFile: join(dataFolder, 'key'), createIfMissing: true }
    : readKeySource(io.env, io.cwd);
}

/** What programs need to know, in one line. */
function formatLine({ file, signInUrl }: Harness): string {
  const { apiUrl, clientId, clientSecret, account, sandbox } = file;
  return `${JSON.stringify({ apiUrl, signInUrl, clientId, clientSecret, account, sandbox })}\n`;
}
