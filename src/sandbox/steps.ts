/** Steps of the script come in and are carried out on stored entities; the placeholders that they leave go out. */
import type { Collections, Place } from './collections.ts';
import { isObject } from './dotted.ts';
import { fillAll, fillFields, fillText, fillValue, namedValues, type Scope, type Values } from './fill.ts';
import { patchEntity } from './json-patch.ts';
import type { Keeper, Kept } from './keeper.ts';
import type { Collection } from './plan-collections.ts';
import { Refusal } from './refusal.ts';
import type { Rights } from './rights.ts';
import { rowsAt } from './rows.ts';
import type {
  ChangeStep,
  CreateStep,
  EachStep,
  Fields,
  FindStep,
  GrantStep,
  LetStep,
  RevokeStep,
  Step,
} from './script-steps.ts';
import { allOf, type Found, hasAll, latestOf, type Wanted, wantedOf } from './select.ts';
import type { Tables } from './tables.ts';
import type { Views } from './views.ts';

/** Carries steps out in turn; what they answer are the scope's values and what the steps have named. */
export type RunSteps = (steps: readonly Step[], scope: Scope) => Values;

export interface StepParts {
  readonly known: ReadonlyMap<string, Collection>;
  readonly collections: Collections;
  readonly keeper: Keeper;
  readonly views: Views;
  readonly tables: Tables;
  readonly rights: Rights;
}

interface Selecting {
  readonly below?: readonly string[];
  readonly where?: Fields;
  readonly needed?: boolean;
}

/** Throws the refusals of the keeper, and unknownId for what is needed and not there. */
export function createRunSteps({ known, collections, keeper, views, tables, rights }: StepParts): RunSteps {
  const idsOf = (texts: readonly string[], values: Values) => texts.map((text) => fillText(text, values));
  const placeOf = (collection: string, below: readonly string[] | undefined, scope: Scope): Place => ({
    organisationId: scope.organisationId,
    collection,
    parents: idsOf(below ?? [], scope.values),
  });
  const labelOf = (collection: string) => known.get(collection)?.label ?? collection;
  const viewed = (found: Found, scope: Scope): Found => ({ ...found, entity: views.of(found, scope) });

  function select(collection: string, { below, where, needed }: Selecting, scope: Scope): Found[] {
    const wanted = wantedOf(where, scope.values);
    const parents = below && idsOf(below, scope.values);
    const found = allOf(collections, scope.organisationId, collection, parents)
      .map((each) => viewed(each, scope))
      .filter(({ entity }) => hasAll(entity, wanted));
    const missing = needed ? missingFrom(found, wanted) : undefined;
    if (missing) throw notFound(labelOf(collection), missing);
    return found;
  }

  function create(step: CreateStep, scope: Scope): Kept {
    const fields = fillAll(step.with ?? {}, scope.values);
    const place = placeOf(step.create, step.below, scope);
    const wanted = (step.once ?? []).map((field) => [field, [fields[field]]] as const);
    const same = step.once && collections.list(place).find(({ entity }) => hasAll(entity, wanted));
    const field = known.get(step.create)?.id;
    const given = field !== undefined && isObject(step.with) && Object.hasOwn(step.with, field);
    const own = given ? fields[field] : undefined;
    const isId = typeof own === 'string' || typeof own === 'number';
    const { id, entity } = same ?? keeper.create(place, fields, scope, isId ? String(own) : undefined);
    return { id, entity: views.of({ place, id, entity }, scope) };
  }

  function find(step: FindStep, scope: Scope): Found[] {
    const { needed, ...any } = step;
    const latest = latestOf(select(step.find, any, scope), step.by);
    if (needed && !latest) throw notFound(labelOf(step.find), wantedOf(step.where, scope.values));
    return latest ? [latest] : [];
  }

  /** Of a collection oldest first: what a round creates is then listed in the same order. */
  function itemsOf(step: EachStep, scope: Scope): readonly Kept[] {
    if (!step.each.includes('{{')) return select(step.each, step, scope).reverse();
    const items = [fillValue(step.each, scope.values) ?? []].flat();
    return items.filter(isObject).map((entity) => ({ id: String(entity.id ?? ''), entity }));
  }

  function each(step: EachStep, scope: Scope): Values {
    const lists = Object.fromEntries(Object.keys(step.collect ?? {}).map((name) => [name, [] as unknown[]]));
    for (const { id, entity } of itemsOf(step, scope)) {
      const own = { ...scope.values, ...(step.name !== undefined && namedValues(step.name, id, entity)) };
      const after = run(step.steps, { ...scope, values: own });
      for (const [name, value] of Object.entries(fillFields(step.collect ?? {}, after)))
        lists[name]?.push(value);
    }
    return lists;
  }

  function change(found: Found, { set, patch }: ChangeStep, scope: Scope): Found {
    const own = { ...scope.values, ...namedValues('it', found.id, found.entity) };
    const stored = patch === undefined ? undefined : collections.find(found.place, found.id);
    const patched = stored && patchEntity(stored, fillValue(patch, own));
    const fields = { ...patched, ...fillAll(set, own) };
    const entity = keeper.change(found.place, found.id, fields, scope, patched === undefined);
    return viewed({ ...found, entity }, scope);
  }

  function grant(step: GrantStep | RevokeStep, { organisationId, values }: Scope): readonly Kept[] {
    if ('grant' in step)
      rights.grant(fillText(step.grant, values), fillText(step.to, values), organisationId);
    else rights.revoke(fillText(step.revoke, values), fillText(step.from, values), organisationId);
    return [];
  }

  function touched(step: Exclude<Step, EachStep | LetStep>, scope: Scope): readonly Kept[] {
    if ('create' in step) return [create(step, scope)];
    if ('find' in step) return find(step, scope);
    if ('change' in step) return select(step.change, step, scope).map((found) => change(found, step, scope));
    if ('remove' in step) {
      const found = select(step.remove, step, scope);
      for (const { place, id } of found) keeper.remove(place, id, scope);
      return found;
    }
    if (!('put' in step)) return grant(step, scope);
    const rows = rowsAt({ rows: fillValue(step.rows, scope.values) }, 'rows');
    return [tables.put(placeOf(step.put, step.below, scope), rows, scope)];
  }

  function run(steps: readonly Step[], scope: Scope): Values {
    let { values } = scope;
    for (const step of steps) {
      if (!applies(step, values)) continue;
      const own = { ...scope, values };
      if ('each' in step) values = { ...values, ...each(step, own) };
      else if ('let' in step) values = { ...values, ...fillFields(step.let, values) };
      else values = withNamed(values, step.name, touched(step, own));
    }
    return values;
  }

  return run;
}

