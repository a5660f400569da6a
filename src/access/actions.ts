/** The one list of what callers of our API may be allowed to do, and the check of what a policy writes about it. */
import { didYouMean } from '../definition/problem.ts';
import type { InputProblem } from '../errors.ts';
import { covers } from './wildcard.ts';

/**
 * Where an action is at home. A token pinned to one account can do what is of the `account`, in that account, and
 * look things up in the `library` of connectors; what is of the `console` it can never do.
 */
type ActionHome = 'account' | 'library' | 'console';

/**
 * Every action as `<noun>:<verb>`. `methods:read` is a call that changes nothing at the vendor, `requests:send` a request
 * that no method describes: it reaches whatever path the credentials open.
 */
export const actionHomes = {
  'accounts:read': 'account',
  'accounts:write': 'console',
  'connectors:read': 'library',
  'connectors:setup': 'console',
  'installations:read': 'account',
  'installations:write': 'account',
  'methods:read': 'account',
  'methods:write': 'account',
  'requests:send': 'account',
  'logs:read': 'account',
  'access:read': 'console',
  'access:write': 'console',
  'audit:read': 'console',
  'metrics:read': 'console',
} as const satisfies Record<string, ActionHome>;

/** One of the actions, spelled out; only policies have patterns. */
export type Action = keyof typeof actionHomes;

/** Every action, in the order in which it is shown. */
export const actions = Object.keys(actionHomes) as readonly Action[];

/** What stands before the slash of a resource. */
export const resourceKinds: readonly string[] = ['account', 'connector', 'service-user'];

/** The problem with what a policy says about actions: `*`, `<noun>:<verb>`, or either half with `*` in it. */
export function validateAction(text: string, path: string): InputProblem | undefined {
  if (actions.some((action) => covers(text, action))) return undefined;
  const hint = didYouMean(text, actions) ?? `the actions are ${actions.join(', ')}`;
  return { path, message: `There is no action "${text}"`, hint };
}

/** The problem with what a policy says about resources: `*`, or `<kind>/<id>` whose id may have `*` in it. */
export function validateResource(text: string, path: string): InputProblem | undefined {
  if (text === '*') return undefined;
  const [kind = '', ...id] = text.split('/');
  if (resourceKinds.includes(kind) && id.join('/') !== '') return undefined;
  const hint =
    didYouMean(kind, resourceKinds) ?? 'write *, account/{id}, connector/{name} or service-user/{id}';
  return { path, message: `There is no resource "${text}"`, hint };
}
