/** Changes to service users come in, rows and their audit go out. */
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import type { PolicyRow, ServiceUserRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { guardLastAdministrator, readAccessState } from './administrators.ts';
import type { Audit } from './audit.ts';
import type { AccessChange } from './changes.ts';
import { managedPolicies } from './managed-policies.ts';
import { parseName } from './name.ts';

/** What a service user consists of. */
export interface ServiceUserInput {
  readonly name: string;
  /**
   * Ids or names of permission policies (none unless told); the row keeps the ids, each once. Whoever gives policies
   * gives rights, its own or greater ones: for callers with `access:write` on `*`, not on `service-user/{id}` alone.
   */
  readonly policies?: readonly string[];
}

/** `actor` is `serviceUserId/accessKeyId` or `local`; every change is audited under it in the same write. */
export interface ServiceUsers {
  /** Throws `input.invalid` for a bad name or an unknown policy, `access.name-taken` (also when only the case differs). */
  create(actor: string, input: ServiceUserInput): Promise<ServiceUserRow>;
  /** By name. */
  list(): Promise<ServiceUserRow[]>;
  /** Throws `access.unknown`. */
  get(id: string): Promise<ServiceUserRow>;
  /** Acts at once on every token. Throws as `create`, and `access.unknown`, `access.last-administrator`. */
  update(actor: string, id: string, change: Partial<ServiceUserInput>): Promise<ServiceUserRow>;
  /** Takes the keys and tokens along. Throws `access.unknown`, `access.last-administrator`. */
  delete(actor: string, id: string): Promise<void>;
}

/** What service users are made of and kept with. */
export interface ServiceUsersOptions {
  readonly store: Store;
  readonly world: World;
  readonly audit: Audit;
  readonly change: AccessChange;
}

/** Changes go through `change`, so that the rules hold between processes too. */
export function createServiceUsers({ store, world, audit, change }: ServiceUsersOptions): ServiceUsers {
  const entry = (actor: string, verb: string, id: string, detail: Readonly<Record<string, unknown>>) =>
    audit.prepare({ actor, action: `service-user.${verb}`, target: id, accountId: null, detail });
  return {
    create: (actor, input) =>
      change(async () => {
        const name = parseName(input.name);
        const policies = resolvePolicies(input.policies ?? [], await store.list('policy'));
        const row: ServiceUserRow = { id: world.uuid(), name, policies, createdAt: world.now() };
        checkNameIsFree(row, await store.list('serviceUser'));
        const changes = [
          { op: 'insert', table: 'serviceUser', row } as const,
          entry(actor, 'create', row.id, { name, policies }),
        ];
        return { changes, result: row };
      }),
    list: () => store.list('serviceUser', { orderBy: 'name' }),
    get: (id) => readServiceUser(store, id),
    update: (actor, id, input) =>
      change(async () => {
        const before = await readServiceUser(store, id);
        const state = await readAccessState(store);
        const set = {
          name: input.name === undefined ? before.name : parseName(input.name),
          policies:
            input.policies === undefined ? before.policies : resolvePolicies(input.policies, state.policies),
        };
        const row: ServiceUserRow = { ...before, ...set };
        if (row.name !== before.name) checkNameIsFree(row, state.users);
        const users = state.users.map((user) => (user.id === id ? row : user));
        guardLastAdministrator(state, { ...state, users });
        const changes = [
          { op: 'update', table: 'serviceUser', id, set } as const,
          entry(actor, 'update', id, { before: { name: before.name, policies: before.policies }, ...set }),
        ];
        return { changes, result: row };
      }),
    delete: (actor, id) =>
      change(async () => {
        const { name, policies } = await readServiceUser(store, id);
        const state = await readAccessState(store);
        guardLastAdministrator(state, { ...state, users: state.users.filter((user) => user.id !== id) });
        const keys = await store.list('accessKey', { where: { serviceUserId: id } });
        const changes = [
          { op: 'delete', table: 'accessToken', where: { serviceUserId: id } } as const,
          { op: 'delete', table: 'accessKey', where: { serviceUserId: id } } as const,
          { op: 'delete', table: 'serviceUser', where: { id } } as const,
          entry(actor, 'delete', id, { name, policies, accessKeys: keys.map((key) => key.id) }),
        ];
        return { changes, result: undefined };
      }),
  };
}

/** People, the audit's readers and the CLI tell service users apart by name. Those that shared one before keep it. */
function checkNameIsFree(row: ServiceUserRow, others: readonly ServiceUserRow[]): void {
  const name = row.name.toLowerCase();
  if (others.some((other) => other.id !== row.id && other.name.toLowerCase() === name))
    throw new FishplateError('access.name-taken', `There is a service user named "${row.name}" already`);
}

/** Throws `access.unknown`. */
export async function readServiceUser(store: Store, id: string): Promise<ServiceUserRow> {
  const row = await store.get('serviceUser', id);
  if (row === undefined) throw new FishplateError('access.unknown', `There is no service user ${id}`);
  return row;
}

/** An id wins over a name, so that no policy can be named to stand in for another. */
function resolvePolicies(texts: readonly string[], custom: readonly PolicyRow[]): string[] {
  const known = [...managedPolicies, ...custom];
  const problems: InputProblem[] = [];
  const ids = new Set<string>();
  texts.forEach((text, index) => {
    const wanted = text.toLowerCase();
    const found =
      known.find(({ id }) => id === text) ?? known.find(({ name }) => name.toLowerCase() === wanted);
    if (found !== undefined) ids.add(found.id);
    else {
      const names = known.map(({ name }) => name);
      const hint = didYouMean(text, names) ?? `the policies are ${names.join(', ')}`;
      problems.push({ path: `policies.${index}`, message: `There is no policy "${text}"`, hint });
    }
  });
  if (problems.length > 0) {
    throw new FishplateError('input.invalid', 'The service user cannot have these policies', { problems });
  }
  return [...ids];
}
