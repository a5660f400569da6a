/** Values given at several levels come in; one value per setting, each knowing its level, and what is missing go out. */
import type { Connector, Setting, ValueSource } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { fillTemplate, LONE_SURROGATE, type Template } from '../definition/template.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { Secret } from '../secret.ts';
import { resolveHosts } from './hosts.ts';
import type { GivenValues, ResolvedSetting, ResolvedSettings, SettingsResolution } from './installation.ts';

export interface GivenLevels {
  readonly console?: GivenValues;
  readonly account?: GivenValues;
  readonly call?: GivenValues;
}

/** The text of a setting's value, whether secret or not. */
export const textOf = (value: string | Secret): string => (value instanceof Secret ? value.reveal() : value);

/** The text of a setting's value by key; undefined when it has none. */
export function settingText(values: SettingsResolution['values'], key: string): string | undefined {
  const resolved = Object.hasOwn(values, key) ? values[key] : undefined;
  return resolved && textOf(resolved.value);
}

/** The texts of all secrets among the values, for redacting what others say. */
export function secretTexts(values: SettingsResolution['values']): string[] {
  return Object.values(values).flatMap(({ setting, value }) => (setting.secret ? [textOf(value)] : []));
}

/**
 * The text of a setting that is needed here. Throws `installation.setup-required` when it has no value: a setting that is
 * optional in general may be needed by the auth method or the method in hand.
 */
export function neededText({ connector, values }: ResolvedSettings, key: string): string {
  const text = settingText(values, key);
  if (text !== undefined) return text;
  const message = `${connector.settings[key]?.label ?? key} is missing`;
  throw new FishplateError(
    'installation.setup-required',
    `${connector.title}: ${message}, and it is needed here`,
    { problems: [{ path: key, message }] },
  );
}

/** Fills a template from settings alone; `escapeValue` as for `fillTemplate`. Throws like `neededText`. */
export function fillFromSettings(
  template: Template,
  settings: ResolvedSettings,
  escapeValue?: (value: string, name: string) => string,
): string {
  return fillTemplate(template, (name) => neededText(settings, name), escapeValue);
}

/** Whether an installation with this auth method can need the setting. */
export const isNeededBy = ({ auth }: Setting, authId: string): boolean =>
  auth === undefined || auth.includes(authId);

/**
 * Resolves each setting: default <- console <- account <- call, as far as its level and `overridable` allow. What only
 * other auth methods need than the chosen one (the first unless given) is not missing.
 * Settings of one group come from one level: the latest that gives any of them must give all. Defaults still count.
 */
export function resolveSettings(
  connector: Connector,
  given: GivenLevels,
  chosen?: string,
): SettingsResolution {
  const authId = connector.auth.find(({ id }) => id === chosen)?.id ?? connector.auth[0]?.id ?? '';
  const values: Record<string, ResolvedSetting> = {};
  const missing: Setting[] = [];
  const problems: InputProblem[] = [];
  const settings = Object.values(connector.settings);
  for (const setting of settings) {
    const level = setting.group === undefined ? undefined : levelOfGroup(settings, setting.group, given);
    const found = level === undefined ? resolveOne(setting, given) : resolveAt(setting, given, level);
    if (!found) {
      if (setting.required && isNeededBy(setting, authId)) missing.push(setting);
      continue;
    }
    values[setting.key] = found;
    const message = faultOf(setting, textOf(found.value));
    if (message !== undefined) problems.push({ path: setting.key, message: `${setting.label} ${message}` });
  }
  return { values, missing, problems };
}

type GivenLevel = keyof GivenLevels;

/** What a level says of a setting, if that level may say anything of it. */
function givenAt(setting: Setting, given: GivenLevels, level: GivenLevel): string | Secret | undefined {
  const may =
    level === 'call' ? setting.overridable === 'call' : setting.level === level || setting.level === 'either';
  const values = given[level];
  return may && values && Object.hasOwn(values, setting.key) ? values[setting.key] : undefined;
}

const resolved = (
  setting: Setting,
  source: ValueSource,
  value: string | Secret | undefined,
): ResolvedSetting | undefined => (value === undefined ? undefined : { setting, value, source });

function resolveOne(setting: Setting, given: GivenLevels): ResolvedSetting | undefined {
  const byConsole = resolved(setting, 'console', givenAt(setting, given, 'console'));
  const locked = byConsole !== undefined && setting.overridable === 'none';
  return (
    resolved(setting, 'call', givenAt(setting, given, 'call')) ??
    (locked ? undefined : resolved(setting, 'account', givenAt(setting, given, 'account'))) ??
    byConsole ??
    resolved(setting, 'default', setting.default)
  );
}

