/** A terminal that tests can read and type into, in place of the process. */
import { PassThrough } from 'node:stream';
import type { ExitCode, Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface FakeTerminal {
  readonly io: Io;
  readonly stop: AbortController;
  out(): string;
  err(): string;
  /** Types a line whenever the text written to stderr so far ends with the cue. */
  answer(cue: string, line: string): void;
}

export interface TerminalOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  /** What is piped in. */
  readonly input?: string;
}

export function createTerminal({
  cwd = process.cwd(),
  env = {},
  isTTY = false,
  input,
}: TerminalOptions = {}): FakeTerminal {
  const texts = { out: '', err: '' };
  const stdin = new PassThrough();
  const stop = new AbortController();
  const answers: { readonly cue: string; readonly line: string }[] = [];
  if (input !== undefined) stdin.end(input);
  const onError = (text: string) => {
    texts.err += text;
    const [next] = answers;
    if (next && texts.err.endsWith(next.cue)) {
      answers.shift();
      setImmediate(() => stdin.write(`${next.line}\n`));
    }
  };
  return {
    io: {
      stdout: { write: (text) => (texts.out += text) },
      stderr: { write: onError },
      stdin,
      env,
      cwd,
      isTTY,
      stop: stop.signal,
    },
    stop,
    out: () => texts.out,
    err: () => texts.err,
    answer: (cue, line) => void answers.push({ cue, line }),
  };
}

/** Runs a command line to its end. */
export async function runLine(argv: readonly string[], options: TerminalOptions = {}): Promise<Outcome> {
  const terminal = createTerminal(options);
  const code = await run(argv, terminal.io);
  return { code, out: terminal.out(), err: terminal.err() };
}
