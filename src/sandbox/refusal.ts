/** The ways in which a vendor says no: a name and a message come in, status and body go out, as sandbox.yaml wants them. */
import { STATUS_CODES } from 'node:http';
import { fillText, fillValue } from './fill.ts';

/** The usual status of each refusal; sandbox.yaml and the switches of a running sandbox may change it. */
export const refusalStatuses = {
  noCredentials: 401,
  badCredentials: 401,
  inactiveKey: 401,
  badTokenRequest: 400,
  noToken: 401,
  badToken: 401,
  expiredToken: 401,
  revokedToken: 401,
  wrongOrganisation: 403,
  forbidden: 403,
  unknownPath: 404,
  unknownId: 404,
  wrongVerb: 405,
  badQuery: 400,
  badBody: 400,
  unreadableBody: 400,
  wrongMediaType: 415,
  bodyTooLarge: 413,
  missingVersion: 400,
  staleVersion: 409,
  missingTag: 428,
  staleTag: 412,
  duplicate: 409,
  wrongState: 409,
  busy: 429,
  tooManyRequests: 429,
  unknownLink: 404,
  expiredLink: 403,
  misusedLink: 403,
} as const satisfies Record<string, number>;

export type RefusalName = keyof typeof refusalStatuses;

export const isRefusalName = (name: string): name is RefusalName => Object.hasOwn(refusalStatuses, name);

/** Thrown while the vendor answers a request; it never leaves the sandbox. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly refusal: RefusalName;
  readonly headers: Readonly<Record<string, string>>;

  constructor(refusal: RefusalName, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.refusal = refusal;
    this.headers = headers;
  }
}

/** Status or message of a refusal, in place of the usual ones. */
export interface RefusalChange {
  readonly status?: number;
  /** The status on the wire where only the body tells: 200, say. */
  readonly sentAs?: number;
  /** `{{detail}}` stands for the usual message. */
  readonly message?: string;
  /** What `{{code}}` is in the vendor's form of an error; the name of the refusal unless given: `inactive_key`. */
  readonly code?: string | number;
}

export type RefusalChanges = Readonly<Partial<Record<RefusalName, RefusalChange>>>;

/** The vendor's form of an error around a status and a message. */
export const fillErrorBody = (
  form: unknown,
  status: number,
  message: string,
  code: string | number = 'error',
): unknown => fillValue(form, { status, message, code, reason: STATUS_CODES[status] ?? 'Error' });

/** Status and body of a refusal: the later of `changes` wins. `errorBody` has the placeholders message, status, reason and code. */
export function describeRefusal(
  refusal: Refusal,
  errorBody: unknown,
  ...changes: readonly (RefusalChanges | undefined)[]
): { status: number; body: unknown } {
  const change: RefusalChange = Object.assign({}, ...changes.map((each) => each?.[refusal.refusal]));
  const status = change.status ?? refusalStatuses[refusal.refusal];
  const message =
    change.message === undefined ? refusal.message : fillText(change.message, { detail: refusal.message });
  const code = change.code ?? refusal.refusal.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { status: change.sentAs ?? status, body: fillErrorBody(errorBody, status, message, code) };
}
