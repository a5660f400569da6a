/** A bearer token comes in (RFC 6750), the caller goes out, as the store knows it at this moment. */
import { FishplateError, isFishplateError } from '../errors.ts';
import { createKeep } from '../kept.ts';
import { fingerprint } from '../secret.ts';
import type { AccessTokenRow, PolicyRow, PolicyStatement } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
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

/** Tokens whose callers are kept in memory. */
const MOST_KEPT = 10_000;

/** What is known of a token. */
interface Known {
  readonly caller: Caller;
  readonly expiresAt: number;
  readonly keyId: string;
  /** When its key was last noted as used, as the store has it. */
  notedAt: number | null;
  /** When that was last to be written. */
  triedAt: number | null;
}

/** Takes the token without the word Bearer. Throws `access.unauthenticated`, the same for every cause. */
export type Authenticate = (bearer: string) => Promise<Caller>;

/**
 * What is known of a token is kept only as long as nothing of users, keys, policies, tokens and accounts is changed: a key
 * that is switched off, a policy that is changed or an account that is removed act on the very next call, whichever
 * process did it.
 */
export function createAuthenticate(store: Store, world: Pick<World, 'now'>): Authenticate {
  const keep = createKeep<Known>(store, 'access', MOST_KEPT);
  return async (bearer) => {
    const now = world.now();
    if (!looksLikeToken(bearer)) throw unauthenticated();
    const id = fingerprint(bearer);
    const known = await keep(id, () => load(store, id));
    if (known.expiresAt <= now) throw unauthenticated();
    if (known.triedAt === null || now - known.triedAt >= USE_NOTED_EVERY_MS) await noteUse(store, known, now);
    return known.caller;
  };
}

async function load(store: Store, id: string): Promise<Known> {
  const token = await store.get('accessToken', id);
  if (!token) throw unauthenticated();
  const [key, user, pinHolds] = await Promise.all([
    store.get('accessKey', token.accessKeyId),
    store.get('serviceUser', token.serviceUserId),
    checkPin(store, token),
  ]);
  if (key?.status !== 'ACTIVE' || key.serviceUserId !== user?.id || !pinHolds) throw unauthenticated();
  const caller = {
    serviceUserId: user.id,
    accessKeyId: key.id,
    accountId: token.accountId,
    statements: await readStatements(store, user.policies),
  };
  const notedAt = key.lastUsedAt;
  return { caller, expiresAt: token.expiresAt, keyId: key.id, notedAt, triedAt: notedAt };
}

/** An account of the same id that was made after the token is another account. */
async function checkPin(store: Store, token: AccessTokenRow): Promise<boolean> {
  if (token.accountId === null) return true;
  const account = await store.get('account', token.accountId);
  return account !== undefined && account.createdAt <= token.createdAt;
}

/**
 * At most one write a minute for each key, however many calls come in at once - and no more when the store cannot be written,
 * which is no reason to turn a good token away: what has to be written to be done says so itself.
 */
async function noteUse(store: Store, known: Known, now: number): Promise<void> {
  const { keyId: id, notedAt: lastUsedAt } = known;
  const { triedAt } = known;
  known.triedAt = now;
  try {
    await store.write([
      { op: 'update', table: 'accessKey', id, set: { lastUsedAt: now }, expect: { lastUsedAt } },
    ]);
    known.notedAt = now;
  } catch (error) {
    // Another call noted it first, which is as good.
    if (isFishplateError(error, 'store.stale') || isFishplateError(error, 'store.unavailable')) return;
    known.triedAt = triedAt;
    throw error;
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
