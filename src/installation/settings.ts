/** Values given at several levels come in; one value per setting, each knowing its level, and what is missing go out. */
import type { Connector, Setting, ValueSource } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { fillTemplate } from '../definition/template.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { GivenValues, ResolvedSetting, ResolvedSettings, SettingsResolution } from './installation.ts';

export interface GivenLevels {
  readonly console?: GivenValues;
  readonly account?: GivenValues;
  readonly call?: GivenValues;
}

/** The text of a setting's value, whether secret or not. */
export const textOf = (value: string | Secret): string => (value instanceof Secret ? value.reveal() : value);

/**
 * Resolves each setting: default <- console <- account <- call, as far as its level and `overridable` allow.
 * Settings of one group come from one level: when the account gives one of them, it must give all.
 */
export function resolveSettings(connector: Connector, given: GivenLevels): SettingsResolution {
  const values: Record<string, ResolvedSetting> = {};
  const missing: Setting[] = [];
  const problems: InputProblem[] = [];
  const ownGroups = groupsGivenByAccount(connector, given.account ?? {});
  for (const setting of Object.values(connector.settings)) {
    const found = resolveOne(setting, given, setting.group !== undefined && ownGroups.has(setting.group));
    if (!found) {
      if (setting.required) missing.push(setting);
      continue;
    }
    values[setting.key] = found;
    const message = faultOf(setting, textOf(found.value));
    if (message !== undefined) problems.push({ path: setting.key, message: `${setting.label} ${message}` });
  }
  return { values, missing, problems };
}

function groupsGivenByAccount(connector: Connector, account: GivenValues): Set<string> {
  const groups = new Set<string>();
  for (const setting of Object.values(connector.settings))
    if (
      setting.group !== undefined &&
      setting.level !== 'console' &&
      setting.overridable !== 'none' &&
      account[setting.key] !== undefined
    )
      groups.add(setting.group);
  return groups;
}

function resolveOne(setting: Setting, given: GivenLevels, accountOnly: boolean): ResolvedSetting | undefined {
  const pick = (source: ValueSource, value: string | Secret | undefined): ResolvedSetting | undefined =>
    value === undefined ? undefined : { setting, value, source };
  const byCall = setting.overridable === 'call' ? pick('call', given.call?.[setting.key]) : undefined;
  const byConsole =
    setting.level === 'account' || accountOnly ? undefined : pick('console', given.console?.[setting.key]);
  const mayGive = setting.level !== 'console' && (byConsole === undefined || setting.overridable !== 'none');
  const byAccount = mayGive ? pick('account', given.account?.[setting.key]) : undefined;
  return byCall ?? byAccount ?? byConsole ?? pick('default', setting.default);
}

/** What is wrong with a setting's value, in words that follow its label; undefined when nothing is. Never quotes the value of a secret. */
export function faultOf(setting: Setting, value: string): string | undefined {
  if (value === '') return 'is empty';
  if (value.length > setting.maxLength) return `is longer than ${setting.maxLength} characters`;
  if (!setting.multiline && hasControlCharacter(value))
    return 'holds a line break or another control character';
  if (value !== value.trim()) return 'begins or ends with a space';
  const listed = setting.choices?.map((choice) => choice.value);
  if (listed?.includes(value)) return undefined;
  if (listed && !setting.open) return `must be one of ${listed.join(', ')}`;
  if (setting.pattern !== undefined && !new RegExp(setting.pattern, 'u').test(value))
    return `must be ${setting.patternHint ?? `like ${setting.pattern}`}`;
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  for (const character of text)
    if ((character.codePointAt(0) ?? 0) < 32 || character === '\u007f') return true;
  return false;
}

/**
 * Checks values that somebody wants to set at a level. Unknown names: `settings.unknown`; a level that may not give
 * them: `settings.wrong-level`; broken rules: `settings.invalid`. All problems of the worst kind at once.
 */
export function assertSettable(
  connector: Connector,
  level: 'console' | 'account',
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
  const foreign = settings.filter((setting) => setting.level !== 'either' && setting.level !== level);
  if (foreign.length > 0) {
    const problems = foreign.map((setting) => ({
      path: setting.key,
      message: `${setting.label} is given by the ${setting.level} only`,
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

/** The hosts that follow from the settings, or what stands in the way of them. */
export function resolveHosts(
  connector: Connector,
  values: SettingsResolution['values'],
): { hosts: Record<string, string>; environment: string } | { problems: InputProblem[] } {
  const { setting, named, other } = connector.environments;
  const chosen =
    setting === undefined ? Object.keys(named)[0] : values[setting] && textOf(values[setting].value);
  const environment = chosen === undefined ? undefined : Object.hasOwn(named, chosen) ? named[chosen] : other;
  if (chosen === undefined || !environment) {
    return {
      problems: [
        {
          path: setting ?? '',
          message: `there is no environment "${chosen ?? ''}"; there are ${Object.keys(named).join(', ')}`,
        },
      ],
    };
  }
  const hosts: Record<string, string> = {};
  const problems: InputProblem[] = [];
  for (const [host, template] of Object.entries(environment.hosts)) {
    hosts[host] = fillTemplate(template, (name) => values[name] && textOf(values[name].value));
    const override = connector.overrides[host];
    const given = override === undefined ? undefined : values[override];
    if (override === undefined || !given) continue;
    const url = baseUrl(textOf(given.value));
    if (url === undefined)
      problems.push({
        path: override,
        message: `${given.setting.label} must be a base URL such as https://proxy.example.com; http only for this machine`,
      });
    else hosts[host] = url;
  }
  return problems.length > 0 ? { problems } : { hosts, environment: chosen };
}

/** A base URL without its last slash; undefined when it is none, carries credentials, or is http to another machine. */
function baseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const local = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\./.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
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
      : resolveHosts(connector, resolution.values);
  if ('problems' in hosts) {
    throw new FishplateError(
      'settings.invalid',
      hosts.problems.map((problem) => problem.message).join('; '),
      { problems: hosts.problems },
    );
  }
  return { connector, values: resolution.values, ...hosts };
}
