/** `fishplate rename`: an installation and a name come in; from then on it is called so. */
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { InstallationAnswer } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { formatInstallation } from './installation-text.ts';

interface RenameOptions extends ApiOptions {
  readonly description?: string;
  readonly json?: boolean;
}

export function renameCommand({ io }: CommandContext): Command {
  const command = createCommand('rename', io, {
    description: 'Gives an installation another name; what it is connected to stays as it is.',
    examples: ['rename acme "Acme, production"', 'rename acme Acme --description "The one that bills"'],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('<name>', 'its new name')
    .option('--description <text>', 'a description as well')
    .option('--json', 'print the installation as JSON');
  return addAccountOptions(command).action(async (wanted: string, name: string, options: RenameOptions) => {
    const api = openApi(options, io);
    const account = await chooseAccount(api, options, io);
    const { Id } = await chooseInstallation(api, account, wanted);
    const { description: Description } = options;
    const body = { Name: name, ...(Description !== undefined && { Description }) };
    const path = pathOf`/v1.0/account/connectors/${Id}`;
    const after = await api.put<InstallationAnswer>(path, { account, body });
    io.stdout.write(options.json ? `${JSON.stringify(after, null, 2)}\n` : formatInstallation(after));
  });
}
