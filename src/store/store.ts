/**
 * The contract that every store keeps: rows come in and go out as plain objects, secrets as `Secret`.
 * A write is a list of changes that happen together or not at all, so no caller ever holds a transaction open.
 */
import type { Secret } from '../secret.ts';

/** How a column is kept. `sealed` holds a `Secret`, encrypted on the way in and bound to its table, row and column. */
export type ColumnKind = 'text' | 'integer' | 'json' | 'sealed';

/** A customer of the platform owner. Here as everywhere, times are milliseconds since the epoch. */
export interface AccountRow {
  id: string;
  name: string;
  parentId: string | null;
  /** Everything else the partner API keeps of an account (Description, Timezone, ...). */
  details: Readonly<Record<string, unknown>>;
  createdAt: number;
}

/** A setting's value given in the console; id is `connector/setting`. One of `value` and `secret` is null. */
export interface ConsoleValueRow {
  id: string;
  connector: string;
  setting: string;
  value: string | null;
  secret: Secret | null;
  updatedAt: number;
}

/** From `setup-required` over `active`; `failing` is for the customer to mend, `de-authenticated` was asked for. */
export type InstallationState = 'setup-required' | 'active' | 'failing' | 'de-authenticated';

/** Why an installation is failing, in the words of the error that said so. */
export interface StateReason {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** What the vendor answered, without secrets. */
  readonly vendor?: { readonly status: number; readonly message?: string };
  /** The method that the credentials lack the permission for; whoever succeeds with it shows that they have it. */
  readonly method?: string;
  /** Connection tests that failed in a row, and before when calls do not bring about another one. */
  readonly failures?: number;
  readonly notBefore?: number;
}

/** A release of a connector, installed in an account. */
export interface InstallationRow {
  id: string;
  accountId: string;
  connector: string;
  version: string;
  name: string;
  description: string;
  authId: string;
  state: InstallationState;
  stateReason: StateReason | null;
  /** Who the credentials are, as the connection test found: name, organisation, type, ... */
  identity: Readonly<Record<string, unknown>> | null;
  testedAt: number | null;
  createdAt: number;
  updatedAt: number;
  /** Counts the changes; compared before each change so that none is lost. */
  revision: number;
}

/** A setting's value given at install; id is `installationId/setting`. One of `value` and `secret` is null. */
export interface InstallationValueRow {
  id: string;
  installationId: string;
  setting: string;
  value: string | null;
  secret: Secret | null;
  updatedAt: number;
}

/** The vendor token of an installation; id is the installation's. */
export interface TokenRow {
  id: string;
  /** Of the credentials it was issued for: a token of other credentials is never used. */
  fingerprint: string;
  token: Secret;
  obtainedAt: number;
  expiresAt: number;
}

/** Who may call our API. */
export interface ServiceUserRow {
  id: string;
  name: string;
  /** Ids of permission policies. */
  policies: readonly string[];
  createdAt: number;
}

/** In the spelling of the API. */
export type AccessKeyStatus = 'ACTIVE' | 'INACTIVE';

/** A client id (the row id) and the hash of its secret. */
export interface AccessKeyRow {
  id: string;
  serviceUserId: string;
  name: string;
  /** SHA-256 in hex: the secrets are random and long, so a slow hash would add nothing. */
  secretHash: string;
  status: AccessKeyStatus;
  createdAt: number;
  lastUsedAt: number | null;
}