/** The newest one by its name, all of them by their ids. */
function withNamed(values: Values, name: string | undefined, kept: readonly Kept[]): Values {
  if (name === undefined) return values;
  const [first] = kept;
  const named = first ? namedValues(name, first.id, first.entity) : {};
  return {
    ...values,
    ...named,
    [`${name}Ids`]: kept.map((each) => namedValues(name, each.id, each.entity)[`${name}Id`]),
  };
}

function applies({ if: condition, given, missing }: Step, values: Values): boolean {
  if (given?.some((name) => values[name] === undefined)) return false;
  if (missing?.some((name) => values[name] !== undefined)) return false;
  return Object.entries(condition ?? {}).every(([name, wanted]) =>
    [wanted].flat().some((each) => [values[name]].flat().some((value) => String(value) === String(each))),
  );
}

/** What is wanted and not there: each of the alternatives has to be, and something if nothing is asked for. */
function missingFrom(found: readonly Found[], wanted: Wanted): Wanted | undefined {
  const missing = wanted.flatMap(([field, values]) => {
    const lost = values.filter((value) => !found.some(({ entity }) => hasAll(entity, [[field, [value]]])));
    return lost.length === 0 ? [] : [[field, lost] as const];
  });
  return missing.length > 0 || found.length === 0 ? missing : undefined;
}

function notFound(label: string, missing: Wanted): Refusal {
  const asked = missing
    .map(([field, values]) => `${field} ${values.map(String).join(' and ')}`)
    .join(' and ');
  return new Refusal('unknownId', `There is no ${label}${asked === '' ? '' : ` with the ${asked}`}`);
}
