/** The one error that running code throws, and the catalogue of its codes: each with a category and a way out. */

/** What kind of trouble it is, whatever the HTTP text: callers branch on this. */
export type ErrorCategory =
  | 'input'
  | 'not-found'
  | 'unauthenticated'
  | 'forbidden'
  | 'conflict'
  | 'setup'
  | 'credentials'
  | 'vendor'
  | 'throttled'
  | 'unavailable'
  | 'timeout'
  | 'cancelled'
  | 'internal';

interface ErrorEntry {
  readonly category: ErrorCategory;
  /** What happened, in one clause (docs/errors.md prints it). */
  readonly meaning: string;
  /** What the reader can do next; the default hint of the error. */
  readonly hint: string;
}

const entry = (category: ErrorCategory, meaning: string, hint: string): ErrorEntry => ({
  category,
  meaning,
  hint,
});

/** Every code that running code can throw. `docs/errors.md` has one row for each; a test compares the two. */
export const errorCatalogue = {
  'arguments.invalid': entry(
    'input',
    "Arguments break the method's schema",
    'Correct the arguments listed under problems; nothing was sent.',
  ),
  'method.unknown': entry(
    'not-found',
    'The connector has no such method',
    'List the methods and use a key, UUID or integer id from there.',
  ),
  'call.unknown': entry(
    'not-found',
    'The call log has no such call, or no longer',
    'List the calls to see those that are kept.',
  ),
  'lookup.unknown': entry(
    'not-found',
    'The connector has no such lookup',
    "The connector's Triggers list the lookups that it has.",
  ),
  'connector.unknown': entry(
    'not-found',
    'No connector of this name, id or release',
    'List the connectors to see what is in the library.',
  ),
  'connector.invalid': entry(
    'input',
    'The definition has problems',
    'Run `fishplate validate` on the folder and mend what it lists.',
  ),
  'connector.not-live': entry(
    'input',
    'This release is a draft or deprecated and takes no new installations',
    'Install the live release.',
  ),
  'account.unknown': entry('not-found', 'No such account', 'List the accounts to see their ids.'),
  'account.exists': entry(
    'conflict',
    'An account with this id exists already',
    'Choose another Id, or leave it out to be given one.',
  ),
  'installation.unknown': entry(
    'not-found',
    'No such installation in this account',
    "List the account's connectors to see their ids.",
  ),
  'installation.setup-required': entry(
    'setup',
    'Required settings are missing',
    'Give the missing settings, then test the connection.',
  ),
  'installation.deauthenticated': entry(
    'setup',
    'The installation was de-authenticated',
    'Give its credentials again, or re-authenticate it when the console gives them.',
  ),
  'installation.changed': entry(
    'conflict',
    'The installation was changed by somebody else meanwhile',
    'Read it again and repeat the change.',
  ),
  'settings.unknown': entry(
    'input',
    'The connector has no such setting',
    "The connector's Parameters list the settings that it has.",
  ),
  'settings.wrong-level': entry(
    'input',
    'The setting cannot be given at this level',
    'Give console settings in the console and account settings in the account.',
  ),
  'settings.invalid': entry(
    'input',
    "A setting's value breaks its rules",
    'Correct the values listed under problems.',
  ),
  'settings.paste-unreadable': entry(
    'input',
    'The pasted text holds no setting that this connector knows',
    "Paste the vendor's environment variables or JSON block as it was copied.",
  ),
  'rotation.nothing-staged': entry(
    'not-found',
    'No new credentials are staged',
    'Stage the new credentials first; staged ones are kept for a day.',
  ),
  'rotation.not-credentials': entry(
    'input',
    'Only credentials can be rotated',
    'Change other settings in the installation, or in the setup of the console.',
  ),
  'rotation.same-credentials': entry(
    'input',
    'The new credentials are the ones that are in use',
    'Make a new key at the vendor and give that one.',
  ),
  'rotation.other-organisation': entry(
    'credentials',
    'The new credentials belong to another organisation than those in use',
    'Give a key of the same organisation; for another one, make another installation.',
  ),
  'rotation.refused': entry(
    'credentials',
    'The new credentials do not work everywhere, and those in use stay',
    'Look at what is listed under problems; a key at the vendor may need another permission.',
  ),
  'rotation.untestable': entry(
    'conflict',
    'No installation uses these credentials, so new ones cannot be tested',
    'Change them in the setup of the console instead.',
  ),
  'host.not-allowed': entry(
    'input',
    'The request would leave the hosts that the definition names',
    "Use a path of the connector's own hosts.",
  ),
  'token.refused': entry(
    'credentials',
    'The vendor refused to issue a token',
    'Check the credentials at the vendor and give them again.',
  ),
  'token.unreadable': entry(
    'vendor',
    "The token endpoint's answer holds no token",
    'Check the environment and the host overrides: this may not be the vendor.',
  ),
  'vendor.bad-credentials': entry(
    'credentials',
    'The vendor does not accept the credentials',
    'Check key and secret for typing errors, or make a new key at the vendor.',
  ),
  'vendor.key-inactive': entry(
    'credentials',
    'The key exists but is switched off',
    'Activate the key at the vendor, or give another one.',
  ),
  'vendor.expired': entry(
    'credentials',
    'The token was refused as expired, also after one renewal',
    'Test the connection; if it fails too, check the key at the vendor.',
  ),
  'vendor.revoked': entry(
    'credentials',
    'The access was withdrawn at the vendor',
    'Make a new key at the vendor and give it here.',
  ),
  'vendor.forbidden': entry(
    'forbidden',
    'The credentials lack a permission for this',
    "Have the vendor's administrator add the permission to the service user.",
  ),
  'vendor.wrong-organisation': entry(
    'credentials',
    'The credentials belong to another organisation',
    'Correct the organisation id, or give a key made in that organisation.',
  ),
  'vendor.wrong-environment': entry(
    'credentials',
    "The environment's hosts do not exist or are not the vendor's",
    'Correct the environment of the installation.',
  ),
  'vendor.not-found': entry('not-found', 'The vendor knows no such thing', 'Check the ids in the arguments.'),
  'vendor.invalid': entry(
    'input',
    "The vendor refused the request's content",
    "Read the vendor's message and correct the arguments.",
  ),
  'vendor.conflict': entry(
    'conflict',
    "The vendor's copy changed, or the thing exists already",
    'Read it again, then repeat the change on the newest version.',
  ),
  'vendor.too-large': entry(
    'input',
    "Request or answer is over the vendor's size limit",
    'Send less at once, or ask for smaller pages.',
  ),
  'vendor.busy': entry(
    'throttled',
    'As many jobs as the vendor allows are running already',
    'Wait for a running job to end, then try again.',
  ),
  'vendor.throttled': entry(
    'throttled',
    "The vendor's rate limit is reached, also after waiting",
    'Send fewer requests, or try again later.',
  ),
  'vendor.unavailable': entry(
    'unavailable',
    'The vendor answers with a server error',
    "Try again later; look at the vendor's status page.",
  ),
  'vendor.partial': entry(
    'vendor',
    'The vendor did a part of what was asked, and refused the rest',
    'The answer under vendor says what went through; correct what did not and send that again.',
  ),
  'vendor.failed': entry('vendor', 'The vendor refused the request', "Read the vendor's message."),
  'response.unreadable': entry(
    'vendor',
    'The answer is not what its content type says',
    'Try again; if it stays so, report it with the request id.',
  ),
  'call.partial': entry(
    'vendor',
    'Some of the requests that a long list was split into failed',
    'Look at the batches, which say of each failed request what came of it, and send again what was not taken.',
  ),
  'call.no-etag': entry(
    'vendor',
    'The entity came without the ETag that the call needs',
    'Read the entity and give its ETag as If-Match.',
  ),
  'call.no-merge': entry(
    'input',
    'The method cannot merge: nothing reads what it replaces',
    'Leave merge out and give the whole body.',
  ),
  'call.key-invalid': entry(
    'input',
    'The idempotency key cannot be used',
    'Give one key of 1 to 255 printable ASCII characters; a random UUID is a good one.',
  ),
  'call.key-reused': entry(
    'input',
    'The idempotency key was used for another call',
    'Make a new key for each call; with one key, repeat the same method and arguments only.',
  ),
  'call.key-in-use': entry(
    'conflict',
    'The first call with this idempotency key has not ended yet',
    'Wait, then repeat it with the same key: its answer will be there.',
  ),
  'call.interrupted': entry(
    'unavailable',
    'The first call with this idempotency key was cut off, and how it ended is not known',
    'It may have been processed: look before you repeat it with a new key.',
  ),
  'call.answer-not-kept': entry(
    'conflict',
    'The first call with this idempotency key went well, but its answer was too long to be kept',
    'Do not repeat it: read at the vendor what it made.',
  ),
  'upload.unknown': entry(
    'not-found',
    'The connector takes no such file',
    "The names are in the connector's uploads.",
  ),
  'upload.foreign-host': entry(
    'vendor',
    'The vendor named a place for a file that the definition does not allow',
    "If the vendor has moved, the definition's upload hosts need another pattern.",
  ),
  'upload.refused': entry(
    'vendor',
    'The place for the file did not take it',
    'Try again: such places are good for a short time only.',
  ),
  'upload.failed': entry('vendor', 'The vendor could not process the file', 'Read the job for the reason.'),
  'upload.unfinished': entry(
    'timeout',
    'The file was sent, but its job is not done in time',
    'Read the job later; do not send the file again.',
  ),
  'pages.endless': entry(
    'vendor',
    'The vendor repeated a page token, or went past the page cap',
    'Narrow the query, or raise the cap.',
  ),
  'pages.capped': entry(
    'vendor',
    'The vendor gives no more of a list than this, and it is not the whole list',
    'What came is right, but not all: narrow the list down - by dates, say - and ask for each part by itself.',
  ),
  'pages.repeated': entry(
    'vendor',
    'The vendor answered the page before once more',
    "It did not take what the next page was asked with: compare the paging style's parameter, and whether it goes into the query or the body, with the vendor's documentation.",
  ),
  'pages.no-cursor': entry(
    'vendor',
    'The answer says that there are more pages, but not where they go on',
    "Compare next and more of the paging style with the vendor's documentation; the items read so far are not all there are.",
  ),
  'pages.foreign-link': entry(
    'vendor',
    'The address of the next page leads to where the definition does not allow',
    "Nothing was sent there. If it is right, the paging style's paths or the environment's host must say so.",
  ),
  'transport.host-not-found': entry(
    'unavailable',
    'The host name does not resolve',
    "Check the environment and this machine's network.",
  ),
  'transport.address-refused': entry(
    'setup',
    'The host is at an address that is not public',
    'Correct the host. If requests are meant to go there, add the address or its network to FISHPLATE_ALLOW_ADDRESSES (in a library: allowAddresses).',
  ),
  'transport.unreachable': entry(
    'unavailable',
    'No connection could be made',
    "Check the environment and this machine's network, then try again.",
  ),
  'transport.interrupted': entry(
    'unavailable',
    'The connection broke after the request was sent',
    'It may have been processed: look before you repeat it.',
  ),
  'transport.timeout': entry(
    'timeout',
    'No answer in time',
    'It may have been processed: look before you repeat it.',
  ),
  'transport.cancelled': entry('cancelled', 'The caller cancelled', 'Nothing to do.'),
  'transport.too-large': entry('vendor', 'The answer is over the size cap', 'Ask for smaller pages.'),
  'link.unknown': entry(
    'not-found',
    'No such one-time link',
    'Check that the whole link was copied, or ask whoever sent it for a new one.',
  ),
  'link.used': entry('conflict', 'The one-time link was used already', 'Ask whoever sent it for a new one.'),
  'link.expired': entry('conflict', "The one-time link's time is over", 'Ask whoever sent it for a new one.'),
  'access.foreign-page': entry(
    'forbidden',
    'A session cookie came with a request that is not from the console',
    'Programs send Authorization: Bearer; the cookie is for the console alone.',
  ),
  'limit.deadline': entry(
    'throttled',
    "The vendor's rate limit leaves no room before the call's deadline",
    'Nothing was sent. Try again after the time that is named, allow a longer deadline, or send fewer requests.',
  ),
  'limit.queue-full': entry(
    'throttled',
    "Too many calls wait for room in the vendor's rate limit",
    'Nothing was sent. Let calls that wait end before more are begun.',
  ),
  'access.unauthenticated': entry(
    'unauthenticated',
    'No valid token',
    'Get a token from POST /oauth/token and send it as Bearer.',
  ),
  'access.invalid-client': entry(
    'unauthenticated',
    'Client id and secret do not match an active access key',
    'Check both, and that the key is ACTIVE.',
  ),
  'access.throttled': entry(
    'throttled',
    'Too many attempts to sign in have failed',
    'Wait as long as Retry-After says; then check id and secret.',
  ),
  'access.forbidden': entry(
    'forbidden',
    'The permission policies do not allow this',
    'Ask an administrator for a policy that allows it.',
  ),
  'access.bad-scope': entry(
    'input',
    'The scope is not one that can be given',
    'Use scope=account:{id} with the id of an existing account.',
  ),
  'access.unsupported-grant': entry(
    'input',
    'The token endpoint knows another grant only',
    'Send grant_type=client_credentials.',
  ),
  'access.account-required': entry(
    'unauthenticated',
    'The call needs an account',
    "Send X-Cyclr-Account with an account's id, or use a token scoped to one account.",
  ),
  'access.too-many-keys': entry(
    'conflict',
    'A service user has at most two access keys',
    'Delete or regenerate one of the two.',
  ),
  'access.unknown': entry(
    'not-found',
    'No such service user, access key or policy',
    'List them to see their ids.',
  ),
  'access.key-active': entry(
    'conflict',
    'Only an INACTIVE key can be deleted',
    'Mark the key INACTIVE first.',
  ),
  'access.policy-in-use': entry(
    'conflict',
    'A policy that service users have cannot be deleted',
    'Take the policy off the service users that are named, then delete it.',
  ),
  'access.name-taken': entry(
    'conflict',
    'Another service user or policy has this name',
    'Choose another name.',
  ),
  'access.managed-policy': entry(
    'conflict',
    'Managed policies cannot be changed',
    'Make a custom policy instead.',
  ),
  'access.last-administrator': entry(
    'conflict',
    'Nobody would be left who can manage access',
    'Give another service user the Administrator policy and an active key first.',
  ),
  'input.invalid': entry(
    'input',
    "The request breaks the API's rules",
    'Correct what is listed under problems.',
  ),
  'input.unreadable': entry(
    'input',
    'The request body cannot be read',
    'Send valid JSON with Content-Type: application/json.',
  ),
  'input.too-large': entry('input', 'The request body is over the limit', 'Send less at once.'),
  'input.headers-too-large': entry(
    'input',
    'The request line and headers are over the limit',
    'Send long values in the body.',
  ),
  'input.too-slow': entry('input', 'The request did not arrive in time', 'Send it again.'),
  'route.unknown': entry('not-found', 'No such path', 'GET /openapi.json lists the paths.'),
  'route.wrong-verb': entry(
    'input',
    'The path exists, but not for this verb',
    'Use one of the verbs in the Allow header.',
  ),
  'property.unknown': entry(
    'not-found',
    'The installation has no such property, or no value for it',
    "List the installation's properties to see their ids.",
  ),
  'store.key-missing': entry(
    'internal',
    'No encryption key was given',
    'Make one (openssl rand -base64 32 > key; chmod 600 key) and name it in FISHPLATE_KEY_FILE, or give it in FISHPLATE_KEY.',
  ),
  'store.key-invalid': entry(
    'internal',
    'The encryption key is malformed or readable by others',
    'Use 32 bytes in base64, in a file with mode 0600.',
  ),
  'store.sealed-unreadable': entry(
    'internal',
    'A sealed value cannot be opened',
    'Give the key it was sealed with; moved or edited rows stay unreadable.',
  ),
  'store.key-in-use': entry(
    'conflict',
    'The key still seals values, or is the one that seals new ones',
    'Run `fishplate keys rotate` until it says that nothing is left, then remove the key.',
  ),
  'store.newer-schema': entry(
    'internal',
    'The database was written by a newer release',
    'Start the newer release, or use another data folder.',
  ),
  'store.unavailable': entry(
    'unavailable',
    'The database cannot be read or written',
    'Look for a full disk, a missing permission, a damaged file, or another program that keeps it locked.',
  ),
  'store.conflict': entry('conflict', 'A row with this id exists already', 'Choose another id.'),
  'store.stale': entry(
    'conflict',
    'The row was changed or removed meanwhile',
    'Read it again and repeat the change.',
  ),
  'config.invalid': entry(
    'input',
    'A setting of the program itself is wrong',
    'Correct the option or environment variable that is named.',
  ),
  'sandbox.invalid': entry(
    'input',
    'The sandbox script does not fit the definition, or has problems of its own',
    'Correct what is listed in sandbox.yaml.',
  ),
  'sandbox.unknown': entry(
    'not-found',
    'The sandbox has no such service user, access key, policy or organisation',
    'List them under /_sandbox to see their ids.',
  ),
  'sandbox.not-allowed': entry(
    'conflict',
    "The sandbox vendor's rules forbid this",
    'The message says which rule; sandbox.yaml holds them.',
  ),
  'sandbox.port-in-use': entry(
    'unavailable',
    'The sandbox cannot listen on the port',
    'Stop the program that has the port, or choose another (0 takes a free one).',
  ),
  'drift.unreadable': entry(
    'input',
    'The file is not an OpenAPI document that can be read',
    'Give an OpenAPI 3.0 or 3.1 document as JSON or YAML, in one file.',
  ),
  'cli.usage': entry('input', 'The command line is wrong', 'Run the command with --help.'),
  'cli.interrupted': entry('cancelled', 'The command was interrupted', 'Run it again when you like.'),
  'cli.no-api': entry(
    'unavailable',
    'No running API was found',
    'Start one with `fishplate harness`, or name one with --url, --client-id and --client-secret.',
  ),
  'cli.ambiguous': entry('input', 'A name that several things have', 'Give the id of the one that is meant.'),
  'cli.api-unreadable': entry(
    'unavailable',
    'The answer is not one that the API gives',
    'Check the URL: something else may be listening there.',
  ),
  'cli.output': entry(
    'input',
    'The file for the answer cannot be written',
    'Name a file in a folder that exists and that you may write to.',
  ),
  'cli.port-in-use': entry(
    'unavailable',
    'Another program listens on the port',
    'Stop it, or choose another port with --port (0 takes a free one).',
  ),
  'cli.harness-running': entry(
    'conflict',
    'Another harness works in this data folder',
    'Stop it, or give this one another folder with --data.',
  ),
  'cli.demo-failed': entry(
    'internal',
    'A step of the demo did not do what it says',
    'Run `fishplate validate` first; if the definition is in order, report the transcript.',
  ),
  'internal.unexpected': entry('internal', 'A defect of ours', 'Report it with the request id.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One thing that is wrong with an input, addressed by name. */
export interface InputProblem {
  /** Where: `body.name`, `pageSize`, `[measurements].0.ts` - a dotted path of names and indexes; '' is the whole. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** What the vendor answered, without secrets. */
export interface VendorAnswer {
  readonly status: number;
  /** Its own words. */
  readonly message?: string;
  /** Its own code for what is wrong. */
  readonly code?: string;
  /** Parsed JSON or a text. A note in its place where it is too long, unless the call went through in part. */
  readonly body?: unknown;
}

/** A part of a split call that failed. */
export interface BatchFailure {
  /** Index of its first row in the caller's list. */
  readonly first: number;
  readonly count: number;
  /** Whether the vendor may have taken it all the same. */
  readonly sent: boolean;
  readonly code: ErrorCode;
  readonly message: string;
  /** What the vendor answered to this request, where it did. */
  readonly vendor?: VendorAnswer;
  /** Set where it is not known whether the vendor took it. */
  readonly outcome?: 'not-sent' | 'sent-unknown';
  /** The rows as they were, or would have been, sent. */
  readonly rows: readonly unknown[];
}

export interface ErrorDetails {
  readonly batches?: readonly BatchFailure[];
  readonly hint?: string;
  readonly cause?: unknown;
  readonly problems?: readonly InputProblem[];
  readonly vendor?: VendorAnswer;
  /** Whether the request may have been processed although no answer came. */
  readonly outcome?: 'not-sent' | 'sent-unknown';
  /** When it makes sense to try again, in milliseconds from now: the vendor's word, or the end of a back-off. */
  readonly retryAfterMs?: number;
  /** Set on the error of an earlier call with the same idempotency key, told once more. */
  readonly replayed?: boolean;
}

/** Thrown by everything that runs. `code` is stable, `category` says whose move it is, `hint` what to do next. */
export class FishplateError extends Error {
  override readonly name = 'FishplateError';
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly hint: string;
  readonly problems: readonly InputProblem[];
  readonly vendor: ErrorDetails['vendor'];
  readonly outcome: ErrorDetails['outcome'];
  readonly retryAfterMs: number | undefined;
  readonly batches: readonly BatchFailure[];
  readonly replayed: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.category = errorCatalogue[code].category;
    this.hint = details.hint ?? errorCatalogue[code].hint;
    this.problems = details.problems ?? [];
    this.vendor = details.vendor;
    this.outcome = details.outcome;
    this.retryAfterMs = details.retryAfterMs;
    this.batches = details.batches ?? [];
    this.replayed = details.replayed ?? false;
  }

  /** Safe to show: never holds request headers, bodies or secrets. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      category: this.category,
      message: this.message,
      hint: this.hint,
      ...(this.problems.length > 0 && { problems: this.problems }),
      ...(this.vendor && { vendor: this.vendor }),
      ...(this.outcome && { outcome: this.outcome }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.batches.length > 0 && { batches: this.batches }),
      ...(this.replayed && { replayed: true }),
    };
  }
}

/** The same error with other details, and perhaps another message; what is not said stays. The first one is its cause. */
export function restate(error: FishplateError, over: ErrorDetails, message = error.message): FishplateError {
  const { hint, problems, vendor, outcome, retryAfterMs, batches, replayed } = error;
  return new FishplateError(error.code, message, {
    ...{ hint, problems, batches, replayed, cause: error },
    ...(vendor && { vendor }),
    ...(outcome && { outcome }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...over,
  });
}

export function isFishplateError(error: unknown, ...codes: ErrorCode[]): error is FishplateError {
  return error instanceof FishplateError && (codes.length === 0 || codes.includes(error.code));
}
