/** A list split into requests comes in; they are sent one after the other, and one result for all of them goes out. */
import { isDeepStrictEqual } from 'node:util';
import type { Method } from './definition/connector.ts';
import { type BatchFailure, FishplateError, isFishplateError } from './errors.ts';
import type { Arguments } from './request/arguments.ts';
import type { Batch } from './request/batch.ts';
import type { MethodResult } from './runtime-contract.ts';

/** What makes it pointless to go on: the next batch would only be refused likewise, or nobody waits for it. */
const ENDING = new Set(['credentials', 'forbidden', 'setup', 'cancelled']);

/**
 * Sends the batches in order. Answers that are all alike count as one; others are given as a list. When some failed,
 * throws `call.partial` with what failed, batch by batch, and the very rows - generated values such as ids for
 * de-duplication included, so that they can be sent again as they are. What ended the sending early is its cause, or is
 * thrown itself when it came first.
 */
export async function callInBatches(
  method: Method,
  batches: readonly Batch[],
  send: (args: Arguments) => Promise<MethodResult>,
): Promise<MethodResult> {
  const results: MethodResult[] = [];
  const failures: BatchFailure[] = [];
  let ending: FishplateError | undefined;
  for (const { args, first, items } of batches) {
    if (ending) {
      failures.push(failureOf(ending, first, items, false));
      continue;
    }
    try {
      results.push(await send(args));
    } catch (error) {
      if (!isFishplateError(error)) throw error;
      // Nothing of the list was tried but what failed: that is how the whole call ended.
      const isEnd = ENDING.has(error.category);
      if (isEnd && results.length + failures.length === 0) throw error;
      failures.push(failureOf(error, first, items, error.outcome !== 'not-sent'));
      if (isEnd) ending = error;
    }
  }
  const firstFailure = failures[0];
  if (firstFailure) throw partial(method, batches, failures, firstFailure, ending);
  return combine(results);
}

function failureOf(
  error: FishplateError,
  first: number,
  rows: readonly unknown[],
  sent: boolean,
): BatchFailure {
  const { code, message, vendor, outcome } = error;
  // What was not sent was not answered either.
  const known = sent && { ...(vendor && { vendor }), ...(outcome && { outcome }) };
  return { first, count: rows.length, sent, code, message, ...known, rows };
}

function partial(
  method: Method,
  batches: readonly Batch[],
  failures: readonly BatchFailure[],
  first: BatchFailure,
  ending: FishplateError | undefined,
): FishplateError {
  const total = batches.reduce((sum, { items }) => sum + items.length, 0);
  return new FishplateError('call.partial', `${sumOf(failures, total)}: ${first.message}`, {
    batches: failures,
    hint: hintOf(method, failures),
    ...(ending && { cause: ending }),
    problems: failures.map(({ first, count, code, message }) => ({
      path: `rows ${first}-${first + count - 1}`,
      message: `${code}: ${message}`,
    })),
  });
}

/** Of a request that went through in part nobody but its answer knows how many of its rows were taken. */
const isInPart = ({ code }: BatchFailure) => code === 'vendor.partial';
/** The vendor's word that it did nothing, or nothing left. */
const isRefused = ({ sent, code, outcome }: BatchFailure) =>
  !sent || (outcome === undefined && code.startsWith('vendor.') && code !== 'vendor.unavailable');

function sumOf(failures: readonly BatchFailure[], total: number): string {
  const countOf = (list: readonly BatchFailure[]) => list.reduce((sum, { count }) => sum + count, 0);
  const inPart = countOf(failures.filter(isInPart));
  const refused = countOf(failures.filter((failure) => !isInPart(failure) && isRefused(failure)));
  const unknown = countOf(failures) - inPart - refused;
  const parts = [
    ...(refused > 0 ? [`${refused} of ${total} rows were not taken`] : []),
    ...(unknown > 0 ? [`${unknown} of ${total} rows may have been taken`] : []),
    ...(inPart > 0 ? [`requests of ${inPart} of ${total} rows were taken in part`] : []),
  ];
  return parts.join(', ');
}

/** What to do about each kind of failure. Rows that carry an id of ours are known again by the vendor, others are not. */
function hintOf({ batch, body, idempotent }: Method, failures: readonly BatchFailure[]): string {
  const own = `${batch?.items}[].`;
  const hasIds =
    idempotent && (body?.fill ?? []).some(({ path, value }) => path.startsWith(own) && value === 'uuid');
  if (hasIds && !failures.some(isInPart)) return WITH_IDS;
  const hints = [
    ...(failures.some(isInPart) ? [LOOK_INTO] : []),
    ...(failures.some((failure) => !isInPart(failure) && isRefused(failure)) ? [SEND_AGAIN] : []),
    ...(failures.some((failure) => !isInPart(failure) && !isRefused(failure)) ? [LOOK_FIRST] : []),
  ];
  return hints.join(' ');
}

const WITH_IDS =
  'Send the rows listed under batches again, as they stand there: their generated ids prevent duplicates.';
const LOOK_INTO =
  'Of a batch that was taken in part, its answer under vendor says which rows went through: send only the others again.';
const SEND_AGAIN = 'Rows that were refused or not sent can be corrected and sent again.';
const LOOK_FIRST =
  'Rows that may have been taken have nothing that prevents duplicates: look at the vendor first.';

function combine(results: readonly MethodResult[]): MethodResult {
  const [first] = results;
  if (!first) throw new TypeError('a call has at least one batch');
  const waitedMs = results.reduce((sum, { waitedMs = 0 }) => sum + waitedMs, 0);
  const alike = results.every(({ body }) => isDeepStrictEqual(body, first.body));
  return {
    ...first,
    body: alike ? first.body : results.map(({ body }) => body),
    attempts: results.reduce((sum, { attempts }) => sum + attempts, 0),
    durationMs: results.reduce((sum, { durationMs }) => sum + durationMs, 0),
    ...(waitedMs > 0 && { waitedMs }),
    batches: results.length,
  };
}
