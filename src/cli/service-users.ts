/** `fishplate service-users`: who may call the API goes out, or is changed; secrets of keys are shown once, when they are made. */
import type { Command } from 'commander';
import { keyCommand, printNewKey } from './access-keys.ts';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addApiOptions, openApi } from './api-options.ts';
import type { AccessKeyAnswer, ServiceUserAnswer } from './api-views.ts';
import { chooseServiceUser } from './choose.ts';
import { type CommandContext, collect, createCommand } from './command.ts';
import type { Io } from './io.ts';
import { formatTable } from './table.ts';

interface UserOptions extends ApiOptions {
  readonly policy?: readonly string[];
  readonly key?: boolean;
  readonly json?: boolean;
}

export function serviceUsersCommand({ io }: CommandContext): Command {
  return createCommand('service-users', io, {
    description: 'The programs that may call the API: their permission policies and access keys.',
    examples: [
      'service-users list',
      'service-users create nightly --policy ReadOnly --key',
      'service-users key create nightly',
      'service-users delete nightly',
    ],
  })
    .addCommand(listCommand(io))
    .addCommand(createUserCommand(io))
    .addCommand(deleteUserCommand(io))
    .addCommand(keyCommand(io));
}

function listCommand(io: Io): Command {
  const command = createCommand('list', io, {
    description: 'Lists the service users.',
    examples: ['service-users list', 'service-users list --json'],
  }).option('--json', 'print a JSON array');
  return addApiOptions(command).action(async (options: UserOptions) => {
    const users = await openApi(options, io).get<ServiceUserAnswer[]>('/v1.0/service-users');
    const rows = users.map(({ Id, Name, Policies }) => [Id, Name, Policies.join(', ') || '(none)']);
    io.stdout.write(
      options.json ? `${JSON.stringify(users, null, 2)}\n` : formatTable(['id', 'name', 'policies'], rows),
    );
  });
}

function createUserCommand(io: Io): Command {
  const command = createCommand('create', io, {
    description: 'Creates a service user. Without a policy it may do nothing.',
    examples: ['service-users create console --policy Administrator --key'],
  })
    .argument('<name>', 'its name')
    .option('--policy <name>', 'Administrator, ReadOnly or a custom policy; may be repeated', collect)
    .option('--key', 'make an access key as well, and show its secret')
    .option('--json', 'print the service user (and the key) as JSON');
  return addApiOptions(command).action(async (name: string, options: UserOptions) => {
    const api = openApi(options, io);
    const body = { Name: name, Policies: options.policy ?? [] };
    const user = await api.post<ServiceUserAnswer>('/v1.0/service-users', { body });
    const path = pathOf`/v1.0/service-users/${user.Id}/access-keys`;
    const key = options.key ? await api.post<AccessKeyAnswer>(path, { body: {} }) : undefined;
    if (options.json) {
      io.stdout.write(`${JSON.stringify({ ...user, ...(key && { AccessKey: key }) }, null, 2)}\n`);
      return;
    }
    io.stdout.write(`${user.Name}: ${user.Policies.join(', ') || 'no policy'}\n  id: ${user.Id}\n`);
    if (key) printNewKey(key, io);
  });
}

function deleteUserCommand(io: Io): Command {
  const command = createCommand('delete', io, {
    description: 'Deletes a service user with its access keys and tokens.',
    examples: ['service-users delete nightly'],
  })
    .argument('<service-user>', 'its id or name')
    .option('--json', 'print the service user as it was, as JSON');
  return addApiOptions(command).action(async (wanted: string, options: UserOptions) => {
    const api = openApi(options, io);
    const user = await chooseServiceUser(api, wanted);
    await api.delete(pathOf`/v1.0/service-users/${user.Id}`);
    io.stdout.write(options.json ? `${JSON.stringify(user, null, 2)}\n` : `${user.Name}: deleted\n`);
  });
}
