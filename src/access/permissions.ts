/** What a caller is granted and what it wants to do come in; yes or no goes out. Deny wins over allow. */
import { FishplateError } from '../errors.ts';
import type { PolicyStatement } from '../store/rows.ts';
import { type Action, actionHomes, actions } from './actions.ts';
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

/** The actions that a caller may do to something, if not to everything. A hint for what to show; nothing is allowed by it. */
export function actionsOf({ accountId, statements }: Grants): Action[] {
  return actions.filter((action) => {
    if (accountId !== null && actionHomes[action] === 'console') return false;
    const about = statements.filter((statement) =>
      statement.actions.some((pattern) => covers(pattern, action)),
    );
    const denied = about.some(({ effect, resources }) => effect === 'deny' && resources.includes('*'));
    return !denied && about.some(({ effect }) => effect === 'allow');
  });
}

/** Whether the policies leave anything that could be done in an account. Right to `connector/{name}` is right in every account. */
export function reachesAccount(statements: readonly PolicyStatement[], accountId: string): boolean {
  const own = `account/${accountId}`;
  return actions.some((action) => {
    if (actionHomes[action] !== 'account') return false;
    const about = statements.filter((statement) =>
      statement.actions.some((pattern) => covers(pattern, action)),
    );
    const denied = about.some(
      ({ effect, resources }) => effect === 'deny' && meetsAny(resources, [own], overlaps),
    );
    const allowed = about.some(
      ({ effect, resources }) =>
        effect === 'allow' &&
        resources.some((pattern) => covers(pattern, own) || pattern.startsWith('connector/')),
    );
    return allowed && !denied;
  });
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
