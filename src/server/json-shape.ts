/** JSON comes in, as bytes or parsed; nothing goes out, unless it is nested too deeply, has too many parts, or holds what no caller means. */
import { FishplateError } from '../errors.ts';

/** What a body may consist of. */
export interface JsonLimits {
  /** How deep it may be nested. */
  readonly depth: number;
  /** How many entries all its lists and objects may have together. */
  readonly nodes: number;
}

/** As an assigned key it would replace an object's prototype. */
const RESERVED = '__proto__';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/**
 * Judges JSON by its bytes (UTF-8), before a parser makes objects of them: what is refused here has cost one pass and no
 * memory. It does not matter whether the bytes are JSON at all. Throws `input.invalid`.
 */
export function assertCheapJson(bytes: Uint8Array, { depth: deepest, nodes: most }: JsonLimits): void {
  let [depth, nodes, inText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === COMMA) nodes++;
    // Of `[`, `]`, `{` and `}` the brackets differ from the braces in one bit that is masked out here.
    else if (((byte ?? 0) & 0xdf) === 0x5b) {
      nodes++;
      if (++depth > deepest) throw tooDeep(deepest);
    } else if (((byte ?? 0) & 0xdf) === 0x5d) depth--;
    if (nodes > most)
      throw new FishplateError('input.invalid', `the request body has more than ${most} entries`, {
        hint: 'Send it in parts.',
      });
  }
}

/** The same for what is parsed, with what only shows then. Walks without recursion, so that depth costs no stack. Throws `input.invalid`. */
export function assertPlainShape(value: unknown, maxDepth: number): void {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    // JSON has no infinity: 1e999 would be sent on as null.
    if (typeof next.value === 'number' && !Number.isFinite(next.value))
      throw new FishplateError('input.invalid', 'the request body holds a number that is too large');
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > maxDepth) throw tooDeep(maxDepth);
    for (const [key, inner] of Object.entries(next.value)) {
      if (key === RESERVED)
        throw new FishplateError('input.invalid', `the request body holds the reserved key "${key}"`);
      if (typeof inner === 'object' || typeof inner === 'number') open.push({ value: inner, depth });
    }
  }
}

const tooDeep = (levels: number) =>
  new FishplateError('input.invalid', `the request body is nested more than ${levels} levels deep`);
