/** A vendor's token as it is kept: comes out of a token answer, goes into the cache and onto requests. */
import type { Secret } from '../secret.ts';

export interface Token {
  readonly access: Secret;
  /** Milliseconds since the epoch, by our clock. */
  readonly obtainedAt: number;
  readonly expiresAt: number;
}

const MOST_MARGIN_MS = 300_000;
const MARGIN_SHARE = 0.2;

/**
 * How long before its end a token is renewed, in milliseconds: five minutes, but never more than a fifth of the
 * lifetime, so that a token of 30 seconds is used for 24 of them and not renewed on every call.
 */
export function renewalMarginMs(lifetimeMs: number): number {
  return Math.min(MOST_MARGIN_MS, lifetimeMs * MARGIN_SHARE);
}

export function isFresh(token: Token, now: number): boolean {
  return now < token.expiresAt - renewalMarginMs(token.expiresAt - token.obtainedAt);
}

/**
 * The claims of a token that looks like a JWT (RFC 7519). A hint only: the signature is not checked and nothing may be
 * allowed on their account. Undefined when it is not a JWT.
 */
export function claimsOf(token: Token): Readonly<Record<string, unknown>> | undefined {
  const payload = token.access.reveal().split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
