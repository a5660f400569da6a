/** A method and what is known around it come in; how it is played goes out: as the script says, or as verb and path tell. */
import type { Method } from '../definition/connector.ts';
import { type Filter, filtersOf } from './filter.ts';
import type { Collection } from './plan-collections.ts';
import { pathShape, type Role } from './roles.ts';
import type { SandboxScript } from './script.ts';
import type {
  AnswerRule,
  BehaviourRule,
  ChangeRule,
  ItemRule,
  ListRule,
  PreviewRule,
  SampleRule,
} from './script-behaviours.ts';
import type { Fields } from './script-steps.ts';
import { type TableBehaviour, tableRoleOf } from './table-roles.ts';

export interface Listing extends Pick<ListRule, 'below' | 'where' | 'through' | 'single'> {
  readonly does: 'list' | 'search';
  readonly collection: Collection;
  /** Placeholders of the path that hold the ids above the collection; undefined: wherever in the organisation. */
  readonly parents: readonly string[] | undefined;
  readonly filters: readonly Filter[];
}

/** Creation in a collection, or reading and writing of a singleton. */
export interface OnCollection {
  readonly does: 'create' | 'read' | 'write';
  readonly collection: Collection;
  readonly parents: readonly string[];
  readonly below?: readonly string[];
  readonly with?: Fields;
}

export interface OnItem {
  readonly does: 'get' | 'update' | 'delete';
  readonly collection: Collection;
  /** Undefined: wherever in the organisation. */
  readonly parents: readonly string[] | undefined;
  /** Placeholder of the entity's id. */
  readonly item: string;
  /** What tells which entity it is, in place of the id. */
  readonly where?: Fields;
}

export interface Change extends Omit<OnItem, 'does'> {
  readonly does: 'change';
  readonly rule: ChangeRule;
}

export interface Preview extends Omit<OnCollection, 'does'> {
  readonly does: 'preview';
  readonly rule: PreviewRule;
}

export interface FixedAnswer {
  readonly does: 'answer';
  readonly rule: AnswerRule;
}

export interface Sampled {
  readonly does: 'sample';
  readonly with: Fields;
}

export type Behaviour =
  | Listing
  | OnCollection
  | OnItem
  | TableBehaviour
  | Change
  | Preview
  | FixedAnswer
  | Sampled;

/** An entity that must exist for a path to exist. */
export interface Ancestor {
  readonly collection: string;
  readonly parents: readonly string[];
  readonly item: string;
}

/** What a method's behaviour follows from. */
export interface Surroundings {
  readonly script: SandboxScript;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly ancestors: readonly Ancestor[];
  readonly role: Role | undefined;
}

/** Decides how a method is played. */
export function behaviourOf(method: Method, around: Surroundings): Behaviour {
  const { script, collections, role } = around;
  const rule = script.methods?.[method.key];
  if (rule) return declared(rule, method, around);
  const shape = pathShape(method, script.organisationSetting);
  return tableRoleOf(method, shape, collections) ?? inferred(role, method, collections);
}

function declared(
  rule: BehaviourRule,
  method: Method,
  { script, collections, ancestors }: Surroundings,
): Behaviour {
  if (rule.as === 'sample') return sampled(rule);
  if (rule.as === 'answer') return { does: 'answer', rule };
  const collection = collections.get(rule.of);
  if (!collection) return sampled();
  const { placeholders } = pathShape(method, script.organisationSetting);
  const depth = rule.of.split('/').filter((segment) => segment === '*').length;
  const parents = placeholders.length >= depth ? placeholders.slice(0, depth) : [];
  if (rule.as === 'create') {
    const { below, with: more } = rule;
    return { does: 'create', collection, parents, ...(below && { below }), ...(more && { with: more }) };
  }
  if (isItemRule(rule)) {
    // Where the path has the ids above it in their order, and its own behind them.
    const above = placeholders.length === depth + 1 ? placeholders.slice(0, depth) : undefined;
    const item = placeholders.at(-1) ?? '';
    return { does: rule.as, collection, parents: above, item, ...(rule.where && { where: rule.where }) };
  }
  if (rule.as === 'preview') return { does: 'preview', collection, parents, rule };
  if (rule.as === 'change') {
    const on = ancestors.find((ancestor) => ancestor.collection === rule.of);
    if (on && !rule.where) return { does: 'change', collection, parents: on.parents, item: on.item, rule };
    const item = placeholders.at(-1) ?? '';
    return {
      does: 'change',
      collection,
      parents: undefined,
      item,
      rule,
      ...(rule.where && { where: rule.where }),
    };
  }
  const { as, of, anywhere, ...how } = rule;
  return {
    ...how,
    does: as,
    collection,
    parents: anywhere ? undefined : parents,
    filters: filtersOf(method, collection),
  };
}

const isItemRule = (rule: BehaviourRule): rule is ItemRule =>
  rule.as === 'get' || rule.as === 'update' || rule.as === 'delete';

const sampled = (rule?: SampleRule): Sampled => ({ does: 'sample', with: rule?.with ?? {} });

function inferred(
  role: Role | undefined,
  method: Method,
  collections: ReadonlyMap<string, Collection>,
): Behaviour {
  const collection = role && collections.get(role.of);
  if (!role || !collection) return sampled();
  const { does, parents, item } = role;
  if (does === 'list') return { does, collection, parents, filters: filtersOf(method, collection) };
  if (does === 'create' || does === 'read' || does === 'write') return { does, collection, parents };
  return { does, collection, parents, item: item ?? '' };
}
