/** A store and its key file come in; the store is sealed with a new key afterwards, or an old key is gone from both. */
import { FishplateError } from '../errors.ts';
import { newKeyLine, readKeyFile, replaceKeyFile } from './key-file.ts';
import { keyId, parseKeyLines } from './keyring.ts';
import type { KeyUse, SealedPosition, Store } from './store.ts';

export interface ResealProgress {
  /** Of this run. */
  readonly resealed: number;
  /** Values that were sealed with other keys when it began. */
  readonly total: number;
}

export interface RotateResult extends ResealProgress {
  /** The key that everything is sealed with now. */
  readonly keyId: string;
  /** Whether it was made by this run; else an earlier one was carried on with. */
  readonly made: boolean;
  /** `table/id/column` of values that no key opens; they are as they were. */
  readonly unreadable: readonly string[];
  /** Keys that seal nothing any more. */
  readonly unused: readonly string[];
}

/** Values at a time: other processes wait for one such batch at most. */
const BATCH = 100;

const describe = (path: string) => `The key file ${path}`;

/**
 * Makes a new key, as the first line of the key file, and seals every value anew with it. While values are still sealed
 * with older keys - a run before this one was cut short - no further key is made: it goes on where that one stopped.
 * Other processes may work on the store all along.
 */
export async function rotateKey(
  store: Store,
  keyFile: string,
  onProgress: (progress: ResealProgress) => void = () => undefined,
): Promise<RotateResult> {
  const made = countOthers(await store.sealing.usage()) === 0;
  if (made) await store.sealing.setCurrent(() => addKey(keyFile));
  return { ...(await resealAll(store, onProgress)), made };
}

/** Seals every value anew that is not sealed with the store's current key. */
export async function resealAll(
  store: Store,
  onProgress: (progress: ResealProgress) => void = () => undefined,
): Promise<Omit<RotateResult, 'made'>> {
  const total = countOthers(await store.sealing.usage());
  const unreadable: string[] = [];
  let resealed = 0;
  for (let next: SealedPosition | undefined | null; next !== null; ) {
    const batch = await store.sealing.reseal(BATCH, next);
    resealed += batch.resealed;
    unreadable.push(...batch.unreadable);
    if (batch.resealed > 0) onProgress({ resealed, total });
    next = batch.next;
    // The rest of this process, if there is any, has its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const uses = await store.sealing.usage();
  const unused = uses.filter((use) => !use.current && countOf(use) === 0).map(({ id }) => id);
  return { keyId: currentOf(uses), resealed, total, unreadable, unused };
}

/**
 * Takes a key out of the store and then out of the key file, if there is one; once more does no harm. Throws
 * `store.key-in-use`, and `store.key-missing` for a key that neither of them knows.
 */
export async function removeKey(store: Store, id: string, keyFile?: string): Promise<void> {
  const uses = await store.sealing.usage();
  const inFile = keyFile === undefined ? [] : parseKeyLines(readKeyFile(keyFile, false), describe(keyFile));
  const known = [...uses, ...inFile].some((key) => key.id === id);
  if (!known)
    throw new FishplateError('store.key-missing', `There is no key ${id}`, {
      hint: `There are ${[...new Set([...uses, ...inFile].map((key) => key.id))].join(', ')}.`,
    });
  await store.sealing.forget(id);
  if (keyFile === undefined) return;
  // Under the lock of the store, like every change of the file.
  await store.sealing.setCurrent((currentId) => {
    dropKey(keyFile, id);
    return currentId;
  });
}

/** Answers the id of the new key. */
function addKey(keyFile: string): string {
  const line = newKeyLine();
  replaceKeyFile(keyFile, line + readKeyFile(keyFile, false));
  const [key] = parseKeyLines(line, describe(keyFile));
  if (!key) throw new TypeError('a new key is not one');
  return key.id;
}

function dropKey(keyFile: string, id: string): void {
  const lines = readKeyFile(keyFile, false)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const rest = lines.filter((line) => keyId(Buffer.from(line.trim(), 'base64')) !== id);
  if (rest.length < lines.length) replaceKeyFile(keyFile, `${rest.join('\n')}\n`);
}

function currentOf(uses: readonly KeyUse[]): string {
  const current = uses.find((use) => use.current);
  if (!current) throw new TypeError('a store without a current key');
  return current.id;
}

const countOf = ({ values }: KeyUse): number => Object.values(values).reduce((sum, count) => sum + count, 0);

/** Values that could be sealed anew; those of a lost key could not. */
const countOthers = (uses: readonly KeyUse[]): number =>
  uses.filter(({ current, given }) => given && !current).reduce((sum, use) => sum + countOf(use), 0);
