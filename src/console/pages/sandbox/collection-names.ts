/** Collections come in by the names that the sandbox has for them, which are paths; what a person reads and searches goes out. Pure. */
import type { CollectionCount } from '../../api/sandbox-answers.ts';

/** The places of ids are left out: `bills/*` + `/lineitems` is "bills / lineitems". */
export const nameOf = (collection: string): string =>
  collection
    .split('/')
    .filter((segment) => segment !== '*')
    .join(' / ');

/** As a part of the console's addresses. */
export const addressOf = (collection: string): string =>
  collection.split('/').map(encodeURIComponent).join('/');

/** Those with entities unless all are wanted. */
export function findCollections(
  all: readonly CollectionCount[],
  text: string,
  withEmpty: boolean,
): CollectionCount[] {
  const wanted = text.trim().toLowerCase();
  return all.filter(
    ({ name, count }) => (withEmpty || count > 0) && nameOf(name).toLowerCase().includes(wanted),
  );
}
