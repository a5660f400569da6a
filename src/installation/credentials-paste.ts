/** Text as a vendor's screen copies it - environment variables, JSON, label and value - comes in; settings go out. */
import type { Connector, Setting } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { findNamed, LONGEST_PASTE, type NamedSetting, type Paste, readPasteText } from '../paste-text.ts';

/** Finds a setting by key, label, the vendor's name for it, or one of its aliases. */
export function findSetting(connector: Connector, name: string): Setting | undefined {
  const key = findNamed(Object.values(connector.settings).map(named), name);
  return key === undefined ? undefined : connector.settings[key];
}

/** The names by which pasted text may call a setting. */
const named = (setting: Setting): NamedSetting => ({
  key: setting.key,
  names: [setting.key, setting.label],
  aliases: aliasesOf(setting),
});

/** Everything that the vendor calls the setting. */
export const aliasesOf = ({ aliases, vendorName }: Setting): readonly string[] =>
  vendorName === undefined ? aliases : [vendorName, ...aliases];

/** Reads a pasted text. Throws `settings.paste-unreadable` when it is too long or names no setting of the connector. */
export function parsePaste(connector: Connector, text: string): Paste {
  if (text.length > LONGEST_PASTE)
    throw new FishplateError(
      'settings.paste-unreadable',
      `the pasted text has ${text.length} characters; ${LONGEST_PASTE} are read`,
    );
  const paste = readPasteText(Object.values(connector.settings).map(named), text);
  if (Object.keys(paste.values).length === 0) {
    const found =
      paste.unknown.length > 0
        ? `it names only ${paste.unknown.slice(0, 5).join(', ')}`
        : 'it is neither NAME=value lines nor JSON';
    throw new FishplateError(
      'settings.paste-unreadable',
      `no setting of ${connector.title} in the pasted text: ${found}`,
    );
  }
  return paste;
}
