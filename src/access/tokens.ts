/** Client id and secret come in, an opaque bearer token goes out (client credentials, RFC 6749 section 4.4). */
import { FishplateError, isFishplateError } from '../errors.ts';
import { fingerprint, type Secret, sameText } from '../secret.ts';
import type { AccessKeyRow, AccessTokenRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { type Audit, UNKNOWN_ACTOR } from './audit.ts';
import { readStatements } from './authenticate.ts';
import { createTokenText, type RandomBytes } from './credentials.ts';
import { reachesAccount } from './permissions.ts';
import type { Refusals } from './refusals.ts';

/** The parameters of the token request (RFC 6749 section 4.4.2), wherever they travelled. */
export interface TokenRequest {
  /** The id of an access key. */
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** `account:{id}` pins the token to that account; an empty text is as none. */
  readonly scope?: string;
}

/** The answer of the token endpoint (RFC 6749 section 5.1). */
export interface IssuedToken {
  /** Plain, since it goes into the answer; it is kept nowhere. */
  readonly accessToken: string;
  readonly tokenType: 'bearer';
  /** In seconds. */
  readonly expiresIn: number;
  readonly clientId: string;
  readonly scope?: string;
}

/** The token endpoint without HTTP. */
export interface Tokens {
  /**
   * Throws `access.invalid-client` (one and the same for every cause) and `access.bad-scope`. `lifetimeSeconds` only
   * shortens.
   */
  issue(request: TokenRequest, lifetimeSeconds?: number): Promise<IssuedToken>;
  /** For a key whose holder was known by other means (a sign-in link). Throws `access.invalid-client` for one that is not ACTIVE. */
  issueTo(accessKeyId: string, lifetimeSeconds: number, also?: readonly Change[]): Promise<IssuedToken>;
  /** Ends a token; one that is unknown has ended already. Takes it without the word Bearer. */
  revoke(bearer: string): Promise<void>;
}

/** What tokens are made of and kept with. */
export interface TokensOptions {
  readonly store: Store;
  readonly world: World;
  readonly audit: Audit;
  readonly refusals: Refusals;
  readonly random: RandomBytes;
  readonly lifetimeSeconds: number;
}

const PURGE_EVERY_MS = 3_600_000;
/** Compared with when there is no such key, so that this takes as long; no secret has this hash. */
const NO_HASH = '0'.repeat(64);
/** All strangers share one group: with one for each key, the time of the answer would tell which keys exist. */
const REFUSAL_GROUP = 'token';

/** Purges what has expired once an hour, in the write of the sign-in that comes next. */
export function createTokens(options: TokensOptions): Tokens {
  const { world } = options;
  let purgedAt = Number.NEGATIVE_INFINITY;
  const issueFor = async (
    key: AccessKeyRow,
    accountId: string | null,
    wantedSeconds: number,
    also: readonly Change[] = [],
  ): Promise<IssuedToken> => {
    const lifetimeSeconds = Math.min(wantedSeconds, options.lifetimeSeconds);
    const text = createTokenText(options.random);
    const now = world.now();
    const row: AccessTokenRow = {
      id: fingerprint(text),
      accessKeyId: key.id,
      serviceUserId: key.serviceUserId,
      accountId,
      createdAt: now,
      expiresAt: now + lifetimeSeconds * 1000,
    };
    const purge = now - purgedAt >= PURGE_EVERY_MS;
    await writeToken(options, key, [
      ...also,
      ...issueChanges(options, key, row),
      ...(purge ? [purgeExpired(now)] : []),
    ]);
    if (purge) purgedAt = now;
    return { accessToken: text, tokenType: 'bearer', expiresIn: lifetimeSeconds, clientId: key.id };
  };
  return {
    async issue({ clientId, clientSecret, scope = '' }, lifetimeSeconds = options.lifetimeSeconds) {
      const key = await proveClient(options, clientId, clientSecret);
      const accountId = await resolveScope(options, key, scope);
      const answer = await issueFor(key, accountId, lifetimeSeconds);
      return accountId === null ? answer : { ...answer, scope };
    },
    async issueTo(accessKeyId, lifetimeSeconds, also) {
      const key = await options.store.get('accessKey', accessKeyId);
      if (key?.status !== 'ACTIVE') throw await refuse(options, accessKeyId, 'inactive key');
      return issueFor(key, null, lifetimeSeconds, also);
    },
    revoke: (bearer) =>
      options.store.write([{ op: 'delete', table: 'accessToken', where: { id: fingerprint(bearer) } }]),
  };
}

/** The key may have been switched off or regenerated since it was read: then the expectation fails. */
async function writeToken(
  options: TokensOptions,
  key: AccessKeyRow,
  changes: readonly Change[],
): Promise<void> {
  try {
    await options.store.write(changes);
  } catch (error) {
    if (!isFishplateError(error, 'store.stale')) throw error;
    throw await refuse(options, key.id, 'changed meanwhile');
  }
}

function issueChanges({ audit, world }: TokensOptions, key: AccessKeyRow, row: AccessTokenRow): Change[] {
  return [
    {
      op: 'update',
      table: 'accessKey',
      id: key.id,
      set: { lastUsedAt: world.now() },
      expect: { status: 'ACTIVE', secretHash: key.secretHash, serviceUserId: key.serviceUserId },
    },
    { op: 'insert', table: 'accessToken', row },
    audit.prepare({
      actor: actorOf(key),
      action: 'token.issue',
      target: key.id,
      accountId: row.accountId,
      detail: { expiresAt: row.expiresAt },
    }),
  ];
}

function purgeExpired(now: number): Change {
  // A token is good until its last millisecond has begun, so those that end now go too.
  return { op: 'delete', table: 'accessToken', where: {}, below: { column: 'expiresAt', value: now + 1 } };
}

/** The same steps whether the key is unknown, INACTIVE, or the secret wrong: one read, one compare, one refusal. */
async function proveClient(options: TokensOptions, id: string, secret: Secret): Promise<AccessKeyRow> {
  const key = await options.store.get('accessKey', id);
  const same = sameText(fingerprint(secret.reveal()), key?.secretHash ?? NO_HASH);
  if (key !== undefined && same && key.status === 'ACTIVE') return key;
  const reason = key === undefined ? 'unknown key' : same ? 'inactive key' : 'wrong secret';
  // A client id that is no key may be a secret in the wrong field, so it is not written down.
  throw await refuse(options, key?.id ?? UNKNOWN_ACTOR, reason);
}

async function refuse(options: TokensOptions, target: string, reason: string): Promise<FishplateError> {
  await options.refusals.record(REFUSAL_GROUP, {
    actor: UNKNOWN_ACTOR,
    action: 'token.refuse',
    target,
    accountId: null,
    detail: { reason },
  });
  return new FishplateError(
    'access.invalid-client',
    'Client id and secret do not match an active access key',
  );
}

async function resolveScope(
  options: TokensOptions,
  key: AccessKeyRow,
  scope: string,
): Promise<string | null> {
  if (scope === '') return null;
  const accountId = /^account:(.+)$/s.exec(scope)?.[1];
  // A star would be read as "every account" where resources are compared.
  const usable = accountId !== undefined && !accountId.includes('*');
  // Whoever can do nothing in an account is not told whether it exists.
  if (usable && (await mayReach(options.store, key, accountId))) return accountId;
  await options.refusals.record(actorOf(key), {
    actor: actorOf(key),
    action: 'token.refuse',
    target: key.id,
    accountId: null,
    detail: { reason: 'bad scope' },
  });
  throw new FishplateError('access.bad-scope', `"${scope}" is no scope that can be given`);
}

async function mayReach(store: Store, key: AccessKeyRow, accountId: string): Promise<boolean> {
  const [account, user] = await Promise.all([
    store.get('account', accountId),
    store.get('serviceUser', key.serviceUserId),
  ]);
  if (account === undefined || user === undefined) return false;
  return reachesAccount(await readStatements(store, user.policies), accountId);
}

function actorOf(key: AccessKeyRow): string {
  return `${key.serviceUserId}/${key.id}`;
}