function resolveAt(setting: Setting, given: GivenLevels, level: GivenLevel): ResolvedSetting | undefined {
  return (
    resolved(setting, level, givenAt(setting, given, level)) ?? resolved(setting, 'default', setting.default)
  );
}

/** The level that all of a group comes from: the console if it gave a value that may not be replaced, else the latest. */
function levelOfGroup(
  settings: readonly Setting[],
  group: string,
  given: GivenLevels,
): GivenLevel | undefined {
  const members = settings.filter((setting) => setting.group === group);
  const sources = members.map((setting) => resolveOne(setting, given));
  if (sources.some((found) => found?.source === 'console' && found.setting.overridable === 'none'))
    return 'console';
  return (['call', 'account', 'console'] as const).find((level) =>
    sources.some((found) => found?.source === level),
  );
}

/** What is wrong with a setting's value, in words that follow its label; undefined when nothing is. Never quotes the value of a secret. */
export function faultOf(setting: Setting, value: string): string | undefined {
  if (value === '' || (setting.multiline && value.trim() === '')) return 'is empty';
  if (value.length > setting.maxLength) return `is longer than ${setting.maxLength} characters`;
  if (!setting.multiline && hasControlCharacter(value))
    return 'holds a line break or another control character';
  if (LONE_SURROGATE.test(value)) return 'holds half a character (an unpaired surrogate)';
  if (!setting.multiline && value !== value.trim()) return 'begins or ends with a space';
  const listed = setting.choices?.map((choice) => choice.value);
  if (listed?.includes(value)) return undefined;
  if (listed && !setting.open) return `must be one of ${listed.join(', ')}`;
  if (setting.pattern !== undefined && !new RegExp(setting.pattern, 'u').test(value))
    return `must be ${setting.patternHint ?? `like ${setting.pattern}`}`;
  return undefined;
}

const hasControlCharacter = (text: string) => /\p{Cc}/u.test(text);

/**
 * Checks values that somebody wants to set at a level. Unknown names: `settings.unknown`; a level that may not give
 * them: `settings.wrong-level`; broken rules: `settings.invalid`. All problems of the worst kind at once.
 */
export function assertSettable(
  connector: Connector,
  level: GivenLevel,
  values: Readonly<Record<string, string | null>>,
): void {
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(connector.settings, key));
  if (unknown.length > 0) {
    const problems = unknown.map((key) => {
      const hint = didYouMean(key, Object.keys(connector.settings));
      return {
        path: key,
        message: 'is not a setting of this connector',
        ...(hint !== undefined && { hint }),
      };
    });
    throw new FishplateError(
      'settings.unknown',
      `${connector.title} has no setting ${unknown.map((key) => `"${key}"`).join(', ')}`,
      { problems },
    );
  }
  const settings = Object.keys(values).flatMap((key) => connector.settings[key] ?? []);
  const foreign = settings.filter((setting) =>
    level === 'call' ? setting.overridable !== 'call' : setting.level !== 'either' && setting.level !== level,
  );
  if (foreign.length > 0) {
    const problems = foreign.map((setting) => ({
      path: setting.key,
      message:
        level === 'call'
          ? `${setting.label} cannot be replaced for one call`
          : `${setting.label} is given by the ${setting.level} only`,
    }));
    throw new FishplateError(
      'settings.wrong-level',
      `${foreign.map((setting) => setting.label).join(', ')} cannot be set in the ${level}`,
      { problems },
    );
  }
  const problems = settings.flatMap((setting) => {
    const value = values[setting.key];
    const message = value === null || value === undefined ? undefined : faultOf(setting, value);
    return message === undefined ? [] : [{ path: setting.key, message: `${setting.label} ${message}` }];
  });
  if (problems.length > 0)
    throw new FishplateError('settings.invalid', problems.map((problem) => problem.message).join('; '), {
      problems,
    });
}

/** Settings with everything in place. Throws `installation.setup-required` or `settings.invalid`. */
export function completeSettings(connector: Connector, resolution: SettingsResolution): ResolvedSettings {
  if (resolution.missing.length > 0) {
    const problems = resolution.missing.map((setting) => ({
      path: setting.key,
      message: `${setting.label} is missing`,
    }));
    throw new FishplateError(
      'installation.setup-required',
      `${connector.title} still needs ${resolution.missing.map((setting) => setting.label).join(', ')}`,
      { problems },
    );
  }
  const hosts =
    resolution.problems.length > 0
      ? { problems: [...resolution.problems] }
      : resolveHosts(connector, (key) => settingText(resolution.values, key));
  if ('problems' in hosts) {
    throw new FishplateError(
      'settings.invalid',
      hosts.problems.map((problem) => problem.message).join('; '),
      { problems: hosts.problems },
    );
  }
  return { connector, values: resolution.values, ...hosts };
}
