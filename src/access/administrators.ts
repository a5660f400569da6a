/** The access model before and after a change comes in; a change that leaves nobody to manage access is refused. */
import { FishplateError } from '../errors.ts';
import type { AccessKeyRow, PolicyRow, PolicyStatement, ServiceUserRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { findManagedPolicy } from './managed-policies.ts';
import { permits } from './permissions.ts';

/** All that decides who may do what. */
export interface AccessState {
  readonly users: readonly ServiceUserRow[];
  readonly keys: readonly Pick<AccessKeyRow, 'id' | 'serviceUserId' | 'status'>[];
  /** The custom ones. */
  readonly policies: readonly PolicyRow[];
}

/** Reads all of it: it is small, and changes are rare. */
export async function readAccessState(store: Store): Promise<AccessState> {
  const [users, keys, policies] = await Promise.all([
    store.list('serviceUser'),
    store.list('accessKey'),
    store.list('policy'),
  ]);
  return { users, keys, policies };
}

/**
 * Throws `access.last-administrator` when somebody could manage access before and nobody could after. Where nobody
 * could before, as on a first start, nothing is lost.
 */
export function guardLastAdministrator(before: AccessState, after: AccessState): void {
  if (someoneManages(after) || !someoneManages(before)) return;
  throw new FishplateError(
    'access.last-administrator',
    'After this change nobody would be left who can manage access',
  );
}

/** Stands in for a policy that is not there any more: what it may have denied is unknown, so everything is. */
const denyEverything: PolicyStatement = { effect: 'deny', actions: ['*'], resources: ['*'] };

/** The statements of these policies; `custom` finds those that are not managed. */
export function resolveStatements(
  ids: readonly string[],
  custom: (id: string) => PolicyRow | undefined,
): PolicyStatement[] {
  return ids.flatMap((id) => (findManagedPolicy(id) ?? custom(id))?.statements ?? [denyEverything]);
}

/** Managing takes an ACTIVE key, and `access:write` on everything. */
function someoneManages({ users, keys, policies }: AccessState): boolean {
  return users.some((user) => {
    if (!keys.some((key) => key.serviceUserId === user.id && key.status === 'ACTIVE')) return false;
    const statements = resolveStatements(user.policies, (id) => policies.find((policy) => policy.id === id));
    return permits({ accountId: null, statements }, 'access:write', '*');
  });
}
