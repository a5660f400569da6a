/** A bearer token comes in (RFC 6750), the caller goes out, as the store knows it at this moment. */
import { FishplateError, isFishplateError } from '../errors.ts';
import { fingerprint } from '../secret.ts';
import type { AccessKeyRow, AccessTokenRow, PolicyRow, PolicyStatement, Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { resolveStatements } from './administrators.ts';
import { looksLikeToken } from './credentials.ts';
import { findManagedPolicy } from './managed-policies.ts';
import type { Grants } from './permissions.ts';

/** Who calls, and what its policies say. */
export interface Caller extends Grants {
  readonly serviceUserId: string;
  readonly accessKeyId: string;
}

/** The caller as the audit names it. */
export function actorOf(caller: Caller): string {
  return `${caller.serviceUserId}/${caller.accessKeyId}`;
}

const USE_NOTED_EVERY_MS = 60_000;

/**
 * Takes the token without the word Bearer. Nothing is cached: a key that is switched off, a policy that is changed or
 * an account that is removed act on the very next call. Throws `access.unauthenticated`, the same for every cause.
 */
export async function authenticate(store: Store, world: World, bearer: string): Promise<Caller> {
  const now = world.now();
  const token = looksLikeToken(bearer) ? await store.get('accessToken', fingerprint(bearer)) : undefined;
  if (token === undefined || token.expiresAt <= now) throw unauthenticated();
  const [key, user, pinHolds] = await Promise.all([
    store.get('accessKey', token.accessKeyId),
    store.get('serviceUser', token.serviceUserId),
    checkPin(store, token),
  ]);
  if (key?.status !== 'ACTIVE' || key.serviceUserId !== user?.id || !pinHolds) throw unauthenticated();
  await noteUse(store, key, now);
  return {
    serviceUserId: user.id,
    accessKeyId: key.id,
    accountId: token.accountId,
    statements: await readStatements(store, user.policies),
  };
}

/** An account of the same id that was made after the token is another account. */
async function checkPin(store: Store, token: AccessTokenRow): Promise<boolean> {
  if (token.accountId === null) return true;
  const account = await store.get('account', token.accountId);
  return account !== undefined && account.createdAt <= token.createdAt;
}

/** At most one write a minute for each key, however many calls come in at once. */
async function noteUse(store: Store, key: AccessKeyRow, now: number): Promise<void> {
  const { id, lastUsedAt } = key;
  if (lastUsedAt !== null && now - lastUsedAt < USE_NOTED_EVERY_MS) return;
  try {
    await store.write([
      { op: 'update', table: 'accessKey', id, set: { lastUsedAt: now }, expect: { lastUsedAt } },
    ]);
  } catch (error) {
    // Another call noted it first, which is as good.
    if (!isFishplateError(error, 'store.stale')) throw error;
  }
}

/** What these policies say, as the store has them now. */
export async function readStatements(store: Store, ids: readonly string[]): Promise<PolicyStatement[]> {
  const custom = ids.filter((id) => findManagedPolicy(id) === undefined);
  const rows = await Promise.all(custom.map((id) => store.get('policy', id)));
  const byId = new Map<string, PolicyRow | undefined>(custom.map((id, index) => [id, rows[index]]));
  return resolveStatements(ids, (id) => byId.get(id));
}

function unauthenticated(): FishplateError {
  return new FishplateError(
    'access.unauthenticated',
    'The bearer token is missing, unknown, expired or revoked',
  );
}
