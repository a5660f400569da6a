/** `fishplate install`: a connector and an account come in; an installation, tested as soon as nothing is missing, goes out. */
import type { Command } from 'commander';
import { isFishplateError } from '../errors.ts';
import { type Api, pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { ConnectorView, InstallationAnswer, PasteAnswer, SettingView, SetupView } from './api-views.ts';
import { askSettings } from './ask-settings.ts';
import { chooseAccount, chooseConnector, listInstallations } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import { formatInstallation } from './installation-text.ts';
import { type ExitCode, exitCodes, type Io } from './io.ts';
import { readPasteText } from './read-input.ts';
import { usageError } from './report-error.ts';

interface InstallOptions extends ApiOptions {
  readonly name?: string;
  readonly auth?: string;
  readonly paste?: string;
  readonly json?: boolean;
}

export function installCommand({ io, done }: CommandContext): Command {
  const command = createCommand('install', io, {
    description:
      'Installs a connector in an account. A person is asked for what is still missing; otherwise it is installed\n' +
      'without, and the answer says what is missing. With nothing missing the connection is tested at once.\n' +
      'Exits with 1 when the vendor refuses the connection.',
    examples: ['install acme', 'install acme --account a1 tenant=t1', 'install acme --paste key.env'],
  })
    .argument('<connector>', 'its name')
    .argument('[values...]', 'key=value, by key or label')
    .option('--name <name>', "the installation's name")
    .option(
      '--auth <id>',
      'which way to authenticate, where the connector has several; the first unless given',
    )
    .option('--paste <file>', "what the vendor's screen showed for copying; - reads what is piped in")
    .option('--json', 'print the installation as JSON');
  return addAccountOptions(command).action(
    async (connector: string, words: string[], options: InstallOptions) => {
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await install(api, account, connector, parseGivenValues(words), options, io);
      io.stdout.write(
        options.json ? `${JSON.stringify(installation, null, 2)}\n` : formatInstallation(installation),
      );
      if (installation.State === 'setup-required' && !options.json)
        io.stderr.write(`Give the rest with: fishplate settings ${installation.Id}\n`);
      done(exitCodeOf(installation));
    },
  );
}

/** Installed without setup is what was asked for; installed and refused by the vendor is not. */
export const exitCodeOf = ({ State }: InstallationAnswer): ExitCode =>
  State === 'failing' ? exitCodes.failed : exitCodes.ok;

async function install(
  api: Api,
  account: string,
  name: string,
  given: Readonly<Record<string, string>>,
  options: InstallOptions,
  io: Io,
): Promise<InstallationAnswer> {
  const connector = await chooseConnector(api, name);
  const text = options.paste === undefined ? undefined : await readPasteText(options.paste, io);
  const pasted = text === undefined ? undefined : await readPaste(api, connector, text);
  const twice = pasted?.Settings.find(({ Name, Label }) =>
    Object.keys(given).some((key) => sameName(key, Name) || sameName(key, Label)),
  );
  if (twice)
    throw usageError(
      `${twice.Name} is given twice: as a value and in the paste`,
      'Leave it out of the command line, or take it out of the paste.',
    );
  const known = [...Object.keys(given), ...(pasted?.Settings.map((setting) => setting.Name) ?? [])];
  const asked = io.isTTY
    ? await askSettings(await unanswered(api, connector, known, options.auth), io, 'Enter to give it later')
    : {};
  const values = { ...given, ...asked };
  const installed = await api.post<InstallationAnswer>(pathOf`/v1.0/connectors/${connector.Name}/install`, {
    account,
    body: {
      Name: options.name ?? (await freeName(api, account, connector.Title)),
      ...(options.auth !== undefined && { AuthenticationId: options.auth }),
      Properties: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
    },
  });
  return text === undefined ? installed : pasteInto(api, account, installed, text, io);
}

/** A look before anything is made: text that holds nothing leaves no installation behind. */
async function readPaste(api: Api, connector: ConnectorView, text: string): Promise<PasteAnswer> {
  return api.post<PasteAnswer>(pathOf`/v1.0/connectors/${connector.Name}/paste`, { body: { Text: text } });
}

/** Sets what a pasted text holds, and says on stderr what was not used. */
export async function pasteInto(
  api: Api,
  account: string,
  installed: InstallationAnswer,
  text: string,
  io: Io,
): Promise<InstallationAnswer> {
  const path = pathOf`/v1.0/account/connectors/${installed.Id}/paste`;
  const result = await api.post<PasteAnswer>(path, { account, body: { Text: text } });
  const skipped = (result.Skipped ?? []).map(({ Label }) => Label);
  if (result.Unknown.length > 0) io.stderr.write(`not used from the paste: ${result.Unknown.join(', ')}\n`);
  if (skipped.length > 0) io.stderr.write(`left out, since the console gives them: ${skipped.join(', ')}\n`);
  return result.Installation ?? installed;
}

/** What an account has to say: settings of its own level, and those that the console could have given but has not. */
async function unanswered(
  api: Api,
  connector: ConnectorView,
  known: readonly string[],
  auth = connector.Authentication[0]?.Id ?? '',
): Promise<SettingView[]> {
  const inConsole = await setInConsole(api, connector);
  const isKnown = ({ TargetName, DisplayName }: SettingView) =>
    known.some((name) => sameName(name, TargetName) || sameName(name, DisplayName));
  return connector.Parameters.filter(
    (setting) =>
      setting.Level !== 'console' &&
      (setting.AuthenticationIds?.includes(auth) ?? true) &&
      !inConsole.has(setting.TargetName) &&
      !isKnown(setting) &&
      (!setting.IsOptional || setting.DefaultValue !== null),
  );
}

/** Keys of the settings that the console gives. Tokens for one account may not see that, so they are asked for more. */
async function setInConsole(api: Api, { Name }: ConnectorView): Promise<ReadonlySet<string>> {
  try {
    const setup = await api.get<SetupView>(pathOf`/v1.0/connectors/${Name}/setup`);
    return new Set(setup.Settings.filter(({ IsSet }) => IsSet).map((setting) => setting.Name));
  } catch (error) {
    if (!isFishplateError(error, 'access.forbidden')) throw error;
    return new Set();
  }
}

const bareName = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const sameName = (a: string, b: string) => bareName(a) === bareName(b);

/** The connector's title, with a number when the account has one of that name: names are how people call installations. */
async function freeName(api: Api, account: string, title: string): Promise<string> {
  const taken = new Set((await listInstallations(api, account)).map(({ Name }) => Name.toLowerCase()));
  let name = title;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${title} ${number}`;
  return name;
}
