/** Questions come in, what a person types goes out; secrets are not shown while they are typed. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { FishplateError } from '../errors.ts';
import type { Io } from './io.ts';

export interface Question {
  readonly text: string;
  readonly isSecret?: boolean;
}

export interface Prompter {
  /** What was typed, without spaces around it. Throws `cli.interrupted` on Ctrl-C, Ctrl-D and the end of input. */
  ask(question: Question): Promise<string>;
  close(): void;
}

/** Opens the terminal for questions, which go to stderr. Must be closed, or the process goes on waiting for input. */
export function createPrompter(io: Io): Prompter {
  let isHidden = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, callback) => {
      if (!isHidden) io.stderr.write(chunk.toString());
      callback();
    },
  });
  const lines = createInterface({ input: io.stdin, output, terminal: true, historySize: 0 });
  // Lines can come before they are asked for: typed ahead, or pasted together.
  const early: string[] = [];
  let waiting: { resolve(line: string): void; reject(error: FishplateError): void } | undefined;
  let ended = false;
  lines.on('line', (line) => {
    const asked = waiting;
    waiting = undefined;
    if (asked) asked.resolve(line);
    else early.push(line);
  });
  const end = () => {
    ended = true;
    waiting?.reject(interrupted());
  };
  lines.on('SIGINT', end).on('close', end);

  const nextLine = async (): Promise<string> => {
    const line = early.shift();
    if (line !== undefined) return line;
    if (ended) throw interrupted();
    return new Promise<string>((resolve, reject) => {
      waiting = { resolve, reject };
    });
  };
  return {
    ask: async ({ text, isSecret = false }) => {
      io.stderr.write(text);
      isHidden = isSecret;
      try {
        return (await nextLine()).trim();
      } catch (error) {
        // What comes next begins on a line of its own.
        if (!isSecret) io.stderr.write('\n');
        throw error;
      } finally {
        isHidden = false;
        if (isSecret) io.stderr.write('\n');
      }
    },
    close: () => lines.close(),
  };
}

const interrupted = () => new FishplateError('cli.interrupted', 'interrupted');
