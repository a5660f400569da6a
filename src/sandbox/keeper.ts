/** Wishes to create, change or remove entities come in; what the vendor's rules for them allow is done, and noted in its journal. */
import type { Collections, Entity, Place, Standing } from './collections.ts';
import type { EntityMaker } from './entity.ts';
import { fillFields, type Scope } from './fill.ts';
import type { Ids } from './ids.ts';
import { createJournal } from './journal.ts';
import type { Collection } from './plan-collections.ts';
import { Refusal } from './refusal.ts';
import type { JournalRules } from './script.ts';
import type { CourseRule } from './script-collections.ts';
import { meets } from './select.ts';

/** An entity as it is now. */
export interface Kept {
  readonly id: string;
  readonly entity: Entity;
}

/** Throws the refusals duplicate, badBody, busy. */
export interface Keeper {
  create(place: Place, fields: Entity, scope: Scope, id?: string | undefined): Kept;
  /** What creation would make, without keeping it. */
  preview(place: Place, fields: Entity, scope: Scope): Entity;
  /** With `merge` the fields that are not given stay; otherwise they go. */
  change(place: Place, id: string, fields: Entity, scope: Scope, merge: boolean): Entity;
  /** With everything below it. */
  remove(place: Place, id: string, scope: Scope): Entity | undefined;
}

export interface KeeperParts {
  readonly known: ReadonlyMap<string, Collection>;
  readonly collections: Collections;
  readonly entities: EntityMaker;
  readonly journal: JournalRules | undefined;
  readonly ids: Ids;
}

export function createKeeper({ known, collections, entities, journal, ids }: KeeperParts): Keeper {
  const note = createJournal(
    journal,
    (place, entry, scope) => keeper.create(place, entry, scope),
    collections,
  );
  const collectionAt = ({ collection }: Place): Collection =>
    known.get(collection) ?? {
      name: collection,
      label: 'entry',
      id: 'id',
      numbered: false,
      schema: undefined,
      fields: undefined,
      unique: [],
      rules: {},
    };

  /** Paths call them by another field, but they have ids of their own: one more than any other of the organisation. */
  function numberFor({ organisationId, collection: name }: Place, field: string): number {
    const places = collections.places(name).filter((each) => each.organisationId === organisationId);
    const taken = places.flatMap((each) => [...collections.each(each)].map(({ entity }) => entity[field]));
    return Math.max(0, ...taken.map((value) => (typeof value === 'number' ? value : 0))) + 1;
  }

  function make(place: Place, id: string, given: Entity, scope: Scope): Entity {
    const collection = collectionAt(place);
    const { ownNumber: own } = collection;
    const fields =
      own === undefined || given[own] !== undefined ? given : { ...given, [own]: numberFor(place, own) };
    const [first] = collection.rules.course?.stages ?? [];
    const field = collection.rules.course?.field;
    const begun = first &&
      field !== undefined && { [field]: first.is, ...fillFields(first.set ?? {}, scope.values) };
    return entities.create(collection, id, { ...begun, ...fields }, scope.values);
  }

  function check(place: Place, entity: Entity, ownId: string): void {
    for (const field of collectionAt(place).unique) checkUnique(place, field, entity, ownId);
    checkGroups(place, entity);
  }

  function checkGroups(place: Place, entity: Entity): void {
    for (const group of collectionAt(place).rules.exactlyOne ?? []) {
      const given = group.filter((field) => entity[field] !== undefined && entity[field] !== null);
      if (given.length !== 1)
        throw new Refusal(
          'badBody',
          `exactly one of ${group.join(' and ')} must be given, not ${given.length}`,
        );
    }
  }

  function checkUnique(place: Place, field: string, entity: Entity, ownId: string): void {
    const value = entity[field];
    if (value === undefined || value === null) return;
    for (const other of collections.each(place))
      if (other.id !== ownId && other.entity[field] === value)
        throw new Refusal('duplicate', `${field} ${JSON.stringify(value)} is taken by ${other.id}`);
  }

  function checkAtOnce(place: Place): void {
    const { rules, label } = collectionAt(place);
    if (!rules.atOnce) return;
    const { maximum, when } = rules.atOnce;
    const running = [...collections.each(place)].filter(({ entity }) => meets(entity, when)).length;
    if (running >= maximum)
      throw new Refusal(
        'busy',
        `${running} of the kind "${label}" are under way, and there can be no more at once`,
      );
  }

  /** Whoever creates names entities that paths call by a field of their own: a name, say. */
  function idFor(place: Place, fields: Entity): string {
    const collection = collectionAt(place);
    const own = collection.rules.id === undefined ? undefined : fields[collection.id];
    if (typeof own !== 'string' && typeof own !== 'number') return ids.next(place, collection);
    if (collections.find(place, String(own)))
      throw new Refusal('duplicate', `${collection.id} ${JSON.stringify(own)} is taken`);
    return String(own);
  }

  const keeper: Keeper = {
    create: (place, fields, scope, given) => {
      checkAtOnce(place);
      const id = given ?? idFor(place, fields);
      const entity = make(place, id, fields, scope);
      check(place, entity, id);
      collections.add(place, id, entity, standingOf(collectionAt(place).rules.course, entity, scope));
      note('created', place, undefined, entity, scope);
      return { id, entity };
    },
    preview: (place, fields, scope) => {
      const entity = make(place, ids.any(), fields, scope);
      checkGroups(place, entity);
      return entity;
    },
    change: (place, id, fields, scope, merge) => {
      const collection = collectionAt(place);
      const stored = collections.stored(place, id);
      const before = stored?.entity ?? {};
      const after = entities.update({ collection, id, before, body: fields, values: scope.values, merge });
      check(place, after, id);
      const { course } = collection.rules;
      const stays = course !== undefined && after[course.field] === before[course.field];
      collections.replace(place, id, after, stays ? stored?.standing : standingOf(course, after, scope));
      note('updated', place, before, after, scope);
      return after;
    },
    remove: (place, id, scope) => {
      const before = collections.find(place, id);
      if (!before) return undefined;
      collections.remove(place, id);
      note('deleted', place, before, undefined, scope);
      return before;
    },
  };
  return keeper;
}

/** A job in any state but its last begins to wait for the next. */
function standingOf(course: CourseRule | undefined, entity: Entity, { values }: Scope): Standing | undefined {
  const at = course?.stages.findIndex((stage) => stage.is === entity[course.field]) ?? -1;
  const isUnderWay = course !== undefined && at !== -1 && at < course.stages.length - 1;
  return isUnderWay ? { since: Date.parse(String(values.now)), reads: 0 } : undefined;
}
