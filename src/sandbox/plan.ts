/** A connector and a script come in; how each method is played goes out, decided once. */
import type { Connector, JsonSchema, Method } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { type Filter, filtersOf } from './filter.ts';
import { inferRoles, pathShape, type Role, type Roles } from './roles.ts';
import { playedHosts } from './routes.ts';
import { knownFields, schemaAt } from './schema-shape.ts';
import { type BehaviourRule, type CollectionRules, entityRulesOf, type SandboxScript } from './script.ts';

/** A collection of entities, or the one entity of a singleton. */
export interface Collection {
  readonly name: string;
  /** Of one entity, as the vendor answers it. */
  readonly schema: JsonSchema | undefined;
  /** The fields that entities can have; undefined when any will do. */
  readonly fields: Readonly<Record<string, JsonSchema>> | undefined;
  readonly unique: readonly string[];
  readonly rules: CollectionRules;
}

export interface Listing {
  readonly does: 'list' | 'search';
  readonly collection: Collection;
  /** Placeholders of the path that hold the ids above the collection. */
  readonly parents: readonly string[];
  /** Field -> text with placeholders of the path that it must be equal to. */
  readonly where: Readonly<Record<string, string>>;
  readonly filters: readonly Filter[];
}

/** Creation in a collection, or reading and writing of a singleton. */
export interface OnCollection {
  readonly does: 'create' | 'read' | 'write';
  readonly collection: Collection;
  readonly parents: readonly string[];
}

export interface OnItem {
  readonly does: 'get' | 'update' | 'delete';
  readonly collection: Collection;
  readonly parents: readonly string[];
  /** Placeholder of the entity's id. */
  readonly item: string;
}

export interface FixedAnswer {
  readonly does: 'answer';
  readonly rule: Extract<BehaviourRule, { as: 'answer' }>;
}

export type Behaviour = Listing | OnCollection | OnItem | FixedAnswer | { readonly does: 'sample' };

/** An entity that must exist for a path to exist. */
export interface Ancestor {
  readonly collection: string;
  readonly parents: readonly string[];
  readonly item: string;
}

export interface Plan {
  /** By method key. */
  readonly behaviours: ReadonlyMap<string, Behaviour>;
  /** By method key, outermost first. */
  readonly ancestors: ReadonlyMap<string, readonly Ancestor[]>;
  /** By name. */
  readonly collections: ReadonlyMap<string, Collection>;
}

/** Decides how each method is played. Throws `sandbox.invalid` when the script names what the definition does not have. */
export function createPlan(connector: Connector, script: SandboxScript): Plan {
  checkNames(connector, script);
  const roles = inferRoles(connector, script.organisationSetting);
  const collections = createCollectionsOf(connector, script, roles);
  const behaviours = new Map<string, Behaviour>();
  const ancestors = new Map<string, readonly Ancestor[]>();
  for (const method of Object.values(connector.methods)) {
    const rule = script.methods?.[method.key];
    const role = roles.byMethod.get(method.key);
    behaviours.set(
      method.key,
      rule ? declared(rule, method, collections) : inferred(role, method, collections),
    );
    ancestors.set(method.key, ancestorsOf(method, script.organisationSetting, roles));
  }
  return { behaviours, ancestors, collections };
}

function declared(
  rule: BehaviourRule,
  method: Method,
  collections: ReadonlyMap<string, Collection>,
): Behaviour {
  if (rule.as === 'sample') return { does: 'sample' };
  if (rule.as === 'answer') return { does: 'answer', rule };
  const collection = collections.get(rule.of);
  if (!collection) return { does: 'sample' };
  const filters = filtersOf(method, collection);
  return { does: rule.as, collection, parents: [], where: rule.where ?? {}, filters };
}

function inferred(
  role: Role | undefined,
  method: Method,
  collections: ReadonlyMap<string, Collection>,
): Behaviour {
  const collection = role && collections.get(role.of);
  if (!role || !collection) return { does: 'sample' };
  const { does, parents, item } = role;
  if (does === 'list')
    return { does, collection, parents, where: {}, filters: filtersOf(method, collection) };
  if (does === 'create' || does === 'read' || does === 'write') return { does, collection, parents };
  return { does, collection, parents, item: item ?? '' };
}

