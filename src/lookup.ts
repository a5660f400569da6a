/** The pages of a lookup's method come in; values with their names go out. */
import type { Connector, Lookup } from './definition/connector.ts';
import { FishplateError } from './errors.ts';
import { valueAt } from './response/read.ts';
import type { LookupOption, MethodResult } from './runtime-contract.ts';

const MOST_OPTIONS = 1_000;

/** By key or integer id. Throws `lookup.unknown`. */
export function findLookup({ title, lookups }: Connector, name: string): Lookup {
  const lookup = Object.values(lookups).find(
    (candidate) => candidate.key === name || String(candidate.id) === name,
  );
  if (lookup) return lookup;
  throw new FishplateError('lookup.unknown', `${title} has no lookup "${name}"`);
}

/** Reads no page more than it takes to have a thousand. */
export async function readOptions(
  lookup: Lookup,
  pages: AsyncIterable<MethodResult>,
): Promise<LookupOption[]> {
  const found: LookupOption[] = [];
  for await (const { body, page } of pages) {
    for (const item of page?.items ?? [valueAt(body, lookup.items ?? '') ?? []].flat())
      found.push({
        value: String(valueAt(item, lookup.value) ?? ''),
        name: String(valueAt(item, lookup.name) ?? ''),
      });
    if (found.length >= MOST_OPTIONS) break;
  }
  return found;
}
