/** An installation, or a connector and its console setup, come in; what a form of the account's settings needs goes out. Pure. */
import type { ConnectorRelease, ConsoleSetup, Parameter } from '../api/answers.ts';
import type { Installation } from '../api/installation-answers.ts';
import type { StoredSettings } from './settings-form/settings-schema.ts';

/** Those that an account may give and that the way to authenticate needs. */
export function accountParameters(connector: ConnectorRelease, authId: string | undefined): Parameter[] {
  const chosen = authId ?? connector.Authentication[0]?.Id ?? '';
  return connector.Parameters.filter(
    ({ Level, AuthenticationIds: ids }) => Level !== 'console' && (ids === null || ids.includes(chosen)),
  );
}

/** What the console gives to every account: asked for nowhere, unless an account wants its own. */
export function givenByConsole(
  parameters: readonly Parameter[],
  setup: ConsoleSetup | undefined,
): Parameter[] {
  return parameters.filter(({ TargetName }) =>
    setup?.Settings.some(({ Name, IsSet }) => Name === TargetName && IsSet),
  );
}

/** What only the console can give, and has not: no installation works before. */
export function lackingInConsole(
  { Parameters }: ConnectorRelease,
  setup: ConsoleSetup | undefined,
): Parameter[] {
  return Parameters.filter(
    ({ Level, IsOptional, TargetName }) =>
      Level === 'console' &&
      !IsOptional &&
      setup?.Settings.some(({ Name, IsSet }) => Name === TargetName && !IsSet),
  );
}

/** Before there is an installation: what counts as long as the account gives nothing. */
export function storedBefore(fromConsole: readonly Parameter[]): StoredSettings {
  return Object.fromEntries(
    fromConsole.map(({ TargetName }) => [TargetName, { isSet: true, value: null, source: 'console' }]),
  );
}

export function storedIn({ Properties }: Pick<Installation, 'Properties'>): StoredSettings {
  return Object.fromEntries(
    Properties.map(({ Name, IsSet, Value, Source }) => [
      Name,
      { isSet: IsSet, value: Value, source: Source },
    ]),
  );
}

/** Secrets, and what comes together with them. */
export const isCredential = ({ Role }: Parameter): boolean => Role === 'credentials';

/** Whether the account gives credentials of its own. */
export const hasOwnCredentials = ({ Properties, Connector }: Installation): boolean =>
  Connector.Parameters.filter(isCredential).some(({ TargetName }) =>
    Properties.some(({ Name, Source }) => Name === TargetName && Source === 'account'),
  );

/** The values among changes that are given, not taken away. */
export const givenIn = (changes: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null));

/** A name that no other installation of the account has: "Billing", "Billing 2". */
export function freeName(title: string, taken: readonly string[]): string {
  let name = title;
  for (let number = 2; taken.includes(name); number++) name = `${title} ${number}`;
  return name;
}
