/** What the runtime offers: the types that the server, the CLI and library users program against. */
import type { CallQuery } from './call-log.ts';
import type { JsonSchema } from './definition/connector.ts';
import type { Library } from './definition/library.ts';
import type { FishplateError } from './errors.ts';
import type { Accounts } from './installation/accounts.ts';
import type {
  ChangedConsoleSetup,
  ConsoleSetup,
  InstallationView,
  InstallInput,
} from './installation/installation.ts';
import type { Preview } from './preview.ts';
import type { Arguments } from './request/arguments.ts';
import type { RawRequest } from './request/raw-method.ts';
import type { ListBounds } from './response/capped-list.ts';
import type { Rotation } from './rotation-contract.ts';
import type { CallRow } from './store/rows.ts';
import type { Store } from './store/store.ts';

/** What a connection test found. A failed test is a result, not an exception. */
export type TestResult =
  | {
      readonly ok: true;
      readonly identity: Readonly<Record<string, unknown>>;
      readonly view: InstallationView;
    }
  | { readonly ok: false; readonly error: FishplateError; readonly view: InstallationView };

export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * Over all attempts and waits of the call, in milliseconds. Unless given, each request that it becomes (a long list
   * becomes many) has 60,000.
   */
  readonly deadlineMs?: number;
  /** Values for settings that a call may override. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Kept in the call log. */
  readonly requestId?: string;
  /** The body holds only the fields to change: the entity is read, merged (RFC 7396) and replaced on its newest version. */
  readonly merge?: boolean;
  /** Rows of a split list are refused, before anything is sent, when they refer to what the vendor does not know. */
  readonly strict?: boolean;
  /**
   * The caller's name for this one call, 1 to 255 printable ASCII characters. For 24 hours another call of the
   * installation with the same key and arguments gets the first answer, or error, and nothing is sent again. A first call
   * that certainly changed nothing - not sent, throttled, refused for its credentials - leaves the key free. Methods that
   * change nothing ignore it. Throws `call.key-invalid`, `call.key-reused` (other arguments), `call.key-in-use` (the first
   * is still running), `call.interrupted` (its process died), `call.answer-not-kept` (over 1 MiB).
   */
  readonly idempotencyKey?: string;
}

export interface MethodResult {
  readonly status: number;
  /**
   * Parsed JSON, the text when the vendor did not answer JSON, or a `FileBody` when it is no text: `readFileBody` gives the
   * bytes. Undefined when the answer is empty.
   */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Attempts it took, token renewals included. */
  readonly attempts: number;
  readonly durationMs: number;
  /** How much of the time its attempts waited for room in the vendor's limits; absent when none did. */
  readonly waitedMs?: number;
  /** How many requests a long list was split into; absent when one was enough. */
  readonly batches?: number;
  /** Whether this is the answer of an earlier call with the same idempotency key; nothing was sent for it. */
  readonly replayed?: true;
  /** For paged methods: this page's items, and the arguments of the next page when there is one. */
  readonly page?: { readonly items: readonly unknown[]; readonly next?: Arguments } & ListBounds;
}

export interface UploadFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** How far an upload is: the place was granted, the file was sent, the vendor is at it. */
export interface UploadProgress {
  readonly stage: 'granted' | 'sent' | 'processing';
  readonly jobId: string;
  readonly status?: string;
  readonly job?: unknown;
}

export interface UploadResult {
  readonly jobId: string;
  readonly status: string;
  /** The vendor's own record of the job. */
  readonly job: unknown;
  /** See `MethodResult.replayed`. */
  readonly replayed?: true;
}

export interface LookupOption {
  readonly value: string;
  readonly name: string;
}

export interface Runtime {
  readonly connectors: Library;
  readonly accounts: Accounts;
  readonly store: Store;

  /** Throws `connector.unknown`. */
  consoleSetup(connector: string): Promise<ConsoleSetup>;
  /**
   * Sets console values; null takes one away. Dependent installations are tested again, and named in the result.
   * Throws `settings.unknown`, `settings.wrong-level`, `settings.invalid` with all problems; then nothing is changed.
   */
  setupConsole(
    connector: string,
    values: Readonly<Record<string, string | null>>,
  ): Promise<ChangedConsoleSetup>;

