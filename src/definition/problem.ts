/** What is wrong with a definition, and where: every stage up to `compile` reports these and throws nothing. */

/** Every code of a definition problem, with what it means. `docs/errors.md` has one row for each. */
export const problemCatalogue = {
  'definition.not-found': 'The folder or a file that it must have is missing',
  'definition.yaml-syntax': 'The file is not YAML',
  'definition.duplicate-key': 'A key occurs twice in one mapping',
  'definition.forbidden-key':
    'A key that JavaScript gives a meaning of its own (`__proto__`, `constructor`, `prototype`)',
  'definition.alias': 'YAML anchors and aliases are not used in definitions',
  'definition.unknown-key': 'A key that the format does not know',
  'definition.missing-key': 'A key that the format requires is missing',
  'definition.missing-test': 'The connector has no connection test',
  'definition.wrong-type': 'A value of the wrong type',
  'definition.numeric-id': 'An id or code written as a number: YAML reads 012 as 12, so quote it',
  'definition.bad-value': 'A value outside what the format allows',
  'definition.bad-template': 'A placeholder that cannot be read',
  'definition.unknown-transform': 'A placeholder uses a transform that does not exist',
  'definition.unknown-placeholder': 'A placeholder names neither a setting nor a parameter',
  'definition.unknown-name':
    'A name that is defined nowhere: of a host, setting, method, limit, lookup or paging style',
  'definition.dangling-ref': 'A `$ref` that leads nowhere',
  'definition.bad-schema':
    'A schema that is not valid JSON Schema 2020-12, or a pattern that does not compile',
  'definition.unsafe-pattern': 'A pattern that a text could make run for ever, or that cannot be judged',
  'definition.endless-ref': 'Types that refer to each other in a circle, with nothing in between',
  'definition.too-large': 'A file is too large, or there are too many',
  'definition.foreign-file': 'A file of the definition lies outside of its folder, or is none',
  'definition.colliding-method': 'Two methods have the same key, UUID or id',
  'definition.colliding-type': 'Two files define a type of the same name',
  'definition.insecure-host': 'A host that is not https',
  'definition.incomplete-environment': 'An environment does not give a URL to every host',
  'definition.open-override':
    'A host override that an account could set: it could send console secrets elsewhere',
  'definition.secret-in-url': 'A secret setting used in a path, query or host name, where logs would see it',
  'definition.icon': 'The icon cannot be used',
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof problemCatalogue;

export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
  /** Relative to the connector's folder, with forward slashes. */
  readonly file: string;
  /** JSON pointer (RFC 6901) into the file's content. */
  readonly pointer: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The line in question with its neighbours and a marker below it. */
  readonly frame?: string;
}

/** Problems in reading order: by file, line, column. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.code.localeCompare(b.code),
  );
}

/** One problem as a person reads it in a terminal; starts with `file:line:column`, which editors make clickable. */
export function formatProblem(problem: Problem, folder = ''): string {
  const place = `${folder === '' ? '' : `${folder.replace(/\/$/, '')}/`}${problem.file}:${problem.line}:${problem.column}`;
  const lines = [`${place} ${problem.code}: ${problem.message}`];
  if (problem.frame !== undefined) lines.push(problem.frame);
  if (problem.hint !== undefined) lines.push(`  hint: ${problem.hint}`);
  return lines.join('\n');
}

/** What a terminal would obey instead of showing it; a tab is only wide. */
const CONTROL = /(?!\t)\p{Cc}/gu;

/** In characters: as much of a line as is shown around a place. */
const WIDEST_FRAME = 240;

/** Three lines of source around a place, the place marked with a caret. Of long lines only the surroundings are shown. */
export function codeFrame(source: string, line: number, column: number): string {
  const lines = linesAround(source, line);
  const width = String(line + (lines.length - 1)).length;
  const start = column > WIDEST_FRAME ? column - WIDEST_FRAME / 2 : 0;
  const out: string[] = [];
  for (const { number, content } of lines) {
    const text = content.slice(start, start + WIDEST_FRAME).replace(CONTROL, '\ufffd');
    out.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === line) out.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1 - start))}^`);
  }
  return out.join('\n');
}

/** The line with its neighbours; the rest of the source is not cut into lines for it. */
function linesAround(source: string, line: number): { number: number; content: string }[] {
  const found: { number: number; content: string }[] = [];
  let start = 0;
  for (let number = 1; number <= line + 1; number++) {
    const end = source.indexOf('\n', start);
    const content = end === -1 ? source.slice(start) : source.slice(start, end);
    if (number >= line - 1) found.push({ number, content: content.replace(/\r$/, '') });
    if (end === -1) break;
    start = end + 1;
  }
  return found;
}

/** The nearest of `known` to a mistyped name, as a hint; undefined when none is near. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

/** Levenshtein distance, given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? limit;
}
