/** A page comes in; what tells it from another one goes out. */

/**
 * Two pages with the same mark, one after the other, are one page that came twice: nothing was gained by asking again.
 * Objects and lists are compared as they are; numbers and texts may well repeat, so their pages are the same only when the
 * whole answers are. Undefined for a page without items.
 */
export function markOfPage(body: unknown, items: readonly unknown[]): string | undefined {
  if (items.length === 0) return undefined;
  const isTelling = items.some((item) => typeof item === 'object' && item !== null);
  return JSON.stringify(isTelling ? items : body);
}
