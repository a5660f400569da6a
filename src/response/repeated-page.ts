/** Pages come in, one after the other; whether one is the page before once more goes out. */

/** A single item may come again when one was added before it meanwhile; not for longer. */
const MOST_ALIKE = 2;

/**
 * A page is repeated when the answer is the same as a whole, or has the same objects once more, whatever stands around them.
 * Numbers and texts may well be alike from page to page.
 */
export function createRepeatWatch(): (body: unknown, items: readonly unknown[]) => boolean {
  let before: { readonly whole: string; readonly objects: string | undefined } | undefined;
  let alike = 0;
  return (body, items) => {
    if (items.length === 0) {
      before = undefined;
      return false;
    }
    const isTelling = items.some((item) => typeof item === 'object' && item !== null);
    const now = {
      whole: JSON.stringify(body),
      objects: isTelling ? JSON.stringify(items) : undefined,
    };
    const hasSame = now.objects !== undefined && now.objects === before?.objects;
    alike = hasSame ? alike + 1 : 0;
    const isRepeated = now.whole === before?.whole || (hasSame && (items.length > 1 || alike >= MOST_ALIKE));
    before = now;
    return isRepeated;
  };
}
