/** A failure comes in; what is kept of it, for how long nobody tries again, and what those who ask too early hear go out. */
import { type ErrorCode, errorCatalogue, FishplateError } from '../errors.ts';

/** As much of an error as is kept: what the vendor said, never a secret. */
export interface FailureReason {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly vendor?: { readonly status: number; readonly message?: string };
}

/** In milliseconds. Somebody has to mend a refusal; an outage may be over at any time. */
const REFUSAL = { baseMs: 2_000, capMs: 60_000 };
const OUTAGE = { baseMs: 500, capMs: 10_000 };
const LEAST_MS = 100;
/** A vendor that wants more than this is asked again all the same. */
const MOST_ASKED_FOR_MS = 900_000;

/** Whether it says nothing of the credentials: the vendor is down, slow or busy. */
export function isOutage({ category }: FishplateError): boolean {
  return category === 'unavailable' || category === 'timeout' || category === 'throttled';
}

/** Whether the vendor, or the way to it, failed: only then is it left in peace for a while. */
export function isVendorFailure(error: unknown): error is FishplateError {
  return (
    error instanceof FishplateError &&
    /^(?:vendor|token|transport)\./.test(error.code) &&
    error.category !== 'cancelled'
  );
}

/**
 * For how long nobody tries again, in milliseconds, after so many failures in a row: exponential with full jitter, and
 * never less than the vendor asked for.
 */
export function backOffMs(error: FishplateError, failures: number, random: () => number): number {
  const { baseMs, capMs } = isOutage(error) ? OUTAGE : REFUSAL;
  const ownMs = random() * Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.ceil(Math.max(LEAST_MS, ownMs, Math.min(error.retryAfterMs ?? 0, MOST_ASKED_FOR_MS)));
}

export function reasonOf({ code, message, hint, vendor }: FishplateError): FailureReason {
  if (!vendor) return { code, message, hint };
  // What the vendor answered is not kept whole.
  const { status, message: said } = vendor;
  return { code, message, hint, vendor: { status, ...(said !== undefined && { message: said }) } };
}

/** What those hear who ask before the next try: the failure again, and when that is. */
class HeldOffError extends FishplateError {
  /** The failure as it was. */
  readonly failure: FishplateError;

  constructor(failure: FishplateError, waitMs: number) {
    const { code, message, hint, vendor } = failure;
    const wait = `${Math.max(1, Math.ceil(waitMs / 1000))} s`;
    super(code, `${message} (not asked again just now: the next try is in ${wait})`, {
      hint: `${hint} A call can try again in ${wait}, a connection test at once.`,
      ...(vendor && { vendor }),
      outcome: 'not-sent',
      retryAfterMs: waitMs,
    });
    this.failure = failure;
  }
}

/** The failure again, for somebody who asks `waitMs` before the next try. */
export function heldOffError({ code, message, hint, vendor }: FailureReason, waitMs: number): FishplateError {
  const details = { hint, ...(vendor && { vendor }) };
  return new HeldOffError(
    new FishplateError(isErrorCode(code) ? code : 'token.refused', message, details),
    waitMs,
  );
}

/** The failure that an error repeats because nobody tried again; undefined when somebody did. */
export function heldOffFailure(error: unknown): FishplateError | undefined {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each instanceof HeldOffError) return each.failure;
  return undefined;
}

/** What was kept may be of a newer release. */
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);
