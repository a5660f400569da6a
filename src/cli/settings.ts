/** `fishplate settings`: an installation comes in; what is set for it goes out, or is changed and the connection tested. */
import type { Command } from 'commander';
import { type Api, pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { InstallationAnswer, PropertyAnswer } from './api-views.ts';
import { askSettings } from './ask-settings.ts';
import { chooseAccount, chooseConnector, chooseInstallation } from './choose.ts';
import { type CommandContext, collect, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import { exitCodeOf, pasteInto } from './install.ts';
import { formatInstallation } from './installation-text.ts';
import type { Io } from './io.ts';
import { readPasteText } from './read-input.ts';
import { usageError } from './report-error.ts';
import { formatTable } from './table.ts';

interface SettingsOptions extends ApiOptions {
  readonly paste?: string;
  readonly unset?: readonly string[];
  readonly json?: boolean;
}

export function settingsCommand({ io, done }: CommandContext): Command {
  const command = createCommand('settings', io, {
    description:
      'Shows the settings of an installation. With values it sets them and tests the connection; without, a person is\n' +
      'asked for those that are missing. Exits with 1 when the vendor refuses the connection.',
    examples: [
      'settings acme',
      'settings acme tenant=t2',
      'settings acme --unset tenant',
      'settings acme --paste key.env',
    ],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('[values...]', 'key=value, by key or label')
    .option('--unset <key>', 'takes a value away; may be repeated', collect)
    .option('--paste <file>', "what the vendor's screen showed for copying; - reads what is piped in")
    .option('--json', 'print the installation as JSON');
  return addAccountOptions(command).action(
    async (wanted: string, words: string[], options: SettingsOptions) => {
      const given = parseGivenValues(words);
      if (options.paste !== undefined && words.length > 0)
        throw usageError('--paste takes no values', 'Give the values in a call of their own.');
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await chooseInstallation(api, account, wanted);
      const after = await change(api, installation, given, options, io);
      const text = after ? formatInstallation(after) : formatSettings(installation);
      io.stdout.write(options.json ? `${JSON.stringify(after ?? installation, null, 2)}\n` : text);
      if (after) done(exitCodeOf(after));
    },
  );
}

/** The installation afterwards; undefined when nothing was given, and so nothing is changed. */
async function change(
  api: Api,
  installation: InstallationAnswer,
  given: Readonly<Record<string, string>>,
  { paste, unset = [] }: SettingsOptions,
  io: Io,
): Promise<InstallationAnswer | undefined> {
  const account = installation.AccountId;
  if (paste !== undefined) return pasteInto(api, account, installation, await readPasteText(paste, io), io);
  const isAsked =
    io.isTTY && Object.keys(given).length + unset.length === 0 && installation.Missing.length > 0;
  const values = isAsked ? await askForMissing(api, installation, io) : given;
  const properties = Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  if (properties.length + unset.length === 0) return undefined;
  const path = pathOf`/v1.0/account/connectors/${installation.Id}`;
  for (const name of unset) await api.delete(`${path}${pathOf`/properties/${name}`}`, { account });
  if (properties.length > 0) await api.post(`${path}/properties`, { account, body: properties });
  return api.get<InstallationAnswer>(path, { account });
}

async function askForMissing(
  api: Api,
  { Connector, Missing }: InstallationAnswer,
  io: Io,
): Promise<Record<string, string>> {
  const { Parameters } = await chooseConnector(api, Connector.Name);
  const missing = Parameters.filter(({ TargetName }) => Missing.some(({ Name }) => Name === TargetName));
  return askSettings(missing, io, 'Enter to give it later');
}

function formatSettings({ Name, State, Properties, Missing }: InstallationAnswer): string {
  const rows = [
    ...Properties.map((property) => [property.Name, property.Label, property.Source, shownValue(property)]),
    ...Missing.map((setting) => [setting.Name, setting.Label, '-', '(missing)']),
  ];
  return `${Name}: ${State}\n\n${formatTable(['key', 'label', 'from', 'value'], rows)}`;
}

const shownValue = ({ IsSensitive, Value }: PropertyAnswer): string =>
  IsSensitive ? '(set, hidden)' : (Value ?? '(set)');
