/** A regular expression comes in, a short text that it matches goes out: for samples, not for proofs. */

const DIGITS = [...'0123456789'];
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];

/** What is tried before a text is built: values that mean something to people. */
const familiar = [
  'sample',
  'Sample',
  'SAMPLE',
  'a',
  'A',
  '1',
  '123456',
  '2026-01-01',
  '2026-01-01T00:00:00Z',
  '00000000-0000-4000-8000-000000000000',
  'sample@example.com',
  'https://example.com/',
] as const;

/** A text that matches the pattern and has a length within the bounds; undefined when none was found. */
export function textMatching(pattern: string, shortest = 0, longest = 1000): string | undefined {
  const expression = new RegExp(pattern, 'u');
  const fits = (text: string) => text.length >= shortest && text.length <= longest && expression.test(text);
  const known = familiar.find(fits);
  if (known !== undefined) return known;
  for (let repeats = 0; repeats <= Math.max(2, shortest); repeats++) {
    const text = createReader(pattern, repeats).alternatives();
    if (fits(text)) return text;
  }
  return undefined;
}

/** Picks one of several characters. */
export type Choose = (characters: readonly string[]) => string;

/**
 * A text by chance that matches the pattern, with long repetitions where the pattern leaves their number open; undefined
 * when none was found, or when there is nothing to choose.
 */
export function chanceMatching(pattern: string, longest: number, choose: Choose): string | undefined {
  const expression = new RegExp(pattern, 'u');
  let choices = 0;
  const counting: Choose = (characters) => {
    choices++;
    return choose(characters);
  };
  for (const repeats of [40, 24, 16, 8]) {
    choices = 0;
    const text = createReader(pattern, repeats, counting).alternatives();
    if (choices >= FEWEST_CHOICES && text.length <= longest && expression.test(text)) return text;
  }
  return undefined;
}

/** With fewer, two texts would too often be the same. */
const FEWEST_CHOICES = 8;

/**
 * Reads a pattern from left to right and writes what it asks for: the first alternative of each group, a fitting
 * character of each class, each repetition `repeats` times or as few as it must. Look-around writes nothing.
 */
function createReader(pattern: string, repeats: number, choose?: Choose) {
  let at = 0;
  const peek = () => pattern[at] ?? '';

  function alternatives(): string {
    const first = sequence();
    while (peek() === '|') {
      at++;
      sequence();
    }
    return first;
  }

  function sequence(): string {
    let text = '';
    while (at < pattern.length && peek() !== '|' && peek() !== ')') {
      const start = at;
      const piece = atom();
      const count = times();
      const end = at;
      text += choose === undefined || count === 0 ? piece.repeat(count) : piece;
      // Each repetition chooses anew.
      for (let index = 1; choose !== undefined && index < count; index++) {
        at = start;
        text += atom();
      }
      at = end;
    }
    return text;
  }

  function atom(): string {
    const char = peek();
    at++;
    if (char === '^' || char === '$') return '';
    if (char === '.') return choose ? choose(LETTERS) : 'a';
    if (char === '(') return group();
    if (char === '[') return characterClass();
    return char === '\\' ? escaped() : char;
  }

  function group(): string {
    const opening = /^\?(?:[:=!]|<[=!]|<[A-Za-z0-9]+>)/.exec(pattern.slice(at))?.[0] ?? '';
    at += opening.length;
    const text = alternatives();
    at++;
    return /^\?<?[=!]$/.test(opening) ? '' : text;
  }

  function escaped(): string {
    const char = peek();
    at++;
    if (char === 'p' || char === 'P') {
      at = pattern.indexOf('}', at) + 1 || pattern.length;
      return 'a';
    }
    if (choose && (char === 'd' || char === 'w')) return choose(char === 'd' ? DIGITS : LETTERS);
    const classes: Readonly<Record<string, string>> = {
      d: '1',
      w: 'a',
      s: ' ',
      D: 'a',
      W: '-',
      S: 'a',
      b: '',
    };
    return classes[char] ?? char;
  }

  /** Finds a character by trying them on the class itself. */
  function characterClass(): string {
    const start = at - 1;
    while (at < pattern.length && peek() !== ']') at += peek() === '\\' ? 2 : 1;
    at++;
    const expression = new RegExp(`^${pattern.slice(start, at)}$`, 'u');
    const fitting = choose ? LETTERS.filter((char) => expression.test(char)) : [];
    if (choose && fitting.length > 0) return choose(fitting);
    return [...'aA1-_.:/ @#%+,;=~é'].find((char) => expression.test(char)) ?? '';
  }

  function times(): number {
    const [whole, low, comma, high] =
      /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(pattern.slice(at)) ?? ([] as string[]);
    if (whole === undefined) return 1;
    at += whole.length;
    const fewest = low === undefined ? (whole.startsWith('+') ? 1 : 0) : Number(low);
    if (low !== undefined && comma === '') return fewest;
    const most = whole.startsWith('?') ? 1 : high ? Number(high) : 1000;
    return Math.min(most, Math.max(fewest, repeats));
  }

  return { alternatives };
}
