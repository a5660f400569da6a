/** A rate comes in; a meter of the places that it leaves goes out. Pure but for its counters; the clock is an argument. */

/** A rate that a vendor allows. */
export interface Rate {
  readonly requests: number;
  readonly periodMs: number;
  /** With a burst the vendor counts by a bucket of that size which fills at the rate; without, by the period. */
  readonly burst?: number | undefined;
}

/** One place, from when it is taken until the vendor has surely counted the request. */
export interface Place {
  /** When the request left; not before it has. */
  departedAt: number;
  taken: boolean;
}

/** All times are milliseconds of one clock that never goes back. */
export interface Meter {
  /** How many requests may leave now. */
  room(now: number): number;
  /** Takes the place, which stays taken until the request has been answered, or is not sent after all. */
  take(place: Place): void;
  /** The request leaves. */
  depart(place: Place, now: number): void;
  /** Its answer is here, or its failure. */
  settle(place: Place, now: number): void;
  /** It was never sent: the place is free again, unless too much time has passed to be sure. */
  giveBack(place: Place): void;
  /** When there may be room for the `count`th request from now, at the earliest. */
  roomAt(count: number, now: number): number;
  /** Requests that have a place and no answer. */
  open(): number;
  /** Whether nothing is counted any more: a new meter would say the same. */
  isIdle(now: number): boolean;
}

/**
 * The longest time from when a request leaves us until the vendor has counted it. A place is used again one period
 * after the answer, not after the request: whenever the vendor counted it in between, no period of its own holds too
 * many. Answers that take longer than this are slow at the vendor, not on the way.
 */
const LONGEST_WAY_MS = 1_000;
/** Rows are cut when so many at their head, and half of all, are done with. */
const FEW = 64;

/** Without a rate there is always room, and only what is open is counted. */
export function createMeter(rate: Rate | undefined): Meter {
  const ledger = createLedger(rate);
  const longestWayMs = Math.min(LONGEST_WAY_MS, rate?.periodMs ?? LONGEST_WAY_MS);
  /** Requests that have left, in this order; the first of them may have been settled. */
  let departed: Place[] = [];
  let first = 0;
  let open = 0;

  function charge(place: Place, at: number): void {
    place.taken = false;
    open--;
    ledger.charge(at);
  }

  function chargeOverdue(now: number): void {
    for (; first < departed.length; first++) {
      const place = departed[first];
      if (!place?.taken) continue;
      const at = place.departedAt + longestWayMs;
      if (at > now) break;
      charge(place, at);
    }
    if (first >= FEW && first * 2 >= departed.length) {
      departed = departed.slice(first);
      first = 0;
    }
  }

  return {
    room: (now) => {
      chargeOverdue(now);
      return ledger.free(now) - open;
    },
    take: (place) => {
      open++;
      place.taken = true;
    },
    depart: (place, now) => {
      place.departedAt = now;
      departed.push(place);
    },
    settle: (place, now) => {
      chargeOverdue(now);
      if (place.taken) charge(place, now);
    },
    giveBack: (place) => {
      if (!place.taken) return;
      place.taken = false;
      open--;
    },
    roomAt: (count, now) => {
      chargeOverdue(now);
      return ledger.freeAt(count + open, now);
    },
    open: () => open,
    isIdle: (now) => {
      chargeOverdue(now);
      return open === 0 && ledger.isFull(now);
    },
  };
}

/** What has been counted. Charges come in the order of time. */
interface Ledger {
  free(now: number): number;
  charge(at: number): void;
  freeAt(count: number, now: number): number;
  isFull(now: number): boolean;
}

function createLedger(rate: Rate | undefined): Ledger {
  if (!rate) return unlimited;
  return rate.burst === undefined ? createWindow(rate) : createBucket(rate, rate.burst);
}

const unlimited: Ledger = {
  free: () => Number.POSITIVE_INFINITY,
  charge: () => undefined,
  freeAt: (_, now) => now,
  isFull: () => true,
};

/** A clock of milliseconds cuts off what comes after them, so whatever it says was up to one later. */
const CLOCK_GRAIN_MS = 1;

/**
 * Never more than the requests in any period, wherever it begins: that keeps to a vendor who counts in fixed periods,
 * in sliding ones, or by a bucket of that size. Times are kept in a thousandth of the period at the finest, so that
 * memory does not grow with the rate.
 */
function createWindow({ requests, periodMs }: Rate): Ledger {
  const grainMs = Math.max(CLOCK_GRAIN_MS, periodMs / 1_000);
  /** When so many places are free again, in the order of time. */
  let ends: { readonly at: number; count: number }[] = [];
  let first = 0;
  let used = 0;

  function forget(now: number): void {
    for (let end = ends[first]; end && end.at <= now; end = ends[first]) {
      used -= end.count;
      first++;
    }
    if (first >= FEW && first * 2 >= ends.length) {
      ends = ends.slice(first);
      first = 0;
    }
  }

  return {
    free: (now) => {
      forget(now);
      return requests - used;
    },
    charge: (chargedAt) => {
      const at = (Math.floor(chargedAt / grainMs) + 1) * grainMs + periodMs;
      const last = ends.at(-1);
      if (last?.at === at) last.count++;
      else ends.push({ at, count: 1 });
      used++;
    },
    freeAt: (count, now) => {
      forget(now);
      const rounds = Math.floor((count - 1) / requests);
      let missing = used + count - rounds * requests - requests;
      let at = now;
      for (let index = first; missing > 0 && index < ends.length; index++) {
        const end = ends[index];
        if (!end) break;
        missing -= end.count;
        at = end.at;
      }
      return at + rounds * periodMs;
    },
    isFull: (now) => {
      forget(now);
      return used === 0;
    },
  };
}

/** As many at once as the burst, then as many as flow in at the rate. */
function createBucket({ requests, periodMs }: Rate, burst: number): Ledger {
  const perMs = requests / periodMs;
  let left = burst;
  let at = 0;
  const levelAt = (now: number) => Math.min(burst, left + Math.max(0, now - at) * perMs);
  return {
    free: (now) => Math.floor(levelAt(now)),
    charge: (chargedAt) => {
      left = levelAt(chargedAt) - 1;
      at = Math.max(at, chargedAt + CLOCK_GRAIN_MS);
    },
    freeAt: (count, now) => {
      const missing = count - left;
      return missing <= 0 ? now : Math.max(now, Math.ceil(at + missing / perMs));
    },
    isFull: (now) => levelAt(now) >= burst,
  };
}
