/** A checked call and how its method is played come in, the vendor's answer goes out, and the stored entities change. */
import type { Method } from '../definition/connector.ts';
import type { Collections, Entity, Place, Stored } from './collections.ts';
import { isObject, withoutValueAt } from './dotted.ts';
import type { EntityMaker } from './entity.ts';
import { fillFields, fillText, type Values } from './fill.ts';
import { passes } from './filter.ts';
import { pageOf } from './page.ts';
import type {
  Ancestor,
  Behaviour,
  Collection,
  FixedAnswer,
  Listing,
  OnCollection,
  OnItem,
  Plan,
} from './plan.ts';
import { Refusal } from './refusal.ts';
import { keepRows, makeMissing } from './rows.ts';
import { completeValue, sampleOf, uuidOf } from './sample.ts';
import { type Shape, shapeOf, type Types } from './schema-shape.ts';
import { type SandboxScript, searchRulesOf } from './script.ts';
import { searchStored } from './search.ts';

/** A call that has passed every check but those that need the stored entities. */
export interface Call {
  readonly method: Method;
  readonly organisationId: string;
  /** Placeholder -> text of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Placeholders of caller, moment and path. */
  readonly values: Values;
}

export interface Player {
  /** The body of the answer; undefined for none. Throws refusals. */
  play(call: Call): unknown;
  /** Puts the script's seeds into an organisation. */
  seed(organisationId: string, values: Values): void;
}

export interface PlayerParts {
  readonly plan: Plan;
  readonly script: SandboxScript;
  readonly types: Types;
  readonly collections: Collections;
  readonly entities: EntityMaker;
  readonly newId: () => string;
}

const DEFAULT_PAGE_SIZE = 100;

