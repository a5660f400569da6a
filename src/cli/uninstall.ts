/** `fishplate uninstall`: an installation comes in; it is deleted with its values and its token. */
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';

interface UninstallOptions extends ApiOptions {
  readonly json?: boolean;
}

export function uninstallCommand({ io }: CommandContext): Command {
  const command = createCommand('uninstall', io, {
    description: 'Deletes an installation with its values and its token. Its calls stay in the log.',
    examples: ['uninstall acme', 'uninstall "Acme, old" --account a1'],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .option('--json', 'print the installation as it was, as JSON');
  return addAccountOptions(command).action(async (wanted: string, options: UninstallOptions) => {
    const api = openApi(options, io);
    const account = await chooseAccount(api, options, io);
    const installation = await chooseInstallation(api, account, wanted);
    await api.delete(pathOf`/v1.0/account/connectors/${installation.Id}`, { account });
    io.stdout.write(
      options.json ? `${JSON.stringify(installation, null, 2)}\n` : `${installation.Name}: uninstalled\n`,
    );
  });
}
