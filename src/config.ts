/** Environment variables and options of the program itself come in; checked values go out. The only file that reads `process.env`. */
import { delimiter, resolve } from 'node:path';
import { FishplateError } from './errors.ts';
import { Secret } from './secret.ts';
import type { KeySource } from './store/keyring.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable that the program reads, with what it is for; `fishplate --help` prints them. */
export const variables = {
  FISHPLATE_DATA: 'folder for the database and the harness file (./data)',
  FISHPLATE_CONNECTORS: 'folders of further connectors, separated like PATH',
  FISHPLATE_HOST: 'address that serve listens on (127.0.0.1)',
  FISHPLATE_PORT: 'port of the API (8787)',
  FISHPLATE_KEY_FILE: 'file (mode 0600) with the encryption key: 32 bytes in base64',
  FISHPLATE_KEY: 'the encryption key itself, where there is no file',
  FISHPLATE_LOG_LEVEL: 'debug, info, warn, error or silent (info)',
  FISHPLATE_URL: 'URL of a running API, for the commands that call one',
  FISHPLATE_CLIENT_ID: 'client id for it: the id of an access key',
  FISHPLATE_CLIENT_SECRET: 'the secret of that access key',
  FISHPLATE_ACCOUNT: 'id of the account to work in',
} as const satisfies Record<string, string>;

type VariableName = keyof typeof variables;

export const DEFAULT_PORT = 8787;
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_DATA = 'data';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The environment of this process, once and for all. */
export const readProcessEnvironment = (): Environment => ({ ...process.env });

/** A variable's value; empty ones count as not set. */
export function readVariable(env: Environment, name: VariableName): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** A port from the option, else from the variable, else the usual one; 0 stands for any free one. Throws `config.invalid`. */
export function readPort(option: string | undefined, env: Environment): number {
  const variable = readVariable(env, 'FISHPLATE_PORT');
  const [text, source] = option === undefined ? [variable, 'FISHPLATE_PORT'] : [option, '--port'];
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new FishplateError('config.invalid', `${source} is "${text}", which is not a port`, {
    hint: 'Give a number from 0 to 65535; 0 takes a free port.',
  });
}

export const readHost = (option: string | undefined, env: Environment): string =>
  option ?? readVariable(env, 'FISHPLATE_HOST') ?? DEFAULT_HOST;

/** Absolute path of the data folder, which need not exist. */
export const readDataFolder = (option: string | undefined, env: Environment, cwd: string): string =>
  resolve(cwd, option ?? readVariable(env, 'FISHPLATE_DATA') ?? DEFAULT_DATA);

/** Absolute paths of the folders that the user adds to the connectors of the package. */
export function readConnectorFolders(
  options: readonly string[] | undefined,
  env: Environment,
  cwd: string,
): string[] {
  const folders = options ?? readVariable(env, 'FISHPLATE_CONNECTORS')?.split(delimiter) ?? [];
  return folders.filter((folder) => folder !== '').map((folder) => resolve(cwd, folder));
}

/** Where the encryption key comes from; nothing is made. Throws `store.key-missing` and `config.invalid`. */
export function readKeySource(env: Environment, cwd: string): KeySource {
  const keyFile = readVariable(env, 'FISHPLATE_KEY_FILE');
  const key = readVariable(env, 'FISHPLATE_KEY');
  if (keyFile === undefined && key === undefined)
    throw new FishplateError('store.key-missing', 'neither FISHPLATE_KEY_FILE nor FISHPLATE_KEY is set');
  if (keyFile !== undefined && key !== undefined)
    throw new FishplateError('config.invalid', 'both FISHPLATE_KEY_FILE and FISHPLATE_KEY are set', {
      hint: 'Keep one of the two, so that it is plain which key seals.',
    });
  return keyFile === undefined ? { key: new Secret(key ?? '') } : { keyFile: resolve(cwd, keyFile) };
}

/** Throws `config.invalid` for a word that is no level. */
export function readLogLevel(env: Environment, usual: LogLevel = 'info'): LogLevel {
  const text = readVariable(env, 'FISHPLATE_LOG_LEVEL');
  if (text === undefined) return usual;
  const level = LOG_LEVELS.find((name) => name === text.toLowerCase());
  if (level) return level;
  throw new FishplateError('config.invalid', `FISHPLATE_LOG_LEVEL is "${text}"`, {
    hint: `The levels are ${LOG_LEVELS.join(', ')}.`,
  });
}
