/** Whatever was thrown comes in; lines for a person go to stderr, and the exit code goes out. */
import { errorCatalogue, FishplateError, type InputProblem, isFishplateError } from '../errors.ts';
import { isHelp, isUsageError } from './command.ts';
import { type ExitCode, exitCodes, type Io } from './io.ts';
import { formatVendorAnswers } from './vendor-answer.ts';

/** An error as a person reads it: what happened, every problem, and what to do next. Never a stack. */
export function formatError(error: FishplateError): string {
  const problems = error.problems.map(
    (problem) => `  - ${textOf(problem)}${problem.hint === undefined ? '' : ` (${problem.hint})`}\n`,
  );
  const [headline, ...more] = headlineOf(error).split('\n');
  const details = more.map((line) => `${line}\n`).join('');
  const answers = formatVendorAnswers(error);
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000);
  const wait = seconds > 0 ? `  not before: ${seconds} s from now\n` : '';
  return `error: ${headline} [${error.code}]\n${details}${problems.join('')}${answers}${wait}  hint: ${error.hint}\n`;
}

const textOf = ({ path, message }: InputProblem) => (path === '' ? message : `${path} ${message}`);

/** Messages repeat their problems in one line; here each has a line of its own. */
function headlineOf({ message, problems: [first], code }: FishplateError): string {
  const start = first ? message.indexOf(textOf(first)) : -1;
  if (start === -1) return message;
  const { meaning } = errorCatalogue[code];
  const opening = message.slice(0, start).replace(/[:\s]+$/, '');
  // What opens the message is then only the name of the method.
  return code === 'arguments.invalid' && opening !== '' ? `${opening}: ${meaning}` : opening || meaning;
}

/** Says what went wrong. commander has said its own errors already. */
export function reportError(io: Io, thrown: unknown): ExitCode {
  if (isHelp(thrown)) return exitCodes.ok;
  if (isUsageError(thrown)) return exitCodes.usage;
  if (io.stop.aborted) return exitCodes.interrupted;
  // Whoever interrupts knows why.
  if (isFishplateError(thrown, 'cli.interrupted')) return exitCodes.interrupted;
  const error = isFishplateError(thrown) ? thrown : toUnexpected(thrown);
  io.stderr.write(formatError(error));
  return error.code === 'cli.usage' || error.code === 'config.invalid' ? exitCodes.usage : exitCodes.failed;
}

function toUnexpected(thrown: unknown): FishplateError {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new FishplateError('internal.unexpected', said, {
    cause: thrown,
    hint: 'This is a defect of Fishplate: report it with the command line that led to it.',
  });
}

/** Wrong usage, for which commander has no words of its own. */
export const usageError = (message: string, hint?: string): FishplateError =>
  new FishplateError('cli.usage', message, hint === undefined ? {} : { hint });
