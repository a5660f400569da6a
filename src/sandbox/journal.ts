/** What happens to entities comes in; entries of the vendor's journal go into a collection of their own. */
import type { Collections, Entity, Place } from './collections.ts';
import { fillFields, type Scope } from './fill.ts';
import type { JournalRules } from './script.ts';

type Happened = 'created' | 'updated' | 'deleted';

/** Notes one change; does nothing for collections that the journal does not name. */
export type Note = (
  happened: Happened,
  place: Place,
  before: Entity | undefined,
  after: Entity | undefined,
  scope: Scope,
) => void;

const MOST_ENTRIES = 1000;

/** `write` puts an entry into the journal's collection. Without rules nothing is noted. */
export function createJournal(
  rules: JournalRules | undefined,
  write: (place: Place, entry: Entity, scope: Scope) => unknown,
  collections: Collections,
): Note {
  if (!rules) return () => undefined;
  return (happened, { organisationId, collection }, before, after, scope) => {
    const name = rules.names[collection];
    if (name === undefined) return;
    const place: Place = { organisationId, collection: rules.in, parents: [] };
    // What is gone is still told of as it was.
    const values = { ...scope.values, name, happened, before, after: after ?? before };
    write(place, fillFields(rules.entry, values), scope);
    collections.trim(place, rules.maximum ?? MOST_ENTRIES);
  };
}
