/** A world whose clock jumps: whoever sleeps wakes up at once, and later. Nothing of it is random. */
import type { World } from '../wire.ts';

export interface JumpingWorld extends World {
  /** Moves the clock; timers that are due by then act. */
  advance(ms: number): void;
}

/** Starts on 1 March 2026, noon, UTC. */
export function createJumpingWorld(start = Date.UTC(2026, 2, 1, 12)): JumpingWorld {
  let now = start;
  let made = 0;
  let timers: readonly { readonly at: number; readonly act: () => void }[] = [];
  const advance = (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { act } of due) act();
  };
  return {
    now: () => now,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      advance(ms);
    },
    after: (ms, act) => {
      const timer = { at: now + ms, act };
      timers = [...timers, timer];
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance,
  };
}
