/** A script and the collections that it is about come in; fields and parameters in it that are none come out. */
import type { Connector, Method } from '../definition/connector.ts';
import { stepsOf } from '../definition/value-at.ts';
import { unexplainedFilters } from './filter.ts';
import type { Collection } from './plan-collections.ts';
import { inferRoles, type Roles } from './roles.ts';
import type { SandboxScript } from './script.ts';

/** A name that leads nowhere. */
export interface UnknownName {
  /** Where in sandbox.yaml. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Fields that filter, that follow from others or that are compared, and that entities of the collection do not have. */
export function referenceProblems(
  script: SandboxScript,
  collections: ReadonlyMap<string, Collection>,
): UnknownName[] {
  const found: UnknownName[] = [];
  const want = (collection: string, field: string | undefined, path: UnknownName['path']) => {
    const fields = collections.get(collection)?.fields;
    if (field === undefined || !fields || Object.hasOwn(fields, stepsOf(field)[0] ?? '')) return;
    found.push({ path, message: `entities of ${collection} have no field "${field}"` });
  };
  for (const [name, rules] of Object.entries(script.collections ?? {})) {
    for (const [parameter, filter] of Object.entries(rules.filters ?? {})) {
      const path = ['collections', name, 'filters', parameter];
      want(filter?.in ?? name, filter?.field, path);
      want(name, filter?.by, path);
      for (const field of [filter?.named?.by, filter?.named?.field])
        if (filter?.named) want(filter.named.in, field, [...path, 'named']);
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

/** A rule of a filter that no list has. */
export function filterProblems(
  connector: Connector,
  script: SandboxScript,
  roles: Roles,
  collections: ReadonlyMap<string, Collection>,
): UnknownName[] {
  const lists = listsOf(connector, script, roles, collections);
  return Object.entries(script.collections ?? {}).flatMap(([name, rules]) => {
    if (!collections.has(name)) return [];
    const own = lists.filter(({ collection }) => collection.name === name);
    const parameters = new Set(own.flatMap(({ method }) => Object.keys(method.parameters)));
    const unknown = Object.keys(rules.filters ?? {}).filter((parameter) => !parameters.has(parameter));
    return unknown.map((parameter) => ({
      path: ['collections', name, 'filters', parameter],
      message: `no list of ${name} has a parameter "${parameter}"`,
    }));
  });
}

/** Parameters of lists that filter nothing in the sandbox, though nobody has said that they should not. */
export function idleParameters(
  connector: Connector,
  script: SandboxScript,
  collections: ReadonlyMap<string, Collection>,
): { readonly method: string; readonly collection: string; readonly parameters: readonly string[] }[] {
  const roles = inferRoles(connector, script.organisationSetting, script.collections);
  return listsOf(connector, script, roles, collections).flatMap(({ method, collection }) => {
    const parameters = unexplainedFilters(method, collection).filter((name) => !isUsual(name));
    return parameters.length === 0 ? [] : [{ method: method.key, collection: collection.name, parameters }];
  });
}

/** How an answer looks, how long and in which order it is: not what it is about. */
const isUsual = (parameter: string): boolean =>
  /^\W*(?:limit|per_?page|page_?size|max_?results|top|expand|embed|include|with|fields|select|format|locale|sort|sort_?by|order|order_?by|direction)(?:\W|$)/i.test(
    parameter,
  );

function listsOf(
  connector: Connector,
  script: SandboxScript,
  roles: Roles,
  collections: ReadonlyMap<string, Collection>,
): { readonly method: Method; readonly collection: Collection }[] {
  return Object.values(connector.methods).flatMap((method) => {
    const collection = collections.get(listedBy(method, script, roles) ?? '');
    return collection ? [{ method, collection }] : [];
  });
}

/** The collection that a method lists. Searches have a language of their own in place of filters. */
function listedBy(method: Method, script: SandboxScript, roles: Roles): string | undefined {
  const rule = script.methods?.[method.key];
  if (rule) return rule.as === 'list' ? rule.of : undefined;
  const role = roles.byMethod.get(method.key);
  return role?.does === 'list' ? role.of : undefined;
}
