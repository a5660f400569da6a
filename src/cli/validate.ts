/** `fishplate validate`: folders of definitions come in, everything that is wrong with them goes out. */
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Connector } from '../definition/connector.ts';
import { loadConnector } from '../definition/load.ts';
import { formatProblem, type Problem } from '../definition/problem.ts';
import { loadSandboxScript } from '../sandbox/load.ts';
import { type CommandContext, createCommand } from './command.ts';
import { findConnectorFolders } from './connector-folders.ts';
import { loadDemoScript } from './demo-script.ts';
import { type ExitCode, exitCodes, type Io } from './io.ts';

interface ValidateOptions {
  readonly json?: boolean;
}

interface Checked {
  /** As the user would write it. */
  readonly folder: string;
  readonly problems: readonly Problem[];
  readonly summary?: { readonly name: string; readonly version: string; readonly methods: number };
}

export function validateCommand({ io, done }: CommandContext): Command {
  return createCommand('validate', io, {
    description:
      'Checks connectors and lists every problem with file, line, column, the lines around it and a hint.\n' +
      'Exits with 1 when there is any.',
    examples: ['validate', 'validate connector/acme', 'validate --json'],
  })
    .argument('[folder]', 'a connector, or a folder of connectors', 'connector')
    .option('--json', 'print one JSON object: {ok, connectors, problems}')
    .action(async (folder: string, options: ValidateOptions) => done(await validate(folder, options, io)));
}

async function validate(folder: string, { json = false }: ValidateOptions, io: Io): Promise<ExitCode> {
  const checked: Checked[] = [];
  for (const path of await findConnectorFolders(resolve(io.cwd, folder))) checked.push(await check(path, io));
  const ok = checked.every(({ problems }) => problems.length === 0);
  io.stdout.write(json ? formatJson(ok, checked) : `${checked.map(formatChecked).join('\n')}\n`);
  return ok ? exitCodes.ok : exitCodes.failed;
}

async function check(path: string, io: Io): Promise<Checked> {
  const near = relative(io.cwd, path) || '.';
  const folder = near.startsWith('..') ? path : near;
  const result = await loadConnector(path);
  if ('problems' in result) return { folder, problems: result.problems };
  const { connector } = result;
  const problems = await checkPlay(path, connector);
  if (problems.length > 0) return { folder, problems };
  const { name, version, methods } = connector;
  return { folder, problems, summary: { name, version, methods: Object.keys(methods).length } };
}

/** sandbox.yaml and demo.yaml name methods and settings of the connector, so they are checked once it is in order. */
async function checkPlay(path: string, connector: Connector): Promise<Problem[]> {
  const sandbox = existsSync(join(path, 'sandbox.yaml'))
    ? await loadSandboxScript(path, connector)
    : undefined;
  const demo = await loadDemoScript(path, connector);
  return [sandbox, demo].flatMap((found) => (found && 'problems' in found ? [...found.problems] : []));
}

function formatChecked({ folder, problems, summary }: Checked): string {
  if (summary) return `${folder}: ok - ${summary.name} ${summary.version}, ${summary.methods} methods`;
  const list = problems.map((problem) => `${formatProblem(problem, folder)}\n`);
  return `${list.join('\n')}\n${folder}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
}

/** Machines get the place in one piece as well: `at` is `folder/file:line:column`. */
function formatJson(ok: boolean, checked: readonly Checked[]): string {
  const connectors = checked.map(({ folder, problems, summary }) => ({
    folder,
    ...summary,
    problems: problems.length,
  }));
  const problems = checked.flatMap(({ folder, problems }) =>
    problems.map((problem) => ({
      ...problem,
      folder,
      at: `${folder}/${problem.file}:${problem.line}:${problem.column}`,
    })),
  );
  return `${JSON.stringify({ ok, connectors, problems }, null, 2)}\n`;
}
