/** What a caller is granted and what it wants to do come in; yes or no goes out. Deny wins over allow. */
import { FishplateError } from '../errors.ts';
import type { PolicyStatement } from '../store/store.ts';
import { type Action, actionHomes } from './actions.ts';
import { covers, overlaps } from './wildcard.ts';

/** As much of a caller as decides what it may do. */
export interface Grants {
  /** The only account that its token is good for; null when it is not pinned. */
  readonly accountId: string | null;
  readonly statements: readonly PolicyStatement[];
}

/**
 * One resource, or several names of one thing: an installation is in `account/{id}` and of `connector/{name}`.
 * A `*` in it stands for all of them (`*`, `account/*`): that takes an allowance for all, and a denial of any counts.
 */
export type Resource = string | readonly string[];

/** Throws `access.forbidden`, which names the action and the resource. */
export function authorize(grants: Grants, action: Action, resource: Resource): void {
  const names = namesOf(resource);
  if (!insidePin(grants, action, names)) {
    throw new FishplateError(
      'access.forbidden',
      `The token is pinned to account ${grants.accountId}, which does not reach to ${action} on ${names.join(', ')}`,
      { hint: 'Use a token without scope, or one for the account in question.' },
    );
  }
  if (!granted(grants.statements, action, names)) {
    throw new FishplateError(
      'access.forbidden',
      `The permission policies do not allow ${action} on ${names.join(', ')}`,
      { hint: `Ask an administrator for a policy that allows ${action}.` },
    );
  }
}

/** The same as a question, for lists that show what the caller may see and leave out the rest. */
export function permits(grants: Grants, action: Action, resource: Resource): boolean {
  const names = namesOf(resource);
  return insidePin(grants, action, names) && granted(grants.statements, action, names);
}

function granted(statements: readonly PolicyStatement[], action: Action, names: readonly string[]): boolean {
  let allowed = false;
  for (const { effect, actions, resources } of statements) {
    if (!actions.some((pattern) => covers(pattern, action))) continue;
    if (effect !== 'allow') {
      if (meetsAny(resources, names, overlaps)) return false;
    } else allowed ||= meetsAny(resources, names, covers);
  }
  return allowed;
}

function meetsAny(
  patterns: readonly string[],
  names: readonly string[],
  meet: (pattern: string, name: string) => boolean,
): boolean {
  return patterns.some((pattern) => names.some((name) => meet(pattern, name)));
}

/** A pinned token is for its account, named exactly, and for nothing of another one, whatever the policies allow. */
function insidePin({ accountId }: Grants, action: Action, names: readonly string[]): boolean {
  if (accountId === null) return true;
  const own = `account/${accountId}`;
  switch (actionHomes[action]) {
    case 'account':
      return names.includes(own) && names.every((name) => name === own || name.startsWith('connector/'));
    case 'library':
      return names.every((name) => name === own || name.startsWith('connector/'));
    case 'console':
      return false;
  }
}

function namesOf(resource: Resource): readonly string[] {
  return typeof resource === 'string' ? [resource] : resource;
}
