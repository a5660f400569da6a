/** Nothing comes in but chance; new secrets for callers of our API go out. */
import { randomBytes } from 'node:crypto';
import { Secret } from '../secret.ts';

/** Yields that many bytes; must be cryptographically strong. */
export type RandomBytes = (bytes: number) => Buffer;

/** 256 bits: far beyond guessing, so that a plain SHA-256 is enough to keep them. */
const STRENGTH_BYTES = 32;

/** The operating system's. */
export const strongRandom: RandomBytes = randomBytes;

/** The secret of an access key. The prefix lets scanners for leaked secrets know it when they see it. */
export function createKeySecret(random: RandomBytes): Secret {
  return new Secret(`fp_key_${random(STRENGTH_BYTES).toString('base64url')}`);
}

/** The text of a token that we issue. */
export function createTokenText(random: RandomBytes): string {
  return `fp_token_${random(STRENGTH_BYTES).toString('base64url')}`;
}

/** Whether a text has the shape of our tokens; saves the store a question about anything else. */
export function looksLikeToken(text: string): boolean {
  return /^fp_token_[\w-]{43}$/.test(text);
}

/** The token of a one-time link. */
export function createLinkText(random: RandomBytes): string {
  return `fp_link_${random(STRENGTH_BYTES).toString('base64url')}`;
}

export function looksLikeLink(text: string): boolean {
  return /^fp_link_[\w-]{43}$/.test(text);
}