/** What is allowed or denied: actions as `<noun>:<verb>`, resources as `<kind>/<id>`, both with `*` for any text. */
export interface PolicyStatement {
  readonly effect: 'allow' | 'deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** A custom permission policy; the managed ones are not kept in the store. */
export interface PolicyRow {
  id: string;
  name: string;
  statements: readonly PolicyStatement[];
  createdAt: number;
}

/** A token that we issued; id is the SHA-256 of its text. */
export interface AccessTokenRow {
  id: string;
  accessKeyId: string;
  serviceUserId: string;
  /** Set when the token is pinned to one account. */
  accountId: string | null;
  createdAt: number;
  expiresAt: number;
}

/** What somebody did or was refused; never changed once written. */
export interface AuditRow {
  id: string;
  at: number;
  /** `serviceUserId/accessKeyId`, or `local` for the machine's own operator. */
  actor: string;
  /** `<noun>.<verb>`: `access-key.create`, `installation.deauthenticate`, ... */
  action: string;
  target: string;
  accountId: string | null;
  detail: Readonly<Record<string, unknown>>;
}

/** One method call, redacted. */
export interface CallRow {
  id: string;
  at: number;
  accountId: string;
  installationId: string;
  connector: string;
  method: string;
  /** `ok`, or the code of the error. */
  outcome: string;
  /** 1 unless the outcome is `ok`: failures are few, and are looked for. */
  failed: 0 | 1;
  status: number | null;
  attempts: number;
  durationMs: number;
  requestBytes: number;
  responseBytes: number;
  requestId: string | null;
  detail: Readonly<Record<string, unknown>>;
  /** The request and the answer as JSON, redacted and cut; sealed all the same, since they are the customer's. */
  wire: Secret | null;
}

/**
 * A number that moves with every change of a group of rows (id is the group's name). A change that rests on a check
 * over several rows compares and moves it in the same write, and so notices what others changed in between.
 */
export interface CounterRow {
  id: string;
  value: number;
}

/**
 * The right to do something that only one process may do at a time; id says what (`token/<installation>`). Whoever takes
 * it over moves the counter: a holder that comes late finds another number and is turned away.
 */
export interface LeaseRow {
  id: string;
  /** The process that holds it; null when nobody does. */
  owner: string | null;
  counter: number;
  /** From when on anybody may take it over. */
  expiresAt: number;
  /** Failures in a row, and before when nobody tries again. */
  failures: number;
  notBefore: number;
  /** The last failure, as its error said it (never a secret); null after a success. */
  reason: Readonly<Record<string, unknown>> | null;
}

/** A call that its caller gave a key; id is made of account, installation and key. */
export interface KeyedCallRow {
  id: string;
  accountId: string;
  installationId: string;
  /** Of method and arguments: the same key with others is a conflict. */
  fingerprint: string;
  state: 'running' | 'done';
  /** Whoever is at it: a random id for each time it is sent. */
  owner: string;
  /** While it runs: from when on nobody is believed to be at it any more. */
  heldUntil: number;
  /** The first answer or error, as JSON; null while there is none. */
  answer: Secret | null;
  createdAt: number;
  /** Until when the key is remembered. */
  expiresAt: number;
}

/** Credentials that are not the ones in use: the next, or the last. Id is `owner/kind`. */
export interface HeldCredentialsRow {
  id: string;
  /** An installation's id, or `console/<connector>`. */
  owner: string;
  kind: 'staged' | 'fallback';
  /** Setting -> value, and what is known of them, as JSON. */
  values: Secret;
  createdAt: number;
  /** From when on they are of no use and are deleted. */
  purgeAt: number;
}

/** A one-time link; id is the SHA-256 of its token. */
export interface LinkRow {
  id: string;
  kind: 'setup' | 'sign-in';
  accountId: string | null;
  /** What it opens. */
  target: Readonly<Record<string, unknown>>;
  createdBy: string;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
}

/** Every table with its row. */
export interface Rows {
  account: AccountRow;
  consoleValue: ConsoleValueRow;
  installation: InstallationRow;
  installationValue: InstallationValueRow;
  token: TokenRow;
  serviceUser: ServiceUserRow;
  accessKey: AccessKeyRow;
  policy: PolicyRow;
  accessToken: AccessTokenRow;
  audit: AuditRow;
  call: CallRow;
  counter: CounterRow;
  lease: LeaseRow;
  keyedCall: KeyedCallRow;
  heldCredentials: HeldCredentialsRow;
  link: LinkRow;
}

/** Every table there is. */
export type TableName = keyof Rows;

/** Values that a row can be searched by: texts, integers and null, compared for equality. */
export type Match<T extends TableName> = {
  readonly [K in keyof Rows[T]]?: Rows[T][K] extends string | number | null ? Rows[T][K] : never;
};

/** Rows whose integer column is smaller than the value (for clean-up and "before this time"); null is never below. */
export interface Below<T extends TableName> {
  readonly column: keyof Rows[T] & string;
  readonly value: number;
}

/**
 * Which rows, and in what order. Texts are ordered by code point, null before every value; rows that are equal in
 * `orderBy` (or all, without one) are ordered by id, so that pages neither repeat nor skip rows.
 */
export interface Query<T extends TableName> {
  readonly where?: Match<T>;
  readonly below?: Below<T>;
  /** Rows whose integer column has this value or a greater one ("since this time"); null never has. */
  readonly atLeast?: Below<T>;
  readonly orderBy?: keyof Rows[T] & string;
  /** Turns the whole order round, ids included. */
  readonly descending?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

/** One step of a write. */
export type Change =
  | {
      readonly [T in TableName]: { readonly op: 'insert'; readonly table: T; readonly row: Rows[T] };
    }[TableName]
  | {
      readonly [T in TableName]: { readonly op: 'upsert'; readonly table: T; readonly row: Rows[T] };
    }[TableName]
  | {
      readonly [T in TableName]: {
        readonly op: 'update';
        readonly table: T;
        readonly id: string;
        /** May be empty: then the change only makes sure that the row is there and as expected. */
        readonly set: Partial<Omit<Rows[T], 'id'>>;
        /** The row must exist and hold these values, or the whole write is undone with `store.stale`. */
        readonly expect?: Match<T>;
      };
    }[TableName]
  | {
      readonly [T in TableName]: {
        readonly op: 'delete';
        readonly table: T;
        /** Names at least one column unless `below` is given: a slip must not empty a table. */
        readonly where: Match<T>;
        readonly below?: Below<T>;
      };
    }[TableName];

/** How much a key seals. */
export interface KeyUse {
  readonly id: string;
  /** Whether it is what this store seals with. */
  readonly current: boolean;
  /** Whether this process has it. */
  readonly given: boolean;
  /** Sealed values by `table.column`, where there are any. */
  readonly values: Readonly<Record<string, number>>;
}

/** How far a pass over all sealed values has come. */
export interface SealedPosition {
  readonly table: TableName;
  readonly column: string;
  /** The last row that was looked at. */
  readonly id: string;
}

export interface ResealResult {
  /** Values that were sealed with another key, and now are with the current one. */
  readonly resealed: number;
  /** `table/id/column` of values that cannot be opened; they are left as they are. */
  readonly unreadable: readonly string[];
  /** Where to go on; null at the end. */
  readonly next: SealedPosition | null;
}

/**
 * The keys that values are sealed with. The store itself says which of them is the current one, and every write looks:
 * a process that still has another one in mind learns of it in its next write, so nothing is sealed with a key
 * that was replaced. A key that a store has never seen becomes the current one when the store is opened with it first.
 */
export interface Sealing {
  /** The current key first. */
  usage(): Promise<KeyUse[]>;
  /**
   * Calls `choose` with the id of the current key, under the store's write lock - of two who change keys at once, the
   * second sees what the first did - and seals with the key whose id it answers from then on. Throws
   * `store.sealed-unreadable` when that key is not given.
   */
  setCurrent(choose: (currentId: string) => string): Promise<void>;
  /**
   * Looks at up to `limit` values after `from` and seals those anew that are not sealed with the current key. Values
   * that somebody else writes meanwhile are left alone: they are sealed with the current key already.
   */
  reseal(limit: number, from?: SealedPosition): Promise<ResealResult>;
  /**
   * Forgets a key, so that the store opens without it. Throws `store.key-in-use` for the current key and while a value
   * is sealed with it.
   */
  forget(id: string): Promise<void>;
}

/**
 * Every method rejects with `store.unavailable` when the database cannot be used, `store.sealed-unreadable` when a
 * sealed column cannot be opened, and `internal.unexpected` for a column or value that the table does not have.
 */
export interface Store {
  readonly sealing: Sealing;
  /**
   * Differs from an earlier answer when a row of the group was added, changed or removed in between, by this process or
   * another one: who keeps such rows in mind asks before each use of them. What another process did is seen from the next
   * turn of the event loop on; before that nobody can have heard of it. Costs less than reading a row, and is a promise
   * only where it has to be waited for.
   */
  version(group: WatchedGroup): number | Promise<number>;
  get<T extends TableName>(table: T, id: string): Promise<Rows[T] | undefined>;
  list<T extends TableName>(table: T, query?: Query<T>): Promise<Rows[T][]>;
  count<T extends TableName>(table: T, where?: Match<T>, below?: Below<T>): Promise<number>;
  /**
   * Carries out all changes or none; durable when it resolves.
   * Rejects with `store.conflict` (an insert's id exists) or `store.stale` (an update's row is gone or differs).
   */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/** Rows that are kept in mind between calls: what calls are made with, and who may make them. */
export type WatchedGroup = 'installations' | 'access';

/** What moves a group's version. */
export interface WatchedTable {
  readonly group: WatchedGroup;
  /** New rows do not count: nothing is kept in mind of rows that were not there. */
  readonly ignoresInserts?: true;
  /** A change of nothing but these does not count. */
  readonly ignores?: readonly string[];
}

/** The tables of the groups. A change that only makes sure of a row (an `update` that sets nothing) never counts. */
export const watched: { readonly [T in TableName]?: WatchedTable } = {
  installation: { group: 'installations' },
  installationValue: { group: 'installations' },
  consoleValue: { group: 'installations' },
  account: { group: 'access', ignoresInserts: true },
  serviceUser: { group: 'access' },
  accessKey: { group: 'access', ignores: ['lastUsedAt'] },
  policy: { group: 'access' },
  accessToken: { group: 'access', ignoresInserts: true },
};

/** The columns of every table, for stores to build and read them alike. `null`able where the row says so. */
export const columns: { readonly [T in TableName]: { readonly [K in keyof Rows[T]]: ColumnKind } } = {
  account: { id: 'text', name: 'text', parentId: 'text', details: 'json', createdAt: 'integer' },
  consoleValue: {
    id: 'text',
    connector: 'text',
    setting: 'text',
    value: 'text',
    secret: 'sealed',
    updatedAt: 'integer',
  },
  installation: {
    id: 'text',
    accountId: 'text',
    connector: 'text',
    version: 'text',
    name: 'text',
    description: 'text',
    authId: 'text',
    state: 'text',
    stateReason: 'json',
    identity: 'json',
    testedAt: 'integer',
    createdAt: 'integer',
    updatedAt: 'integer',
    revision: 'integer',
  },
  installationValue: {
    id: 'text',
    installationId: 'text',
    setting: 'text',
    value: 'text',
    secret: 'sealed',
    updatedAt: 'integer',
  },
  token: { id: 'text', fingerprint: 'text', token: 'sealed', obtainedAt: 'integer', expiresAt: 'integer' },
  serviceUser: { id: 'text', name: 'text', policies: 'json', createdAt: 'integer' },
  accessKey: {
    id: 'text',
    serviceUserId: 'text',
    name: 'text',
    secretHash: 'text',
    status: 'text',
    createdAt: 'integer',
    lastUsedAt: 'integer',
  },
  policy: { id: 'text', name: 'text', statements: 'json', createdAt: 'integer' },
  accessToken: {
    id: 'text',
    accessKeyId: 'text',
    serviceUserId: 'text',
    accountId: 'text',
    createdAt: 'integer',
    expiresAt: 'integer',
  },
  audit: {
    id: 'text',
    at: 'integer',
    actor: 'text',
    action: 'text',
    target: 'text',
    accountId: 'text',
    detail: 'json',
  },
  call: {
    id: 'text',
    at: 'integer',
    accountId: 'text',
    installationId: 'text',
    connector: 'text',
    method: 'text',
    outcome: 'text',
    failed: 'integer',
    status: 'integer',
    attempts: 'integer',
    durationMs: 'integer',
    requestBytes: 'integer',
    responseBytes: 'integer',
    requestId: 'text',
    detail: 'json',
    wire: 'sealed',
  },
  counter: { id: 'text', value: 'integer' },
  lease: {
    id: 'text',
    owner: 'text',
    counter: 'integer',
    expiresAt: 'integer',
    failures: 'integer',
    notBefore: 'integer',
    reason: 'json',
  },
  keyedCall: {
    id: 'text',
    accountId: 'text',
    installationId: 'text',
    fingerprint: 'text',
    state: 'text',
    owner: 'text',
    heldUntil: 'integer',
    answer: 'sealed',
    createdAt: 'integer',
    expiresAt: 'integer',
  },
  heldCredentials: {
    id: 'text',
    owner: 'text',
    kind: 'text',
    values: 'sealed',
    createdAt: 'integer',
    purgeAt: 'integer',
  },
  link: {
    id: 'text',
    kind: 'text',
    accountId: 'text',
    target: 'json',
    createdBy: 'text',
    createdAt: 'integer',
    expiresAt: 'integer',
    usedAt: 'integer',
  },
};

/** Columns that are searched (and then ordered) often and so carry an index; ids always do. */
export const indexes: { readonly [T in TableName]?: readonly (readonly (keyof Rows[T] & string)[])[] } = {
  account: [['parentId']],
  consoleValue: [['connector']],
  installation: [['accountId'], ['connector'], ['state']],
  installationValue: [['installationId']],
  accessKey: [['serviceUserId']],
  accessToken: [['accessKeyId'], ['expiresAt']],
  audit: [['at'], ['accountId', 'at']],
  call: [['at'], ['accountId', 'at'], ['installationId', 'at'], ['failed', 'at']],
  lease: [['notBefore']],
  keyedCall: [['expiresAt'], ['accountId'], ['installationId']],
  heldCredentials: [['owner'], ['purgeAt']],
  link: [['accountId'], ['expiresAt']],
};
