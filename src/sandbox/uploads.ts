/** Files come in and are kept while the sandbox runs, the newest ones only; by their names they go out again. */
import type { FileContent } from './file-content.ts';

export interface Uploads {
  keep(name: string, file: FileContent): void;
  find(name: string): FileContent | undefined;
}

const MOST_FILES = 50;
const MOST_BYTES = 64 * 1024 * 1024;

/** In memory only, and not part of snapshots. */
export function createUploads(): Uploads {
  const files = new Map<string, FileContent>();
  const total = () => [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  return {
    keep: (name, file) => {
      files.set(name, file);
      for (const oldest of files.keys()) {
        if (files.size <= MOST_FILES && total() <= MOST_BYTES) break;
        files.delete(oldest);
      }
    },
    find: (name) => files.get(name),
  };
}
