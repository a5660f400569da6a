/** A rate, places taken and the vendor's own word come in; whether a request may leave now, and when, goes out. */
import type { RateNews } from './rate-headers.ts';
import { createMeter, type Meter, type Place, type Rate } from './rate-meter.ts';

export interface RateBucket extends Omit<Meter, 'take' | 'giveBack' | 'open'> {
  /**
   * Where a request takes places of several, the slowest come first: no place is kept while a slower one is waited for.
   * What knows only the vendor's word comes last.
   */
  readonly order: number;
  take(): BucketPlace;
  giveBack(place: BucketPlace): void;
  /** Until when the vendor itself lets nothing pass; a time that is over when it does not. */
  blockedUntil(now: number): number;
  /** Takes the vendor's word, which never allows more than the rate; `departedAt` is when the request left that it answers. */
  learn(news: RateNews, departedAt: number, now: number): void;
}

export interface BucketPlace extends Place {
  readonly bucket: RateBucket;
  /** The word of the vendor that this place was taken under. */
  readonly under: Allowance | undefined;
}

/** So many more requests until then. */
interface Allowance {
  left: number;
  readonly until: number;
  /** When the vendor's word came. */
  readonly at: number;
}

/** How long the word about what is left holds when neither vendor nor rate says. */
const USUAL_PERIOD_MS = 1_000;

/** Creates a bucket; one without a rate knows only what the vendor says. */
export function createRateBucket(rate?: Rate): RateBucket {
  const meter = createMeter(rate);
  let pausedUntil = 0;
  let allowance: Allowance | undefined;

  function allowanceAt(now: number): Allowance | undefined {
    if (allowance && allowance.until <= now) allowance = undefined;
    return allowance;
  }

  function blockedUntil(now: number): number {
    const word = allowanceAt(now);
    return word && word.left < 1 ? Math.max(word.until, pausedUntil) : pausedUntil;
  }

  const bucket: RateBucket = {
    order: rate ? rate.requests / rate.periodMs : Number.POSITIVE_INFINITY,
    room: (now) => {
      if (pausedUntil > now) return 0;
      const word = allowanceAt(now);
      return word ? Math.min(word.left, meter.room(now)) : meter.room(now);
    },
    roomAt: (count, now) => {
      const at = Math.max(meter.roomAt(count, now), pausedUntil);
      const word = allowanceAt(now);
      return word && count > word.left ? Math.max(at, word.until) : at;
    },
    take: () => {
      if (allowance) allowance.left--;
      const place = { departedAt: Number.POSITIVE_INFINITY, taken: false, bucket, under: allowance };
      meter.take(place);
      return place;
    },
    depart: meter.depart,
    settle: meter.settle,
    giveBack: (place) => {
      if (place.taken && place.under) place.under.left++;
      meter.giveBack(place);
    },
    blockedUntil,
    learn: ({ pauseMs, remaining, resetMs }, departedAt, now) => {
      if (pauseMs !== undefined) pausedUntil = Math.max(pausedUntil, now + pauseMs);
      if (remaining === undefined) return;
      // The vendor may not have counted those that are under way.
      const left = Math.max(0, remaining - meter.open());
      const word = allowanceAt(now);
      // An answer to a request that left before the last word came may be older than that.
      if (word && departedAt < word.at) word.left = Math.min(word.left, left);
      else allowance = { left, until: now + (resetMs ?? rate?.periodMs ?? USUAL_PERIOD_MS), at: now };
    },
    isIdle: (now) => pausedUntil <= now && !allowanceAt(now) && meter.isIdle(now),
  };
  return bucket;
}
