/** Calls and the limits that they count against come in; passes go out, at once or when it is the call's turn. */
import { FishplateError } from '../errors.ts';
import type { World } from '../wire.ts';
import { createFairQueue } from './fair-queue.ts';
import type { BucketPlace } from './rate-bucket.ts';
import {
  type Counter,
  createCounters,
  type Hall,
  type LimitedCall,
  type Pass,
  type Waiter,
} from './rate-counters.ts';
import type { RateNews } from './rate-headers.ts';

export interface AcquireOptions {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

export interface RateLimiter {
  /**
   * A pass, as a promise only when the call has to wait. Throws or rejects with `limit.deadline`, `limit.queue-full`
   * and `transport.cancelled`; then nothing was sent and nothing is taken.
   */
  acquire(call: LimitedCall, options: AcquireOptions): Pass | Promise<Pass>;
  /** Buckets in memory. */
  size(): number;
}

export interface RateLimiterOptions {
  readonly world: Pick<World, 'now' | 'sleep'>;
  /** Calls that may wait in one bucket; 10,000 unless given. An account below its share of them is let in all the same. */
  readonly maxWaiting?: number;
}

const DEFAULT_MAX_WAITING = 10_000;
/** Who had to wait is sent only with so much time left: less would turn "not sent" into "outcome unknown". */
const SHORTEST_CALL_MS = 100;
/** Those whose time is over are looked for no more often than this. */
const EXPIRY_GRAIN_MS = 25;
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** Creates a limiter. Its counts are this process's own. */
export function createRateLimiter({
  world,
  maxWaiting = DEFAULT_MAX_WAITING,
}: RateLimiterOptions): RateLimiter {
  const { counterOf, countersOf, sweep, size } = createCounters();
  let lastNow = 0;
  let offset = 0;

  /** The world's clock, but never back: a clock that is set back would stop all limits for as long. */
  function clock(): number {
    const now = world.now();
    if (now < lastNow) offset += lastNow - now;
    lastNow = now;
    return now + offset;
  }

  function passOf(
    call: LimitedCall,
    held: readonly Counter[],
    places: readonly BucketPlace[],
    waitedMs: number,
  ): Pass {
    let departedAt = 0;
    return {
      waitedMs,
      depart: () => {
        departedAt = clock();
        for (const place of places) place.bucket.depart(place, departedAt);
      },
      answered: (news) => {
        const now = clock();
        for (const place of places) place.bucket.settle(place, now);
        if (news) learn(call, news, departedAt, now);
        for (const counter of held) if (counter.hall) setAlarm(counter, counter.hall, now);
      },
      giveBack: () => {
        for (const place of places) place.bucket.giveBack(place);
        serve(held, clock());
      },
    };
  }

  function learn(call: LimitedCall, news: RateNews, departedAt: number, now: number): void {
    const [only] = call.limits;
    // Of several limits the vendor does not say which it means: then it holds for calls that have the same ones.
    const counter = only && call.limits.length === 1 ? counterOf(only.key, only.rate) : counterOf(call.key);
    counter.bucket.learn(news, departedAt, now);
    if (!counter.hall) return;
    const until = counter.bucket.blockedUntil(now);
    serve(until > now ? refuseBefore(counter, until, now) : [counter], now);
  }

  /** Throws what `acquire` throws. */
  function enqueue(call: LimitedCall, { deadline, signal }: AcquireOptions, now: number): Promise<Pass> {
    if (signal?.aborted) throw cancelled();
    const counters = countersOf(call, true);
    for (const { hall, bucket } of counters)
      if (hall && isFull(hall, call.account))
        throw queueFull(call, hall.queue.size + hall.parked.size, bucket.roomAt(1, now) - now);
    const expiresAt = now + deadline - world.now() - SHORTEST_CALL_MS;
    const at = turnOf(counters, call.account, now);
    if (at > expiresAt) throw tooLate(call, at, now);
    return new Promise((resolve, reject) => {
      const leave = () => {
        end(waiter, cancelled());
        serve(counters, clock());
      };
      const waiter: Waiter = {
        ...{ call, counters, places: [], since: now, expiresAt, in: undefined },
        settle: (result) => {
          signal?.removeEventListener('abort', leave);
          if (result instanceof FishplateError) reject(result);
          else resolve(result);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      for (const counter of counters) counter.users++;
      serve([line(waiter, false, now)], now);
    });
  }

  function isFull({ queue, parked }: Hall, account: string): boolean {
    const share = maxWaiting / (Math.max(queue.accounts, parked.accounts) + 1);
    const own = queue.waitingOf(account) + parked.waitingOf(account);
    return queue.size + parked.size >= maxWaiting && own >= share;
  }

  /** When it may be a newcomer's turn, at the earliest: it waits for the first counter, and what comes after it is faster. */
  function turnOf(counters: readonly Counter[], account: string, now: number): number {
    return counters.reduce((latest, { bucket, hall }, index) => {
      const ahead = index === 0 && hall ? hall.queue.ahead(account) + hall.parked.ahead(account) : 0;
      return Math.max(latest, bucket.roomAt(ahead + 1, now));
    }, now);
  }

  /** Puts a waiter where it has to wait next; gives the counter. `first`: before those of its account that are new. */
  function line(waiter: Waiter, first: boolean, now: number): Counter {
    const closed = waiter.counters.find(({ bucket }) => bucket.blockedUntil(now) > now);
    // Nobody keeps places of other limits until the vendor's word is over.
    if (closed) giveBack(waiter);
    const counter = closed ?? waiter.counters[waiter.places.length];
    if (!counter) throw new TypeError('a waiter that has all places does not wait');
    counter.hall ??= createHall();
    waiter.in = closed ? counter.hall.parked : counter.hall.queue;
    waiter.in.add(waiter.call.account, waiter, first);
    counter.hall.nextExpiry = Math.min(counter.hall.nextExpiry, waiter.expiresAt);
    return counter;
  }

  function giveBack(waiter: Waiter): void {
    for (const place of waiter.places) place.bucket.giveBack(place);
    waiter.places.length = 0;
  }

  function end(waiter: Waiter, error: FishplateError): void {
    waiter.in?.remove(waiter.call.account, waiter);
    giveBack(waiter);
    for (const counter of waiter.counters) counter.users--;
    waiter.settle(error);
  }

  /** Lets everybody go on for whom there is room now. */
  function serve(where: Iterable<Counter>, now: number): void {
    const due = new Set(where);
    for (const counter of due) {
      // Whoever goes on to another counter below adds it, though it may have been here.
      due.delete(counter);
      const { hall, bucket } = counter;
      if (!hall) continue;
      if (hall.nextExpiry < now) for (const each of refuseBefore(counter, now, now)) due.add(each);
      const goOn = (waiter: Waiter, first: boolean) => {
        for (const each of waiter.places.length > 0 ? waiter.counters : []) due.add(each);
        due.add(line(waiter, first, now));
      };
      const isOpen = () => bucket.blockedUntil(now) <= now;
      hall.parked.serve(isOpen, (waiter) => goOn(waiter, true));
      hall.queue.serve(
        () => bucket.room(now) >= 1,
        (waiter) => {
          waiter.places.push(bucket.take());
          if (waiter.places.length < waiter.counters.length) goOn(waiter, true);
          else admit(waiter, now);
        },
      );
      if (!isOpen()) hall.queue.serve(always, (waiter) => goOn(waiter, true));
      setAlarm(counter, hall, now);
    }
  }

  function admit(waiter: Waiter, now: number): void {
    const { call, counters, places, since } = waiter;
    for (const counter of counters) counter.users--;
    waiter.settle(passOf(call, counters, places, now - since));
  }

  /** Refuses those who wait for a counter and whose time is over before `until`; all counters that this concerns. */
  function refuseBefore(counter: Counter, until: number, now: number): Set<Counter> {
    const concerned = new Set([counter]);
    const { hall, bucket } = counter;
    if (!hall) return concerned;
    let next = Number.POSITIVE_INFINITY;
    for (const waiter of [...hall.queue.items(), ...hall.parked.items()]) {
      if (waiter.expiresAt >= until) next = Math.min(next, waiter.expiresAt);
      else {
        for (const each of waiter.places.length > 0 ? waiter.counters : []) concerned.add(each);
        end(waiter, tooLate(waiter.call, Math.max(until, bucket.roomAt(1, now)), now));
      }
    }
    hall.nextExpiry = Math.max(next, now + EXPIRY_GRAIN_MS);
    return concerned;
  }

  /** One timer for each counter that somebody waits for, and none for the others. */
  function setAlarm(counter: Counter, hall: Hall, now: number): void {
    const { queue, parked, alarm: set } = hall;
    if (queue.size + parked.size === 0) {
      set?.controller.abort();
      counter.hall = undefined;
      return;
    }
    const roomAt = queue.size > 0 ? counter.bucket.roomAt(1, now) : Number.POSITIVE_INFINITY;
    const openAt = parked.size > 0 ? counter.bucket.blockedUntil(now) : Number.POSITIVE_INFINITY;
    const at = Math.min(roomAt, openAt, hall.nextExpiry + 1);
    if (set && set.at <= at) return;
    set?.controller.abort();
    const alarm = { at, controller: new AbortController() };
    hall.alarm = alarm;
    const ring = () => {
      if (hall.alarm !== alarm) return;
      hall.alarm = undefined;
      serve([counter], clock());
    };
    const sleepMs = Math.min(Math.max(1, Math.ceil(at - now)), LONGEST_SLEEP_MS);
    void world.sleep(sleepMs, alarm.controller.signal).then(ring, () => undefined);
  }

  return {
    acquire: (call, options) => {
      const now = clock();
      sweep(now);
      const found = countersOf(call, false);
      if (found.some(({ bucket, hall }) => hall || bucket.room(now) < 1)) return enqueue(call, options, now);
      const places = found.map(({ bucket }) => bucket.take());
      return passOf(call, found, places, 0);
    },
    size,
  };
}

const always = () => true;

const createHall = (): Hall => ({
  queue: createFairQueue(),
  parked: createFairQueue(),
  alarm: undefined,
  nextExpiry: Number.POSITIVE_INFINITY,
});

const cancelled = () =>
  new FishplateError('transport.cancelled', "cancelled while waiting for room in the vendor's limit", {
    outcome: 'not-sent',
  });

const secondsOf = (ms: number) => `${Math.max(0, Math.ceil(ms / 100) / 10)} s`;

function tooLate({ title }: LimitedCall, at: number, now: number): FishplateError {
  const retryAfterMs = Math.max(0, Math.ceil(at - now));
  const message = `${title}: there is no room before the call's deadline, but perhaps in ${secondsOf(retryAfterMs)}`;
  return new FishplateError('limit.deadline', message, { outcome: 'not-sent', retryAfterMs });
}

function queueFull({ title }: LimitedCall, waiting: number, inMs: number): FishplateError {
  const retryAfterMs = Math.max(0, Math.ceil(inMs));
  return new FishplateError('limit.queue-full', `${title}: ${waiting} calls wait for room already`, {
    outcome: 'not-sent',
    retryAfterMs,
  });
}
