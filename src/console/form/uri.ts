/** References come in, absolute or compared they go out: stands in for the URI library that the form library would bring (vite.config.ts). */

/** Only so that a relative `$id` can be taken as one, too; it never leaves this module. */
const NOWHERE = 'relative://nowhere/';

/** RFC 3986 5.2; a reference that has no meaning below its base goes out as it came. */
function resolve(base: string, reference: string): string {
  try {
    const { href } = new URL(reference, new URL(base, NOWHERE));
    return href.startsWith(NOWHERE) ? href.slice(NOWHERE.length) : href;
  } catch {
    return reference;
  }
}

const equal = (one: string, other: string): boolean => resolve('', one) === resolve('', other);

/** What `findSchemaDefinition` of the form library calls, and how it imports it. */
export default { equal, resolve };
