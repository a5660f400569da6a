/** A listing and a call come in, the page of entities that it asks for goes out. */
import type { Method } from '../definition/connector.ts';
import { itemsPath } from './answer-shape.ts';
import type { Listing } from './behaviour.ts';
import type { Call } from './call.ts';
import type { Collections, Entity } from './collections.ts';
import { conditionsOf, orderOf } from './conditions.ts';
import { isObject, valueAt, withoutValueAt, withValueAt } from './dotted.ts';
import { fillFields, fillText } from './fill.ts';
import { type Filter, passes } from './filter.ts';
import { matcherOf } from './matching.ts';
import { type PageWays, pageOf } from './page.ts';
import type { Collection } from './plan-collections.ts';
import { Refusal } from './refusal.ts';
import { completeValue } from './sample.ts';
import { type Shape, shapeOf, type Types } from './schema-shape.ts';
import { type SandboxScript, searchRulesOf } from './script.ts';
import type { ThroughRule } from './script-behaviours.ts';
import { searchStored } from './search.ts';
import { allOf, compareValues, type Found, hasAll, wantedOf } from './select.ts';
import type { Views } from './views.ts';

export interface ListingParts {
  readonly script: SandboxScript;
  readonly types: Types;
  readonly collections: Collections;
  readonly views: Views;
}

const DEFAULT_PAGE_SIZE = 100;
/** What a list that is not paged calls the most of its items. */
const LIMIT = /^(?:limit|per_?page|page_?size|max_?results|count|top)$/i;

/** Throws the refusal badQuery. `answerOf` brings an entity into the form in which the method answers it. */
export type GiveList = (call: Call, listing: Listing, answerOf: (entity: Entity) => Entity) => unknown;

