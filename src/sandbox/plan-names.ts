/** A connector and a script come in; the names in the script that lead nowhere come out, with where they stand. */
import type { Connector } from '../definition/connector.ts';
import { unexplainedFilters } from './filter.ts';
import { collectionNames, createCollectionsOf } from './plan-collections.ts';
import { inferRoles, type Roles } from './roles.ts';
import { playedHosts } from './routes.ts';
import type { SandboxScript } from './script.ts';
import { collectionsNamedIn } from './script-names.ts';

/** A name that leads nowhere. */
export interface UnknownName {
  /** Where in sandbox.yaml. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the script names and the definition does not have, and parameters of lists that filter by nothing. */
export function unknownNames(connector: Connector, script: SandboxScript): UnknownName[] {
  const roles = inferRoles(connector, script.organisationSetting);
  const found: UnknownName[] = [];
  const want = (exists: boolean, path: UnknownName['path'], what: string) => {
    if (!exists) found.push({ path, message: `the definition has no ${what}` });
  };
  const { organisationSetting: setting } = script;
  if (setting !== undefined)
    want(Object.hasOwn(connector.settings, setting), ['organisationSetting'], `setting "${setting}"`);
  for (const host of Object.keys(script.bodyLimits ?? {}))
    want(Object.hasOwn(playedHosts(connector), host), ['bodyLimits', host], `host "${host}"`);
  for (const key of Object.keys(script.methods ?? {}))
    want(Object.hasOwn(connector.methods, key), ['methods', key], `method "${key}"`);
  for (const [name, { type }] of Object.entries(script.collections ?? {}))
    if (type !== undefined)
      want(Object.hasOwn(connector.types, type), ['collections', name, 'type'], `type "${type}"`);
  const names = collectionNames(script, roles);
  for (const { path, name } of collectionsNamedIn(script))
    want(names.has(name), path, `collection "${name}"`);
  // Fields can be looked at once everything else is where it should be.
  return found.length > 0
    ? found
    : [...fieldProblems(connector, script, roles), ...filterProblems(connector, script, roles)];
}

/** Fields that filter, that follow from others or that are compared, and that entities of the collection do not have. */
function fieldProblems(connector: Connector, script: SandboxScript, roles: Roles): UnknownName[] {
  const collections = createCollectionsOf(connector, script, roles);
  const found: UnknownName[] = [];
  const want = (collection: string, field: string | undefined, path: UnknownName['path']) => {
    const fields = collections.get(collection)?.fields;
    if (field === undefined || !fields || Object.hasOwn(fields, field.split('.')[0] ?? '')) return;
    found.push({ path, message: `entities of ${collection} have no field "${field}"` });
  };
  for (const [name, rules] of Object.entries(script.collections ?? {})) {
    for (const [parameter, filter] of Object.entries(rules.filters ?? {})) {
      const path = ['collections', name, 'filters', parameter];
      want(filter?.in ?? name, filter?.field, path);
      want(name, filter?.by, path);
      want(name, filter?.end, path);
    }
    for (const [field, rule] of Object.entries(rules.derived ?? {})) {
      const path = ['collections', name, 'derived', field];
      want(name, field, path);
      if ('in' in rule) want(name, rule.by, path);
      if ('in' in rule) want(rule.in, rule.field, path);
    }
    want(name, rules.course?.field, ['collections', name, 'course']);
  }
  return found;
}

/** A filter that is silently ignored gives wrong answers, so each has to be explained or excepted. */
function filterProblems(connector: Connector, script: SandboxScript, roles: Roles): UnknownName[] {
  const collections = createCollectionsOf(connector, script, roles);
  return Object.values(connector.methods).flatMap((method) => {
    const rule = script.methods?.[method.key];
    const role = roles.byMethod.get(method.key);
    const name = rule
      ? rule.as === 'list'
        ? rule.of
        : undefined
      : role?.does === 'list'
        ? role.of
        : undefined;
    const collection = name === undefined ? undefined : collections.get(name);
    if (!collection) return [];
    const isDeclared = script.collections?.[collection.name] !== undefined;
    const path: UnknownName['path'] = rule
      ? ['methods', method.key]
      : isDeclared
        ? ['collections', collection.name]
        : [];
    return unexplainedFilters(method, collection).map((parameter) => ({
      path,
      message: `the parameter "${parameter}" of ${method.key} names no field of ${collection.name}: say under collections.${collection.name}.filters what it filters by, or null`,
    }));
  });
}
