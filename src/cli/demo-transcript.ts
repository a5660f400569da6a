/** Steps come in, carried out one after the other; a numbered transcript goes out. */
import { FishplateError } from '../errors.ts';
import type { Io } from './io.ts';

/** Prints lines below the step; objects as JSON. */
export type Say = (...lines: readonly string[]) => void;

export interface Transcript {
  /** Prints the title, carries the step out, prints `ok`. What it throws ends the demo. */
  step<T>(title: string, perform: (say: Say) => Promise<T>): Promise<T>;
}

export function createTranscript(io: Io): Transcript {
  let number = 0;
  return {
    step: async (title, perform) => {
      number++;
      io.stdout.write(`\n${number}. ${title}\n`);
      try {
        const result = await perform((...lines) => io.stdout.write(lines.map(indent).join('')));
        io.stdout.write('   ok\n');
        return result;
      } catch (error) {
        io.stdout.write('   FAILED\n');
        throw error;
      }
    },
  };
}

const indent = (text: string) => `${text.trimEnd().replace(/^(?=.)/gm, '   ')}\n`;

/** Ends the demo when a step did something else than it says. Throws `cli.demo-failed`. */
export function assertDemo(condition: boolean, message: string): asserts condition {
  if (!condition) throw new FishplateError('cli.demo-failed', message);
}
