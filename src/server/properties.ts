/** Properties as callers write them come in; setting values by key go out. */
import type { Connector, Setting } from '../definition/connector.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { findSetting } from '../installation/credentials-paste.ts';

/** A checked property.schema.json. */
export interface GivenProperty {
  readonly Name?: string;
  readonly Id?: number | string;
  readonly Value?: string | number | boolean | null;
}

/**
 * Finds each property by Name (key, label or alias; case, spaces and punctuation do not matter) or else by Id, and takes
 * its value as text. Throws `settings.unknown` or `settings.wrong-level`, before the runtime would, so that the message
 * has the caller's own names.
 */
export function readProperties(
  connector: Connector,
  given: readonly GivenProperty[],
): Record<string, string> {
  const values: Record<string, string> = {};
  const problems: InputProblem[] = [];
  given.forEach((property, index) => {
    const setting = settingOf(connector, property);
    const path = `Properties.${index}`;
    if (Object.hasOwn(values, setting.key))
      problems.push({ path, message: `gives ${setting.label} a second time` });
    else if (property.Value === undefined || property.Value === null)
      problems.push({ path, message: `gives no Value for ${setting.label}` });
    else if (Number.isInteger(property.Value) && !Number.isSafeInteger(property.Value))
      problems.push({
        path,
        message: `gives ${setting.label} a number that loses digits: write it as a text`,
      });
    else values[setting.key] = String(property.Value);
  });
  if (problems.length > 0)
    throw new FishplateError(
      'input.invalid',
      problems.map(({ path, message }) => `${path} ${message}`).join('; '),
      { problems, hint: 'Correct these; DELETE a property to take its value away.' },
    );
  return values;
}

function settingOf(connector: Connector, property: GivenProperty): Setting {
  const name = property.Name ?? '';
  const byId = () =>
    Object.values(connector.settings).find(({ id }) => String(id) === String(property.Id ?? ''));
  const setting = name === '' ? byId() : findSetting(connector, name);
  const shown = name === '' ? `id ${String(property.Id ?? '(none)')}` : `name '${name}'`;
  if (!setting)
    throw new FishplateError('settings.unknown', `${connector.title} has no property of ${shown}`, {
      hint: `Its properties are ${accountKeys(connector).join(', ')}.`,
    });
  if (setting.level === 'console')
    throw new FishplateError(
      'settings.wrong-level',
      `Property '${setting.key}' of ${connector.title} is set in the console, not in an account`,
    );
  return setting;
}

function accountKeys(connector: Connector): string[] {
  return Object.values(connector.settings)
    .filter(({ level }) => level !== 'console')
    .map(({ key }) => key);
}
