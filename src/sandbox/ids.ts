/** Places come in, ids for what is created there go out: by chance, the same ones each time, or counted up. */
import type { Collections, Place } from './collections.ts';
import { chanceMatching } from './pattern.ts';
import type { Collection } from './plan-collections.ts';
import { uuidOf } from './sample.ts';
import { type EntityRules, firstIdOf } from './script.ts';

export interface Ids {
  /** Of no collection: for rows that are kept, say. */
  any(): string;
  /** A number where the entities have numbers, which no other entity of the organisation has had. */
  next(place: Place, collection: Collection): string;
  /** The same one each time, for what is there from the start. */
  fixed(place: Place, collection: Collection, ...parts: readonly string[]): string;
  /** While an organisation is furnished the ids are the same ones each time. */
  fixedFor(organisationId: string, furnish: () => void): void;
}

const LONGEST_ID = 200;

export function createIds(rules: EntityRules, collections: Collections, byChance: () => string): Ids {
  let nextText = byChance;
  const last = new Map<string, number>();
  const shaped = (uuid: string) =>
    rules.idDigits === undefined ? uuid : uuid.replaceAll('-', '').slice(0, rules.idDigits);

  /** As the schema of the id wants it: the same text for the same UUID. */
  function fitting(uuid: string, { idPattern }: Collection): string {
    const text = shaped(uuid);
    if (idPattern === undefined || new RegExp(idPattern, 'u').test(text)) return text;
    let made = 0;
    const choose = (characters: readonly string[]) => {
      const digits = uuidOf(uuid, String(made++)).replaceAll('-', '').slice(0, 8);
      return characters[Number.parseInt(digits, 16) % characters.length] ?? '';
    };
    return chanceMatching(idPattern, LONGEST_ID, choose) ?? text;
  }

  function count(place: Place, collection: Collection): string {
    const { organisationId, collection: name } = place;
    const counter = JSON.stringify([organisationId, name]);
    const before = last.get(counter);
    let number = before === undefined ? firstIdOf(rules, collection.rules) : before + 1;
    // Seeds have numbers of their own, and so have entities of the run before.
    const places = collections.places(name).filter((each) => each.organisationId === organisationId);
    const given = new Set(collection.rules.seeds?.map((seed) => String(seed[collection.id])));
    const isTaken = (id: string) => given.has(id) || places.some((each) => collections.find(each, id));
    while (isTaken(String(number))) number++;
    last.set(counter, number);
    return String(number);
  }

  return {
    any: () => shaped(nextText()),
    next: (place, collection) =>
      collection.numbered ? count(place, collection) : fitting(nextText(), collection),
    fixed: (place, collection, ...parts) =>
      collection.numbered
        ? count(place, collection)
        : fitting(uuidOf(place.organisationId, place.collection, ...parts), collection),
    fixedFor: (organisationId, furnish) => {
      let made = 0;
      nextText = () => uuidOf(organisationId, 'start', String(made++));
      furnish();
      nextText = byChance;
    },
  };
}
