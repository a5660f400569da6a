/** `fishplate keys`: the keys that a data folder is encrypted with go out, or are replaced while other programs work on it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createAudit, LOCAL_ACTOR } from '../access/audit.ts';
import { DEFAULT_DATA, readDataFolder, readKeySource, readVariable } from '../config.ts';
import { FishplateError } from '../errors.ts';
import { readKeyFile } from '../store/key-file.ts';
import { type KeySource, parseKeyLines } from '../store/keyring.ts';
import { openStore } from '../store/open.ts';
import { type RotateResult, removeKey, resealAll, rotateKey } from '../store/rotate-key.ts';
import type { Store } from '../store/store.ts';
import { realWorld } from '../world.ts';
import { type CommandContext, createCommand } from './command.ts';
import { exitCodes, type Io } from './io.ts';
import { usageError } from './report-error.ts';
import { formatTable } from './table.ts';

interface KeysOptions {
  readonly data?: string;
  readonly json?: boolean;
}

export function keysCommand(context: CommandContext): Command {
  return createCommand('keys', context.io, {
    description:
      'The keys that the secrets of a data folder are encrypted with. Works on the folder itself, also while harness\n' +
      'or serve run on it. Only ids of keys are shown, never keys.',
    examples: ['keys status', 'keys rotate', 'keys remove 1f0c5e7a9b2d4c68 --data /var/lib/fishplate'],
  })
    .addCommand(statusCommand(context))
    .addCommand(rotateCommand(context))
    .addCommand(removeCommand(context));
}

const withData = (command: Command): Command =>
  command
    .option('--data <dir>', `where the database is (FISHPLATE_DATA, ./${DEFAULT_DATA})`)
    .option('--json', 'print it as JSON');

function statusCommand({ io }: CommandContext): Command {
  const command = createCommand('status', io, {
    description: 'Shows every key by its id, and how many values each one encrypts.',
    examples: ['keys status'],
  });
  return withData(command).action((options: KeysOptions) =>
    withStore(options, io, async (store, keys) => {
      const listed = idsOf(keys);
      const uses = await store.sealing.usage();
      const rows = [
        ...uses.map(({ id, current, given, values }) => ({
          ...{ id, given, values },
          state: current ? 'current' : 'old',
          total: Object.values(values).reduce((sum, count) => sum + count, 0),
        })),
        ...listed
          .filter((id) => !uses.some((use) => use.id === id))
          .map((id) => ({ id, given: true, values: {}, state: 'unused', total: 0 })),
      ];
      const lines = rows.map(({ id, state, total, given }) => [id, state, `${total}`, given ? 'yes' : 'no']);
      io.stdout.write(
        options.json
          ? `${JSON.stringify(rows, null, 2)}\n`
          : formatTable(['key', 'state', 'values', 'given'], lines),
      );
    }),
  );
}

function rotateCommand({ io, done }: CommandContext): Command {
  const command = createCommand('rotate', io, {
    description:
      'Makes a new key, writes it before the others into the key file, and encrypts every value anew with it. Run again\n' +
      'after it was interrupted, it goes on where it stopped. With keys in FISHPLATE_KEY, put the new one first there,\n' +
      'the old one in the next line; see docs/operations.md. Exits with 1 when some values cannot be decrypted.',
    examples: ['keys rotate', 'FISHPLATE_KEY_FILE=/etc/fishplate/key fishplate keys rotate'],
  });
  return withData(command).action((options: KeysOptions) =>
    withStore(options, io, async (store, keys) => {
      const onProgress = ({ resealed, total }: { resealed: number; total: number }) =>
        void io.stderr.write(`${resealed} of ${total} values\n`);
      const result =
        keys.keyFile === undefined
          ? await rotateGiven(store, keys, onProgress)
          : await rotateKey(store, keys.keyFile, onProgress);
      const { keyId, made, resealed, unreadable } = result;
      await record(store, 'encryption-key.rotate', keyId, { made, resealed, unreadable: unreadable.length });
      io.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatResult(result));
      done(unreadable.length > 0 ? exitCodes.failed : exitCodes.ok);
    }),
  );
}

/** Where a key cannot be written, the new one must have been put first already. */
async function rotateGiven(
  store: Store,
  keys: KeySource,
  onProgress: Parameters<typeof resealAll>[1],
): Promise<RotateResult> {
  const ids = idsOf(keys);
  const [first] = ids;
  if (first === undefined || ids.length < 2)
    throw usageError(
      'FISHPLATE_KEY holds one key: there is nothing to rotate to',
      'Make one (openssl rand -base64 32) and give both, a line each: first the old one first everywhere, then the new one first.',
    );
  await store.sealing.setCurrent(() => first);
  return { ...(await resealAll(store, onProgress)), made: false };
}

function formatResult({ keyId, made, resealed, unreadable, unused }: RotateResult): string {
  const broken = unreadable.map((place) => `  cannot be decrypted: ${place}\n`).join('');
  const old = unused.map((id) => `Nothing needs key ${id} any more: fishplate keys remove ${id}\n`).join('');
  return `${made ? 'New key' : 'Key'} ${keyId}: ${resealed} values encrypted anew\n${broken}${old}`;
}

function removeCommand({ io }: CommandContext): Command {
  const command = createCommand('remove', io, {
    description:
      'Takes an old key out of the store and the key file. Refused while a value is encrypted with it. Backups from\n' +
      'before the rotation still need it: keep it as long as them.',
    examples: ['keys remove 1f0c5e7a9b2d4c68'],
  }).argument('<id>', 'of the key, as `fishplate keys status` shows it');
  return withData(command).action((id: string, options: KeysOptions) =>
    withStore(options, io, async (store, keys) => {
      await removeKey(store, id, keys.keyFile);
      await record(store, 'encryption-key.remove', id, {});
      io.stdout.write(options.json ? `${JSON.stringify({ removed: id })}\n` : `${id}: removed\n`);
      if (keys.keyFile === undefined)
        io.stderr.write('Take its line out of FISHPLATE_KEY of every program that uses this store.\n');
    }),
  );
}

/** Opens what is there; a mistyped folder must not become a new store with a new key. */
async function withStore(
  options: KeysOptions,
  io: Io,
  use: (store: Store, keys: KeySource) => Promise<void>,
): Promise<void> {
  const dataFolder = readDataFolder(options.data, io.env, io.cwd);
  const location = join(dataFolder, 'fishplate.db');
  if (!existsSync(location))
    throw usageError(`there is no database in ${dataFolder}`, 'Name the data folder with --data.');
  const keys = keysOf(dataFolder, io);
  const store = await openStore({ location, keys });
  try {
    await use(store, keys);
  } finally {
    await store.close();
  }
}

/** The key that is given counts, else the one that a harness has made for its folder. */
function keysOf(dataFolder: string, io: Io): KeySource {
  const own = join(dataFolder, 'key');
  const isGiven = readVariable(io.env, 'FISHPLATE_KEY_FILE') ?? readVariable(io.env, 'FISHPLATE_KEY');
  return isGiven === undefined && existsSync(own) ? { keyFile: own } : readKeySource(io.env, io.cwd);
}

function idsOf({ keyFile, key }: KeySource): string[] {
  const text = keyFile === undefined ? key?.reveal() : readKeyFile(keyFile, false);
  if (text === undefined) throw new FishplateError('store.key-missing', 'No encryption key was given');
  return parseKeyLines(text, 'The key that was given').map(({ id }) => id);
}

const record = (store: Store, action: string, target: string, detail: Record<string, unknown>) =>
  createAudit(store, realWorld).record({ actor: LOCAL_ACTOR, action, target, accountId: null, detail });
