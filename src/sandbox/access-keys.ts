/** The vendor's access keys: made, shown once, switched off and on, deleted - by the rules of sandbox.yaml. */
import { createHash, createPublicKey } from 'node:crypto';
import { FishplateError } from '../errors.ts';
import { fingerprint, Secret, sameText } from '../secret.ts';
import type { World } from '../wire.ts';
import { type CopyForms, createCopyForms } from './copy-forms.ts';
import { chanceMatching } from './pattern.ts';
import type { AccessKeyRules } from './script.ts';

/** An access key as the vendor lists it: without its secret. */
export interface AccessKey {
  readonly id: string;
  readonly serviceUserId: string;
  /** Given by whoever generated it; of vendors whose keys have names. */
  readonly name?: string;
  /** One of the vendor's two words. */
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** PEM; of clients that sign. */
  readonly publicKey?: string;
}

/** As it is stored. `secretHash` is the SHA-256 of the secret in hex. */
export interface StoredKey extends AccessKey {
  readonly secretHash: string;
}

/** What the vendor's popup shows once, when a key is generated. */
export interface GeneratedKey {
  readonly organisationId: string;
  readonly accessKeyId: string;
  readonly apiSecret: Secret;
  /** The forms it can be copied in. They hold the secret in clear: for the person who asked for the key, once. */
  readonly copyForms: () => CopyForms;
}

/** Who a key is made for. */
export interface KeyOwner {
  readonly id: string;
  readonly name: string;
  readonly organisationId: string;
}

/** Errors: `sandbox.unknown` for ids that do not exist, `sandbox.not-allowed` for what the rules forbid. */
export interface AccessKeys {
  /** `name` where the vendor's keys have one; "Key 1" and so on unless given. */
  generate(owner: KeyOwner, name?: string): GeneratedKey;
  regenerate(id: string, owner: KeyOwner): GeneratedKey;
  setActive(id: string, active: boolean): AccessKey;
  /** Throws `input.invalid` for what is no public key. */
  setPublicKey(id: string, pem: string): AccessKey;
  remove(id: string): void;
  removeAllOf(serviceUserId: string): void;
  of(serviceUserId: string): readonly AccessKey[];
  find(id: string): AccessKey | undefined;
  /** Throws `sandbox.unknown`. */
  get(id: string): AccessKey;
  isActive(key: AccessKey): boolean;
  /** In constant time. */
  secretMatches(id: string, secret: string): boolean;
  findBySecret(secret: string): AccessKey | undefined;
  snapshot(): readonly StoredKey[];
  restore(keys: readonly StoredKey[]): void;
}

/** What the settings ask of a secret that it is given to. */
export interface SecretForm {
  readonly pattern?: string | undefined;
  readonly maxLength: number;
}

