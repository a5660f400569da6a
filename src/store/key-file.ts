/** The path of a key file comes in, its text goes out; made on request, and refused when others could read it. */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FishplateError } from '../errors.ts';
import { hasCode, syncFolder } from './private-file.ts';

const LARGEST_BYTES = 64 * 1024;

/**
 * Throws `store.key-missing` when there is no file and none may be made, `store.key-invalid` when the file cannot be
 * read, is no regular file, or gives group or others any permission.
 */
export function readKeyFile(path: string, createIfMissing: boolean): string {
  const found = readIfPresent(path);
  if (found !== undefined) return found;
  if (!createIfMissing) throw new FishplateError('store.key-missing', `There is no key file at ${path}`);
  createKeyFile(path);
  const made = readIfPresent(path);
  if (made === undefined) throw new FishplateError('store.key-missing', `The key file ${path} was removed`);
  return made;
}

function readIfPresent(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    // Not blocking, since opening a named pipe would wait for its writer; a regular file takes no notice.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // Checked on the open file, so that it cannot be exchanged between the look and the read.
    checkPrivate(path, descriptor);
    return readFileSync(descriptor, 'utf8');
  } catch (cause) {
    if (cause instanceof FishplateError) throw cause;
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw new FishplateError('store.key-invalid', `The key file ${path} cannot be read`, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function checkPrivate(path: string, descriptor: number): void {
  const stat = fstatSync(descriptor);
  if (!stat.isFile() || stat.size > LARGEST_BYTES) {
    throw new FishplateError('store.key-invalid', `${path} is not a key file`);
  }
  // Windows keeps access lists, and its mode bits say nothing.
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    throw new FishplateError('store.key-invalid', `The key file ${path} has mode ${mode}`, {
      hint: `Run chmod 600 ${path}; if others may have read it, make a new key.`,
    });
  }
}

/**
 * Writes a draft and links it into place: the file appears complete or not at all, an existing one is never replaced,
 * and of two programs that start at once both end up with the same key.
 */
function createKeyFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = writeDraft(path, newKeyLine());
    try {
      linkSync(draft, path);
    } finally {
      unlinkSync(draft);
    }
    // A key that a power cut takes away again would leave everything sealed with it unreadable.
    syncFolder(dirname(path));
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return;
    throw new FishplateError('store.key-missing', `The key file ${path} cannot be made`, {
      cause,
      hint: 'Make the folder writable, or give a key file elsewhere.',
    });
  }
}

/** 256 random bits as a line of a key file. */
export const newKeyLine = (): string => `${randomBytes(32).toString('base64')}\n`;

/**
 * Puts another text in the place of a key file, as a whole: readers, and a crash at any moment, find the old one or the
 * new one. Throws `store.key-invalid` when it cannot be written; then it is as it was.
 */
export function replaceKeyFile(path: string, text: string): void {
  try {
    // What the path leads to, so that a link to a file elsewhere stays a link.
    const target = realpathSync(path);
    const draft = writeDraft(target, text);
    try {
      renameSync(draft, target);
    } catch (error) {
      unlinkSync(draft);
      throw error;
    }
    syncFolder(dirname(target));
  } catch (cause) {
    throw new FishplateError('store.key-invalid', `The key file ${path} cannot be written`, {
      cause,
      hint: 'Its folder must be writable: the file is replaced as a whole.',
    });
  }
}

/** Beside the file, so that it can take its place; on the disk when this returns. */
function writeDraft(path: string, text: string): string {
  const draft = `${path}.${randomUUID()}.draft`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return draft;
}
