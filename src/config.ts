/** Environment variables and options of the program itself come in; checked values go out. The only file that reads `process.env`. */
import { isIP } from 'node:net';
import { delimiter, resolve } from 'node:path';
import type { CallDetail, LoggedCalls } from './call-record.ts';
import { FishplateError } from './errors.ts';
import type { RetentionLimits } from './retention.ts';
import { Secret } from './secret.ts';
import type { KeySource } from './store/keyring.ts';
import { parseNetworks } from './transport/address-guard.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable that the program reads, with what it is for; `fishplate --help` prints them. */
export const variables = {
  FISHPLATE_DATA: 'folder for the database and the harness file (./data)',
  FISHPLATE_CONNECTORS: 'folders of further connectors, separated like PATH',
  FISHPLATE_HOST: 'address that serve listens on (127.0.0.1)',
  FISHPLATE_PORT: 'port of the API (8787)',
  FISHPLATE_TRUST_PROXY: 'proxies in front of it that are believed: how many, or their addresses (none)',
  FISHPLATE_LIMIT_SHARE:
    "part of the vendors' rate limits for this process: 0.25 where four share one store (1)",
  FISHPLATE_ALLOW_ADDRESSES:
    'addresses and networks that vendors may be at although they are not public; loopback is this machine (none)',
  FISHPLATE_KEY_FILE: 'file (mode 0600) with the encryption key: 32 bytes in base64',
  FISHPLATE_KEY: 'the encryption key itself, where there is no file',
  FISHPLATE_IDEMPOTENCY_HOURS: 'how long the first answer to an Idempotency-Key is kept, in hours (24)',
  FISHPLATE_LOG_LEVEL: 'debug, info, warn, error or silent (info)',
  FISHPLATE_METRICS_TOKEN:
    'a token for /metrics besides those that may metrics:read, 16 characters or more (none)',
  FISHPLATE_TRACE_VENDORS: 'yes: vendors are sent traceparent too (no)',
  FISHPLATE_CALL_LOG:
    'which calls leave a row in the call log: all, or notable - failed, repeated or queued (all)',
  FISHPLATE_CALL_LOG_DETAIL:
    'of which calls request and answer are kept, redacted: none, errors or all (errors)',
  FISHPLATE_CALL_LOG_DAYS: 'days that rows of the call log are kept (30)',
  FISHPLATE_CALL_LOG_ROWS: 'rows of the call log that are kept at most (1000000)',
  FISHPLATE_AUDIT_DAYS: 'days that rows of the audit are kept (for ever)',
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

/**
 * Which proxies are believed about the address that they speak for: a number of them, or addresses and networks separated
 * by commas. Undefined for none. Throws `config.invalid`.
 */
export function readTrustProxy(env: Environment): number | string[] | undefined {
  const text = readVariable(env, 'FISHPLATE_TRUST_PROXY');
  if (text === undefined) return undefined;
  if (/^[1-9]$/.test(text)) return Number(text);
  const addresses = text.split(',').map((address) => address.trim());
  if (addresses.every(isAddressOrNetwork)) return addresses;
  throw new FishplateError('config.invalid', `FISHPLATE_TRUST_PROXY is "${text}"`, {
    hint: 'Give how many proxies stand in front (1 to 9), or their addresses: 10.0.0.5, 10.0.0.0/8, loopback.',
  });
}

function isAddressOrNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return most > 0 && isPrefix && rest.length === 0;
}