/** No keys yet; their secrets have the forms where one text can have all of them. */
export function createAccessKeys(
  rules: AccessKeyRules,
  world: World,
  forms: readonly SecretForm[] = [],
): AccessKeys {
  const keys = new Map<string, StoredKey>();
  const of = (serviceUserId: string) =>
    [...keys.values()].filter((key) => key.serviceUserId === serviceUserId);

  function stored(id: string): StoredKey {
    const found = keys.get(id);
    if (!found)
      throw new FishplateError('sandbox.unknown', `The sandbox has no access key ${JSON.stringify(id)}`);
    return found;
  }

  function giveSecret(key: AccessKey, { organisationId }: KeyOwner): GeneratedKey {
    const apiSecret = newSecret(rules, world, forms);
    keys.set(key.id, { ...key, secretHash: fingerprint(apiSecret) });
    const shown = { organisationId, accessKeyId: key.id };
    return {
      ...shown,
      apiSecret: new Secret(apiSecret),
      copyForms: () => createCopyForms(rules.copy, { ...shown, apiSecret }),
    };
  }

  return {
    generate: (owner, name) => {
      if (rules.maximum !== undefined && of(owner.id).length >= rules.maximum)
        throw notAllowed(
          `The service user "${owner.name}" has ${rules.maximum} access keys and may not have more`,
        );
      if (name !== undefined && !rules.named) throw notAllowed('Access keys of this vendor have no names');
      const key = { id: newKeyId(rules, world), serviceUserId: owner.id, status: rules.active };
      const named = rules.named && { name: name ?? freeName(of(owner.id)) };
      return giveSecret({ ...key, ...named, createdAt: world.now() }, owner);
    },
    regenerate: (id, owner) => {
      if (!rules.regenerate)
        throw notAllowed('This vendor does not regenerate access keys: generate a new one');
      return giveSecret(stored(id), owner);
    },
    setActive: (id, active) => {
      if (!rules.switchable)
        throw notAllowed('This vendor does not switch access keys off and on: delete the key instead');
      const changed = { ...stored(id), status: active ? rules.active : rules.inactive };
      keys.set(id, changed);
      return withoutSecret(changed);
    },
    setPublicKey: (id, pem) => {
      if (!isPublicKey(pem))
        throw new FishplateError('input.invalid', 'That is no public key in PEM form', {
          hint: 'Give the whole key, from -----BEGIN PUBLIC KEY----- to the END line.',
        });
      const changed = { ...stored(id), publicKey: pem };
      keys.set(id, changed);
      return withoutSecret(changed);
    },
    remove: (id) => {
      if (stored(id).status === rules.active && !rules.deleteActive)
        throw notAllowed(
          `The access key ${id} is ${rules.active}: set it ${rules.inactive} before deleting it`,
        );
      keys.delete(id);
    },
    removeAllOf: (serviceUserId) => {
      for (const key of of(serviceUserId)) keys.delete(key.id);
    },
    of: (serviceUserId) => of(serviceUserId).map(withoutSecret),
    find: (id) => (keys.has(id) ? withoutSecret(stored(id)) : undefined),
    get: (id) => withoutSecret(stored(id)),
    isActive: (key) => key.status === rules.active,
    secretMatches: (id, secret) => sameText(keys.get(id)?.secretHash ?? '', fingerprint(secret)),
    findBySecret: (secret) => {
      const hash = fingerprint(secret);
      const found = [...keys.values()].find((key) => sameText(key.secretHash, hash));
      return found && withoutSecret(found);
    },
    snapshot: () => [...keys.values()],
    restore: (restored) => {
      keys.clear();
      for (const key of restored) keys.set(key.id, key);
    },
  };
}

function isPublicKey(pem: string): boolean {
  if (!pem.includes('PUBLIC KEY')) return false;
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

function freeName(keys: readonly AccessKey[]): string {
  const names = new Set(keys.map(({ name }) => name));
  let number = 1;
  while (names.has(`Key ${number}`)) number++;
  return `Key ${number}`;
}

const notAllowed = (message: string) => new FishplateError('sandbox.not-allowed', message);

const withoutSecret = ({ secretHash: _, ...key }: StoredKey): AccessKey => key;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEXADECIMAL = '0123456789abcdef';
const DIGITS = '0123456789';
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const newKeyId = (rules: AccessKeyRules, world: World) =>
  rules.idPrefix + randomText(world, rules.idLength - rules.idPrefix.length, UPPER);

/** As the rules say; where the settings would not take that, as their patterns say. */
function newSecret(rules: AccessKeyRules, world: World, forms: readonly SecretForm[]): string {
  const { secretPrefix: prefix = '', secretLength: length } = rules;
  const fits = (text: string) =>
    forms.every(
      ({ pattern, maxLength }) =>
        text.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text)),
    );
  const usual = (alphabet: string) =>
    prefix + randomText(world, Math.max(8, length - prefix.length), alphabet);
  const plain = usual(MIXED);
  if (fits(plain)) return plain;
  for (const alphabet of [PLAIN, HEXADECIMAL, DIGITS]) {
    const text = usual(alphabet);
    if (fits(text)) return text;
  }
  const choose = (characters: readonly string[]) => randomText(world, 1, characters.join(''));
  for (const { pattern, maxLength } of forms) {
    const text = pattern === undefined ? undefined : chanceMatching(pattern, maxLength, choose);
    if (text?.startsWith(prefix) && fits(text)) return text;
  }
  return plain;
}

/** A text of random characters, one about as likely as another. */
function randomText(world: World, length: number, alphabet: string): string {
  let text = '';
  while (text.length < length) {
    const bytes = createHash('sha256').update(world.uuid()).update(world.uuid()).digest();
    for (const byte of bytes) text += alphabet[byte % alphabet.length] ?? '';
  }
  return text.slice(0, length);
}
