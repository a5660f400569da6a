/** Calls on entities come in: creating, reading, replacing, changing, deleting; the entity as the vendor answers it goes out. */
import type { JsonSchema } from '../definition/connector.ts';
import type { Ancestor, Change, OnCollection, OnItem, Preview } from './behaviour.ts';
import { bodyOf, type Call } from './call.ts';
import type { Collections, Entity, Place } from './collections.ts';
import type { Courses } from './course.ts';
import type { EntityMaker } from './entity.ts';
import { fillAll, fillFields, fillText, namedValues } from './fill.ts';
import type { Fit } from './fit.ts';
import type { Keeper } from './keeper.ts';
import type { Plan } from './plan.ts';
import { Refusal } from './refusal.ts';
import { uuidOf } from './sample.ts';
import { knownFields, type Types } from './schema-shape.ts';
import type { Condition } from './script-collections.ts';
import { allOf, type Found, hasAll, meets, wantedOf } from './select.ts';
import type { RunSteps } from './steps.ts';
import type { Tags } from './tags.ts';
import type { Views } from './views.ts';

export interface ResourceParts {
  readonly plan: Plan;
  readonly types: Types;
  readonly collections: Collections;
  readonly entities: EntityMaker;
  readonly keeper: Keeper;
  readonly views: Views;
  readonly courses: Courses;
  readonly runSteps: RunSteps;
  readonly tags: Tags;
}

/** An entity, its id and where it lies. */
export type Lying = Pick<Found, 'place' | 'id' | 'entity'>;

/** `form` brings an entity into the form in which the method answers it. Throws refusals. */
export interface Resource {
  placeOf(call: Call, collection: string, parents: readonly string[]): Place;
  /** Throws the refusal unknownId. */
  existing(call: Call, ancestor: Ancestor): Lying;
  create(call: Call, on: OnCollection, form: Fit): Entity;
  preview(call: Call, on: Preview, form: Fit): Entity;
  get(call: Call, on: OnItem, form: Fit): Entity;
  update(call: Call, on: OnItem, form: Fit): Entity;
  remove(call: Call, on: OnItem, form: Fit): Entity;
  change(call: Call, on: Change, form: Fit): Entity;
  read(call: Call, on: OnCollection, form: Fit): Entity;
  write(call: Call, on: OnCollection, form: Fit): Entity;
}

