/** A name as somebody wrote it comes in, trimmed and checked it goes out. */
import { LONE_SURROGATE } from '../definition/template.ts';
import { FishplateError } from '../errors.ts';

/** In characters. */
export const LONGEST_NAME = 200;

/**
 * Throws `input.invalid` for a missing or blank name, one over 200 characters, or one with control characters.
 * Missing is checked although the type excludes it: bodies of requests end here.
 */
export function parseName(text: string | undefined): string {
  const name = (text ?? '').trim();
  const problem = text === undefined ? 'is missing' : findProblem(name);
  if (problem === undefined) return name;
  throw new FishplateError('input.invalid', `The name ${problem}`, {
    problems: [{ path: 'name', message: `The name ${problem}` }],
  });
}

function findProblem(name: string): string | undefined {
  if (name === '') return 'is blank';
  if (name.length > LONGEST_NAME) return `has ${name.length} characters, over ${LONGEST_NAME}`;
  // The store would keep another character in its place.
  if (LONE_SURROGATE.test(name)) return 'holds half a character (an unpaired surrogate)';
  // A line break in a name could forge lines where names are printed.
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(name)) return 'holds a control character or a line break';
  return undefined;
}
