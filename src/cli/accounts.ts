/** `fishplate accounts`: the accounts go out, or a new one is made. */
import type { Command } from 'commander';
import { type ApiOptions, addApiOptions, openApi } from './api-options.ts';
import type { AccountView } from './api-views.ts';
import { type CommandContext, createCommand } from './command.ts';
import type { Io } from './io.ts';
import { formatTable } from './table.ts';

interface AccountsOptions extends ApiOptions {
  readonly json?: boolean;
  readonly id?: string;
}

export function accountsCommand({ io }: CommandContext): Command {
  return createCommand('accounts', io, {
    description: 'The customers that connectors are installed for.',
    examples: ['accounts list', 'accounts create "First Customer" --id first'],
  })
    .addCommand(listCommand(io))
    .addCommand(createOneCommand(io));
}

function listCommand(io: Io): Command {
  const command = createCommand('list', io, {
    description: 'Lists the accounts.',
    examples: ['accounts list', 'accounts list --json'],
  }).option('--json', 'print a JSON array');
  return addApiOptions(command).action(async (options: AccountsOptions) => {
    const accounts = await openApi(options, io).get<AccountView[]>('/v1.0/accounts', {
      query: { pageSize: 1_000 },
    });
    io.stdout.write(options.json ? `${JSON.stringify(accounts, null, 2)}\n` : formatAccounts(accounts));
  });
}

function createOneCommand(io: Io): Command {
  const command = createCommand('create', io, {
    description: 'Creates an account.',
    examples: ['accounts create "First Customer"', 'accounts create "First Customer" --id first'],
  })
    .argument('<name>', 'its name')
    .option('--id <id>', 'your own id for it; one is made when left out')
    .option('--json', 'print the account as JSON');
  return addApiOptions(command).action(async (name: string, options: AccountsOptions) => {
    const account = await openApi(options, io).post<AccountView>('/v1.0/accounts', {
      body: { Name: name, ...(options.id !== undefined && { Id: options.id }) },
    });
    io.stdout.write(options.json ? `${JSON.stringify(account, null, 2)}\n` : formatAccounts([account]));
  });
}

const formatAccounts = (accounts: readonly AccountView[]): string =>
  formatTable(
    ['id', 'name', 'created'],
    accounts.map(({ Id, Name, CreatedDate }) => [Id, Name, CreatedDate]),
  );
