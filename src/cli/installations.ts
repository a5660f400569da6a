/** `fishplate installations`: what is installed in an account goes out. */
import type { Command } from 'commander';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { InstallationAnswer } from './api-views.ts';
import { chooseAccount, listInstallations } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { formatTable } from './table.ts';

interface InstallationsOptions extends ApiOptions {
  readonly json?: boolean;
}

export function installationsCommand({ io }: CommandContext): Command {
  const command = createCommand('installations', io, {
    description: 'Lists what is installed in an account, in what state, and why.',
    examples: ['installations', 'installations --account a1 --json'],
  }).option('--json', 'print a JSON array');
  return addAccountOptions(command).action(async (options: InstallationsOptions) => {
    const api = openApi(options, io);
    const found = await listInstallations(api, await chooseAccount(api, options, io));
    io.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : formatInstallations(found));
  });
}

const formatInstallations = (all: readonly InstallationAnswer[]): string =>
  formatTable(
    ['id', 'name', 'connector', 'state', 'why'],
    all.map(({ Id, Name, Connector, State, StateReason, Missing }) => [
      Id,
      Name,
      `${Connector.Name} ${Connector.Version}`,
      State,
      StateReason?.Message ??
        (Missing.length > 0 ? `missing: ${Missing.map(({ Label }) => Label).join(', ')}` : ''),
    ]),
  );
