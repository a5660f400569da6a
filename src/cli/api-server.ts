/** Connectors and a data folder come in; the API listens, and a way to stop it goes out. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { type Access, createAccess } from '../access/access.ts';
import type { LogLevel } from '../config.ts';
import type { Connector } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { createRuntime } from '../runtime.ts';
import type { Runtime } from '../runtime-contract.ts';
import { Secret } from '../secret.ts';
import { createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import type { KeySource } from '../store/keyring.ts';
import { openStore } from '../store/open.ts';
import { createAxiosSend } from '../transport/axios.ts';
import { realWorld } from '../world.ts';
import type { TextStream } from './io.ts';
import { packageVersion } from './package.ts';

export interface ApiServerOptions {
  readonly connectors: readonly Connector[];
  /** Absent: everything is kept in memory and gone with the process. */
  readonly dataFolder?: string;
  /** Not needed in memory. */
  readonly keys?: KeySource;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: TextStream;
  readonly logLevel: LogLevel;
}

export interface ApiServer {
  readonly url: string;
  readonly runtime: Runtime;
  readonly access: Access;
  /** Lets requests in flight end, then closes the store. */
  close(): Promise<void>;
}

/** Opens the store and the port. Throws `cli.port-in-use`, `store.*`, `connector.invalid`; then nothing stays open. */
export async function startApi(options: ApiServerOptions): Promise<ApiServer> {
  const logger = createLogger(options);
  const store = await openStore(placeOf(options));
  const send = createAxiosSend({ userAgent: `Fishplate/${packageVersion()}` });
  const closeAll = async () => {
    await store.close();
    send.close();
  };
  try {
    const runtime = createRuntime({
      connectors: options.connectors,
      ...{ store, send },
      onError: (message) => logger.error(message),
    });
    const access = createAccess({ store, world: realWorld });
    const app = createApp({ runtime, access, logger, version: packageVersion() });
    const whole = { close: () => runtime.close().finally(() => send.close()) };
    const { port, host } = options;
    const listening = await listen(app, { port, host, runtime: whole });
    return { url: listening.url, runtime, access, close: () => listening.close() };
  } catch (error) {
    await closeAll();
    throw portError(options, error);
  }
}

/** One line of JSON for each event, with the level as a word and the time in ISO 8601. */
function createLogger({ log, logLevel }: ApiServerOptions): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  const settings = { level: logLevel, base: null, timestamp: stdTimeFunctions.isoTime, formatters };
  return pino(settings, { write: (line: string) => void log.write(line) });
}

function placeOf({ dataFolder, keys }: ApiServerOptions) {
  if (dataFolder !== undefined && keys) return { location: join(dataFolder, 'fishplate.db'), keys };
  return { location: ':memory:', keys: { key: new Secret(randomBytes(32).toString('base64')) } };
}

function portError({ host, port }: ApiServerOptions, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new FishplateError('cli.port-in-use', `port ${port} of ${host} is in use`, { cause: error });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new FishplateError('config.invalid', `the API cannot listen on ${host}:${port} (${code})`, {
      hint: 'Choose another port with --port, or another address with --host.',
      cause: error,
    });
  return error;
}
