/** A script and the collections that it is about come in; fields and parameters in it that are none come out. */
import type { Connector, Method } from '../definition/connector.ts';
import { stepsOf } from '../definition/value-at.ts';
import { unexplainedFilters } from './filter.ts';
import type { Collection } from './plan-collections.ts';
import type { Roles } from './roles.ts';
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

/**
 * A filter that is silently ignored gives wrong answers, so each has to be explained or excepted; and what is explained
 * has to be a parameter of a list.
 */
export function filterProblems(
  connector: Connector,
  script: SandboxScript,
  roles: Roles,
  collections: ReadonlyMap<string, Collection>,
): UnknownName[] {
  const lists = Object.values(connector.methods).flatMap((method) => {
    const collection = collections.get(listedBy(method, script, roles) ?? '');
    return collection ? [{ method, collection }] : [];
  });
  const unexplained = lists.flatMap(({ method, collection }) =>
    unexplainedFilters(method, collection).map((parameter) => ({
      path: placeOf(method, collection, script),
      message: `the parameter "${parameter}" of ${method.key} names no field of ${collection.name}: say under collections.${collection.name}.filters what it filters by, or null`,
    })),
  );
  const idle = Object.entries(script.collections ?? {}).flatMap(([name, rules]) => {
    const own = lists.filter(({ collection }) => collection.name === name);
    const parameters = new Set(own.flatMap(({ method }) => Object.keys(method.parameters)));
    const unknown = Object.keys(rules.filters ?? {}).filter((parameter) => !parameters.has(parameter));
    return unknown.map((parameter) => ({
      path: ['collections', name, 'filters', parameter],
      message: `no list of ${name} has a parameter "${parameter}"`,
    }));
  });
  return [...unexplained, ...idle];
}

/** The collection that a method lists. Searches have a language of their own in place of filters. */
function listedBy(method: Method, script: SandboxScript, roles: Roles): string | undefined {
  const rule = script.methods?.[method.key];
  if (rule) return rule.as === 'list' ? rule.of : undefined;
  const role = roles.byMethod.get(method.key);
  return role?.does === 'list' ? role.of : undefined;
}

/** Where in the script somebody would look first. */
function placeOf({ key }: Method, { name }: Collection, script: SandboxScript): UnknownName['path'] {
  if (script.methods?.[key]) return ['methods', key];
  return script.collections?.[name] ? ['collections', name] : [];
}
