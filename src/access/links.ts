/** What somebody may do once comes in, a link's token goes out; the token comes back, once, and is told apart from used and expired ones. */
import { FishplateError, isFishplateError } from '../errors.ts';
import { fingerprint } from '../secret.ts';
import type { LinkRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { type Audit, UNKNOWN_ACTOR } from './audit.ts';
import { createLinkText, looksLikeLink, type RandomBytes } from './credentials.ts';
import type { Refusals } from './refusals.ts';

export interface LinkInput {
  readonly kind: LinkRow['kind'];
  readonly accountId: string | null;
  readonly target: Readonly<Record<string, unknown>>;
  /** From a minute to thirty days. */
  readonly lifetimeMs: number;
}

/** What is kept of a link; what opens it is known only to whom it was given. */
export type Link = Readonly<LinkRow>;

/** One-time links. Only the hash of their token is kept. */
export interface Links {
  /** The token is in no other answer. Throws `input.invalid` for a lifetime out of bounds. */
  create(actor: string, input: LinkInput): Promise<{ readonly token: string; readonly link: Link }>;
  /** Reads without using it up. Throws `link.unknown`, `link.used`, `link.expired`. */
  open(kind: LinkRow['kind'], token: string): Promise<Link>;
  /** Uses it up together with the changes, once; `link.used` when somebody was faster. */
  use(link: Link, also?: readonly Change[]): Promise<void>;
  /** The change alone, for a write of somebody else's; that fails with `store.stale` when the link was used meanwhile. */
  prepareUse(link: Link): Change;
  /** Those of an account, newest first. */
  list(kind: LinkRow['kind'], accountId: string): Promise<Link[]>;
  /** Throws `link.unknown`, also for another account's. */
  remove(actor: string, accountId: string, id: string): Promise<void>;
}

export interface LinksOptions {
  readonly store: Store;
  readonly world: Pick<World, 'now'>;
  readonly audit: Audit;
  readonly refusals: Refusals;
  readonly random: RandomBytes;
}

const SHORTEST_MS = 60_000;
const LONGEST_MS = 30 * 86_400_000;
/** Used and expired links say so for a while before they are as unknown as any other. */
const KEPT_MS = 7 * 86_400_000;

export function createLinks({ store, world, audit, refusals, random }: LinksOptions): Links {
  const refuse = createRefusal(refusals);
  const prepareUse = (link: Link): Change => ({
    op: 'update',
    table: 'link',
    id: link.id,
    set: { usedAt: world.now() },
    expect: { usedAt: null },
  });
  return {
    prepareUse,
    create: async (actor, { kind, accountId, target, lifetimeMs }) => {
      if (!Number.isInteger(lifetimeMs) || lifetimeMs < SHORTEST_MS || lifetimeMs > LONGEST_MS)
        throw new FishplateError('input.invalid', `a link cannot live for ${lifetimeMs} ms`, {
          hint: 'Choose from one minute to thirty days.',
        });
      const token = createLinkText(random);
      const now = world.now();
      const link: LinkRow = {
        id: fingerprint(token),
        ...{ kind, accountId, target },
        ...{ createdBy: actor, createdAt: now, expiresAt: now + lifetimeMs, usedAt: null },
      };
      await store.write([
        { op: 'delete', table: 'link', where: {}, below: { column: 'expiresAt', value: now - KEPT_MS } },
        { op: 'insert', table: 'link', row: link },
        audit.prepare({
          ...{ actor, action: `${kind}-link.create`, target: link.id, accountId },
          detail: { ...target, expiresAt: link.expiresAt },
        }),
      ]);
      return { token, link };
    },
    open: async (kind, token) => {
      const link = looksLikeLink(token) ? await store.get('link', fingerprint(token)) : undefined;
      if (link?.kind !== kind) throw await refuse(kind, undefined, unknown());
      if (link.usedAt !== null) throw await refuse(kind, link, usedError(link.usedAt));
      if (link.expiresAt <= world.now()) throw await refuse(kind, link, expiredError(link.expiresAt));
      return link;
    },
    use: async (link, also = []) => {
      try {
        await store.write([prepareUse(link), ...also]);
      } catch (cause) {
        if (!isFishplateError(cause, 'store.stale')) throw cause;
        throw new FishplateError('link.used', 'the link was used a moment ago', { cause });
      }
    },
    list: (kind, accountId) =>
      store.list('link', { where: { kind, accountId }, orderBy: 'createdAt', descending: true, limit: 100 }),
    remove: async (actor, accountId, id) => {
      const link = await store.get('link', id);
      if (link?.accountId !== accountId) throw unknown();
      await store.write([
        { op: 'delete', table: 'link', where: { id } },
        audit.prepare({ actor, action: `${link.kind}-link.delete`, target: id, accountId, detail: {} }),
      ]);
    },
  };
}

const unknown = () => new FishplateError('link.unknown', 'there is no such link');

const usedError = (at: number) =>
  new FishplateError('link.used', `the link was used ${new Date(at).toISOString()}`);

const expiredError = (at: number) =>
  new FishplateError('link.expired', `the link expired ${new Date(at).toISOString()}`);

/** What does not look like a link of ours may be a secret in the wrong field, so it is not written down. */
function createRefusal(refusals: Refusals) {
  return async (
    kind: LinkRow['kind'],
    link: LinkRow | undefined,
    error: FishplateError,
  ): Promise<FishplateError> => {
    await refusals.record('link', {
      actor: UNKNOWN_ACTOR,
      action: `${kind}-link.refuse`,
      target: link?.id ?? UNKNOWN_ACTOR,
      accountId: link?.accountId ?? null,
      detail: { reason: error.code },
    });
    return error;
  };
}
