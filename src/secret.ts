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

const SHORTEST_REDACTED = 4;

/**
 * Replaces every occurrence of the given secrets in a text: as written, as JSON, URLs and forms escape them, and within
 * base64, where all of the encoded text goes (a Basic header holds the secret behind an id).
 * Values under four characters are left alone, since they would blank out ordinary words.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_REDACTED);
  if (known.length === 0) return text;
  // The longest first: a secret that begins like another one must not leave its rest behind.
  const written = known.flatMap(writtenForms).sort((a, b) => b.length - a.length);
  const encoded = known.flatMap(base64Forms);
  const run = '[A-Za-z0-9+/_-]';
  const anyOf = (forms: readonly string[]) => forms.map(escapePattern).join('|');
  const pattern = `${anyOf(written)}|(?<!${run})${run}*(?:${anyOf(encoded)})${run}*={0,2}`;
  return text.replace(new RegExp(pattern, 'g'), REDACTED);
}

function writtenForms(secret: string): string[] {
  // Through bytes, so that half a surrogate pair cannot make encodeURIComponent throw.
  const wellFormed = Buffer.from(secret).toString();
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(wellFormed),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
}

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