export function createResource(parts: ResourceParts): Resource {
  const { plan, types, collections, entities, keeper, views, courses, runSteps, tags } = parts;

  const placeOf = (call: Call, collection: string, parents: readonly string[]): Place => ({
    organisationId: call.organisationId,
    collection,
    parents: parents.map((name) => call.path[name] ?? ''),
  });

  function existing(call: Call, { collection, parents, item }: Ancestor): Lying {
    const id = call.path[item] ?? '';
    const place = placeOf(call, collection, parents);
    const entity = collections.find(place, id);
    const label = plan.collections.get(collection)?.label ?? collection;
    if (!entity) throw new Refusal('unknownId', `There is no ${label} with the id ${id}`);
    return { place, id, entity };
  }

  function itemOf(call: Call, { collection, parents, item, where }: OnItem | Change): Lying {
    if (parents && !where) return existing(call, { collection: collection.name, parents, item });
    const wanted = wantedOf(where, call.values);
    const found = allOf(collections, call.organisationId, collection.name, undefined).find((each) =>
      where ? hasAll(each.entity, wanted) : each.id === call.path[item],
    );
    const asked = where
      ? wanted.map(([field, values]) => `${field} ${values.join(' or ')}`).join(' and ')
      : '';
    if (!found)
      throw new Refusal(
        'unknownId',
        `There is no ${collection.label} with the ${asked || `id ${call.path[item] ?? ''}`}`,
      );
    return found;
  }
  const show = (call: Call, form: Fit, place: Place, id: string, entity: Entity): Entity => {
    Object.assign(call.headers ?? {}, tags.headers(entity));
    return form(views.of({ place, id, entity }, call));
  };

  function create(call: Call, on: OnCollection, form: Fit): Entity {
    const above = on.below?.map((text) => fillText(text, call.values));
    const usual = placeOf(call, on.collection.name, on.parents);
    const place = above ? { ...usual, parents: above } : usual;
    const fields = { ...bodyOf(call), ...fillFields(on.with ?? {}, call.values) };
    const { id, entity } = keeper.create(place, fields, call);
    return show(call, form, place, id, entity);
  }

  function preview(call: Call, { collection, parents, rule }: Preview, form: Fit): Entity {
    const values = runSteps(rule.steps ?? [], call);
    const fields = { ...bodyOf(call), ...fillFields(rule.with ?? {}, values) };
    return form(keeper.preview(placeOf(call, collection.name, parents), fields, call));
  }

  function get(call: Call, behaviour: OnItem, form: Fit): Entity {
    const { place, id, entity } = itemOf(call, behaviour);
    courses.read(place, id);
    return show(call, form, place, id, entity);
  }

  function update(call: Call, behaviour: OnItem, form: Fit): Entity {
    const { place, id, entity } = itemOf(call, behaviour);
    checkNotFixed(behaviour, entity);
    return show(call, form, place, id, replace(call, place, id, entity));
  }

  function replace(call: Call, place: Place, id: string, before: Entity): Entity {
    const { body: bodySchema, verb } = call.method;
    const body = bodyOf(call);
    tags.check(call, before);
    entities.checkVersion(before, body, bodySchema?.schema);
    if (verb !== 'PUT') return keeper.change(place, id, body, call, true);
    return keeper.change(place, id, { ...outsideOf(before, bodySchema?.schema), ...body }, call, false);
  }

  /** What the vendor keeps and no request can say stays when the rest is replaced. */
  function outsideOf(before: Entity, schema: JsonSchema | undefined): Entity {
    const sayable = knownFields(schema, types);
    const kept = Object.entries(before).filter(([field]) => sayable && !Object.hasOwn(sayable, field));
    return Object.fromEntries(kept);
  }

  function remove(call: Call, behaviour: OnItem, form: Fit): Entity {
    const { place, id, entity } = itemOf(call, behaviour);
    checkNotFixed(behaviour, entity);
    tags.check(call, entity);
    const last = show(call, form, place, id, entity);
    keeper.remove(place, id, call);
    return last;
  }

  function change(call: Call, behaviour: Change, form: Fit): Entity {
    const { place, id, entity } = itemOf(call, behaviour);
    checkState(entity, behaviour.rule.only, behaviour.collection.label);
    if (call.method.body) entities.checkVersion(entity, bodyOf(call), call.method.body.schema);
    tags.check(call, entity);
    const own = { ...call, values: { ...call.values, ...namedValues('it', id, entity) } };
    const values = runSteps(behaviour.rule.steps ?? [], own);
    const after = keeper.change(place, id, fillAll(behaviour.rule.set, values), call, true);
    return show(call, form, place, id, after);
  }

  /** A singleton is there from the start: it comes into being when it is first read or written. */
  function singleton(call: Call, { collection, parents }: OnCollection): Lying {
    const place = placeOf(call, collection.name, parents);
    const [first] = collections.list(place);
    if (first) return { place, id: first.id, entity: first.entity };
    const id = collection.numbered
      ? undefined
      : uuidOf(place.organisationId, place.collection, ...place.parents);
    return { place, ...keeper.create(place, {}, call, id) };
  }

  function write(call: Call, behaviour: OnCollection, form: Fit): Entity {
    const { place, id, entity } = singleton(call, behaviour);
    return show(call, form, place, id, replace(call, place, id, entity));
  }

  function read(call: Call, behaviour: OnCollection, form: Fit): Entity {
    const { place, id, entity } = singleton(call, behaviour);
    return show(call, form, place, id, entity);
  }

  return { placeOf, existing, create, preview, get, update, remove, change, read, write };
}

/** Throws the refusal wrongState. */
function checkNotFixed({ collection }: OnItem, entity: Entity): void {
  const { fixed } = collection.rules;
  if (!fixed || !meets(entity, fixed)) return;
  const words = Object.keys(fixed).map((field) => `${field} is ${String(entity[field])}`);
  throw new Refusal(
    'wrongState',
    `This ${collection.label} can be neither changed nor deleted: ${words.join(' and ')}`,
  );
}

/** Throws the refusal wrongState. */
export function checkState(entity: Entity, only: Condition | undefined, label = 'entity'): void {
  if (meets(entity, only)) return;
  const wanted = Object.entries(only ?? {}).filter(([field, values]) => !meets(entity, { [field]: values }));
  const words = wanted.map(
    ([field, values]) => `${field} is ${String(entity[field])}, not ${values.map(String).join(' or ')}`,
  );
  throw new Refusal('wrongState', `This ${label} cannot do that now: ${words.join('; ')}`);
}
