/** An access model on a store in memory comes out, with a clock that tests move and everything they read. */
import { createHash, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Access, createAccess } from '../../src/access/access.ts';
import type { AccessKeyWithSecret } from '../../src/access/access-keys.ts';
import type { Caller } from '../../src/access/authenticate.ts';
import type { Secret } from '../../src/secret.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import type { PolicyStatement, TableName } from '../../src/store/rows.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { columns } from '../../src/store/tables.ts';
import type { World } from '../../src/wire.ts';

export interface Setup {
  readonly access: Access;
  readonly store: Store;
  readonly clock: { now: number };
  /** A second access model on the same store, as another process has it. */
  readonly another: () => Access;
  /** A service user with one key. */
  readonly addUser: (policies?: readonly string[]) => Promise<AccessKeyWithSecret & { userId: string }>;
  /** A custom policy's id. */
  readonly addPolicy: (...statements: readonly PolicyStatement[]) => Promise<string>;
  readonly addAccount: (id: string) => Promise<void>;
  readonly signIn: (clientId: string, clientSecret: Secret, scope?: string) => Promise<Caller>;
  /** Actions, oldest first. */
  readonly auditTrail: () => Promise<string[]>;
  /** Everything that the store holds, as text. */
  readonly dump: () => Promise<string>;
}

export const BY = 'local';

export function setUp(wrap: (store: Store) => Store = (store) => store): Setup {
  const keyring = createKeyring([{ id: 'k', key: randomBytes(32) }], 'k');
  const real = openSqlite({ file: ':memory:', keyring });
  onTestFinished(() => real.close());
  const store = wrap(real);
  const clock = { now: 1_700_000_000_000 };
  let count = 0;
  const world: World = {
    now: () => clock.now,
    random: () => 0.5,
    sleep: async () => undefined,
    after: () => () => undefined,
    uuid: () => `id-${String(++count).padStart(6, '0')}`,
  };
  // Repeatable, and different each time it is asked.
  const random = (bytes: number): Buffer =>
    createHash('sha256').update(`${++count}`).digest().subarray(0, bytes);
  const access = createAccess({ store, world, random });
  return {
    access,
    store,
    clock,
    another: () => createAccess({ store, world, random }),
    async addUser(policies = ['Administrator']) {
      const user = await access.serviceUsers.create(BY, { name: `User ${++count}`, policies });
      return { ...(await access.accessKeys.create(BY, user.id)), userId: user.id };
    },
    async addPolicy(...statements) {
      return (await access.policies.create(BY, { name: `Policy ${++count}`, statements })).id;
    },
    async addAccount(id) {
      const row = { id, name: id, parentId: null, details: {}, createdAt: clock.now };
      await store.write([{ op: 'insert', table: 'account', row } satisfies Change]);
    },
    async signIn(clientId, clientSecret, scope = '') {
      const { accessToken } = await access.tokens.issue({ clientId, clientSecret, scope });
      return access.authenticate(accessToken);
    },
    auditTrail: async () => {
      const rows = await store.list('audit', { orderBy: 'at' });
      return rows.map((row) => row.action);
    },
    dump: async () => {
      const tables = Object.keys(columns) as TableName[];
      return JSON.stringify(await Promise.all(tables.map((table) => store.list(table))));
    },
  };
}

export function allow(actions: readonly string[], resources: readonly string[] = ['*']): PolicyStatement {
  return { effect: 'allow', actions, resources };
}

export function deny(actions: readonly string[], resources: readonly string[] = ['*']): PolicyStatement {
  return { effect: 'deny', actions, resources };
}