  /** Installs, and tests at once when nothing is missing. Throws like `configure`, and `connector.not-live`. */
  install(accountId: string, connector: string, input?: InstallInput): Promise<InstallationView>;
  /** Those whose connector is not at hand as well: they are failing with `connector.unknown`, and can only be uninstalled. */
  installations(accountId: string): Promise<InstallationView[]>;
  /** Throws `installation.unknown`, also for another account's installation. */
  installation(accountId: string, id: string): Promise<InstallationView>;
  /**
   * Changes name, description and account values (null takes one away), then tests when nothing is missing.
   * Throws `settings.unknown`, `settings.wrong-level`, `settings.invalid` with all problems; then nothing is changed.
   */
  configure(
    accountId: string,
    id: string,
    change: { name?: string; description?: string; values?: Readonly<Record<string, string | null>> },
  ): Promise<InstallationView>;
  /**
   * Forgets the account's credentials and the token; calls and tests fail with `installation.deauthenticated` until the
   * account gives credentials, or `reauthenticate` says to go on with those of the console.
   */
  deauthenticate(accountId: string, id: string): Promise<InstallationView>;
  /** Takes a de-authentication back and tests, when nothing is missing. */
  reauthenticate(accountId: string, id: string): Promise<InstallationView>;
  uninstall(accountId: string, id: string): Promise<void>;

  /** Replaces credentials while calls go on. */
  readonly rotation: Rotation;

  /** Proves the installation with the connector's test and stores who it is. Throws only `installation.unknown`. */
  test(accountId: string, id: string): Promise<TestResult>;
  /**
   * Calls a method by key, UUID or integer id. Throws `arguments.invalid` (nothing sent), `installation.*`,
   * `token.*`, `limit.*`, `vendor.*`, `transport.*`.
   */
  call(
    accountId: string,
    id: string,
    method: string,
    args?: Arguments,
    options?: CallOptions,
  ): Promise<MethodResult>;
  /**
   * Page by page until the vendor says it is over. Throws `pages.endless` on a repeated token or past `maxPages`,
   * `pages.repeated` before a page is handed out a second time, `pages.capped` after all that a vendor gives of a longer list,
   * `pages.no-cursor` and `pages.foreign-link`, which calls throw too.
   */
  pages(
    accountId: string,
    id: string,
    method: string,
    args?: Arguments,
    options?: CallOptions & { maxPages?: number },
  ): AsyncIterable<MethodResult>;
  /**
   * Sends a request that no method describes, to one of the connector's hosts, with the installation's credentials and
   * all that calls have: retries, renewal, failure rules, the log. Throws like `call`.
   */
  request(accountId: string, id: string, request: RawRequest, options?: CallOptions): Promise<MethodResult>;
  preview(
    accountId: string,
    id: string,
    method: string,
    args?: Arguments,
    options?: CallOptions,
  ): Promise<Preview>;
  /**
   * The schema of a method's body in an installation: with the custom fields of its organisation, where the connector
   * says how to read them (then the vendor is called). Undefined without a body. `$ref`s lead into `Connector.types`.
   */
  bodySchema(
    accountId: string,
    id: string,
    method: string,
    options?: CallOptions,
  ): Promise<JsonSchema | undefined>;
  /**
   * Sends a file the way the connector's upload of that key says: asks for a URL, puts the file there without our
   * credentials, follows the job to its end (ten minutes unless `deadlineMs` says otherwise). Throws `upload.*`, and
   * what calls throw.
   */
  upload(
    accountId: string,
    id: string,
    upload: string,
    file: UploadFile,
    args?: Arguments,
    options?: CallOptions & { onProgress?: (progress: UploadProgress) => void },
  ): Promise<UploadResult>;
  /** Values for an id parameter, by name. Throws `lookup.unknown`. */
  lookup(accountId: string, id: string, lookup: string, options?: CallOptions): Promise<LookupOption[]>;
  /** The call log, newest first. */
  calls(query: CallQuery): Promise<CallRow[]>;
  /** How many calls of an account began at this time (milliseconds since the epoch) or later, as far as the log goes back. */
  countCalls(accountId: string, afterMs: number): Promise<number>;
  /** One call of the log, in whatever account. Throws `call.unknown`. */
  loggedCall(id: string): Promise<CallRow>;
  /** Reads the vendor's environment variables or JSON block; throws `settings.paste-unreadable`. */
  parsePaste(
    connector: string,
    text: string,
  ): { values: Readonly<Record<string, string>>; unknown: readonly string[] };
  /** Waits for calls that are under way, five seconds at most, writes their rows, and closes the store. Begin none after it. */
  close(): Promise<void>;
}

export type { CallQuery } from './call-log.ts';
export type { SettingState } from './installation/installation.ts';
export type { Trial } from './installation/rotation.ts';
export type { Preview } from './preview.ts';
export type { Arguments } from './request/arguments.ts';
export type { RawRequest } from './request/raw-method.ts';
export type {
  FallbackView,
  Rotation,
  RotationStatus,
  RotationTarget,
  StagedView,
  TriedStatus,
} from './rotation-contract.ts';
export type { Accounts, ChangedConsoleSetup, ConsoleSetup, InstallationView, InstallInput, Library };