/** Which part of each vendor limit this process may use, above 0 and at most 1. Throws `config.invalid`. */
export function readLimitShare(env: Environment): number {
  const text = readVariable(env, 'FISHPLATE_LIMIT_SHARE') ?? '1';
  const share = Number(text);
  if (/^\d*\.?\d+$/.test(text) && share > 0 && share <= 1) return share;
  throw new FishplateError('config.invalid', `FISHPLATE_LIMIT_SHARE is "${text}"`, {
    hint: 'Give a number above 0 and at most 1: where four processes work on one store, 0.25 for each.',
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

const HOUR_MS = 3_600_000;
/** A year: longer, and the store would be an archive. */
const MOST_HOURS = 8_760;

/** How long the answers of calls with an idempotency key are kept, in milliseconds. Throws `config.invalid`. */
export function readRememberMs(env: Environment): number | undefined {
  const text = readVariable(env, 'FISHPLATE_IDEMPOTENCY_HOURS');
  if (text === undefined) return undefined;
  const hours = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && hours > 0 && hours <= MOST_HOURS) return Math.ceil(hours * HOUR_MS);
  throw new FishplateError('config.invalid', `FISHPLATE_IDEMPOTENCY_HOURS is "${text}"`, {
    hint: `Give a number of hours, more than 0 and at most ${MOST_HOURS}.`,
  });
}

/** Addresses and networks that requests may go to although they are not public. Throws `config.invalid`. */
export function readAllowedAddresses(env: Environment): string[] {
  const name = 'FISHPLATE_ALLOW_ADDRESSES';
  return parseNetworks(readVariable(env, name) ?? '', name);
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

const LOGGED_CALLS: readonly LoggedCalls[] = ['all', 'notable'];
const CALL_DETAILS: readonly CallDetail[] = ['none', 'errors', 'all'];
const SHORTEST_TOKEN = 16;

/** What is kept and told of what goes on. */
export interface Watching {
  readonly metricsToken?: Secret;
  /** Whether vendors are sent the trace. */
  readonly tellVendors?: boolean;
  readonly loggedCalls?: LoggedCalls;
  readonly callDetail?: CallDetail;
  readonly retention?: RetentionLimits;
}

/** Throws `config.invalid`. */
export function readWatching(env: Environment): Watching {
  const token = readVariable(env, 'FISHPLATE_METRICS_TOKEN');
  if (token !== undefined && !/^[\x21-\x7e]{16,}$/.test(token))
    throw new FishplateError('config.invalid', 'FISHPLATE_METRICS_TOKEN is no token', {
      hint: `Give ${SHORTEST_TOKEN} characters or more, without spaces: openssl rand -hex 24.`,
    });
  const callDays = readCount(env, 'FISHPLATE_CALL_LOG_DAYS');
  const callRows = readCount(env, 'FISHPLATE_CALL_LOG_ROWS');
  const auditDays = readCount(env, 'FISHPLATE_AUDIT_DAYS');
  const loggedCalls = readWord(env, 'FISHPLATE_CALL_LOG', LOGGED_CALLS);
  const callDetail = readWord(env, 'FISHPLATE_CALL_LOG_DETAIL', CALL_DETAILS);
  return {
    ...(token !== undefined && { metricsToken: new Secret(token) }),
    tellVendors: readWord(env, 'FISHPLATE_TRACE_VENDORS', ['yes', 'no']) === 'yes',
    ...(loggedCalls !== undefined && { loggedCalls }),
    ...(callDetail !== undefined && { callDetail }),
    retention: {
      ...(callDays !== undefined && { callDays }),
      ...(callRows !== undefined && { callRows }),
      ...(auditDays !== undefined && { auditDays }),
    },
  };
}

function readCount(env: Environment, name: VariableName): number | undefined {
  const text = readVariable(env, name);
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new FishplateError('config.invalid', `${name} is "${text}"`, {
    hint: 'Give a whole number of at least 1.',
  });
}

function readWord<T extends string>(
  env: Environment,
  name: VariableName,
  words: readonly T[],
): T | undefined {
  const text = readVariable(env, name)?.toLowerCase();
  const found = words.find((word) => word === text);
  if (text === undefined || found !== undefined) return found;
  throw new FishplateError('config.invalid', `${name} is "${text}"`, {
    hint: `Choose one of ${words.join(', ')}.`,
  });
}
