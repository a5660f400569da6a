/** New credentials as callers send them come in - by name, as an AuthValue, or pasted; setting values by key go out. */
import type { Connector } from '../definition/connector.ts';
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, type InputProblem, isFishplateError } from '../errors.ts';
import { findSetting } from '../installation/credentials-paste.ts';
import { credentialSettings } from '../installation/rotation.ts';
import { readAuthValue } from './auth-value.ts';

/** A checked rotation-request.schema.json. */
export interface GivenRotation {
  readonly Settings?: Readonly<Record<string, string>>;
  readonly AuthValue?: unknown;
  readonly Text?: string;
  readonly FallbackMinutes?: number;
  readonly Installations?: readonly string[];
}

type Values = Readonly<Record<string, string>>;

export interface RotationPlace {
  readonly connector: Connector;
  /** Empty in the console: the first auth method counts. */
  readonly authId: string;
  /** The values of settings as they are, as far as they may be read. */
  readonly currentOf: (key: string) => string | undefined;
  readonly readPaste: (text: string) => { readonly values: Values };
}

/**
 * Reads one of `Settings`, `AuthValue` and `Text`. What the vendor shows for copying holds more than credentials; it
 * may, as long as it says nothing else than the settings do. Throws `input.invalid`, `settings.unknown`,
 * `settings.paste-unreadable`; no message quotes a value.
 */
export function readRotation(given: GivenRotation, place: RotationPlace): Values {
  const { Settings: settings, AuthValue: authValue, Text: text } = given;
  const ways = [settings, authValue ?? undefined, text].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new FishplateError('input.invalid', 'give the new credentials once: Settings, AuthValue or Text');
  if (settings !== undefined) return readNamed(place.connector, settings);
  try {
    if (text !== undefined) return onlyCredentials(place, place.readPaste(text).values);
    return readAuthValue(place.connector, place.authId, authValue, (pasted) => ({
      values: onlyCredentials(place, place.readPaste(pasted).values),
    }));
  } catch (error) {
    if (!isFishplateError(error, 'settings.paste-unreadable')) throw error;
    // The reader's message names what it took for names, which may be parts of a secret here.
    throw new FishplateError(
      'settings.paste-unreadable',
      `what was sent holds no credentials of ${place.connector.title}`,
    );
  }
}

function readNamed(connector: Connector, given: Values): Values {
  const values: Record<string, string> = {};
  const problems: InputProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const setting = findSetting(connector, name);
    const path = `Settings.${name}`;
    if (!setting) {
      const hint = didYouMean(name, Object.keys(connector.settings));
      const message = 'is not a setting of this connector';
      problems.push({ path, message, ...(hint !== undefined && { hint }) });
    } else if (Object.hasOwn(values, setting.key))
      problems.push({ path, message: `gives ${setting.key} a second time` });
    else values[setting.key] = value;
  }
  if (problems.length === 0) return values;
  const text = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new FishplateError('settings.unknown', text, { problems });
}

function onlyCredentials({ connector, currentOf }: RotationPlace, pasted: Values): Values {
  const credentials = new Set(credentialSettings(connector).map(({ key }) => key));
  const others = Object.entries(pasted).filter(([key, value]) => {
    const current = credentials.has(key) ? undefined : currentOf(key);
    return current !== undefined && current !== value;
  });
  if (others.length > 0)
    throw new FishplateError(
      'rotation.not-credentials',
      `the pasted text has another ${others.map(([key]) => connector.settings[key]?.label ?? key).join(', ')}`,
    );
  return Object.fromEntries(Object.entries(pasted).filter(([key]) => credentials.has(key)));
}
