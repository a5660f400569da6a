/** Keys come in, a keyring goes out: it seals texts and opens them again, each bound to where it is kept. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { FishplateError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { readKeyFile } from './key-file.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** One AES-256 key; `id` is what sealed texts name it by: letters, digits, `-` and `_`. */
export interface SealingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Seals with the current key, opens with any of its keys. Holds key objects, which do not print their bytes. */
export interface Keyring {
  readonly currentId: string;
  has(id: string): boolean;
  /**
   * AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV, as `v1.<key id>.<iv>.<tag>.<ciphertext>` in base64url.
   * `context` says where the text is kept (`table/row id/column`) and is authenticated with it. With the current key
   * unless another one is named. Throws `store.sealed-unreadable` for a key that is none of its own.
   */
  seal(text: string, context: string, id?: string): string;
  /**
   * A ring from a file reads the file again when it meets a key that it has not: one was added since.
   * Throws `store.sealed-unreadable` for another context, another key, or a text that was changed.
   */
  open(sealed: string, context: string): string;
  /** Reads the file that it came from again, if it did; throws what `loadKeyring` throws, and then stays as it was. */
  reload(): void;
}

/** Where the key comes from. Give `keyFile` or `key`, not both. */
export interface KeySource {
  /** A file (mode 0600) with one key a line, each 32 bytes in base64: the current one first, then older ones. */
  readonly keyFile?: string;
  /** The same lines as a text, for programs that are given the key in their environment. */
  readonly key?: Secret;
  /** Makes `keyFile` with a fresh key when there is none. For a first start on one's own machine only. */
  readonly createIfMissing?: boolean;
}

/** First 16 hex characters of SHA-256: tells keys apart, and says nothing about 256 random bits. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/**
 * `random` yields that many bytes and must be cryptographically strong: GCM breaks when an IV repeats under one key
 * (a random one is safe for 2^32 seals). Throws `store.key-invalid` when a key is not 32 bytes, an id is malformed or
 * given twice, or `currentId` is none of the keys.
 */
export function createKeyring(
  keys: readonly SealingKey[],
  currentId: string,
  random: (bytes: number) => Buffer = randomBytes,
): Keyring {
  const byId = new Map<string, KeyObject>();
  for (const { id, key } of keys) {
    if (!/^[\w-]+$/.test(id)) throw invalid(`The key id "${id}" is not made of letters, digits, - and _`);
    if (key.length !== KEY_BYTES) throw invalid(`Key ${id} has ${key.length} bytes, not ${KEY_BYTES}`);
    if (byId.has(id)) throw invalid(`Key ${id} is given twice`);
    byId.set(id, createSecretKey(key));
  }
  if (!byId.has(currentId)) throw invalid(`The current key ${currentId} is none of those given`);
  return {
    currentId,
    has: (id) => byId.has(id),
    seal: (text, context, id = currentId) => {
      const key = byId.get(id);
      if (key === undefined) throw unreadable(`Nothing can be sealed with key ${id}, which was not given`);
      return seal(text, context, id, key, random(IV_BYTES));
    },
    open: (sealed, context) => open(sealed, context, byId),
    reload: () => undefined,
  };
}

/** Which key a text was sealed with; undefined when it is no sealed text. */
export const keyOf = (sealed: string): string | undefined => /^v1\.([\w-]+)\./.exec(sealed)?.[1];

/**
 * Throws `store.key-missing` when there is no key (never falls back to plain text), `store.key-invalid` when one is
 * malformed or its file can be read by others, `config.invalid` when both sources are given.
 */
export function loadKeyring({ keyFile, key, createIfMissing = false }: KeySource): Keyring {
  if (keyFile !== undefined && key !== undefined) {
    throw new FishplateError('config.invalid', 'Both a key file and a key are given', {
      hint: 'Give one of the two, so that it is plain which key seals.',
    });
  }
  if (key !== undefined) return parseKeys(key.reveal(), 'The key that was given');
  if (keyFile === undefined) throw new FishplateError('store.key-missing', 'No encryption key was given');
  return createFileKeyring(keyFile, createIfMissing);
}

/** Several processes may share the file, and one of them may add a key or take one out while the others run. */
function createFileKeyring(keyFile: string, createIfMissing: boolean): Keyring {
  const read = (make: boolean) => parseKeys(readKeyFile(keyFile, make), `The key file ${keyFile}`);
  let ring = read(createIfMissing);
  const reload = () => {
    ring = read(false);
  };
  return {
    get currentId() {
      return ring.currentId;
    },
    has: (id) => ring.has(id),
    seal: (...given) => ring.seal(...given),
    open: (sealed, context) => {
      const id = keyOf(sealed);
      if (id !== undefined && !ring.has(id)) {
        try {
          reload();
        } catch (cause) {
          throw unreadable(`The value at ${context} was sealed with key ${id}, which is not at hand`, cause);
        }
      }
      return ring.open(sealed, context);
    },
    reload,
  };
}

function parseKeys(text: string, source: string): Keyring {
  const keys = parseKeyLines(text, source);
  const [first] = keys;
  if (first === undefined) throw invalid(`${source} is empty`);
  return createKeyring(keys, first.id);
}

/** The keys of a key file's text, as it has them. `source` opens the error messages; the lines never reach one. */
export function parseKeyLines(text: string, source: string): SealingKey[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    // 32 bytes are 43 characters of base64 and one `=`. Buffer skips what it cannot read, so it is checked here.
    if (!/^[\w+/-]{43}=?$/.test(line)) {
      throw invalid(`${source} is not 32 bytes in base64 in line ${index + 1}`);
    }
    const key = Buffer.from(line, 'base64');
    return [{ id: keyId(key), key }];
  });
}

function seal(text: string, context: string, id: string, key: KeyObject, iv: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(id, context));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
  return ['v1', id, ...parts].join('.');
}

// The lengths are part of the format: GCM would also accept a tag cut short, which is easier to forge.
const SEALED =
  /^v1\.(?<id>[\w-]+)\.(?<iv>[\w-]{16})\.(?<tag>[\w-]{22})\.(?<ciphertext>(?:[\w-]{4})*(?:[\w-]{2,3})?)$/;

function open(sealed: string, context: string, keys: ReadonlyMap<string, KeyObject>): string {
  const { id = '', iv = '', tag = '', ciphertext = '' } = SEALED.exec(sealed)?.groups ?? {};
  if (id === '') throw unreadable(`The value at ${context} is not a sealed value`);
  const key = keys.get(id);
  if (key === undefined)
    throw unreadable(`The value at ${context} was sealed with key ${id}, which was not given`);
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData(id, context));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  try {
    return Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw unreadable(`The value at ${context} was changed, or sealed for another place`, cause);
  }
}

/** What is authenticated beside the text. The head has no line break, so no two pairs give the same bytes. */
function associatedData(id: string, context: string): Buffer {
  return Buffer.from(`v1.${id}\n${context}`, 'utf8');
}

function invalid(message: string): FishplateError {
  return new FishplateError('store.key-invalid', message);
}

function unreadable(message: string, cause?: unknown): FishplateError {
  return new FishplateError('store.sealed-unreadable', message, { cause });
}
