/** Changes to access keys come in, rows and their audit go out; a secret is given out once, when it is made. */
import { FishplateError } from '../errors.ts';
import { fingerprint, type Secret } from '../secret.ts';
import type { AccessKeyRow, AccessKeyStatus } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { guardLastAdministrator, readAccessState } from './administrators.ts';
import type { Audit } from './audit.ts';
import type { AccessChange } from './changes.ts';
import { createKeySecret, type RandomBytes } from './credentials.ts';
import { parseName } from './name.ts';
import { readServiceUser } from './service-users.ts';

const MOST_KEYS = 2;

/** What there is to see of an access key. */
export type AccessKey = Omit<AccessKeyRow, 'secretHash'>;

/** A key with its secret, of which only the hash is kept: this is the one time that it can be read. */
export interface AccessKeyWithSecret {
  readonly key: AccessKey;
  readonly secret: Secret;
}

/** What can be said of a key; its secret is always made here. */
export interface AccessKeyInput {
  readonly name?: string;
  /** ACTIVE when left out at creation. */
  readonly status?: AccessKeyStatus;
}

/**
 * Keys are found through their service user: another user's key is `access.unknown`, as if it did not exist.
 * `actor` is `serviceUserId/accessKeyId` or `local`; every change is audited under it in the same write.
 */
export interface AccessKeys {
  /** Throws `access.unknown`, `access.too-many-keys`, `input.invalid`. */
  create(actor: string, serviceUserId: string, input?: AccessKeyInput): Promise<AccessKeyWithSecret>;
  /** The oldest first. Throws `access.unknown`. */
  list(serviceUserId: string): Promise<AccessKey[]>;
  /** Throws `access.unknown`. */
  get(serviceUserId: string, id: string): Promise<AccessKey>;
  /**
   * INACTIVE takes the key's tokens away at once.
   * Throws `access.unknown`, `input.invalid`, `access.last-administrator`.
   */
  update(actor: string, serviceUserId: string, id: string, change: AccessKeyInput): Promise<AccessKey>;
  /** Keeps id, name and status; the old secret and its tokens are void at once. Throws `access.unknown`. */
  regenerate(actor: string, serviceUserId: string, id: string): Promise<AccessKeyWithSecret>;
  /** Throws `access.unknown`, and `access.key-active` unless the key is INACTIVE. */
  delete(actor: string, serviceUserId: string, id: string): Promise<void>;
}

/** What access keys are made of and kept with. */
export interface AccessKeysOptions {
  readonly store: Store;
  readonly world: World;
  readonly audit: Audit;
  readonly change: AccessChange;
  readonly random: RandomBytes;
}

/** Changes go through `change`, so that the limits hold between processes too. */
export function createAccessKeys(options: AccessKeysOptions): AccessKeys {
  const { store, world, audit, change, random } = options;
  const entry = (actor: string, verb: string, key: AccessKey, detail: Readonly<Record<string, unknown>>) =>
    audit.prepare({
      actor,
      action: `access-key.${verb}`,
      target: key.id,
      accountId: null,
      detail: { serviceUserId: key.serviceUserId, ...detail },
    });
  return {
    create: (actor, serviceUserId, input = {}) =>
      change(async () => {
        await checkRoom(store, serviceUserId);
        const secret = createKeySecret(random);
        const row: AccessKeyRow = {
          id: world.uuid(),
          serviceUserId,
          name: parseName(input.name ?? 'Access key'),
          secretHash: fingerprint(secret.reveal()),
          status: parseStatus(input.status ?? 'ACTIVE'),
          createdAt: world.now(),
          lastUsedAt: null,
        };
        const { name, status } = row;
        const changes = [
          { op: 'insert', table: 'accessKey', row } as const,
          entry(actor, 'create', row, { name, status, secretShown: true }),
        ];
        return { changes, result: { key: withoutHash(row), secret } };
      }),
    async list(serviceUserId) {
      await readServiceUser(store, serviceUserId);
      const rows = await store.list('accessKey', { where: { serviceUserId }, orderBy: 'createdAt' });
      return rows.map(withoutHash);
    },
    get: async (serviceUserId, id) => withoutHash(await readKey(store, serviceUserId, id)),
    update: (actor, serviceUserId, id, input) =>
      change(async () => {
        const before = await readKey(store, serviceUserId, id);
        const set = {
          name: input.name === undefined ? before.name : parseName(input.name),
          status: input.status === undefined ? before.status : parseStatus(input.status),
        };
        if (set.status === 'INACTIVE') await guardSwitchOff(store, id);
        const row: AccessKeyRow = { ...before, ...set };
        const changes = [
          { op: 'update', table: 'accessKey', id, set } as const,
          ...(set.status === 'INACTIVE' ? [voidTokens(id)] : []),
          entry(actor, 'update', row, { before: { name: before.name, status: before.status }, ...set }),
        ];
        return { changes, result: withoutHash(row) };
      }),
    regenerate: (actor, serviceUserId, id) =>
      change(async () => {
        const row = await readKey(store, serviceUserId, id);
        const secret = createKeySecret(random);
        const secretHash = fingerprint(secret.reveal());
        const changes = [
          { op: 'update', table: 'accessKey', id, set: { secretHash } } as const,
          voidTokens(id),
          entry(actor, 'regenerate', row, { name: row.name, secretShown: true }),
        ];
        return { changes, result: { key: withoutHash(row), secret } };
      }),
    delete: (actor, serviceUserId, id) =>
      change(async () => {
        const row = await readKey(store, serviceUserId, id);
        if (row.status !== 'INACTIVE') {
          throw new FishplateError('access.key-active', `The access key ${id} is ${row.status}`);
        }
        const changes = [
          voidTokens(id),
          { op: 'delete', table: 'accessKey', where: { id } } as const,
          entry(actor, 'delete', row, { name: row.name }),
        ];
        return { changes, result: undefined };
      }),
  };
}

async function checkRoom(store: Store, serviceUserId: string): Promise<void> {
  const { name } = await readServiceUser(store, serviceUserId);
  if ((await store.count('accessKey', { serviceUserId })) < MOST_KEYS) return;
  throw new FishplateError(
    'access.too-many-keys',
    `The service user ${name} has ${MOST_KEYS} access keys already`,
  );
}

async function readKey(store: Store, serviceUserId: string, id: string): Promise<AccessKeyRow> {
  const row = await store.get('accessKey', id);
  if (row?.serviceUserId === serviceUserId) return row;
  throw new FishplateError('access.unknown', `The service user ${serviceUserId} has no access key ${id}`);
}

async function guardSwitchOff(store: Store, id: string): Promise<void> {
  const state = await readAccessState(store);
  guardLastAdministrator(state, { ...state, keys: state.keys.filter((key) => key.id !== id) });
}

function parseStatus(status: AccessKeyStatus): AccessKeyStatus {
  if (status === 'ACTIVE' || status === 'INACTIVE') return status;
  throw new FishplateError('input.invalid', `"${status}" is no status`, {
    problems: [{ path: 'status', message: 'The status is ACTIVE or INACTIVE' }],
  });
}

function voidTokens(accessKeyId: string): Change {
  return { op: 'delete', table: 'accessToken', where: { accessKeyId } };
}

function withoutHash({ secretHash: _, ...key }: AccessKeyRow): AccessKey {
  return key;
}
