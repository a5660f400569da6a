/** A connector and its console setup come in; what the form needs of it, and sentences about it, go out. Pure. */
import type { ConnectorRelease, ConsoleSetup, DependentInstallation, Parameter } from '../../api/answers.ts';
import { countOf, formatCount, listOf } from '../../parts/format.ts';
import { isCredential } from '../../parts/installation-settings.ts';
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
export function describeSaved(count: number, setup: ConsoleSetup): string {
  const { State, Retested = [] } = setup;
  const saved = `Saved ${countOf(count, 'setting')}${State === 'ready' ? '; the console setup is ready' : ''}.`;
  if (Retested.length === 0) return saved;
  const waiting = Retested.filter((one) => one.State === 'setup-required').length;
  const failing = Retested.filter((one) => one.State === 'failing').length;
  const tested = Retested.length - waiting;
  const { begun, ended } = sortDependents(setup);
  return [
    saved,
    ...(tested > 0
      ? [
          `${countOf(tested, 'installation')} tested again: ${failing === 0 ? 'none fails' : `${formatCount(failing)} failing`}.`,
        ]
      : []),
    ...(waiting > 0 ? [`${countOf(waiting, 'installation')} without all values now.`] : []),
    ...(begun.length > 0 ? [`Now with values from the console: ${namesOf(begun)}.`] : []),
    ...(ended.length > 0 ? [`No longer with values from the console: ${namesOf(ended)}.`] : []),
  ].join(' ');
}

const MOST_NAMES = 3;

/** A toast is short; all of them are on the page. */
function namesOf(installations: readonly DependentInstallation[]): string {
  const names = installations.slice(0, MOST_NAMES).map(({ Name, AccountName }) => `${Name} (${AccountName})`);
  const more = installations.length - names.length;
  return listOf(more > 0 ? [...names, `${formatCount(more)} more`] : names);
}

/** Which installations began to take values from the console with a change, which go on, and which no longer do. */
export function sortDependents({
  Installations,
  Retested = [],
}: Pick<ConsoleSetup, 'Installations' | 'Retested'>) {
  const isBegun = ({ Id }: DependentInstallation) =>
    Retested.some((one) => one.Id === Id && one.Dependence === 'begun');
  return {
    begun: Installations.filter(isBegun),
    kept: Installations.filter((one) => !isBegun(one)),
    ended: Retested.filter(({ Dependence }) => Dependence === 'ended'),
  };
}

/** The credentials that the console gives, which alone can be rotated. */
export const rotatableIn = ({ Parameters }: ConnectorRelease, { Settings }: ConsoleSetup): Parameter[] =>
  Parameters.filter(
    (parameter) =>
      isCredential(parameter) && Settings.some(({ Name, IsSet }) => Name === parameter.TargetName && IsSet),
  );
