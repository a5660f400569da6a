/** A limiter on a world that the test moves, and calls that note when they were let through. */
import type { FishplateError } from '../../src/errors.ts';
import type { LimitedCall, LimitUse, Pass } from '../../src/transport/rate-counters.ts';
import type { RateNews } from '../../src/transport/rate-headers.ts';
import { createRateLimiter } from '../../src/transport/rate-limit.ts';
import { createSteppedWorld } from '../helpers/stepped-world.ts';

export interface Sent {
  readonly account: string;
  readonly name: string;
  /** Milliseconds since the start. */
  readonly at: number;
}

export interface Asked {
  readonly account?: string;
  readonly name?: string;
  readonly limits?: readonly LimitUse[];
  /** Milliseconds from now. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** How long the answer takes. */
  readonly answerMs?: number;
  readonly news?: RateNews;
}

export const limit = (key: string, requests: number, periodMs = 1_000, burst?: number): LimitUse => ({
  key,
  rate: { requests, periodMs, burst },
});

export function createRateBed(options: { maxWaiting?: number; skewMs?: () => number } = {}) {
  const world = createSteppedWorld(0);
  const { skewMs = () => 0 } = options;
  const limiter = createRateLimiter({ world: { ...world, now: () => world.now() + skewMs() }, ...options });
  const sent: Sent[] = [];
  const refused: { readonly name: string; readonly at: number; readonly error: FishplateError }[] = [];

  const callOf = ({ account = 'a', limits = [limit('one', 5)] }: Asked): LimitedCall => ({
    ...{ account, limits, title: 'Acme' },
    key: limits.map(({ key }) => key).join('+') || 'none',
  });

  const acquire = (asked: Asked): Promise<Pass> | Pass => {
    const { deadlineMs = 60_000, signal } = asked;
    return limiter.acquire(callOf(asked), { deadline: world.now() + skewMs() + deadlineMs, signal });
  };

  /** Sends and answers. */
  const ask = async (asked: Asked = {}): Promise<void> => {
    const { account = 'a', name = '', answerMs = 0, news } = asked;
    try {
      const pass = await acquire(asked);
      sent.push({ account, name, at: world.now() });
      pass.depart();
      if (answerMs > 0) await world.sleep(answerMs);
      pass.answered(news);
    } catch (error) {
      refused.push({ name, at: world.now(), error: error as FishplateError });
    }
  };

  /** The most that were sent within any period. */
  const mostWithin = (periodMs: number, of: (each: Sent) => boolean = () => true) => {
    const times = sent.filter(of).map(({ at }) => at);
    return Math.max(
      0,
      ...times.map((start) => times.filter((at) => at >= start && at < start + periodMs).length),
    );
  };

  return { world, limiter, sent, refused, acquire, ask, mostWithin };
}
