/** What the console gives for a connector comes in and goes out: its setup, who depends on it, and its changes. */
import type { Connector, Setting } from '../definition/connector.ts';
import type { ConsoleValueRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import type { ConsoleSetup, SettingState } from './installation.ts';
import type { Loader } from './load.ts';
import { consoleOwner } from './rotation.ts';
import { assertSettable, isNeededBy } from './settings.ts';
import { consoleChanges, outdatedFallback, textsOf, type ValueChanges } from './values.ts';

export interface ConsoleTools {
  readonly store: Store;
  readonly world: Pick<World, 'now'>;
  readonly loader: Loader;
  /** Takes back what was proven of an installation with the values that it had until now. */
  readonly withdrawProof: (id: string) => Promise<void>;
}

/** Throws what the store throws. */
export async function readConsoleSetup(
  { store, loader }: Pick<ConsoleTools, 'store' | 'loader'>,
  connector: Connector,
): Promise<ConsoleSetup> {
  const rows = await store.list('consoleValue', { where: { connector: connector.name } });
  const settings = Object.values(connector.settings).filter((setting) => setting.level !== 'account');
  const states = settings.map((setting) =>
    stateOf(
      setting,
      rows.find((row) => row.setting === setting.key),
    ),
  );
  const absent = states.filter(
    ({ set, setting }) => !set && setting.required && setting.default === undefined,
  );
  const ready = connector.auth.some(({ id }) => !absent.some(({ setting }) => isNeededBy(setting, id)));
  const dependents = await loader.dependents(
    connector,
    rows.map((row) => row.setting),
  );
  return {
    connector,
    state: ready ? 'ready' : 'setup-required',
    settings: states,
    dependents: dependents.map(({ row }) => row.id),
  };
}

function stateOf(setting: Setting, row: ConsoleValueRow | undefined): SettingState {
  if (!row) return { setting, set: false };
  return {
    setting,
    set: true,
    source: 'console',
    updatedAt: row.updatedAt,
    // By the definition too: in a release before this one the setting may not have been secret.
    ...(row.value !== null && !setting.secret && { value: row.value }),
  };
}

/**
 * Writes values; null takes one away. Answers the ids of the installations that depend, or depended until now, on a
 * changed one. Throws what `assertSettable` throws.
 */
export async function changeConsole(
  { store, world, loader, withdrawProof }: ConsoleTools,
  connector: Connector,
  values: ValueChanges,
): Promise<readonly string[]> {
  assertSettable(connector, 'console', values);
  const given = textsOf(await loader.consoleValues(connector));
  const isNew = Object.entries(values).some(([key, value]) => (given[key] ?? null) !== value);
  const before = await loader.dependents(connector, Object.keys(values));
  await store.write([
    ...consoleChanges(connector, values, world.now()),
    ...outdatedFallback(consoleOwner(connector), connector, isNew ? values : {}),
  ]);
  const after = await loader.dependents(connector, Object.keys(values));
  const dependents = [...new Set([...before, ...after].map(({ row }) => row.id))];
  if (isNew) for (const id of dependents) await withdrawProof(id);
  return dependents;
}
