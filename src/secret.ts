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
 * Replaces every occurrence of the given secrets in a text: as written, base64 and percent-encoded.
 * Values under four characters are left alone, since they would blank out ordinary words.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_REDACTED) continue;
    for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
      clean = clean.replaceAll(form, REDACTED);
    }
  }
  return clean;
}
