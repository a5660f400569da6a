/** What is kept, table by table: rows as plain objects, secrets as `Secret`. */
import type { Secret } from '../secret.ts';

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
