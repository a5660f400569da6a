/** The real clock, dice and waits. Everything that takes a `World` can be given another one. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { World } from './wire.ts';

export const realWorld: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) => wait(ms, undefined, signal && { signal }),
  uuid: () => randomUUID(),
};
