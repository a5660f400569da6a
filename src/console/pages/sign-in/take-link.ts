/** The page's address comes in; the one-time link in its fragment goes out, and the address is left without it. */

/** Whether a fragment, # included, is a one-time link's. */
export const isLink = (hash: string): boolean => hash.startsWith('#fp_link_');

/** Undefined when there is none. What stands behind the # was sent to no server; now it leaves the history too. */
export function takeLink(): string | undefined {
  const { hash, pathname, search } = window.location;
  if (!isLink(hash)) return undefined;
  window.history.replaceState(window.history.state, '', pathname + search);
  return hash.slice(1);
}
