/** What every command is made of: its name, its help with examples, and the way its exit code gets out. */
import { Command, CommanderError } from 'commander';
import type { ExitCode, Io } from './io.ts';

export interface CommandContext {
  readonly io: Io;
  /** Says how the command ended; without it, it ended well. */
  readonly done: (code: ExitCode) => void;
}

/** Creates the command when it is wanted: few of them are needed in one run. */
export type CommandMaker = (context: CommandContext) => Command;

export interface CommandText {
  readonly description: string;
  /** Command lines without the leading `fishplate`, one or more. */
  readonly examples: readonly string[];
}

/** A command that throws instead of ending the process, writes to the given streams, and has examples in its help. */
export function createCommand(name: string, io: Io, { description, examples }: CommandText): Command {
  const command: Command = new Command(name)
    .description(oneParagraph(description))
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Said late, when a subcommand knows what it belongs to.
      outputError: (text, write) => write(`${text}(${pathOf(command)} --help tells more)\n`),
    });
  const lines = examples.map((example) => `  fishplate ${example}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** The words that lead to a command: `fishplate accounts list`. */
const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** Lines as the source has them become one, for help to break it where the terminal ends. */
const oneParagraph = (text: string) => text.replace(/\n/g, ' ');

/** Repeatable options: each value is added to the list. */
export const collect = (value: string, list: readonly string[] | undefined): string[] => [
  ...(list ?? []),
  value,
];

/** Whether commander ended the run because somebody asked for help or the version. */
export const isHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;
export const isUsageError = (error: unknown): boolean =>
  error instanceof CommanderError && error.exitCode !== 0;
