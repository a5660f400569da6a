/** Whatever was thrown comes in; the HTTP status and the body that a caller sees go out. */
import {
  type ErrorCategory,
  type ErrorCode,
  errorCatalogue,
  FishplateError,
  isFishplateError,
  type VendorAnswer,
} from '../errors.ts';

/**
 * One status for each category. The rule behind it: 401 and 403 speak of the caller's own token and permissions and of
 * nothing else. When the vendor refuses an installation's credentials, or the installation lacks them, the answer is
 * 424 (Failed Dependency, RFC 4918 section 11.4): the request was in order, but something that it depends on must be
 * mended first. Everything else the vendor says keeps its usual meaning, and `Vendor.Status` in the body its number.
 */
const statusByCategory: Readonly<Record<ErrorCategory, number>> = {
  input: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  setup: 424,
  credentials: 424,
  throttled: 429,
  cancelled: 499,
  internal: 500,
  vendor: 502,
  unavailable: 503,
  timeout: 504,
};

/** The codes whose status differs from that of their category. */
const statusByCode: Readonly<Partial<Record<ErrorCode, number>>> = {
  // The partner API answers 400 to an id that is taken.
  'account.exists': 400,
  'input.too-large': 413,
  'input.headers-too-large': 431,
  'input.too-slow': 408,
  // draft-ietf-httpapi-idempotency-key-header section 2.7.
  'call.key-reused': 422,
  'call.answer-not-kept': 410,
  // Gone (RFC 9110 section 15.5.11).
  'link.used': 410,
  'link.expired': 410,
  'route.wrong-verb': 405,
  // Ours is 403; the vendor's must not look like it.
  'vendor.forbidden': 424,
};

/** Every status that an error can have, for the documentation. */
export const errorStatuses: readonly number[] = [
  ...new Set([...Object.values(statusByCategory), ...Object.values(statusByCode)]),
].sort((a, b) => a - b);

export function statusOf(error: FishplateError): number {
  return statusByCode[error.code] ?? statusByCategory[error.category];
}

/** What the vendor answered. */
export interface VendorView {
  readonly Status: number;
  readonly Message?: string;
  readonly Code?: string;
  readonly Body?: unknown;
}

/** The body of every error; `Message` alone is the partner API's, the rest is ours. */
export interface ErrorBody {
  readonly Message: string;
  readonly Code: ErrorCode;
  readonly Category: ErrorCategory;
  readonly Hint: string;
  readonly RequestId: string;
  readonly Problems?: readonly { readonly Path: string; readonly Message: string; readonly Hint?: string }[];
  readonly Vendor?: VendorView;
  /** Whether the vendor may have processed the request although no answer came. */
  readonly Outcome?: 'not-sent' | 'sent-unknown';
  readonly Batches?: readonly {
    readonly First: number;
    readonly Count: number;
    readonly Sent: boolean;
    readonly Code: ErrorCode;
    readonly Message: string;
    readonly Vendor?: VendorView;
    /** `sent-unknown`: it is not known whether the vendor took it. */
    readonly Outcome?: 'not-sent' | 'sent-unknown';
    readonly Rows: readonly unknown[];
  }[];
}

/** Whether an error speaks of this machine - where the data lie, what ails the disk - which is for the log alone. */
export const isForLog = (error: FishplateError): boolean =>
  error.category === 'internal' || error.code.startsWith('store.');

/** Describes an error to the caller. The message of an unexpected one stays in the log: it may quote anything. */
export function describeError(error: FishplateError, requestId: string): ErrorBody {
  const { vendor } = error;
  return {
    Message: error.code.startsWith('store.') ? errorCatalogue[error.code].meaning : error.message,
    Code: error.code,
    Category: error.category,
    Hint: error.hint,
    ...(error.problems.length > 0 && {
      Problems: error.problems.map(({ path, message, hint }) => ({
        Path: path,
        Message: message,
        ...(hint !== undefined && { Hint: hint }),
      })),
    }),
    ...(vendor && { Vendor: viewOfVendor(vendor) }),
    ...(error.outcome && { Outcome: error.outcome }),
    ...(error.batches.length > 0 && {
      Batches: error.batches.map(({ first, count, sent, code, message, vendor: answer, outcome, rows }) => ({
        ...{ First: first, Count: count, Sent: sent, Code: code, Message: message },
        ...(answer && { Vendor: viewOfVendor(answer) }),
        ...(outcome && { Outcome: outcome }),
        Rows: rows,
      })),
    }),
    RequestId: requestId,
  };
}

/** The same wherever a refusal is told. */
export const viewOfVendor = ({ status, message, code, body }: VendorAnswer): VendorView => ({
  Status: status,
  ...(message !== undefined && { Message: message }),
  ...(code !== undefined && { Code: code }),
  ...(body !== undefined && { Body: body }),
});

/** What Express and its body parser throw (`http-errors`). */
interface HttpError {
  readonly status?: unknown;
  readonly type?: unknown;
  readonly limit?: unknown;
}

/**
 * Turns anything thrown into an error of ours. Messages of others may quote the request, so none of them is passed on.
 */
export function toFishplateError(thrown: unknown): FishplateError {
  if (isFishplateError(thrown)) return thrown;
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as HttpError;
  switch (error.type) {
    case 'entity.too.large':
      return new FishplateError('input.too-large', `the request body is over ${String(error.limit)} bytes`);
    case 'parameters.too.many':
      return new FishplateError('input.invalid', 'the form has too many fields');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new FishplateError('input.unreadable', 'the request body must be UTF-8, plain or gzip');
    case 'request.aborted':
    case 'request.size.invalid':
      return new FishplateError('input.unreadable', 'the request body ended before its Content-Length');
  }
  if (thrown instanceof URIError)
    return new FishplateError('input.invalid', 'the path is not valid percent-encoding');
  if (typeof error.status === 'number' && error.status >= 400 && error.status < 500)
    return new FishplateError('input.unreadable', 'the request cannot be read');
  return new FishplateError('internal.unexpected', 'something went wrong on our side', { cause: thrown });
}
