/** An answer that is not a success comes in; an error with everything that the API says about it goes out. */

/** One field that is wrong. `path` is dotted, as the API names it: `Settings.apiSecret`, `body.name`. */
export interface ApiProblem {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** What the vendor itself answered. */
export interface VendorAnswer {
  readonly status: number;
  readonly message?: string;
  /** The vendor's own. */
  readonly code?: string;
  /** As far as it may be seen. */
  readonly body?: unknown;
}

/** One request of a list that was split over several, and failed (`call.partial`). */
export interface FailedBatch {
  readonly sent: boolean;
  readonly code: string;
  readonly outcome?: 'not-sent' | 'sent-unknown';
  /** As they were sent: with the ids that were made for them. */
  readonly rows: readonly unknown[];
}

interface ApiErrorFields {
  readonly code: string;
  readonly category: string;
  readonly message: string;
  readonly hint: string;
  readonly requestId: string | undefined;
  readonly status: number;
  readonly problems?: readonly ApiProblem[];
  readonly vendor?: VendorAnswer | undefined;
  readonly outcome?: 'not-sent' | 'sent-unknown' | undefined;
  readonly batches?: readonly FailedBatch[];
  readonly cause?: unknown;
}

/** Everything that `request` throws. `code` and `category` are those of docs/errors.md, or `console.*`. */
export class ApiError extends Error {
  readonly code: string;
  readonly category: string;
  readonly hint: string;
  /** Undefined when no answer came. */
  readonly requestId: string | undefined;
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly problems: readonly ApiProblem[];
  readonly vendor: VendorAnswer | undefined;
  readonly outcome: 'not-sent' | 'sent-unknown' | undefined;
  readonly batches: readonly FailedBatch[];

  constructor(fields: ApiErrorFields) {
    super(fields.message, { cause: fields.cause });
    this.name = 'ApiError';
    this.code = fields.code;
    this.category = fields.category;
    this.hint = fields.hint;
    this.requestId = fields.requestId;
    this.status = fields.status;
    this.problems = fields.problems ?? [];
    this.vendor = fields.vendor;
    this.outcome = fields.outcome;
    this.batches = fields.batches ?? [];
  }
}

export const isApiError = (error: unknown, ...codes: readonly string[]): error is ApiError =>
  error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));

/** Our own 401: the session is over. What a vendor refuses comes as 424; an account that is not there is no matter of the session. */
export const isSignedOut = (error: unknown): boolean =>
  isApiError(error) && error.status === 401 && error.code !== 'access.account-required';

/** error.schema.json; from a proxy in between it may be anything, so nothing is relied upon. */
interface ErrorBody {
  readonly Message?: unknown;
  readonly Code?: unknown;
  readonly Category?: unknown;
  readonly Hint?: unknown;
  readonly RequestId?: unknown;
  readonly Problems?: readonly {
    readonly Path?: string;
    readonly Message?: string;
    readonly Hint?: string;
  }[];
  readonly Vendor?: {
    readonly Status?: number;
    readonly Message?: string;
    readonly Code?: string;
    readonly Body?: unknown;
  };
  readonly Outcome?: 'not-sent' | 'sent-unknown';
  readonly Batches?: readonly {
    readonly Sent?: boolean;
    readonly Code?: string;
    readonly Outcome?: 'not-sent' | 'sent-unknown';
    readonly Rows?: readonly unknown[];
  }[];
}

/** Reads an error answer. One that is not ours - a proxy's page - becomes `console.unreadable`. */
export function readError(status: number, body: unknown, requestId: string | undefined): ApiError {
  const said = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  if (typeof said.Message !== 'string' || typeof said.Code !== 'string')
    return new ApiError({
      ...{ code: 'console.unreadable', category: 'internal', status, requestId },
      message: `The answer (status ${status}) is not one of this API`,
      hint: 'Something between this page and the API answered in its place: a proxy, or another program.',
    });
  return new ApiError({
    ...{ code: said.Code, category: textOf(said.Category), status, message: said.Message },
    hint: textOf(said.Hint),
    requestId: typeof said.RequestId === 'string' ? said.RequestId : requestId,
    problems: (said.Problems ?? []).map(({ Path = '', Message = '', Hint }) => ({
      ...{ path: Path, message: Message },
      ...(Hint !== undefined && { hint: Hint }),
    })),
    vendor: readVendor(said.Vendor),
    outcome: said.Outcome,
    batches: (said.Batches ?? []).map(({ Sent = true, Code = '', Outcome, Rows = [] }) => ({
      ...{ sent: Sent, code: Code, rows: Rows },
      ...(Outcome && { outcome: Outcome }),
    })),
  });
}

/** The API could not be reached at all. */
export function unreachable(cause: unknown): ApiError {
  return new ApiError({
    ...{ code: 'console.unreachable', category: 'unavailable', status: 0, requestId: undefined, cause },
    message: 'The API does not answer',
    hint: 'Is it running, and is this machine connected to it? Try again in a moment.',
  });
}

function readVendor(vendor: ErrorBody['Vendor']): VendorAnswer | undefined {
  if (vendor?.Status === undefined) return undefined;
  const { Status, Message, Code, Body } = vendor;
  return {
    status: Status,
    ...(Message !== undefined && { message: Message }),
    ...(Code !== undefined && { code: Code }),
    ...(Body !== undefined && { body: Body }),
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
