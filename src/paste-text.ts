/** Text as a vendor's screen copies it - environment variables, JSON, label and value - comes in; values by setting go out. Pure; the browser uses it too. */

/** What a setting goes by: `names` are its own ones, `aliases` those that the vendor's exports have for it. */
export interface NamedSetting {
  readonly key: string;
  readonly names: readonly string[];
  readonly aliases: readonly string[];
}

export interface Paste {
  /** Setting key -> value. */
  readonly values: Readonly<Record<string, string>>;
  /** Names in the text that belong to no setting; their values are not kept. */
  readonly unknown: readonly string[];
}

/** In characters: far more than any screen shows for copying. */
export const LONGEST_PASTE = 20_000;

/** Names are compared by their letters and digits only: `ACME_ORG_ID`, `acmeOrgId` and `acme org id` are one. */
const normalise = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The key of the setting that a name means; a setting's own name goes before another one's alias. */
export function findNamed(settings: readonly NamedSetting[], name: string): string | undefined {
  const wanted = normalise(name);
  if (wanted === '') return undefined;
  const has = (all: readonly string[]) => all.some((candidate) => normalise(candidate) === wanted);
  const found = settings.find(({ names }) => has(names)) ?? settings.find(({ aliases }) => has(aliases));
  return found?.key;
}

/** Refuse texts longer than `LONGEST_PASTE` before. The first value of a setting counts. */
export function readPasteText(settings: readonly NamedSetting[], text: string): Paste {
  const values: Record<string, string> = {};
  const unknown = new Set<string>();
  const isKnown = (name: string) => findNamed(settings, name) !== undefined;
  for (const [name, value] of pairsOf(text, isKnown)) {
    const key = findNamed(settings, name);
    if (key === undefined) unknown.add(name);
    else if (value.trim() !== '' && !Object.hasOwn(values, key)) values[key] = value.trim();
  }
  return { values, unknown: [...unknown] };
}

type Pair = [name: string, value: string];
type IsKnown = (name: string) => boolean;

function pairsOf(text: string, isKnown: IsKnown): Pair[] {
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed)) {
    try {
      return flatten(JSON.parse(trimmed));
    } catch {
      // JavaScript, YAML in flow style or an INI file: perhaps its lines can be read.
    }
  }
  return pairsOfLines(trimmed.split(/\r?\n/).map(withoutCommand), isKnown);
}

/** Shell, cmd and PowerShell prefixes go, so that only NAME=value is left. */
function withoutCommand(line: string): string {
  return line
    .trim()
    .replace(/^\$\s+/, '')
    .replace(/^set\s+"(.*)"$/i, '$1')
    .replace(/^setx\s+(\w+)\s+/i, '$1=')
    .replace(/^(?:export|set)\s+/i, '')
    .replace(/^\$env:/i, '');
}

/**
 * Each line is read once: a value that stands below its label is not looked at again, since secrets may well look like
 * `name=` (base64) or `name:text`. For the same reason a name that no setting has must leave no doubt that it is one.
 */
function pairsOfLines(lines: readonly string[], isKnown: IsKnown): Pair[] {
  const pairs: Pair[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [name, value] = pairOf(line) ?? [];
    if (name !== undefined && value !== undefined) {
      const block = quotedBlock(value, lines.slice(index + 1));
      if (isKnown(name) || isPlainlyName(line)) pairs.push([name, unquote(block?.text ?? value)]);
      index += block?.lines ?? 0;
      continue;
    }
    if (!isKnown(line)) continue;
    const below = lines.findIndex((next, at) => at > index && next !== '');
    const next = lines[below] ?? '';
    if (!/^\S+$/.test(next) || isKnown(next) || isKnown(pairOf(next)?.[0] ?? '')) continue;
    pairs.push([line, unquote(next)]);
    index = below;
  }
  return pairs;
}

/** `NAME=value` or `Label: value`. Written without repetitions that could share the same spaces: lines may be long. */
function pairOf(line: string): Pair | undefined {
  const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
  if (name !== undefined && value !== undefined)
    return [name, /^["'`]/.test(value) ? value : withoutComment(value)];
  const colon = line.indexOf(':');
  const [, label] = /^["']?([A-Za-z][A-Za-z0-9 _-]*)["']?$/.exec(line.slice(0, colon).trimEnd()) ?? [];
  const text = line.slice(colon + 1).trimStart();
  return colon !== -1 && label !== undefined && text !== '' ? [label, text] : undefined;
}

/** A comment begins after a space only: secrets may hold a #. */
function withoutComment(value: string): string {
  const start = value.search(/\s#/);
  return start === -1 ? value : value.slice(0, start).trimEnd();
}

const isPlainlyName = (line: string) =>
  /^\w{1,64}\s*=[\s=]*[^\s=]/.test(line) || /^["']?[A-Za-z][A-Za-z0-9 _-]{0,63}["']?\s*:\s/.test(line);

/** A value whose quotes are closed on a later line, such as a private key: its text and how many more lines it takes. */
function quotedBlock(value: string, rest: readonly string[]): { text: string; lines: number } | undefined {
  const mark = /^["'`]/.exec(value)?.[0];
  if (mark === undefined || value.indexOf(mark, 1) !== -1) return undefined;
  const end = rest.findIndex((line) => line.includes(mark));
  return end === -1 ? undefined : { text: [value, ...rest.slice(0, end + 1)].join('\n'), lines: end + 1 };
}

/** Takes off quotes and what follows them; in the double ones of a shell, `\n` and `\"` have a meaning. */
function unquote(text: string): string {
  const quoted = /^(["'`])(.*?)\1[,;]{0,2}\s*(?:#.*)?$/s.exec(text.trim());
  if (quoted?.[2] === undefined) return text.trim();
  return quoted[1] === '"' ? quoted[2].replaceAll('\\n', '\n').replaceAll('\\"', '"') : quoted[2];
}

function flatten(value: unknown): Pair[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Pair[] =>
    typeof inner === 'object' ? flatten(inner) : [[key, String(inner)]],
  );
}
