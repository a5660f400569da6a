/** `fishplate setup`: values for a connector's console settings come in, what is set goes out. */
import type { Command } from 'commander';
import { type Api, pathOf } from './api-client.ts';
import { type ApiOptions, addApiOptions, openApi } from './api-options.ts';
import type { DependentView, SettingView, SetupView } from './api-views.ts';
import { askSettings } from './ask-settings.ts';
import { chooseConnector } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';
import { formatTable } from './table.ts';

interface SetupOptions extends ApiOptions {
  readonly show?: boolean;
  readonly json?: boolean;
}

export function setupCommand({ io }: CommandContext): Command {
  const command = createCommand('setup', io, {
    description:
      'Gives settings of a connector in the console: shared by every account, and not asked again at install.\n' +
      'Without values, a person is asked for them; secrets are not shown while they are typed.',
    examples: ['setup acme', 'setup acme --show', 'setup acme keyId=K123 keySecret=...', 'setup acme keyId='],
  })
    .argument('<connector>', 'its name')
    .argument('[values...]', 'key=value, by key or label; key= takes a value away')
    .option('--show', 'only show what is set; never the values of secrets')
    .option('--json', 'print the setup as JSON');
  return addApiOptions(command).action(async (name: string, words: string[], options: SetupOptions) => {
    const api = openApi(options, io);
    const values = parseGivenValues(words);
    if (options.show && words.length > 0)
      throw usageError('--show takes no values', 'Leave --show out to set them.');
    const given = options.show || words.length > 0 ? values : await askForValues(api, name, io);
    const path = pathOf`/v1.0/connectors/${name}/setup`;
    const setup = Object.keys(given).length
      ? await api.put<SetupView>(path, { body: { Settings: withRemovals(given) } })
      : await api.get<SetupView>(path);
    io.stdout.write(options.json ? `${JSON.stringify(setup, null, 2)}\n` : formatSetup(setup));
  });
}

/** No values at all are asked for when nobody is there to answer. */
async function askForValues(api: Api, name: string, io: Io): Promise<Record<string, string>> {
  if (!io.isTTY)
    throw usageError('no values are given', 'Give key=value, or --show to see what there is to give.');
  const connector = await chooseConnector(api, name);
  const settings = connector.Parameters.filter(({ Level }) => Level !== 'account');
  const { Settings } = await api.get<SetupView>(pathOf`/v1.0/connectors/${connector.Name}/setup`);
  const set = new Set(Settings.filter(({ IsSet }) => IsSet).map((setting) => setting.Name));
  return askSettings(settings.filter(isAskedFor), io, 'Enter to leave it to each account', set);
}

/** Settings that nobody has to give, such as the URLs of a proxy, are given by name or not at all. */
const isAskedFor = (setting: SettingView) => !setting.IsOptional || setting.Level === 'either';

const withRemovals = (values: Readonly<Record<string, string>>): Record<string, string | null> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === '' ? null : value]));

function formatSetup({ Connector, State, Settings, Installations, Retested }: SetupView): string {
  const rows = Settings.map((setting) => [
    setting.Name,
    setting.Label,
    setting.Level,
    setting.IsSet ? (setting.IsSensitive ? '(set, hidden)' : (setting.Value ?? '(set)')) : '-',
  ]);
  const left = Settings.filter(({ IsSet, IsOptional }) => !IsSet && !IsOptional).map(({ Label }) => Label);
  const state = State === 'ready' ? 'ready' : `each account must give ${left.join(', ')} by itself`;
  const affected = Retested
    ? formatDependents('Installations tested again:', Retested)
    : formatDependents('Installations that use these:', Installations);
  return `${Connector.Title} ${Connector.Version}: ${state}\n\n${formatTable(['key', 'label', 'level', 'value'], rows)}${affected}`;
}

function formatDependents(title: string, dependents: readonly DependentView[]): string {
  if (dependents.length === 0) return '';
  const rows = dependents.map(({ Id, AccountName, Name, State, StateReason }) => [
    ...[Id, AccountName, Name, State],
    StateReason ? `${StateReason.Message} [${StateReason.Code}]` : '',
  ]);
  return `\n${title}\n${formatTable(['id', 'account', 'name', 'state', 'why'], rows)}`;
}
