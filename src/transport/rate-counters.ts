/** Calls come in; the counters of the limits that they share go out, and those that nobody needs are forgotten. */
import type { FishplateError } from '../errors.ts';
import type { FairQueue } from './fair-queue.ts';
import { type BucketPlace, createRateBucket, type RateBucket } from './rate-bucket.ts';
import type { RateNews } from './rate-headers.ts';
import type { Rate } from './rate-meter.ts';

/** One limit that a call counts against. */
export interface LimitUse {
  /** Calls with the same key share the limit. Kept in memory while it is in use: never a secret. */
  readonly key: string;
  readonly rate: Rate;
}

/** What the limiter needs to know of a call. */
export interface LimitedCall {
  /** Accounts are served in turn. */
  readonly account: string;
  readonly limits: readonly LimitUse[];
  /** Where the vendor's word is kept that cannot be laid to one limit: calls with this key have the same limits. */
  readonly key: string;
  /** For messages: `Acme, 50 requests a second`. */
  readonly title: string;
}

/** The leave to send one request. One of `answered` and `giveBack` must follow; after the first the others do nothing. */
export interface Pass {
  readonly waitedMs: number;
  /** The request leaves now. */
  depart(): void;
  /** It was answered, or may have arrived; `news` is what the answer said of limits. */
  answered(news?: RateNews): void;
  /** It was not sent. */
  giveBack(): void;
}

/** A bucket, and those who wait for it while there are any. */
export interface Counter {
  readonly key: string;
  readonly bucket: RateBucket;
  /** Waiters that need this counter, wherever they wait: it must not be made anew under them. */
  users: number;
  hall: Hall | undefined;
}

/** Where calls wait for one counter. */
export interface Hall {
  /** It is their turn as there is room. */
  readonly queue: FairQueue<Waiter>;
  /** The vendor's word keeps them here, with no place of any counter, until it is over. */
  readonly parked: FairQueue<Waiter>;
  /** The next look at them. */
  alarm: { readonly at: number; readonly controller: AbortController } | undefined;
  /** Nobody's time is over before this. */
  nextExpiry: number;
}

export interface Waiter {
  readonly call: LimitedCall;
  /** In the order in which places are taken. */
  readonly counters: readonly Counter[];
  /** Of the first so many counters. */
  readonly places: BucketPlace[];
  readonly since: number;
  readonly expiresAt: number;
  /** Where it stands. */
  in: FairQueue<Waiter> | undefined;
  readonly settle: (result: Pass | FishplateError) => void;
}

export interface Counters {
  /** Made when there is none. */
  counterOf(key: string, rate?: Rate): Counter;
  /**
   * Those of a call, in the order in which places are taken. The one for the vendor's word alone is made only when
   * `wanted`, but found when it exists.
   */
  countersOf(call: LimitedCall, wanted: boolean): Counter[];
  /** To be called for every call: looks now and then at a counter, and drops it when it has nothing to remember. */
  sweep(now: number): void;
  size(): number;
}

const CALLS_PER_LOOK = 4;

export function createCounters(): Counters {
  const counters = new Map<string, Counter>();
  let cursor = counters.values();
  let made = 0;
  let calls = 0;

  function counterOf(key: string, rate?: Rate): Counter {
    let counter = counters.get(key);
    if (!counter) {
      counter = { key, bucket: createRateBucket(rate), users: 0, hall: undefined };
      counters.set(key, counter);
      made++;
    }
    return counter;
  }

  function countersOf({ limits, key }: LimitedCall, wanted: boolean): Counter[] {
    const found = limits.map((limit) => counterOf(limit.key, limit.rate));
    if (limits.length === 1) return found;
    const own = wanted ? counterOf(key) : counters.get(key);
    if (own) found.push(own);
    return found.sort((a, b) => a.bucket.order - b.bucket.order || (a.key < b.key ? -1 : 1));
  }

  function sweep(now: number): void {
    // More looks than there are new counters, so that they do not pile up.
    const looks = made * 2 + (++calls % CALLS_PER_LOOK === 0 ? 1 : 0);
    made = 0;
    for (let look = 0; look < looks; look++) {
      const { value: counter, done } = cursor.next();
      if (done) {
        cursor = counters.values();
        return;
      }
      if (counter.users === 0 && counter.bucket.isIdle(now)) counters.delete(counter.key);
    }
  }

  return { counterOf, countersOf, sweep, size: () => counters.size };
}
