/** A refusal comes in; what its caller is shown of the body goes out: without secrets, and no longer than errors should be. */
import type { Method } from '../definition/connector.ts';
import { maskPaths, maskTelling } from '../mask.ts';
import { scrubValue } from '../scrub.ts';
import type { WireResponse } from '../wire.ts';
import { readRefusal } from './read.ts';

/** In bytes as received. Longer bodies are left out: errors are logged, kept and shown. */
export const LONGEST_REFUSAL = 16_384;
/** A text is a page, or a trace of the vendor's program, when it is longer. */
const LONGEST_TEXT = 2_000;

export interface Shown {
  readonly clean: (text: string) => string;
  /** Its sensitive fields are masked; absent for the token request, whose answers are masked by the names of fields. */
  readonly method?: Method | undefined;
  /** Whatever its length: the caller must know what was done. */
  readonly whole?: boolean;
}

/** Parsed JSON, a short text, or a note that says why there is neither; undefined when the body is empty. */
export function refusalBody(response: WireResponse, { clean, method, whole = false }: Shown): unknown {
  const { body } = response;
  if (response.bytes) return leftOut(response.bytes.length, 'no text');
  if (body.trim() === '') return undefined;
  const bytes = Buffer.byteLength(body);
  if (bytes > LONGEST_REFUSAL && !whole) return leftOut(bytes, `longer than ${LONGEST_REFUSAL}`);
  const content = readRefusal(response);
  if (typeof content !== 'string') {
    const masked = method ? maskPaths(content, method.sensitive) : maskTelling(content);
    return scrubValue(masked, clean);
  }
  if (whole && method) return clean(content);
  if (/<html|<!doctype/i.test(content)) return leftOut(bytes, 'a page');
  if (content.length > LONGEST_TEXT) return leftOut(bytes, `a text longer than ${LONGEST_TEXT} characters`);
  // A text has no fields whose names would tell.
  return method ? clean(content) : leftOut(bytes, 'no JSON');
}

const leftOut = (bytes: number, why: string) => `(${bytes} bytes, left out: ${why})`;
