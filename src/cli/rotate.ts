/** `fishplate rotate`: new credentials come in; they take the place of those in use without a failed call, in one step or in several. */
import type { Command } from 'commander';
import { type Api, type ApiRequest, pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { ConnectorView, RotationAnswer, SettingView } from './api-views.ts';
import { askSettings } from './ask-settings.ts';
import { chooseAccount, chooseConnector, chooseInstallation } from './choose.ts';
import { type CommandContext, collect, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import { exitCodes, type Io } from './io.ts';
import { readPasteText } from './read-input.ts';
import { usageError } from './report-error.ts';
import { formatRotation } from './rotation-text.ts';

const actions = ['stage', 'test', 'swap', 'status', 'cancel', 'purge'] as const;
type Action = (typeof actions)[number];

interface RotateOptions extends ApiOptions, Readonly<Partial<Record<Action, boolean>>> {
  readonly console?: boolean;
  readonly paste?: string;
  readonly fallbackMinutes?: string;
  readonly on?: readonly string[];
  readonly json?: boolean;
}

/** Whose credentials they are, and where the API has them. */
interface Target {
  readonly name: string;
  readonly path: string;
  readonly account?: string;
  readonly connector: ConnectorView;
}

export function rotateCommand({ io, done }: CommandContext): Command {
  const command = createCommand('rotate', io, {
    description:
      'Replaces the credentials of an installation, or with --console those that the console gives to all accounts.\n' +
      'The new ones are tested first, and those from before are kept as a fallback for a while. Without values a person\n' +
      'is asked for them; secrets are not shown while they are typed. Exits with 1 when the new ones are refused.',
    examples: [
      'rotate acme --paste key.env',
      'rotate acme --fallback-minutes 30',
      'rotate acme --stage --paste - < key.env',
      'rotate acme --swap',
      'rotate acme --console --status',
    ],
  })
    .argument('<installation>', 'its id or name, or the connector; with --console the connector')
    .argument('[values...]', 'key=value, by key or label')
    .option('--console', 'the credentials that the console gives to all accounts')
    .option('--paste <file>', "what the vendor's screen showed for copying; - reads what is piped in")
    .option('--fallback-minutes <n>', 'how long the credentials from before are kept (60)')
    .option('--on <installation>', 'with --console: id of one to test on, in place of all; repeat', collect)
    .option('--stage', 'only keep the new credentials, without using them')
    .option('--test', 'test the staged credentials')
    .option('--swap', 'test the staged credentials and use them')
    .option('--status', 'show what is staged, and what is kept as a fallback')
    .option('--cancel', 'forget the staged credentials')
    .option('--purge', 'forget the fallback now')
    .option('--json', 'print the rotation as JSON');
  return addAccountOptions(command).action(
    async (wanted: string, words: string[], options: RotateOptions) => {
      const action = actionOf(options);
      checkUse(action, words, options);
      const given = parseGivenValues(words);
      const api = openApi(options, io);
      const target = await findTarget(api, wanted, options, io);
      const after = await act(api, target, { action, given, options }, io);
      io.stdout.write(
        options.json ? `${JSON.stringify(after, null, 2)}\n` : formatRotation(target.name, after),
      );
      done(after.Test?.Ok === false ? exitCodes.failed : exitCodes.ok);
    },
  );
}

function actionOf(options: RotateOptions): Action | 'rotate' {
  const given = actions.filter((action) => options[action]);
  const [first = 'rotate', second] = given;
  if (second !== undefined) throw usageError(`--${first} and --${second} are two different steps`);
  return first;
}

function checkUse(action: Action | 'rotate', words: readonly string[], options: RotateOptions): void {
  const takesValues = action === 'rotate' || action === 'stage';
  if (!takesValues && (words.length > 0 || options.paste !== undefined))
    throw usageError(`--${action} takes no values`, 'New credentials are staged, or rotated to.');
  if (options.paste !== undefined && words.length > 0)
    throw usageError('--paste takes no values', 'Put all of them into the paste, or none.');
  if (options.fallbackMinutes !== undefined && action !== 'rotate' && action !== 'swap')
    throw usageError(`--${action} takes no --fallback-minutes`, 'Give it when the credentials are swapped.');
  if (options.fallbackMinutes !== undefined && !/^\d{1,6}$/.test(options.fallbackMinutes))
    throw usageError(`--fallback-minutes is "${options.fallbackMinutes}", not a number of minutes`);
  if (options.on && !options.console) throw usageError('--on goes with --console only');
}

async function findTarget(api: Api, wanted: string, options: RotateOptions, io: Io): Promise<Target> {
  if (options.console) {
    const connector = await chooseConnector(api, wanted);
    const path = pathOf`/v1.0/connectors/${connector.Name}/rotation`;
    return { name: connector.Title, path, connector };
  }
  const account = await chooseAccount(api, options, io);
  const { Id, Name, Connector } = await chooseInstallation(api, account, wanted);
  const connector = await chooseConnector(api, Connector.Name);
  return { name: Name, path: pathOf`/v1.0/account/connectors/${Id}/rotation`, account, connector };
}

interface Wish {
  readonly action: Action | 'rotate';
  readonly given: Readonly<Record<string, string>>;
  readonly options: RotateOptions;
}

async function act(api: Api, target: Target, wish: Wish, io: Io): Promise<RotationAnswer> {
  const { action, options } = wish;
  const { path, account } = target;
  const request = (body?: object): ApiRequest => ({
    ...(account !== undefined && { account }),
    ...(body && { body }),
  });
  const tested = { ...(options.on && { Installations: options.on }) };
  const minutes = options.fallbackMinutes;
  const swapped = { ...tested, ...(minutes !== undefined && { FallbackMinutes: Number(minutes) }) };
  switch (action) {
    case 'status':
      return api.get<RotationAnswer>(path, request());
    case 'cancel':
      return api.delete<RotationAnswer>(path, request());
    case 'purge':
      return api.delete<RotationAnswer>(`${path}/fallback`, request());
    case 'test':
      return api.post<RotationAnswer>(`${path}/test`, request(tested));
    case 'swap':
      return api.post<RotationAnswer>(`${path}/swap`, request(swapped));
    case 'stage':
      return api.put<RotationAnswer>(path, request(await newCredentials(target, wish, io)));
    case 'rotate': {
      const credentials = await newCredentials(target, wish, io);
      return api.post<RotationAnswer>(path, request({ ...credentials, ...swapped }));
    }
  }
}

/** Given, pasted, or asked for. */
async function newCredentials(
  { connector }: Target,
  { given, options }: Wish,
  io: Io,
): Promise<{ Text: string } | { Settings: Readonly<Record<string, string>> }> {
  if (options.paste !== undefined) return { Text: await readPasteText(options.paste, io) };
  if (Object.keys(given).length > 0) return { Settings: given };
  if (!io.isTTY) throw usageError('no new credentials are given', 'Give them with --paste, or key=value.');
  const asked = await askSettings(credentialsOf(connector, options.console ?? false), io, KEEP);
  if (Object.keys(asked).length === 0) throw usageError('no new credentials are given');
  return { Settings: asked };
}

const KEEP = 'Enter to keep what is set';

/** Secret settings, and those that are given together with one. */
function credentialsOf({ Parameters }: ConnectorView, inConsole: boolean): SettingView[] {
  const groups = new Set(
    Parameters.flatMap(({ IsSensitive, Group }) => (IsSensitive && Group !== null ? [Group] : [])),
  );
  return Parameters.filter(
    ({ IsSensitive, Group, Level }) =>
      (IsSensitive || (Group !== null && groups.has(Group))) && Level !== (inConsole ? 'account' : 'console'),
  );
}
