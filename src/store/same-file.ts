/** The path of a file that was opened comes in; a look whether it still leads to that file goes out. */
import { statSync } from 'node:fs';
import { FishplateError } from '../errors.ts';

/**
 * Creates a function that throws `store.unavailable` once the file was removed, or another one was put in its place: the
 * system lets a program go on with the file that it opened, so what it writes would be acknowledged, seen by no other
 * program, and gone with it. A file that was overwritten where it is cannot be told from one that was written.
 */
export function createSameFile(path: string): () => void {
  const { dev, ino } = statSync(path);
  return () => {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.ino === ino && now.dev === dev) return;
    throw new FishplateError(
      'store.unavailable',
      `The file ${path} was ${now ? 'replaced' : 'removed'} while it was in use: nothing more is written`,
      {
        hint: 'Stop every program that works on the store, put the right file in its place, and start them again.',
      },
    );
  };
}
