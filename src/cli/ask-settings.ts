/** Settings that still need a value come in; what a person gives for them goes out. */
import type { SettingView } from './api-views.ts';
import type { Io } from './io.ts';
import { createPrompter } from './prompter.ts';

/**
 * Asks for each setting. Nothing typed leaves it out: then it stays as it is, its default counts, or it stays missing.
 * `whenEmpty` says what that means for settings without a default; `set` names those that have a value already.
 */
export async function askSettings(
  settings: readonly SettingView[],
  io: Io,
  whenEmpty: string,
  set: ReadonlySet<string> = new Set(),
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  if (settings.length === 0) return values;
  const prompter = createPrompter(io);
  try {
    for (const setting of settings) {
      const value = await prompter.ask({
        text: questionOf(setting, set.has(setting.TargetName) ? KEEP : usualOf(setting, whenEmpty)),
        isSecret: setting.IsSensitive,
      });
      if (value !== '') values[setting.TargetName] = value;
    }
  } finally {
    prompter.close();
  }
  return values;
}

const KEEP = 'Enter to keep what is set';

const usualOf = ({ DefaultValue }: SettingView, whenEmpty: string): string =>
  DefaultValue === null ? whenEmpty : `Enter for ${DefaultValue}`;

function questionOf(setting: SettingView, usual: string): string {
  const choices = setting.Choices.map(({ Value, Name }) => `    ${Value} - ${Name}\n`).join('');
  const hidden = setting.IsSensitive ? ', not shown' : '';
  return `\n${setting.Description}\n${choices}${setting.DisplayName} (${usual}${hidden}): `;
}
