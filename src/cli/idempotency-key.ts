/** A command comes in; the option that names a call goes into it, and out go the key and what is said of a first answer. */
import type { Command } from 'commander';
import { assertKey } from '../keyed-call.ts';
import type { ApiAnswer } from './api-client.ts';
import type { Io } from './io.ts';

export interface KeyOptions {
  readonly idempotencyKey?: string;
}

/** Adds `--idempotency-key`. */
export const addKeyOption = (command: Command): Command =>
  command.option(
    '--idempotency-key <key>',
    'your name for this one call: given again, the first answer comes back and nothing is sent twice',
  );

/** Checked here, because no header can carry what is wrong with some keys. Throws `call.key-invalid`. */
export function readKey({ idempotencyKey }: KeyOptions): string | undefined {
  if (idempotencyKey !== undefined) assertKey(idempotencyKey);
  return idempotencyKey;
}

/** On stderr: the answer itself looks the same. */
export function tellReplayed({ headers }: ApiAnswer, io: Io): void {
  if (headers.get('idempotent-replayed') === 'true')
    io.stderr.write('this is the answer to the first call with this key; nothing was sent\n');
}
