/** A connector's folder comes in; the files that belong to a definition go out, unless they are too large or lie elsewhere. */
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Problem } from './problem.ts';

export interface FolderFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  read(): Promise<Buffer>;
}

export interface FolderListing {
  readonly files: readonly FolderFile[];
  readonly problems: readonly Problem[];
}

const MOST_FILES = 1_000;
const LARGEST_FILE_BYTES = 5 * 1024 * 1024;
/** YAML of this size takes half a minute to check; the largest definition that we know has a hundredth of it. */
const LARGEST_WHOLE_BYTES = 20 * 1024 * 1024;

/**
 * Lists what is wanted of the folder itself and of types/ and methods/, in alphabetical order. Nothing is read from
 * outside of the folder: a definition that somebody sends must not show what else lies on this machine. Links inside are
 * followed. What is missing is not listed.
 */
export async function listFolder(folder: string, wanted: (path: string) => boolean): Promise<FolderListing> {
  const root = await realpath(folder).catch(() => folder);
  const files: FolderFile[] = [];
  const problems: Problem[] = [];
  let bytes = 0;
  for (const path of await pathsOf(root, wanted)) {
    const found = await inspect(root, path);
    if ('fault' in found) {
      problems.push(fileProblem(path, found.code, found.fault));
      continue;
    }
    bytes += found.bytes;
    if (files.length === MOST_FILES || bytes > LARGEST_WHOLE_BYTES) {
      const most = `${MOST_FILES} files or ${LARGEST_WHOLE_BYTES / 1024 / 1024} MiB`;
      problems.push(fileProblem(path, 'definition.too-large', `the definition has more than ${most}`));
      break;
    }
    files.push({ path, read: () => readFile(found.real) });
  }
  return { files, problems };
}

async function pathsOf(root: string, wanted: (path: string) => boolean): Promise<string[]> {
  const paths: string[] = [];
  for (const sub of ['', 'types', 'methods']) {
    const entries = await readdir(join(root, sub), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException): Dirent[] => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
        throw error;
      },
    );
    for (const { name } of entries) {
      const path = sub === '' ? name : `${sub}/${name}`;
      if (wanted(path)) paths.push(path);
    }
  }
  return paths.sort();
}

type Inspected =
  | { readonly real: string; readonly bytes: number }
  | { readonly code: 'definition.foreign-file' | 'definition.too-large'; readonly fault: string };

async function inspect(root: string, path: string): Promise<Inspected> {
  // A link may lead in circles, or nowhere.
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined || !real.startsWith(`${root}${sep}`))
    return { code: 'definition.foreign-file', fault: `${path} is a link that leads out of the folder` };
  const stats = await stat(real);
  if (!stats.isFile()) return { code: 'definition.foreign-file', fault: `${path} is not a file` };
  if (stats.size <= LARGEST_FILE_BYTES) return { real, bytes: stats.size };
  const fault = `${path} has ${stats.size} bytes; ${LARGEST_FILE_BYTES} are allowed`;
  return { code: 'definition.too-large', fault };
}

const fileProblem = (file: string, code: Problem['code'], message: string): Problem => ({
  ...{ code, message, file, pointer: '', line: 1, column: 1 },
});
