/** The end of a keyed call comes in, what is kept of it goes out; and back again, for whoever asks once more. */
import {
  type BatchFailure,
  type ErrorCode,
  type ErrorDetails,
  errorCatalogue,
  FishplateError,
  type InputProblem,
  isFishplateError,
} from './errors.ts';

interface KeptError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly problems: readonly InputProblem[];
  readonly batches: readonly BatchFailure[];
  readonly vendor?: ErrorDetails['vendor'];
  readonly outcome?: ErrorDetails['outcome'];
}

/** As JSON in the store. `unknown`: whether the vendor did it is not known. */
export type Kept = { readonly unknown: boolean } & (
  | { readonly result: object }
  /** An answer that was too long: its status, where it had one, and its length. */
  | { readonly status: number | undefined; readonly bytes: number }
  | { readonly error: KeptError }
);

export type Recalled<T> = T & { readonly replayed: true };

/** Longer answers are not kept: a store is no archive. */
const MOST_BYTES = 1024 * 1024;

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** What is kept of a result or an error; undefined when nothing was changed, so that the key stays free. */
export const keep = {
  result: (result: object): Kept => {
    const bytes = bytesOf(result);
    if (bytes <= MOST_BYTES) return { unknown: false, result };
    const { status } = result as { readonly status?: unknown };
    return { unknown: false, status: typeof status === 'number' ? status : undefined, bytes };
  },
  /** `arrived`: the vendor may have done something. */
  error: (thrown: unknown, arrived: boolean): Kept | undefined => {
    const error = isFishplateError(thrown)
      ? thrown
      : new FishplateError('internal.unexpected', 'something went wrong on our side', {
          outcome: 'sent-unknown',
        });
    const judged = isJudged(error);
    if (!arrived && !judged) return undefined;
    const { code, message, hint, problems, batches, vendor, outcome } = error;
    const known = { ...(vendor && { vendor }), ...(outcome && { outcome }) };
    const whole: KeptError = { code, message, hint, problems, batches, ...known };
    // Of a call that was taken in part it is told what was not, and the caller sends just that.
    return { unknown: !judged && code !== 'call.partial', error: shorten(whole) };
  },
};

/** Whether the vendor itself has judged the request, and another time would judge it likewise. */
function isJudged({ code, batches, outcome }: FishplateError): boolean {
  // With an outcome it is no verdict: of what was not sent, the vendor has judged the token request at most.
  if (outcome !== undefined) return false;
  return (
    code === 'upload.failed' ||
    isJudgement(code) ||
    batches.some(({ sent, code }) => sent && isJudgement(code))
  );
}

const judgements: readonly string[] = ['input', 'not-found', 'conflict', 'vendor'];
const isJudgement = (code: ErrorCode) =>
  code.startsWith('vendor.') && judgements.includes(errorCatalogue[code].category);

/** The caller has the rows, so they are the first to go. */
function shorten(error: KeptError): KeptError {
  if (bytesOf(error) <= MOST_BYTES) return error;
  const batches = error.batches.map(({ vendor: _, ...batch }) => ({ ...batch, rows: [] }));
  const message = `${error.message} (the rows are not kept)`;
  const shorter = { ...error, message, batches };
  if (bytesOf(shorter) <= MOST_BYTES) return shorter;
  const { vendor } = error;
  const { body: _, ...said } = vendor ?? { status: 0 };
  return { ...shorter, batches: [], problems: [], ...(vendor && { vendor: said }) };
}

/** What was kept, for another caller. Throws the kept error, and `call.answer-not-kept`. */
export function recallKept<T>(kept: Kept): Recalled<T> {
  if ('result' in kept) return { ...kept.result, replayed: true } as Recalled<T>;
  if ('bytes' in kept)
    throw new FishplateError(
      'call.answer-not-kept',
      `the first call was answered${kept.status === undefined ? '' : ` ${kept.status}`}; its ${kept.bytes} bytes are not kept`,
      { ...(kept.status !== undefined && { vendor: { status: kept.status } }), replayed: true },
    );
  const { code, message, vendor, outcome, ...rest } = kept.error;
  // A code of another release.
  const known = Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : 'call.interrupted';
  throw new FishplateError(known, message, {
    ...{ ...rest, replayed: true },
    ...(vendor && { vendor }),
    ...(outcome && { outcome }),
  });
}
