/** A regular expression comes in, a short text that it matches goes out: for samples, not for proofs. */

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

/**
 * Reads a pattern from left to right and writes what it asks for: the first alternative of each group, a fitting
 * character of each class, each repetition `repeats` times or as few as it must. Look-around writes nothing.
 */
function createReader(pattern: string, repeats: number) {
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
      const piece = atom();
      text += piece.repeat(times());
    }
    return text;
  }

  function atom(): string {
    const char = peek();
    at++;
    if (char === '^' || char === '$') return '';
    if (char === '.') return 'a';
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
