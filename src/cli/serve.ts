/** `fishplate serve`: the API alone, for real use; a key must be given. Runs until it is stopped. */
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  DEFAULT_DATA,
  DEFAULT_HOST,
  DEFAULT_PORT,
  readAllowedAddresses,
  readConnectorFolders,
  readDataFolder,
  readHost,
  readKeySource,
  readLimitShare,
  readLogLevel,
  readPort,
  readRememberMs,
  readTrustProxy,
  readWatching,
} from '../config.ts';
import { type ApiServer, startApi } from './api-server.ts';
import { type CommandContext, collect, createCommand } from './command.ts';
import { loadConnectors } from './connectors.ts';
import { createAdministrator } from './harness-access.ts';
import { writePrivateFile } from './harness-file.ts';
import type { Io } from './io.ts';
import { untilStopped } from './until-stopped.ts';

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly connectors?: readonly string[];
}

export function serveCommand({ io }: CommandContext): Command {
  return createCommand('serve', io, {
    description:
      'Starts the API. It needs an encryption key: FISHPLATE_KEY_FILE or FISHPLATE_KEY (openssl rand -base64 32).\n' +
      'The first start makes a service user with the Administrator policy; its secret is shown once, on a terminal,\n' +
      'or else written to first-access-key.json (mode 0600) in the data folder.',
    examples: [
      'serve',
      'serve --port 80 --host 0.0.0.0 --data /var/lib/fishplate',
      'serve --connectors ./mine',
    ],
  })
    .option('--port <n>', `port (FISHPLATE_PORT, ${DEFAULT_PORT}); 0 takes a free one`)
    .option('--host <address>', `address to listen on (FISHPLATE_HOST, ${DEFAULT_HOST})`)
    .option('--data <dir>', `where the database is (FISHPLATE_DATA, ./${DEFAULT_DATA})`)
    .option('--connectors <dir>', 'folder of further connectors; may be repeated', collect)
    .action(async (options: ServeOptions) => {
      const dataFolder = readDataFolder(options.data, io.env, io.cwd);
      const keys = readKeySource(io.env, io.cwd);
      const loaded = await loadConnectors(readConnectorFolders(options.connectors, io.env, io.cwd));
      const api = await startApi({
        connectors: loaded.map(({ connector }) => connector),
        ...{ dataFolder, keys },
        host: readHost(options.host, io.env),
        port: readPort(options.port, io.env),
        trustProxy: readTrustProxy(io.env),
        limitShare: readLimitShare(io.env),
        rememberMs: readRememberMs(io.env),
        allowAddresses: readAllowedAddresses(io.env),
        log: io.stderr,
        logLevel: readLogLevel(io.env),
        watching: readWatching(io.env),
      });
      try {
        await introduceFirst(api, dataFolder, io);
        io.stderr.write(`fishplate serves on ${api.url}\n`);
        await untilStopped(io);
      } finally {
        await api.close();
      }
    });
}

/** Somebody must be able to sign in first. What a terminal does not show would end up in a log, so it goes to a file. */
async function introduceFirst({ access }: ApiServer, dataFolder: string, io: Io): Promise<void> {
  if ((await access.serviceUsers.list()).length > 0) return;
  const { clientId, clientSecret } = await createAdministrator(access, 'Administrator');
  const secret = clientSecret.reveal();
  if (io.isTTY) {
    io.stdout.write(`clientId: ${clientId}\nclientSecret: ${secret}\n`);
    io.stderr.write('This is the first access key. Keep the secret now: it is not shown again.\n');
    return;
  }
  const path = join(dataFolder, 'first-access-key.json');
  writePrivateFile(path, `${JSON.stringify({ clientId, clientSecret: secret }, null, 2)}\n`);
  io.stderr.write(`the first access key is in ${path}: take it, and delete the file\n`);
}
