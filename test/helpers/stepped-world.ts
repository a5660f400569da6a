/** A world whose clock the test moves: sleeps and timers end when the clock has passed them, and not before. */
import type { World } from '../../src/wire.ts';

export interface SteppedWorld extends World {
  /** Moves the clock and lets everything happen that is due by then. */
  advance(ms: number): Promise<void>;
  /** How many are asleep. */
  sleeping(): number;
  /** What was slept, in milliseconds. */
  readonly sleeps: number[];
}

/** Everything that needs neither the clock nor the network has happened when it resolves. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function createSteppedWorld(start = Date.parse('2026-01-01T00:00:00Z')): SteppedWorld {
  let now = start;
  let count = 0;
  let timers: { readonly at: number; readonly act: () => void; readonly sleeper: boolean }[] = [];
  const sleeps: number[] = [];
  const add = (ms: number, act: () => void, sleeper: boolean) => {
    const timer = { at: now + ms, act, sleeper };
    timers.push(timer);
    return () => {
      timers = timers.filter((each) => each !== timer);
    };
  };
  return {
    now: () => now,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    sleeps,
    sleeping: () => timers.filter(({ sleeper }) => sleeper).length,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        sleeps.push(ms);
        const cancel = add(ms, resolve, true);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason);
        });
      }),
    after: (ms, act) => add(ms, act, false),
    advance: async (ms) => {
      const end = now + ms;
      for (;;) {
        await settled();
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.act();
      }
      now = end;
      await settled();
    },
  };
}