export function createGiveList({ script, types, collections, views }: ListingParts): GiveList {
  const searchRules = searchRulesOf(script);

  function parentsOf(call: Call, { below, parents }: Listing): readonly string[] | undefined {
    return below
      ? below.map((text) => fillText(text, call.values))
      : parents?.map((name) => call.path[name] ?? '');
  }

  /** The ids that entities of another collection name. */
  function namedBy(call: Call, { in: collection, where, field }: ThroughRule): ReadonlySet<unknown> {
    const wanted = wantedOf(where, call.values);
    const found = allOf(collections, call.organisationId, collection, undefined);
    const fitting = found.filter(({ entity }) => hasAll(entity, wanted));
    return new Set(
      fitting.map(({ entity, place }) =>
        String(field === undefined ? place.parents.at(-1) : valueAt(entity, field)),
      ),
    );
  }

  /** What the entities have that parameters name. */
  function namesAsked(call: Call, filters: readonly Filter[]): Readonly<Record<string, unknown>> {
    const given = filters.flatMap(({ parameter, named }) =>
      named && call.query[parameter] !== undefined ? [{ parameter, named }] : [],
    );
    return Object.fromEntries(
      given.map(({ parameter, named }) => {
        const wanted = wantedOf({ ...named.where, [named.by]: call.query[parameter] }, call.values);
        const found = allOf(collections, call.organisationId, named.in, undefined);
        const fitting = found.filter(({ entity }) => hasAll(entity, wanted));
        return [parameter, fitting.map(({ entity }) => valueAt(entity, named.field))];
      }),
    );
  }

  function entitiesOf(call: Call, listing: Listing): Found[] {
    const { collection, where, filters, through } = listing;
    const wanted = wantedOf(where, call.values);
    const ids = through && namedBy(call, through);
    const found = allOf(collections, call.organisationId, collection.name, parentsOf(call, listing));
    const meetsAsked = conditionsOf(call.query, script.conditions);
    const { matching } = script;
    checkExclusive(call, collection);
    const asked = { ...call.query, ...namesAsked(call, filters) };
    const matches = matcherOf(matching && call.query[matching.parameter]);
    return found
      .filter(({ id }) => ids === undefined || ids.has(id))
      .map((each) => (isDerived(listing) ? { ...each, entity: views.references(each, call) } : each))
      .filter(({ entity }) => hasAll(entity, wanted))
      .filter(({ entity }) =>
        passes(entity, filters, asked, call.values, (own, reference) => views.resolve(own, reference, call)),
      )
      .filter(({ entity }) => meetsAsked(entity) && matches(entity));
  }

  function ordered(call: Call, { collection, does }: Listing, found: readonly Found[]): readonly Found[] {
    if (does === 'search') return searchStored(found, call.query, searchRules);
    const asked = orderOf(call.query, script.conditions);
    if (asked) return [...found].sort((a, b) => asked(a.entity, b.entity));
    const { by, parameter } = collection.rules.order ?? {};
    const upwards = parameter !== undefined && String(call.query[parameter]).toUpperCase() === 'ASC';
    if (by === undefined) return upwards ? [...found].reverse() : found;
    const order = [...found].sort((a, b) => compareValues(valueAt(b.entity, by), valueAt(a.entity, by)));
    return upwards ? order.reverse() : order;
  }

  function answerPage(call: Call, found: readonly Found[], show: (each: Found) => Entity): unknown {
    const { method, query } = call;
    const rules = (method.paging && script.pages?.[method.paging.style]) ?? {};
    const size = Math.min(rules.size ?? DEFAULT_PAGE_SIZE, largestPage(method, types));
    const { frame: around = {}, ...counts } = rules;
    if (!method.paging) return answerWhole(call, found, show);
    const page = pageOf(found, method.paging, query, { ...counts, size }, show, waysOf(call));
    if (!isObject(page)) return page;
    // What else the schema requires of a page, without walking through its items. A token is never made up.
    const frame = completeValue({}, method.response, types);
    const next = method.paging?.next;
    const own = fillFields(around, call.values);
    return { ...((next === undefined ? frame : withoutValueAt(frame, next)) as object), ...own, ...page };
  }

  /** A list that is not paged, in what the schema wraps around it. */
  function answerWhole(
    { method, query }: Call,
    found: readonly Found[],
    show: (each: Found) => Entity,
  ): unknown {
    const [, most] = Object.entries(query).find(([name]) => LIMIT.test(name)) ?? [];
    const items = found.slice(0, typeof most === 'number' ? most : undefined).map(show);
    const path = itemsPath(method, types) ?? '';
    return path === '' ? items : completeValue(withValueAt({}, path, items), method.response, types);
  }

  return (call, listing, answerOf) => {
    const found = ordered(call, listing, entitiesOf(call, listing));
    const show = (each: Found) => answerOf(views.of(each, call));
    const [first] = found;
    return listing.single && first ? show(first) : answerPage(call, found, show);
  };
}

function checkExclusive({ query }: Call, { rules }: Collection): void {
  for (const group of rules.exclusive ?? []) {
    const given = group.filter((parameter) => query[parameter] !== undefined);
    if (given.length > 1) throw new Refusal('badQuery', `only one of ${group.join(', ')} can be given`);
  }
}

/** Links lead to the address of the request, with the place of the next page in its query. */
function waysOf(call: Call): PageWays {
  return {
    address: (parameter, token) => {
      const url = new URL(String(call.values.url));
      url.searchParams.set(parameter, token);
      return url.toString();
    },
    header: (name, value) => {
      if (call.headers) call.headers[name] = value;
    },
  };
}

const isDerived = ({ collection }: Listing) => Object.keys(collection.rules.derived ?? {}).length > 0;

function largestPage(method: Method, types: Types): number {
  const size = method.paging?.size;
  const parameter = size === undefined ? undefined : method.parameters[size];
  const { keywords }: Pick<Shape, 'keywords'> = shapeOf(parameter?.schema, types);
  return typeof keywords.maximum === 'number' ? keywords.maximum : Number.POSITIVE_INFINITY;
}
