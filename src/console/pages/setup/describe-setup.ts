/** A connector and its console setup come in; what the form needs of it, and sentences about it, go out. Pure. */
import type { ConnectorRelease, ConsoleSetup } from '../../api/answers.ts';
import { countOf, listOf } from '../../parts/format.ts';
import type { StoredSettings } from '../../parts/settings-form/settings-schema.ts';

export function storedOf({ Settings }: ConsoleSetup): StoredSettings {
  return Object.fromEntries(
    Settings.map(({ Name, IsSet, Value, Source, UpdatedDate }) => [
      Name,
      { isSet: IsSet, value: Value, source: Source, updatedDate: UpdatedDate },
    ]),
  );
}

/** What the accounts still have to give, after what is stored here. */
export function describeRest({ Parameters }: ConnectorRelease, { Settings }: ConsoleSetup): string {
  const isGivenHere = (key: string) => Settings.some(({ Name, IsSet }) => Name === key && IsSet);
  const rest = Parameters.filter(
    ({ TargetName, Level, IsOptional }) => Level !== 'console' && !IsOptional && !isGivenHere(TargetName),
  ).map(({ DisplayName }) => DisplayName);
  if (rest.length === 0) return 'Accounts are asked for nothing more.';
  return `Each account is asked for ${listOf(rest)}.`;
}

/** What saving brought about, to be read out. */
export function describeSaved(
  count: number,
  before: ConsoleSetup['Installations'],
  { State, Installations }: ConsoleSetup,
): string {
  const saved = `Saved ${countOf(count, 'setting')}${State === 'ready' ? '; the console setup is ready' : ''}.`;
  const failing = Installations.filter((one) => one.State === 'failing').length;
  const gone = before.filter(({ Id }) => !Installations.some((one) => one.Id === Id)).length;
  return [
    saved,
    Installations.length > 0 &&
      `${countOf(Installations.length, 'installation')} tested again: ${failing === 0 ? 'none fails' : `${failing} failing`}.`,
    gone > 0 &&
      `${countOf(gone, 'installation')} no longer use${gone === 1 ? 's' : ''} the console's values.`,
  ]
    .filter(Boolean)
    .join(' ');
}