/** Plays methods on stored entities. */
export function createPlayer(parts: PlayerParts): Player {
  const { plan, script, types, collections, entities } = parts;
  const searchRules = searchRulesOf(script);

  const placeOf = (call: Call, collection: string, parents: readonly string[]): Place => ({
    organisationId: call.organisationId,
    collection,
    parents: parents.map((name) => call.path[name] ?? ''),
  });

  function existing(call: Call, { collection, parents, item }: Ancestor): Entity {
    const id = call.path[item] ?? '';
    const found = collections.find(placeOf(call, collection, parents), id);
    if (!found)
      throw new Refusal('unknownId', `There is no ${collection.replaceAll('/*', '')} with the id ${id}`);
    return found;
  }

  function checkUnique(collection: Collection, place: Place, entity: Entity, ownId: string): void {
    for (const field of collection.unique) {
      const value = entity[field];
      if (value === undefined || value === null) continue;
      const other = collections.list(place).find((each) => each.id !== ownId && each.entity[field] === value);
      if (other) throw new Refusal('duplicate', `${field} ${JSON.stringify(value)} is taken by ${other.id}`);
    }
  }

  function list(call: Call, behaviour: Listing): unknown {
    const { collection, where, filters } = behaviour;
    const wanted = Object.entries(where).map(
      ([field, text]) => [field, fillText(text, call.values)] as const,
    );
    const found = collections
      .list(placeOf(call, collection.name, behaviour.parents))
      .filter(({ entity }) => wanted.every(([field, text]) => String(entity[field]) === text))
      .filter(({ entity }) => passes(entity, filters, call.query));
    const stored = behaviour.does === 'search' ? searchStored(found, call.query, searchRules) : found;
    return answerPage(call, stored);
  }

  function answerPage({ method, query }: Call, stored: readonly Stored[]): unknown {
    const rules = (method.paging && script.pages?.[method.paging.style]) ?? {};
    const size = Math.min(rules.size ?? DEFAULT_PAGE_SIZE, largestPage(method, types));
    const page = pageOf(stored, method.paging, query, { ...rules, size });
    if (!isObject(page)) return page;
    // What else the schema requires of a page, without walking through its items. A token is never made up.
    const frame = completeValue({}, method.response, types);
    const next = method.paging?.next;
    return { ...((next === undefined ? frame : withoutValueAt(frame, next)) as object), ...page };
  }

  function create(call: Call, { collection, parents }: OnCollection): Entity {
    const id = parts.newId();
    const place = placeOf(call, collection.name, parents);
    const entity = entities.create(collection, id, bodyOf(call), call.values);
    checkUnique(collection, place, entity, id);
    collections.add(place, id, entity);
    return entity;
  }

  function update(call: Call, behaviour: OnItem): Entity {
    const { collection, parents, item } = behaviour;
    const before = existing(call, { collection: collection.name, parents, item });
    return replace(call, collection, placeOf(call, collection.name, parents), call.path[item] ?? '', before);
  }

  function replace(call: Call, collection: Collection, place: Place, id: string, before: Entity): Entity {
    const body = bodyOf(call);
    entities.checkVersion(before, body, call.method.body?.schema);
    const after = entities.update({
      collection,
      id,
      before,
      body,
      values: call.values,
      merge: call.method.verb === 'PATCH',
    });
    checkUnique(collection, place, after, id);
    collections.replace(place, id, after);
    return after;
  }

  function remove(call: Call, { collection, parents, item }: OnItem): Entity {
    const before = existing(call, { collection: collection.name, parents, item });
    collections.remove(placeOf(call, collection.name, parents), call.path[item] ?? '');
    return before;
  }

  /** A singleton is there from the start: it comes into being when it is first read or written. */
  function singleton(call: Call, { collection, parents }: OnCollection): { id: string; entity: Entity } {
    const place = placeOf(call, collection.name, parents);
    const [first] = collections.list(place);
    if (first) return first;
    const id = uuidOf(place.organisationId, place.collection, ...place.parents);
    const entity = entities.create(collection, id, {}, call.values);
    collections.add(place, id, entity);
    return { id, entity };
  }

  function write(call: Call, behaviour: OnCollection): Entity {
    const { id, entity } = singleton(call, behaviour);
    const place = placeOf(call, behaviour.collection.name, behaviour.parents);
    return replace(call, behaviour.collection, place, id, entity);
  }

  function answer(call: Call, { rule }: FixedAnswer): unknown {
    if (rule.keeps) keepRows(rule.keeps, call, collections, parts.newId);
    for (const make of rule.makes ?? []) {
      const collection = plan.collections.get(make.in);
      if (collection) makeMissing(make, call, collection, collections, entities, parts.newId);
    }
    return completeValue(fillFields(rule.body, call.values), call.method.response, types);
  }

  function sample({ method, path }: Call): unknown {
    const value = sampleOf(method.response, types, { seed: JSON.stringify([method.key, path]) });
    // A sample page is the only one there is.
    return method.paging?.next === undefined ? value : withoutValueAt(value, method.paging.next);
  }

  function playBehaviour(call: Call, behaviour: Behaviour): unknown {
    switch (behaviour.does) {
      case 'list':
      case 'search':
        return list(call, behaviour);
      case 'create':
        return create(call, behaviour);
      case 'get':
        return existing(call, { ...behaviour, collection: behaviour.collection.name });
      case 'update':
        return update(call, behaviour);
      case 'delete':
        return remove(call, behaviour);
      case 'read':
        return singleton(call, behaviour).entity;
      case 'write':
        return write(call, behaviour);
      case 'answer':
        return answer(call, behaviour);
      case 'sample':
        return sample(call);
    }
  }

  return {
    play: (call) => {
      for (const ancestor of plan.ancestors.get(call.method.key) ?? []) existing(call, ancestor);
      // Entities are objects: a body that is none, such as a bulk request, changes nothing here.
      const isPlayable = call.body === undefined || isObject(call.body);
      const behaviour = isPlayable ? plan.behaviours.get(call.method.key) : undefined;
      const body = playBehaviour(call, behaviour ?? { does: 'sample' });
      return call.method.response === undefined ? undefined : body;
    },
    seed: (organisationId, values) => {
      for (const collection of plan.collections.values()) {
        for (const [index, fields] of (collection.rules.seeds ?? []).entries()) {
          const id = uuidOf(organisationId, collection.name, String(index));
          const body = fillFields(fields, { ...values, organisationId });
          const entity = entities.create(collection, id, body, values);
          collections.add({ organisationId, collection: collection.name, parents: [] }, id, entity);
        }
      }
    },
  };
}

const bodyOf = ({ body }: Call): Entity => (isObject(body) ? body : {});

function largestPage(method: Method, types: Types): number {
  const size = method.paging?.size;
  const parameter = size === undefined ? undefined : method.parameters[size];
  const { keywords }: Pick<Shape, 'keywords'> = shapeOf(parameter?.schema, types);
  return typeof keywords.maximum === 'number' ? keywords.maximum : Number.POSITIVE_INFINITY;
}
