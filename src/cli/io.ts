/** What a command sees of the world: streams, environment, folder, and the wish to stop - given, so that tests can give others. */
import { type Environment, readProcessEnvironment } from '../config.ts';

export interface TextStream {
  write(text: string): unknown;
}

export interface Io {
  /** The answer and nothing else, so that it can be piped. */
  readonly stdout: TextStream;
  /** Whatever else there is to say: questions, progress, errors. */
  readonly stderr: TextStream;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: Environment;
  readonly cwd: string;
  /** Whether a person sits there, who can be asked. */
  readonly isTTY: boolean;
  /** Aborted when the program is asked to stop (Ctrl-C, SIGTERM). */
  readonly stop: AbortSignal;
}

/** The exit codes of every command; `fishplate --help` documents them. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Under npm, one Ctrl-C arrives twice: from the terminal, and from npm. */
const SAME_WISH_MS = 1_000;

/** This process as `Io`. The first signal asks the command to stop, a later one ends the process at once. */
export function createProcessIo(): Io {
  const stop = new AbortController();
  let askedAt = 0;
  const onSignal = () => {
    if (stop.signal.aborted && performance.now() - askedAt > SAME_WISH_MS)
      process.exit(exitCodes.interrupted);
    askedAt ||= performance.now();
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // Whoever read our answer has seen enough of it (head, less); that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    process.stderr.write(`error: the answer cannot be written (${error.code ?? error.message})\n`);
    process.exit(exitCodes.failed);
  });
  process.stderr.on('error', () => undefined);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: readProcessEnvironment(),
    cwd: process.cwd(),
    isTTY: process.stdin.isTTY === true && process.stderr.isTTY === true,
    stop: stop.signal,
  };
}
