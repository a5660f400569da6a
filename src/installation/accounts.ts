/** Names and details come in, account rows go out: the customers that installations belong to. */
import { LONE_SURROGATE } from '../definition/template.ts';
import { FishplateError } from '../errors.ts';
import { createKeep } from '../kept.ts';
import type { AccountRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';

export interface Accounts {
  /** Throws `account.exists`, `account.unknown` (the parent), `input.invalid`. A missing id becomes a UUID. */
  create(input: {
    id?: string;
    name: string;
    parentId?: string | null;
    details?: Record<string, unknown>;
  }): Promise<AccountRow>;
  list(query?: {
    parentId?: string;
    limit?: number;
    offset?: number;
    orderBy?: 'name' | 'createdAt' | 'id';
    descending?: boolean;
  }): Promise<AccountRow[]>;
  /** Throws `account.unknown`. */
  get(id: string): Promise<AccountRow>;
  update(
    id: string,
    change: { name?: string; parentId?: string | null; details?: Record<string, unknown> },
  ): Promise<AccountRow>;
  /** Takes its installations, their values and tokens along; the call log and audit stay. */
  delete(id: string): Promise<void>;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** Accounts that are kept in memory. */
const MOST_KEPT = 10_000;

export function createAccounts(store: Store, world: Pick<World, 'now' | 'uuid'>): Accounts {
  const keep = createKeep<AccountRow>(store, 'access', MOST_KEPT);
  const load = async (id: string): Promise<AccountRow> => {
    const row = await store.get('account', id);
    if (!row) throw new FishplateError('account.unknown', `there is no account "${id}"`);
    return row;
  };
  const get = async (id: string): Promise<AccountRow> => keep(id, () => load(id));
  const assertParent = async (id: string | undefined, parentId: string | null | undefined) => {
    if (parentId === null || parentId === undefined) return;
    const seen = new Set<string>();
    for (
      let above: string | null = parentId;
      above !== null && !seen.has(above);
      above = (await get(above)).parentId
    ) {
      if (above === id) throw invalid('ParentAccountId', 'cannot be the account itself or one below it');
      seen.add(above);
    }
  };
  return {
    get,
    create: async (input) => {
      assertName(input.name);
      if (input.id !== undefined && !ID.test(input.id))
        throw invalid(
          'Id',
          'must be 1 to 100 letters, digits and . _ : - , beginning with a letter or digit',
        );
      await assertParent(input.id, input.parentId);
      const row: AccountRow = {
        id: input.id ?? world.uuid(),
        name: input.name,
        parentId: input.parentId ?? null,
        details: input.details ?? {},
        createdAt: world.now(),
      };
      await store.write([{ op: 'insert', table: 'account', row }]).catch((error: unknown) => {
        if (error instanceof FishplateError && error.code === 'store.conflict')
          throw new FishplateError('account.exists', `there is an account "${row.id}" already`, {
            cause: error,
          });
        throw error;
      });
      return row;
    },
    list: (query = {}) =>
      store.list('account', {
        ...(query.parentId !== undefined && { where: { parentId: query.parentId } }),
        ...(query.limit !== undefined && { limit: query.limit }),
        ...(query.offset !== undefined && { offset: query.offset }),
        orderBy: query.orderBy ?? 'createdAt',
        descending: query.descending ?? false,
      }),
    update: async (id, change) => {
      const row = await get(id);
      if (change.name !== undefined) assertName(change.name);
      await assertParent(id, change.parentId);
      const set = {
        ...(change.name !== undefined && { name: change.name }),
        ...(change.parentId !== undefined && { parentId: change.parentId }),
        ...(change.details !== undefined && { details: change.details }),
      };
      if (Object.keys(set).length > 0) await store.write([{ op: 'update', table: 'account', id, set }]);
      return { ...row, ...set };
    },
    delete: async (id) => {
      await get(id);
      const removals = async () =>
        (await store.list('installation', { where: { accountId: id } })).flatMap((row) => removalOf(row.id));
      await store.write([
        ...(await removals()),
        { op: 'delete', table: 'accessToken', where: { accountId: id } },
        { op: 'delete', table: 'account', where: { id } },
      ]);
      // What was installed since the list was read; from now on nothing can be.
      await store.write(await removals());
    },
  };
}

/** What has to go when an installation goes. */
export function removalOf(installationId: string): Change[] {
  return [
    { op: 'delete', table: 'installationValue', where: { installationId } },
    { op: 'delete', table: 'token', where: { id: installationId } },
    { op: 'delete', table: 'heldCredentials', where: { owner: installationId } },
    { op: 'delete', table: 'lease', where: { id: `token/${installationId}` } },
    { op: 'delete', table: 'keyedCall', where: { installationId } },
    { op: 'delete', table: 'installation', where: { id: installationId } },
  ];
}

function assertName(name: string): void {
  if (name.trim() === '' || name.length > 200)
    throw invalid('Name', 'must be 1 to 200 characters, not only spaces');
  // They could rewrite the terminal that the name is printed on.
  if (LONE_SURROGATE.test(name)) throw invalid('Name', 'holds half a character (an unpaired surrogate)');
  if (/\p{Cc}/u.test(name)) throw invalid('Name', 'must not hold a line break or another control character');
}

const invalid = (path: string, message: string) =>
  new FishplateError('input.invalid', `${path} ${message}`, { problems: [{ path, message }] });
