/** A list split into requests comes in; they are sent one after the other, and one result for all of them goes out. */
import { isDeepStrictEqual } from 'node:util';
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
  if (firstFailure) throw partial(batches, failures, firstFailure, ending);
  return combine(results);
}

function failureOf(
  error: FishplateError,
  first: number,
  rows: readonly unknown[],
  sent: boolean,
): BatchFailure {
  return { first, count: rows.length, sent, code: error.code, message: error.message, rows };
}

function partial(
  batches: readonly Batch[],
  failures: readonly BatchFailure[],
  first: BatchFailure,
  ending: FishplateError | undefined,
): FishplateError {
  const total = batches.reduce((sum, { items }) => sum + items.length, 0);
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  return new FishplateError('call.partial', `${failed} of ${total} rows were not taken: ${first.message}`, {
    batches: failures,
    ...(ending && { cause: ending }),
    problems: failures.map(({ first, count, code, message }) => ({
      path: `rows ${first}-${first + count - 1}`,
      message: `${code}: ${message}`,
    })),
  });
}

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
