/** The tables as data: how each column is kept, what carries an index, and whose changes are counted. */
import type { Rows, TableName } from './rows.ts';

/** How a column is kept. `sealed` holds a `Secret`, encrypted on the way in and bound to its table, row and column. */
export type ColumnKind = 'text' | 'integer' | 'json' | 'sealed';

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
