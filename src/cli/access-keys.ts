/** `fishplate service-users key`: access keys of a service user go out, or are made, switched and deleted. */
import type { Command } from 'commander';
import { type Api, pathOf } from './api-client.ts';
import { type ApiOptions, addApiOptions, openApi } from './api-options.ts';
import type { AccessKeyAnswer } from './api-views.ts';
import { chooseServiceUser } from './choose.ts';
import { createCommand } from './command.ts';
import type { Io } from './io.ts';
import { formatTable } from './table.ts';

interface KeyOptions extends ApiOptions {
  readonly json?: boolean;
}

interface KeyAction {
  readonly name: string;
  readonly description: string;
  readonly perform: (api: Api, path: string) => Promise<AccessKeyAnswer | undefined>;
}

/** What is done to one key; `path` is the key's. */
const keyActions: readonly KeyAction[] = [
  {
    name: 'regenerate',
    description: 'Makes a new secret for a key; the old one is void at once.',
    perform: (api, path) => api.post<AccessKeyAnswer>(`${path}/regenerate`),
  },
  {
    name: 'activate',
    description: 'Lets a key be used again.',
    perform: (api, path) => api.put<AccessKeyAnswer>(path, { body: { Status: 'ACTIVE' } }),
  },
  {
    name: 'deactivate',
    description: 'Switches a key off; its tokens are void at once.',
    perform: (api, path) => api.put<AccessKeyAnswer>(path, { body: { Status: 'INACTIVE' } }),
  },
  {
    name: 'delete',
    description: 'Deletes a key that is switched off.',
    perform: async (api, path) => void (await api.delete(path)),
  },
];

export function keyCommand(io: Io): Command {
  const command = createCommand('key', io, {
    description:
      'Access keys of a service user: at most two, so that one can replace the other without a pause.',
    examples: ['service-users key create nightly', 'service-users key deactivate nightly <key id>'],
  })
    .addCommand(listCommand(io))
    .addCommand(createKeyCommand(io));
  for (const action of keyActions) command.addCommand(actionCommand(action, io));
  return command;
}

function listCommand(io: Io): Command {
  const command = createCommand('list', io, {
    description: 'Lists the keys of a service user, without their secrets.',
    examples: ['service-users key list nightly'],
  })
    .argument('<service-user>', 'its id or name')
    .option('--json', 'print a JSON array');
  return addApiOptions(command).action(async (user: string, options: KeyOptions) => {
    const api = openApi(options, io);
    const keys = await api.get<AccessKeyAnswer[]>(await keysPath(api, user));
    const rows = keys.map((key) => [
      key.Id,
      key.Name,
      key.Status,
      key.CreatedDate,
      key.LastUsedDate ?? 'never',
    ]);
    const table = formatTable(['id', 'name', 'status', 'created', 'last used'], rows);
    io.stdout.write(options.json ? `${JSON.stringify(keys, null, 2)}\n` : table);
  });
}

function createKeyCommand(io: Io): Command {
  const command = createCommand('create', io, {
    description: 'Makes a key. Its secret is shown now and never again.',
    examples: ['service-users key create nightly --name spring'],
  })
    .argument('<service-user>', 'its id or name')
    .option('--name <name>', 'what the key is for')
    .option('--json', 'print the key as JSON');
  return addApiOptions(command).action(async (user: string, options: KeyOptions & { name?: string }) => {
    const api = openApi(options, io);
    const body = options.name === undefined ? {} : { Name: options.name };
    printKey(await api.post<AccessKeyAnswer>(await keysPath(api, user), { body }), options, io);
  });
}

function actionCommand({ name, description, perform }: KeyAction, io: Io): Command {
  const command = createCommand(name, io, {
    description,
    examples: [`service-users key ${name} nightly <key id>`],
  })
    .argument('<service-user>', 'its id or name')
    .argument('<key>', "the key's id")
    .option('--json', 'print the key as JSON');
  return addApiOptions(command).action(async (user: string, keyId: string, options: KeyOptions) => {
    const api = openApi(options, io);
    const key = await perform(api, `${await keysPath(api, user)}${pathOf`/${keyId}`}`);
    if (key) printKey(key, options, io);
    else io.stdout.write(options.json ? 'null\n' : `${keyId}: deleted\n`);
  });
}

async function keysPath(api: Api, user: string): Promise<string> {
  return pathOf`/v1.0/service-users/${(await chooseServiceUser(api, user)).Id}/access-keys`;
}

function printKey(key: AccessKeyAnswer, { json }: KeyOptions, io: Io): void {
  if (json) io.stdout.write(`${JSON.stringify(key, null, 2)}\n`);
  else if (key.Secret !== undefined) printNewKey(key, io);
  else io.stdout.write(`${key.Id}: ${key.Status}\n`);
}

/** Id and secret, the way programs ask for them. */
export function printNewKey({ Id, Secret }: AccessKeyAnswer, io: Io): void {
  io.stdout.write(`clientId: ${Id}\nclientSecret: ${Secret ?? ''}\n`);
  io.stderr.write('Keep the secret now: it is not shown again.\n');
}
