/** Changes to permission policies come in, rows and their audit go out: two managed policies, and custom ones. */
import { FishplateError } from '../errors.ts';
import type { PolicyRow, PolicyStatement } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { guardLastAdministrator, readAccessState } from './administrators.ts';
import type { Audit } from './audit.ts';
import type { AccessChange } from './changes.ts';
import { findManagedPolicy, managedPolicies } from './managed-policies.ts';
import { parseName } from './name.ts';
import { parseStatements } from './statements.ts';

/** A policy as it is shown. */
export interface Policy extends PolicyRow {
  /** Managed policies belong to the program and never change. */
  readonly managed: boolean;
}

/** What a custom policy consists of. */
export interface PolicyInput {
  readonly name: string;
  /** At least one. An unknown action or kind of resource is refused with `input.invalid`. */
  readonly statements: readonly PolicyStatement[];
}

/** `actor` is `serviceUserId/accessKeyId` or `local`; every change is audited under it in the same write. */
export interface Policies {
  /** Throws `input.invalid`, `access.name-taken`. */
  create(actor: string, input: PolicyInput): Promise<Policy>;
  /** The managed ones first, then the custom ones by name. */
  list(): Promise<Policy[]>;
  /** Throws `access.unknown`. */
  get(id: string): Promise<Policy>;
  /**
   * Acts at once on every token.
   * Throws as `create`, and `access.unknown`, `access.managed-policy`, `access.last-administrator`.
   */
  update(actor: string, id: string, change: Partial<PolicyInput>): Promise<Policy>;
  /**
   * Throws `access.unknown`, `access.managed-policy`, and `access.policy-in-use` as long as a service user has it:
   * it may be a denial, and that must not go away unseen.
   */
  delete(actor: string, id: string): Promise<void>;
}

/** What policies are made of and kept with. */
export interface PoliciesOptions {
  readonly store: Store;
  readonly world: World;
  readonly audit: Audit;
  readonly change: AccessChange;
}

/** Changes go through `change`, so that the rules hold between processes too. */
export function createPolicies({ store, world, audit, change }: PoliciesOptions): Policies {
  const entry = (actor: string, verb: string, id: string, detail: Readonly<Record<string, unknown>>) =>
    audit.prepare({ actor, action: `policy.${verb}`, target: id, accountId: null, detail });
  return {
    create: (actor, input) =>
      change(async () => {
        const row: PolicyRow = { id: world.uuid(), ...parseInput(input), createdAt: world.now() };
        checkNameIsFree(row, await store.list('policy'));
        const { name, statements } = row;
        const changes = [
          { op: 'insert', table: 'policy', row } as const,
          entry(actor, 'create', row.id, { name, statements }),
        ];
        return { changes, result: { ...row, managed: false } };
      }),
    async list() {
      const custom = await store.list('policy', { orderBy: 'name' });
      return [...managedPolicies.map(asManaged), ...custom.map(asCustom)];
    },
    async get(id) {
      const managed = findManagedPolicy(id);
      return managed === undefined ? asCustom(await readPolicy(store, id)) : asManaged(managed);
    },
    update: (actor, id, input) =>
      change(async () => {
        refuseManaged(id);
        const state = await readAccessState(store);
        const before = await readPolicy(store, id);
        const parsed = parseInput({
          name: input.name ?? before.name,
          statements: input.statements ?? before.statements,
        });
        const row: PolicyRow = { ...before, ...parsed };
        checkNameIsFree(row, state.policies);
        const policies = state.policies.map((policy) => (policy.id === id ? row : policy));
        guardLastAdministrator(state, { ...state, policies });
        const changes = [
          { op: 'update', table: 'policy', id, set: parsed } as const,
          entry(actor, 'update', id, {
            before: { name: before.name, statements: before.statements },
            ...parsed,
          }),
        ];
        return { changes, result: asCustom(row) };
      }),
    delete: (actor, id) =>
      change(async () => {
        refuseManaged(id);
        const { name, statements } = await readPolicy(store, id);
        await refuseInUse(store, id, name);
        const changes = [
          { op: 'delete', table: 'policy', where: { id } } as const,
          entry(actor, 'delete', id, { name, statements }),
        ];
        return { changes, result: undefined };
      }),
  };
}

function parseInput(input: PolicyInput): PolicyInput {
  return { name: parseName(input.name), statements: parseStatements(input.statements) };
}

async function readPolicy(store: Store, id: string): Promise<PolicyRow> {
  const row = await store.get('policy', id);
  if (row === undefined) throw new FishplateError('access.unknown', `There is no policy ${id}`);
  return row;
}

/** Names differ in more than case, and from ids too, since service users may be given policies by either. */
function checkNameIsFree(row: PolicyRow, others: readonly PolicyRow[]): void {
  const name = row.name.toLowerCase();
  for (const other of [...managedPolicies, ...others]) {
    if (other.id === row.id) continue;
    if (other.name.toLowerCase() === name || other.id.toLowerCase() === name) {
      throw new FishplateError('access.name-taken', `There is a policy named "${row.name}" already`);
    }
  }
}

function refuseManaged(id: string): void {
  const managed = findManagedPolicy(id);
  if (managed === undefined) return;
  throw new FishplateError('access.managed-policy', `${managed.name} is a managed policy`);
}

async function refuseInUse(store: Store, id: string, name: string): Promise<void> {
  const users = (await store.list('serviceUser')).filter((user) => user.policies.includes(id));
  if (users.length === 0) return;
  const names = users.map((user) => user.name).join(', ');
  throw new FishplateError('access.policy-in-use', `The policy "${name}" is in use by ${names}`);
}

function asManaged(row: PolicyRow): Policy {
  return { ...row, managed: true };
}

function asCustom(row: PolicyRow): Policy {
  return { ...row, managed: false };
}
