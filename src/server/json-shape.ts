/** Parsed JSON comes in; nothing goes out, unless it is nested too deeply, or holds a reserved key or an infinite number. */
import { FishplateError } from '../errors.ts';

/** As an assigned key it would replace an object's prototype. */
const RESERVED = '__proto__';

/** Walks without recursion, so that depth costs no stack. Throws `input.invalid`. */
export function assertPlainShape(value: unknown, maxDepth: number): void {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    // JSON has no infinity: 1e999 would be sent on as null.
    if (typeof next.value === 'number' && !Number.isFinite(next.value))
      throw new FishplateError('input.invalid', 'the request body holds a number that is too large');
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > maxDepth)
      throw new FishplateError(
        'input.invalid',
        `the request body is nested more than ${maxDepth} levels deep`,
      );
    for (const [key, inner] of Object.entries(next.value)) {
      if (key === RESERVED)
        throw new FishplateError('input.invalid', `the request body holds the reserved key "${key}"`);
      open.push({ value: inner, depth });
    }
  }
}
