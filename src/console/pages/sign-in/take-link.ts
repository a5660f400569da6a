/** The page's address comes in; the one-time link in its fragment goes out, and the address is left without it. */

/** Whether a fragment, # included, is a one-time link's. */
export const isLink = (hash: string): boolean => hash.startsWith('#fp_link_');

/** The last one that was taken, in this document's memory only: a page may be begun anew, and its address no longer has it. */
let taken: string | undefined;

/** What `takeLink` would take, or took. Alters nothing: React may render a page, throw that away, and begin anew. */
export function readLink(): string | undefined {
  const { hash } = window.location;
  return isLink(hash) ? hash.slice(1) : taken;
}

/** For effects. Undefined when there is none. What stands behind the # was sent to no server; now it leaves the history too. */
export function takeLink(): string | undefined {
  const { hash, pathname, search } = window.location;
  if (!isLink(hash)) return undefined;
  window.history.replaceState(window.history.state, '', pathname + search);
  taken = hash.slice(1);
  return taken;
}
