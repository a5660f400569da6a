/** Words like `name=value` from a command line come in, a record goes out. */
import { usageError } from './report-error.ts';

/** The first `=` parts name and value; the value may be empty. Throws `cli.usage`, and never quotes a value. */
export function parseGivenValues(words: readonly string[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals <= 0)
      throw usageError(
        equals === 0 ? 'a name is missing before "="' : 'a value is not written as name=value',
        'Write name=value; quote it when the value has spaces: "name=two words".',
      );
    const name = word.slice(0, equals);
    if (values.has(name))
      throw usageError(`${name} is given twice`, 'Give it once; lists are written a,b,c.');
    values.set(name, word.slice(equals + 1));
  }
  // Not by assignment, which would lose a value called __proto__ without a word.
  return Object.fromEntries(values);
}
