/** Arguments and the world come in; the command runs, and its exit code goes out. Throws nothing. */
import { Command } from 'commander';
import { variables } from '../config.ts';
import { createCommand } from './command.ts';
import { commandEntries } from './commands.ts';
import { type ExitCode, exitCodes, type Io } from './io.ts';
import { packageVersion } from './package.ts';
import { reportError } from './report-error.ts';

/** Runs one command line (without the program's name). Nothing of it touches the process, so tests run it as it is. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  try {
    const program = await createProgram(argv, io, (given) => {
      code = given;
    });
    if (argv.length === 0) {
      io.stderr.write(program.helpInformation());
      return exitCodes.usage;
    }
    await program.parseAsync(knownOrItself(argv), { from: 'user' });
    return code;
  } catch (error) {
    return reportError(io, error);
  }
}

/** `help nope` is refused like `nope`, and not answered with the help of everything. */
function knownOrItself(argv: readonly string[]): string[] {
  const [first, second] = argv;
  const isUnknown = second !== undefined && !commandEntries.some(({ name }) => name === second);
  return first === 'help' && isUnknown && !second.startsWith('-') ? [second] : [...argv];
}

async function createProgram(
  argv: readonly string[],
  io: Io,
  done: (code: ExitCode) => void,
): Promise<Command> {
  const program = createCommand('fishplate', io, {
    description:
      'Connectors as data: check them, install them, call their methods, try them without a vendor.',
    examples: ['demo', 'harness', 'methods <connector>', 'call --help'],
  })
    .usage('<command> [options]')
    .version(packageVersion(), '-V, --version', 'show the version')
    .addHelpText('after', helpTail);
  const [first, second] = argv;
  const wanted = first === 'help' ? second : first;
  for (const { name, summary, load } of commandEntries) {
    const command = name === wanted ? (await load())({ io, done }) : new Command(name);
    program.addCommand(command.summary(summary));
  }
  return program;
}

const width = Math.max(...Object.keys(variables).map((name) => name.length));

const helpTail = `
Exit codes:
  0    done
  1    what was asked for failed: problems found, connection refused, call failed
  2    wrong usage
  130  interrupted

Environment variables:
${Object.entries(variables)
  .map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
  .join('\n')}`;
