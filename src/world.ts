/** The real clock, dice and waits. Everything that takes a `World` can be given another one. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { World } from './wire.ts';

/** Node.js fires timers at once that are set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const realWorld: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) => wait(ms, undefined, signal && { signal }),
  after: (ms, act, background = false) => {
    const timer = setTimeout(act, Math.min(ms, LONGEST_TIMER_MS));
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
  uuid: () => randomUUID(),
};
