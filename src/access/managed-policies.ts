/** The policies that are always there and that nobody can change; they live here, not in the store. */
import type { PolicyRow } from '../store/rows.ts';

/** May do everything. */
export const ADMINISTRATOR = 'Administrator';
/** May do every `<noun>:read`. */
export const READ_ONLY = 'ReadOnly';

/** Their ids are their names, so that they can be given to service users before anything is looked up. */
export const managedPolicies: readonly PolicyRow[] = [
  {
    id: ADMINISTRATOR,
    name: ADMINISTRATOR,
    statements: [{ effect: 'allow', actions: ['*'], resources: ['*'] }],
    createdAt: 0,
  },
  {
    id: READ_ONLY,
    name: READ_ONLY,
    statements: [{ effect: 'allow', actions: ['*:read'], resources: ['*'] }],
    createdAt: 0,
  },
];

/** Undefined for an id that is not of a managed policy: it may be of a custom one. */
export function findManagedPolicy(id: string): PolicyRow | undefined {
  return managedPolicies.find((policy) => policy.id === id);
}
