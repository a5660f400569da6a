/** `fishplate test`: an installation comes in; whether it works, and who it is, goes out. */
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { TestAnswer } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { formatTest } from './installation-text.ts';
import { exitCodes } from './io.ts';

interface TestOptions extends ApiOptions {
  readonly json?: boolean;
}

export function testCommand({ io, done }: CommandContext): Command {
  const command = createCommand('test', io, {
    description:
      'Tests the connection of an installation, and says who it is. Exits with 1 when the test fails.',
    examples: ['test acme', 'test 0b6c9f0e-... --account a1 --json'],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .option('--json', 'print the result as JSON');
  return addAccountOptions(command).action(async (wanted: string, options: TestOptions) => {
    const api = openApi(options, io);
    const account = await chooseAccount(api, options, io);
    const { Id, Name } = await chooseInstallation(api, account, wanted);
    const result = await api.post<TestAnswer>(pathOf`/v1.0/account/connectors/${Id}/test`, { account });
    io.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatTest(Name, result));
    done(result.Ok ? exitCodes.ok : exitCodes.failed);
  });
}
