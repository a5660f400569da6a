/** A `Send` comes in, a `Send` that tries again where that is safe goes out. */
import { type ErrorCode, FishplateError, restate } from '../errors.ts';
import type { Send, SendOptions, WireResponse, World } from '../wire.ts';
import { backOffMs, retryAfterMs } from './retry-timing.ts';

export interface RetryPolicy {
  /** Whether the same request may arrive twice without harm. */
  readonly idempotent: boolean;
  readonly maxAttempts: number;
  /** Milliseconds since the epoch after which nothing more is tried. */
  readonly deadline: number;
  /** What an answer calls for: `later` when the vendor did not process it, `broken` when that is unknown, `final` otherwise. */
  readonly judge: (response: WireResponse) => 'later' | 'broken' | 'final';
  /** Errors that another attempt would only repeat, besides those that are plainly so. */
  readonly isFinal?: (error: unknown) => boolean;
  /** Shared by all that is sent for one purpose: what one of them left open stays open for the next. */
  readonly doubt?: Doubt;
}

/** Whether an attempt that brought no usable answer may have been processed all the same. */
export interface Doubt {
  mayHaveArrived: boolean;
}

/** Sends what `retry` sends. */
export function withRetry(send: Send, policy: RetryPolicy, world: RetryWorld): Send {
  return (request, options = {}) =>
    retry((timeoutMs) => send(request, { ...options, timeoutMs }), policy, world, options);
}

type RetryWorld = Pick<World, 'now' | 'random' | 'sleep'>;

/**
 * Tries again: always when nothing was sent or the vendor says "later"; when the outcome is unknown or the vendor broke
 * only for idempotent requests. `Retry-After` is kept to; a wait past the deadline is not begun - the last answer or
 * error is given instead. The outcome of an error speaks of all attempts: once one of them may have arrived, none that
 * follows takes that back. `attempt` is told how long it may take, in milliseconds.
 */
export async function retry(
  attempt: (timeoutMs: number) => Promise<WireResponse>,
  policy: RetryPolicy,
  world: RetryWorld,
  options: SendOptions,
): Promise<WireResponse> {
  const doubt = policy.doubt ?? { mayHaveArrived: false };
  for (let number = 1; ; number++) {
    let result: Result;
    try {
      result = { response: await attempt(timeLeft(policy, world, options)) };
    } catch (error) {
      result = { error };
    }
    const waitMs = number < policy.maxAttempts ? waitAfter(result, number, policy, world) : undefined;
    if (waitMs === undefined || world.now() + waitMs >= policy.deadline) {
      if ('response' in result) return result.response;
      throw doubt.mayHaveArrived ? asSentUnknown(result.error) : result.error;
    }
    doubt.mayHaveArrived ||= leavesDoubt(result, policy);
    await world.sleep(waitMs, options.signal).catch(() => {
      throw new FishplateError('transport.cancelled', 'cancelled while waiting to try again', {
        outcome: doubt.mayHaveArrived ? 'sent-unknown' : 'not-sent',
      });
    });
  }
}

/** Whether the vendor may have done what was asked. */
function leavesDoubt(result: Result, policy: RetryPolicy): boolean {
  if ('response' in result) return policy.judge(result.response) !== 'later';
  return !(result.error instanceof FishplateError) || result.error.outcome !== 'not-sent';
}

function asSentUnknown(error: unknown): unknown {
  if (!(error instanceof FishplateError) || error.outcome !== 'not-sent') return error;
  const message = `${error.message}, after an attempt that may have arrived`;
  return restate(error, { outcome: 'sent-unknown' }, message);
}

type Result = { readonly response: WireResponse } | { readonly error: unknown };

/** In milliseconds, at most what is asked for. */
function timeLeft(
  { deadline }: RetryPolicy,
  { now }: Pick<World, 'now'>,
  { signal, timeoutMs }: SendOptions,
): number {
  if (signal?.aborted) throw notSent('transport.cancelled', 'cancelled before the request was sent');
  const leftMs = deadline - now();
  if (leftMs > 0) return Math.min(leftMs, timeoutMs ?? leftMs);
  throw notSent('transport.timeout', 'the deadline passed before the request could be sent');
}

const notSent = (code: ErrorCode, message: string) =>
  new FishplateError(code, message, { outcome: 'not-sent' });

// A name that does not exist will not exist in a second either, a cancelled caller has gone, and there is no room in a
// limit before the deadline.
const hopeless: ReadonlySet<ErrorCode> = new Set([
  'transport.host-not-found',
  'transport.address-refused',
  'transport.cancelled',
  'transport.too-large',
  'limit.deadline',
  'limit.queue-full',
]);

/** Milliseconds to wait before the next attempt; undefined when there must be none. */
function waitAfter(
  result: Result,
  attempt: number,
  policy: RetryPolicy,
  world: Pick<World, 'now' | 'random'>,
): number | undefined {
  if ('error' in result) {
    const { error } = result;
    if (!(error instanceof FishplateError) || hopeless.has(error.code) || policy.isFinal?.(error))
      return undefined;
    const safe = error.outcome === 'not-sent' || (error.outcome === 'sent-unknown' && policy.idempotent);
    return safe ? backOffMs(attempt, world.random) : undefined;
  }
  const verdict = policy.judge(result.response);
  if (verdict === 'final' || (verdict === 'broken' && !policy.idempotent)) return undefined;
  return retryAfterMs(result.response, world.now()) ?? backOffMs(attempt, world.random);
}
