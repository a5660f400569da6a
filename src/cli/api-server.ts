/** Connectors and a data folder come in; the API listens, and a way to stop it goes out. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Access, createAccess } from '../access/access.ts';
import type { LogLevel, Watching } from '../config.ts';
import type { Connector } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { createRuntime } from '../runtime.ts';
import type { Runtime } from '../runtime-contract.ts';
import { Secret } from '../secret.ts';
import { createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import type { PlayedSandbox } from '../server/services.ts';
import type { KeySource } from '../store/keyring.ts';
import { openStore } from '../store/open.ts';
import { createAxiosSend } from '../transport/axios.ts';
import { realWorld } from '../world.ts';
import type { TextStream } from './io.ts';
import { packagePath, packageVersion } from './package.ts';
import { createLogger, createWatching } from './watching.ts';

export interface ApiServerOptions {
  readonly connectors: readonly Connector[];
  /** Absent: everything is kept in memory and gone with the process. */
  readonly dataFolder?: string;
  /** Not needed in memory. */
  readonly keys?: KeySource;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** See `createApp`. */
  readonly trustProxy?: number | readonly string[] | undefined;
  /** See `RuntimeOptions`. */
  readonly limitShare?: number;
  /** See `AxiosSendOptions`. */
  readonly allowAddresses?: readonly string[];
  /** See `createRuntime`. */
  readonly rememberMs?: number | undefined;
  readonly log: TextStream;
  readonly logLevel: LogLevel;
  /** Metrics, traces, and how much of calls is kept for how long; see the variables. */
  readonly watching?: Watching;
  /** The built web console; the package's own when left out. */
  readonly consoleFolder?: string | undefined;
  /** Vendors played on this machine, for the console's screens of them. */
  readonly sandboxes?: readonly PlayedSandbox[];
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
  const { watching = {} } = options;
  const logger = createLogger(options.log, options.logLevel, secretsOf(options));
  const store = await openStore(placeOf(options));
  const send = createAxiosSend({
    userAgent: `Fishplate/${packageVersion()}`,
    allowAddresses: options.allowAddresses ?? [],
  });
  const closeAll = async () => {
    await store.close();
    send.close();
  };
  try {
    const { observer, metrics } = createWatching(store, logger, watching);
    const runtime = createRuntime({
      connectors: options.connectors,
      ...{ store, send, observer },
      ...(watching.loggedCalls && { loggedCalls: watching.loggedCalls }),
      ...(watching.callDetail && { callDetail: watching.callDetail }),
      ...(watching.retention && { retention: watching.retention }),
      ...(options.limitShare !== undefined && { limitShare: options.limitShare }),
      ...(options.rememberMs !== undefined && { rememberMs: options.rememberMs }),
    });
    const access = createAccess({ store, world: realWorld });
    const app = createApp({
      ...{ runtime, access, logger, observer, metrics, version: packageVersion() },
      consoleFolder: options.consoleFolder ?? packagePath('dist/console'),
      ...(options.trustProxy !== undefined && { trustProxy: options.trustProxy }),
      ...(options.sandboxes && { sandboxes: options.sandboxes }),
    });
    const whole = { close: () => closeCalls(runtime, send) };
    const { port, host } = options;
    const listening = await listen(app, { port, host, runtime: whole });
    return { url: listening.url, runtime, access, close: () => listening.close() };
  } catch (error) {
    await closeAll();
    throw portError(options, error);
  }
}

const LAST_ANSWERS_MS = 3_000;

/** Calls that outlive their requests, as those with a key do, have a while; then they are broken off, and still leave their rows. */
async function closeCalls(runtime: Runtime, send: { close(): void }): Promise<void> {
  const cut = setTimeout(send.close, LAST_ANSWERS_MS);
  await runtime.close().finally(() => {
    clearTimeout(cut);
    send.close();
  });
}

/** Values of this process that no line of its log may hold. */
function secretsOf({ keys, watching }: ApiServerOptions): string[] {
  const key = keys && 'key' in keys ? keys.key : undefined;
  return [key, watching?.metricsToken].flatMap((secret) => (secret ? [secret.reveal()] : []));
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
