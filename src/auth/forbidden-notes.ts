/** Tokens and what is not permitted with them come in; whether a refusal was seen before goes out. */
import type { Token } from './token.ts';

/**
 * Some vendors answer the same when a token has expired and when a permission is missing. What was forbidden to a token
 * just after it was issued says so once and for all: the same answer to the same token is then not taken for an expiry,
 * and costs no renewal.
 */
export interface ForbiddenNotes {
  /** `what` names the request and the answer. */
  noteForbidden(token: Token, what: string): void;
  isForbidden(token: Token, what: string): boolean;
}

/** They are forgotten with the token. */
export function createForbiddenNotes(): ForbiddenNotes {
  const notes = new WeakMap<Token, Set<string>>();
  return {
    noteForbidden: (token, what) => {
      notes.set(token, (notes.get(token) ?? new Set()).add(what));
    },
    isForbidden: (token, what) => notes.get(token)?.has(what) ?? false,
  };
}
