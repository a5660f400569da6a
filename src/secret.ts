/** A string that must not be seen: comes in as plain text, prints as `[redacted]`, goes out only through `reveal()`. */
import { createHash, timingSafeEqual } from 'node:crypto';

export const REDACTED = '[redacted]';

/**
 * Wraps a secret so that logging, JSON and string building show `[redacted]`.
 * The text leaves only where `reveal` is called: while a request is built, and while a store seals it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** Compares in constant time, whatever the lengths: both sides are hashed first. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** SHA-256 in hex. Right for high-entropy secrets only (our own keys and tokens), never for passwords. */
export function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex');
}

/** Whether a field or header of this name holds a secret, by what such fields are called everywhere. */
export const isTellingName = (name: string): boolean =>
  /secret(?!hash)|passw(?:or)?d|passphrase|^(?:access|refresh|id|bearer|session)?[_-]?token$|api[_-]?key|private[_-]?key|authorization$|cookie$/i.test(
    name,
  );

const SHORTEST_REDACTED = 4;

/**
 * Replaces every occurrence of the given secrets in a text: as written, however much of it JSON, a URL or a form has
 * escaped, and within base64, where all of the encoded text goes (a Basic header holds the secret behind an id).
 * Values under four characters are left alone, since they would blank out ordinary words.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  return createRedaction(secrets)(text);
}

/** The same for many texts: the secrets are looked at once. */
export function createRedaction(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_REDACTED);
  if (known.length === 0) return (text) => text;
  // The longest first: a secret that begins like another one must not leave its rest behind.
  const groups = groupPieces([...known].sort((a, b) => b.length - a.length));
  const run = '[A-Za-z0-9+/_-]';
  const writtenForms = groups.map((group) => {
    const forms = group.flatMap((secret) => [urlPattern(secret), jsonPattern(secret)]);
    return new RegExp(forms.join('|'), 'g');
  });
  const encodedForms = groups.map((group) => {
    const forms = group.flatMap(base64Forms).map(escapePattern);
    return new RegExp(`(?<!${run})${run}*(?:${forms.join('|')})${run}*={0,2}`, 'g');
  });
  // One after the other: base64 right behind a secret would seem to begin within it, where no match may begin.
  const forms = [...writtenForms, ...encodedForms];
  return (text) => forms.reduce((rest, form) => rest.replace(form, REDACTED), text);
}

/** A pattern for more is too large for the engine, whose refusal would quote the secret. */
const MOST_IN_PATTERN = 1_000;
// Cut between two letters where that can be, since what is escaped should not be torn apart.
const PIECE = new RegExp(`.{1,${MOST_IN_PATTERN}}(?:(?<=\\w)(?=\\w)|$)|.{1,${MOST_IN_PATTERN}}`, 'gsu');

/** The secrets in their order, long ones in pieces, as many together as one pattern can hold. */
function groupPieces(secrets: readonly string[]): string[][] {
  const groups: string[][] = [];
  let room = 0;
  for (const piece of secrets.flatMap((secret) => secret.match(PIECE) ?? [])) {
    // What is left over at the end of a long one would blank out ordinary words.
    if (piece.length < SHORTEST_REDACTED) continue;
    if (piece.length > room) {
      groups.push([]);
      room = MOST_IN_PATTERN;
    }
    groups.at(-1)?.push(piece);
    room -= piece.length;
  }
  return groups;
}

/**
 * Matches a secret as it is, or in a URL or form: which of the characters are escaped differs from one writer to the next,
 * and what is escaped once may be escaped again, three times at most.
 */
function urlPattern(secret: string): string {
  return [...secret]
    .map((character) => {
      if (/\w/.test(character)) return character;
      if (character === '%') return '%(?:25){0,4}';
      const percent = [...Buffer.from(character)]
        .map((byte) => `%(?:25){0,3}${hexPattern(byte, 2)}`)
        .join('');
      return `(?:${escapePattern(character)}|${percent}${character === ' ' ? '|\\+' : ''})`;
    })
    .join('');
}

/**
 * Matches a secret in JSON, also in JSON within JSON, three deep: there a quote stands behind up to seven backslashes, and
 * a backslash is up to eight. Some writers escape slashes too, and some all that is not ASCII.
 */
function jsonPattern(secret: string): string {
  // A run of backslashes is one thing: as several, each could take what belongs to the next, in very many ways.
  return (secret.match(/\\*[^\\]|\\+$/gu) ?? [])
    .map((piece) => {
      const own = piece.length - piece.replace(/^\\+/, '').length;
      const character = piece.slice(own);
      const backslashes = own === 0 ? '' : `\\\\{${own},${8 * own}}`;
      if (character === '') return backslashes;
      if (character === '"' || character === '/') return `\\\\{${own},${8 * own + 7}}${character}`;
      const [first, ...rest] = JSON.stringify(character).slice(1, -1);
      if (first === '\\') return `${backslashes}(?:${escapePattern(character)}|\\\\{1,8}${rest.join('')})`;
      if (character <= '~') return backslashes + escapePattern(character);
      const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
      const escaped = units.map((unit) => `\\\\{1,8}u${hexPattern(unit, 4)}`).join('');
      return `${backslashes}(?:${escapePattern(character)}|${escaped})`;
    })
    .join('');
}

/** Matches a number in hexadecimal, in capitals or not. */
const hexPattern = (value: number, digits: number) =>
  value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/** The characters of base64 that hold nothing but the secret, for each of the three places where it can begin in a group. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
