/** Words like `name=value` from a command line come in, a record goes out. */
import { usageError } from './report-error.ts';

/** The first `=` parts name and value; the value may be empty. Throws `cli.usage`, and never quotes a value. */
export function parseGivenValues(words: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals <= 0)
      throw usageError(
        equals === 0 ? 'a name is missing before "="' : 'a value is not written as name=value',
        'Write name=value; quote it when the value has spaces: "name=two words".',
      );
    const name = word.slice(0, equals);
    if (Object.hasOwn(values, name)) throw usageError(`${name} is given twice`);
    values[name] = word.slice(equals + 1);
  }
  return values;
}
