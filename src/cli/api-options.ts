/** Options, environment and the harness's file come in; the client of a running API goes out. */
import type { Command } from 'commander';
import { DEFAULT_DATA, type Environment, readDataFolder, readVariable } from '../config.ts';
import { FishplateError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { type Api, type ApiAddress, createApi } from './api-client.ts';
import { type HarnessFile, readHarnessFile } from './harness-file.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';

export interface ApiOptions {
  readonly url?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly data?: string;
  readonly account?: string;
}

/** Adds the options that say which API is meant. Without any, it is the harness whose data are in this folder. */
export function addApiOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the API (FISHPLATE_URL); a harness of this folder is found by itself')
    .option('--client-id <id>', 'id of an access key (FISHPLATE_CLIENT_ID)')
    .option('--client-secret <secret>', 'its secret (FISHPLATE_CLIENT_SECRET)')
    .option('--data <dir>', `data folder of the harness (FISHPLATE_DATA, ./${DEFAULT_DATA})`);
}

/** The same for commands that work in an account. */
export const addAccountOptions = (command: Command): Command =>
  addApiOptions(command).option(
    '--account <id>',
    'the account (FISHPLATE_ACCOUNT); not needed when there is one',
  );

/** Throws `cli.no-api` when none can be found, `cli.usage` when credentials are missing or the URL is none. */
export const openApi = (options: ApiOptions, io: Io): Api => createApi(findApi(options, io), io.stop);

/** The harness of the data folder, whether it still runs or not. */
export const findHarness = (options: ApiOptions, io: Io): HarnessFile | undefined =>
  readHarnessFile(readDataFolder(options.data, io.env, io.cwd));

export function findApi(options: ApiOptions, io: Io): ApiAddress {
  const harness = findHarness(options, io);
  const url = options.url ?? readVariable(io.env, 'FISHPLATE_URL') ?? runningUrl(harness);
  if (url === undefined) throw noApi(harness, readDataFolder(options.data, io.env, io.cwd));
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw usageError(`"${url}" is not a URL of an API`, 'Write it whole: http://127.0.0.1:8787.');
  // Credentials go to no other place than the one they were made for.
  const own = harness !== undefined && sameUrl(harness.apiUrl, url) ? harness : undefined;
  return { url, ...readCredentials(options, io.env, url, own) };
}

const runningUrl = (harness: HarnessFile | undefined) => (harness?.pid ? harness.apiUrl : undefined);

const sameUrl = (a: string, b: string) => a.replace(/\/+$/, '') === b.replace(/\/+$/, '');

function noApi(harness: HarnessFile | undefined, folder: string): FishplateError {
  const message = harness
    ? `the harness of ${folder} is not running`
    : `no API is named, and no harness has run in ${folder}`;
  return new FishplateError('cli.no-api', message);
}

function readCredentials(
  options: ApiOptions,
  env: Environment,
  url: string,
  harness: HarnessFile | undefined,
): { clientId: string; clientSecret: Secret } {
  const clientId = options.clientId ?? readVariable(env, 'FISHPLATE_CLIENT_ID') ?? harness?.clientId;
  const secret =
    options.clientSecret ?? readVariable(env, 'FISHPLATE_CLIENT_SECRET') ?? harness?.clientSecret;
  if (clientId !== undefined && secret !== undefined) return { clientId, clientSecret: new Secret(secret) };
  throw usageError(
    `${url} needs ${clientId === undefined ? 'a client id' : 'a client secret'}`,
    'Give --client-id and --client-secret, or set FISHPLATE_CLIENT_ID and FISHPLATE_CLIENT_SECRET.',
  );
}
