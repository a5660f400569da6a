/** A store comes in; everything about who may call our API goes out: users, keys, policies, tokens, checks, audit. */
import { FishplateError, isFishplateError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { type AccessKeys, createAccessKeys } from './access-keys.ts';
import type { Action } from './actions.ts';
import { type Audit, createAudit } from './audit.ts';
import { type Authenticate, actorOf, type Caller, createAuthenticate } from './authenticate.ts';
import { createAccessChange } from './changes.ts';
import { type RandomBytes, strongRandom } from './credentials.ts';
import { createLinks, type Links } from './links.ts';
import { authorize, permits, type Resource } from './permissions.ts';
import { createPolicies, type Policies } from './policies.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createServiceUsers, type ServiceUsers } from './service-users.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** What the access model stands on. */
export interface AccessOptions {
  readonly store: Store;
  readonly world: World;
  /** 14 days less a second unless told, as the partner API has it. */
  readonly tokenLifetimeSeconds?: number;
  /** Where secrets come from; `World.random` is not strong enough for them. */
  readonly random?: RandomBytes;
}

/** Everything about who may call our API. What changes something takes the actor first, for the audit. */
export interface Access {
  readonly serviceUsers: ServiceUsers;
  readonly accessKeys: AccessKeys;
  readonly policies: Policies;
  readonly tokens: Tokens;
  readonly links: Links;
  readonly audit: Audit;
  /** Takes the token without the word Bearer. Throws `access.unauthenticated`. */
  readonly authenticate: Authenticate;
  /** Throws `access.forbidden`, which the audit then has. Not async, so that no `await` can be forgotten. */
  authorize(caller: Caller, action: Action, resource: Resource): void;
  /** The same as a question and without a trace, for lists that leave out what the caller may not see. */
  permits(caller: Caller, action: Action, resource: Resource): boolean;
}

const USUAL_LIFETIME_SECONDS = 1_209_599;
const LONGEST_LIFETIME_SECONDS = 10 * 365 * 86_400;

/** Throws `config.invalid` for a lifetime that is not a whole number of seconds from 1 to ten years. */
export function createAccess(options: AccessOptions): Access {
  const { store, world, tokenLifetimeSeconds = USUAL_LIFETIME_SECONDS, random = strongRandom } = options;
  checkLifetime(tokenLifetimeSeconds);
  const audit = createAudit(store, world);
  const refusals = createRefusals(audit, world);
  const change = createAccessChange(store);
  return {
    serviceUsers: createServiceUsers({ store, world, audit, change }),
    accessKeys: createAccessKeys({ store, world, audit, change, random }),
    policies: createPolicies({ store, world, audit, change }),
    tokens: createTokens({ store, world, audit, refusals, random, lifetimeSeconds: tokenLifetimeSeconds }),
    links: createLinks({ store, world, audit, refusals, random }),
    audit,
    authenticate: createAuthenticate(store, world),
    authorize: (caller, action, resource) => authorizeAudited(refusals, caller, action, resource),
    permits,
  };
}

function checkLifetime(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_LIFETIME_SECONDS) return;
  throw new FishplateError('config.invalid', `A token cannot live for ${seconds} seconds`, {
    hint: `Give a whole number of seconds from 1 to ${LONGEST_LIFETIME_SECONDS}.`,
  });
}

function authorizeAudited(refusals: Refusals, caller: Caller, action: Action, resource: Resource): void {
  try {
    authorize(caller, action, resource);
  } catch (error) {
    if (isFishplateError(error, 'access.forbidden')) {
      const actor = actorOf(caller);
      const target = typeof resource === 'string' ? resource : resource.join(' ');
      const entry = {
        actor,
        action: 'access.refuse',
        target,
        accountId: caller.accountId,
        detail: { action },
      };
      // The refusal stands, written or not; the next row of this caller counts those that could not be.
      refusals.record(actor, entry).catch(() => undefined);
    }
    throw error;
  }
}
