/** Work comes in as it is begun; whoever stops the program learns when all of it has ended. */
import type { World } from './wire.ts';

export interface UnderWay {
  /** Does the work, and counts it until it has ended. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way, or after so many milliseconds. */
  ended(mostMs: number): Promise<void>;
}

export function createUnderWay({ after }: Pick<World, 'after'>): UnderWay {
  let count = 0;
  let tell: (() => void) | undefined;
  return {
    during: async (work) => {
      count++;
      try {
        return await work();
      } finally {
        count--;
        if (count === 0) tell?.();
      }
    },
    ended: async (mostMs) => {
      if (count === 0) return;
      await new Promise<void>((resolve) => {
        const cancel = after(mostMs, resolve);
        tell = () => {
          cancel();
          resolve();
        };
      });
    },
  };
}
