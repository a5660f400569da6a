/** Access tokens: a key and its rights come in, a signed JWT goes out; later the JWT comes back and says whose it is. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { fillFields, type Values } from './fill.ts';
import type { TokenRules } from './script.ts';

/** What the vendor remembers of a token it issued. */
export interface IssuedToken {
  /** SHA-256 of the token in hex: the token itself is not kept. */
  readonly hash: string;
  readonly keyId: string;
  /** Milliseconds since the epoch, on the vendor's clock. */
  readonly expiresAt: number;
}

export interface Tokens {
  /** Signs a token and remembers it. */
  issue(keyId: string, expiresAt: number, values: Values): string;
  /** The token, whether expired or not; undefined when it was never issued. */
  find(token: string): IssuedToken | undefined;
  snapshot(): readonly IssuedToken[];
  restore(tokens: readonly IssuedToken[]): void;
}

/** Some clients ask for a token with every call; the oldest are forgotten first. */
const MOST_TOKENS = 20_000;

/**
 * RS256 (RFC 7518 section 3.3) with the given RSA key, or one made when it is first needed. Tokens are recognised by
 * their hash, so those issued before a restart stay good although the key is another.
 */
export function createTokens(rules: TokenRules, signingKey?: KeyObject): Tokens {
  const issued = new Map<string, IssuedToken>();
  let privateKey = signingKey;

  function remember(token: IssuedToken): void {
    issued.set(token.hash, token);
    const [oldest] = issued.keys();
    if (issued.size > MOST_TOKENS && oldest !== undefined) issued.delete(oldest);
  }

  return {
    issue: (keyId, expiresAt, values) => {
      privateKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const header = { alg: 'RS256', typ: 'JWT', ...fillFields(rules.header, values) };
      const content = `${encode(header)}.${encode(fillFields(rules.claims, values))}`;
      const token = `${content}.${sign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64url')}`;
      remember({ hash: hashOf(token), keyId, expiresAt });
      return token;
    },
    find: (token) => issued.get(hashOf(token)),
    snapshot: () => [...issued.values()],
    restore: (tokens) => {
      issued.clear();
      for (const token of tokens) remember(token);
    },
  };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
