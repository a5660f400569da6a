/** A connector and a script come in; the names in the script that lead nowhere come out, with where they stand. */
import type { Connector } from '../definition/connector.ts';
import { collectionNames, createCollectionsOf } from './plan-collections.ts';
import { filterProblems, referenceProblems, type UnknownName } from './plan-fields.ts';
import { inferRoles, type Roles } from './roles.ts';
import { playedHosts } from './routes.ts';
import type { SandboxScript } from './script.ts';
import { collectionsNamedIn } from './script-names.ts';

/** What the script names and the definition does not have, and parameters of lists that filter by nothing. */
export function unknownNames(
  connector: Connector,
  script: SandboxScript,
  roles: Roles = inferRoles(connector, script.organisationSetting, script.collections),
): UnknownName[] {
  const found: UnknownName[] = [];
  const want = (exists: boolean, path: UnknownName['path'], what: string) => {
    if (!exists) found.push({ path, message: `the definition has no ${what}` });
  };
  const { organisationSetting: setting } = script;
  if (setting !== undefined)
    want(Object.hasOwn(connector.settings, setting), ['organisationSetting'], `setting "${setting}"`);
  for (const name of Object.keys(script.accessKeys?.settings ?? {}))
    want(Object.hasOwn(connector.settings, name), ['accessKeys', 'settings', name], `setting "${name}"`);
  for (const host of Object.keys(script.bodyLimits ?? {}))
    want(Object.hasOwn(playedHosts(connector), host), ['bodyLimits', host], `host "${host}"`);
  for (const key of Object.keys(script.methods ?? {}))
    want(Object.hasOwn(connector.methods, key), ['methods', key], `method "${key}"`);
  for (const [name, { type }] of Object.entries(script.collections ?? {}))
    if (type !== undefined)
      want(Object.hasOwn(connector.types, type), ['collections', name, 'type'], `type "${type}"`);
  const names = collectionNames(script, roles);
  for (const { path, name } of collectionsNamedIn(script))
    if (!names.has(name))
      found.push({ path, message: `the definition has no collection "${name}": ${knownCollections(names)}` });
  return [...found, ...fieldProblems(connector, script, roles)];
}

/** The sandbox finds collections by what methods do at paths. */
function knownCollections(names: ReadonlySet<string>): string {
  const way = 'give it a type to have it all the same';
  const list = [...names].sort();
  return list.length === 0 ? `there are none; ${way}` : `there are ${list.join(', ')}; ${way}`;
}

function fieldProblems(connector: Connector, script: SandboxScript, roles: Roles): UnknownName[] {
  const collections = createCollectionsOf(connector, script, roles);
  return [
    ...referenceProblems(script, collections),
    ...filterProblems(connector, script, roles, collections),
  ];
}