function createCollectionsOf(
  connector: Connector,
  script: SandboxScript,
  roles: Roles,
): ReadonlyMap<string, Collection> {
  const { types } = connector;
  const collections = new Map<string, Collection>();
  for (const name of new Set([...roles.byMethod.values()].map((role) => role.of))) {
    const schema = entitySchema(connector, name, roles);
    const rules = script.collections?.[name] ?? {};
    const unique = rules.unique ?? entityRulesOf(script).unique;
    collections.set(name, { name, schema, fields: knownFields(schema, types), unique, rules });
  }
  return collections;
}

/** The schema of one entity: what reading it answers, or else creating, updating or listing it. */
function entitySchema(connector: Connector, name: string, roles: Roles): JsonSchema | undefined {
  const methodThat = (does: Role['does']) =>
    Object.values(connector.methods).find((method) => {
      const role = roles.byMethod.get(method.key);
      return role?.of === name && role.does === does;
    });
  for (const does of ['get', 'read', 'create', 'update', 'write'] as const) {
    const schema = methodThat(does)?.response;
    if (schema !== undefined) return schema;
  }
  const list = methodThat('list');
  const path = list?.paging?.items ?? '';
  return schemaAt(list?.response, [...(path === '' ? [] : path.split('.')), '[]'], connector.types);
}

/** The entities above a path: `bills/*` above `bills/*\/lineitems`. An entity's own path does not need itself here. */
function ancestorsOf(method: Method, organisationSetting: string | undefined, roles: Roles): Ancestor[] {
  const { name, placeholders } = pathShape(method, organisationSetting);
  const segments = name.split('/');
  const found: Ancestor[] = [];
  let above = 0;
  for (const [index, segment] of segments.entries()) {
    const collection = segments.slice(0, index).join('/');
    const item = placeholders[above];
    const isLast = index === segments.length - 1;
    if (segment === '*' && !isLast && item !== undefined && roles.collections.has(collection))
      found.push({ collection, parents: placeholders.slice(0, above), item });
    above += segment.split('*').length - 1;
  }
  return found;
}

/** A name in the script that the definition does not have. */
export interface UnknownName {
  /** Where in sandbox.yaml. */
  readonly path: readonly string[];
  readonly message: string;
}

/** All names in the script that the definition does not have. */
export function unknownNames(connector: Connector, script: SandboxScript): UnknownName[] {
  const roles = inferRoles(connector, script.organisationSetting);
  const names = new Set([...roles.byMethod.values()].map((role) => role.of));
  const found: UnknownName[] = [];
  const want = (known: boolean, path: readonly string[], what: string) => {
    if (!known) found.push({ path, message: `the definition has no ${what}` });
  };
  const { organisationSetting: setting } = script;
  if (setting !== undefined)
    want(Object.hasOwn(connector.settings, setting), ['organisationSetting'], `setting "${setting}"`);
  for (const name of Object.keys(script.collections ?? {}))
    want(names.has(name), ['collections', name], `collection "${name}"`);
  for (const host of Object.keys(script.bodyLimits ?? {}))
    want(Object.hasOwn(playedHosts(connector), host), ['bodyLimits', host], `host "${host}"`);
  for (const [key, rule] of Object.entries(script.methods ?? {})) {
    want(Object.hasOwn(connector.methods, key), ['methods', key], `method "${key}"`);
    const made = rule.as === 'answer' ? (rule.makes ?? []).map((make) => make.in) : [];
    const of = rule.as === 'list' || rule.as === 'search' ? [rule.of] : made;
    for (const name of of) want(names.has(name), ['methods', key], `collection "${name}"`);
  }
  return found;
}

function checkNames(connector: Connector, script: SandboxScript): void {
  const unknown = unknownNames(connector, script);
  if (unknown.length === 0) return;
  const problems = unknown.map(({ path, message }) => ({ path: path.join('.'), message }));
  const list = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
  throw new FishplateError('sandbox.invalid', `The sandbox of ${connector.name} cannot be played: ${list}`, {
    problems,
  });
}
