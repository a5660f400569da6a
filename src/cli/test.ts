/** `fishplate test`: a connector's folder comes in and is tried against its own sandbox; or an installation, and who it is goes out. */
import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { TestAnswer } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { isConnectorFolder } from './connector-folders.ts';
import { formatTest } from './installation-text.ts';
import { type ExitCode, exitCodes, type Io } from './io.ts';
import { usageError } from './report-error.ts';

interface TestOptions extends ApiOptions {
  readonly json?: boolean;
  readonly method?: string;
}

export function testCommand({ io, done }: CommandContext): Command {
  const command = createCommand('test', io, {
    description:
      "Of a connector's folder: tries every method, list, lookup, failure rule and the connection test against the\n" +
      'sandbox that it describes, offline, and says what is to be mended where.\n' +
      'Of an installation: tests the connection, and says who it is. Exits with 1 when anything fails.',
    examples: [
      'test connector/acme',
      'test connector/acme --method accounts.list',
      'test acme',
      'test 0b6c9f0e-... --account a1 --json',
    ],
  })
    .argument(
      '<what>',
      "a connector's folder; or an installation: its id or name, or its connector's when there is one of it",
    )
    .option('--method <key>', 'of a folder: report on this method alone')
    .option('--json', 'print the result as JSON');
  return addAccountOptions(command).action(async (what: string, options: TestOptions) => {
    done(await (isFolder(what, io) ? testFolder : testInstallation)(what, options, io));
  });
}

/** A name without a slash is an installation's, unless a connector lies there. */
function isFolder(what: string, { cwd }: Io): boolean {
  const path = resolve(cwd, what);
  if (isConnectorFolder(path)) return true;
  return /[\\/]/.test(what) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function testFolder(what: string, { method, json = false }: TestOptions, io: Io): Promise<ExitCode> {
  // It brings the sandbox, the runtime and the parser: no other command needs all of them.
  const [{ testConnector }, { formatReport }] = await Promise.all([
    import('../conformance/suite.ts'),
    import('./conformance-text.ts'),
  ]);
  const folder = resolve(io.cwd, what);
  const near = relative(io.cwd, folder) || '.';
  const report = await testConnector(folder, {
    shownAs: near.startsWith('..') ? folder : near,
    ...(method !== undefined && { method }),
  });
  io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  return report.ok ? exitCodes.ok : exitCodes.failed;
}

async function testInstallation(wanted: string, options: TestOptions, io: Io): Promise<ExitCode> {
  if (options.method !== undefined)
    throw usageError("--method goes with a connector's folder", `There is no connector.yaml in ${wanted}.`);
  const api = openApi(options, io);
  const account = await chooseAccount(api, options, io);
  const { Id, Name } = await chooseInstallation(api, account, wanted);
  const result = await api.post<TestAnswer>(pathOf`/v1.0/account/connectors/${Id}/test`, { account });
  io.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatTest(Name, result));
  return result.Ok ? exitCodes.ok : exitCodes.failed;
}
