/** Text as a vendor's screen copies it - environment variables, JSON, label and value - comes in; settings go out. */
import { parseEnv } from 'node:util';
import type { Connector, Setting } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';

export interface Paste {
  /** Setting key -> value. */
  readonly values: Readonly<Record<string, string>>;
  /** Names in the text that belong to no setting; their values are not kept. */
  readonly unknown: readonly string[];
}

/** Names are compared by their letters and digits only: `ACME_ORG_ID`, `acmeOrgId` and `acme org id` are one. */
const normalise = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Finds a setting by key, label, the vendor's name for it, or one of its aliases. */
export function findSetting(connector: Connector, name: string): Setting | undefined {
  const wanted = normalise(name);
  if (wanted === '') return undefined;
  const names = (setting: Setting) => [
    setting.key,
    setting.label,
    setting.vendorName ?? '',
    ...setting.aliases,
  ];
  const settings = Object.values(connector.settings);
  // A setting's own name goes before another one's alias.
  return (
    settings.find((setting) => normalise(setting.key) === wanted || normalise(setting.label) === wanted) ??
    settings.find((setting) => names(setting).some((candidate) => normalise(candidate) === wanted))
  );
}

/** Reads a pasted text. Throws `settings.paste-unreadable` when it names no setting of the connector. */
export function parsePaste(connector: Connector, text: string): Paste {
  const values: Record<string, string> = {};
  const unknown: string[] = [];
  for (const [name, value] of pairsOf(text, (name) => findSetting(connector, name) !== undefined)) {
    const setting = findSetting(connector, name);
    if (!setting) unknown.push(name);
    else if (value.trim() !== '') values[setting.key] ??= value.trim();
  }
  if (Object.keys(values).length === 0) {
    const found =
      unknown.length > 0
        ? `it names only ${unknown.slice(0, 5).join(', ')}`
        : 'it is neither NAME=value lines nor JSON';
    throw new FishplateError(
      'settings.paste-unreadable',
      `no setting of ${connector.title} in the pasted text: ${found}`,
    );
  }
  return { values, unknown };
}

function pairsOf(text: string, isKnown: (name: string) => boolean): [string, string][] {
  const trimmed = text.trim();
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    try {
      return flatten(JSON.parse(trimmed));
    } catch {
      return [];
    }
  }
  // Shell and PowerShell prefixes, so that only NAME=value is left.
  const lines = trimmed.split(/\r?\n/).map((line) =>
    line
      .trim()
      .replace(/^(?:export|set|setx)\s+/i, '')
      .replace(/^\$env:/i, ''),
  );
  const assigned = Object.entries(
    parseEnv(lines.filter((line) => /^[A-Za-z_]\w*\s*=/.test(line)).join('\n')),
  ) as [string, string][];
  const labelled = lines.flatMap((line): [string, string][] => {
    const match = /^([A-Za-z][A-Za-z0-9 _-]*?)\s*:\s*(\S.*)$/.exec(line);
    return match?.[1] !== undefined && match[2] !== undefined ? [[match[1], unquote(match[2])]] : [];
  });
  return [...assigned, ...labelled, ...valuesBelowLabels(lines).filter(([label]) => isKnown(label))];
}

/** The form in which a label stands on one line and its value on the next; the caller keeps known labels only, since a value may look like one. */
function valuesBelowLabels(lines: readonly string[]): [string, string][] {
  const filled = lines.filter((line) => line !== '');
  return filled.flatMap((line, index): [string, string][] => {
    const value = filled[index + 1];
    const isLabel = /^[A-Za-z][A-Za-z0-9 _-]*:?$/.test(line) && line.length <= 40;
    return isLabel && value !== undefined && /^\S+$/.test(value)
      ? [[line.replace(/:$/, ''), unquote(value)]]
      : [];
  });
}

const unquote = (text: string) => /^(["'])(.*)\1,?;?$/.exec(text.trim())?.[2] ?? text.trim();

function flatten(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    if (typeof inner === 'string' || typeof inner === 'number') return [[key, String(inner)]];
    return flatten(inner);
  });
}
