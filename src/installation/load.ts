/** Rows of installations and of values come in, installations with everything that a call needs of them go out. */
import type { Connector } from '../definition/connector.ts';
import type { Library } from '../definition/library.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import { createKeep } from '../kept.ts';
import type { InstallationRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { GivenValues, LoadedInstallation } from './installation.ts';
import { assertSettable, resolveSettings } from './settings.ts';
import { givenOf } from './values.ts';
import { vanishedInstallation } from './vanished.ts';

export interface Loader {
  /** Throws `installation.unknown`. */
  rowOf(accountId: string, id: string): Promise<InstallationRow>;
  /** A row that was just read or written. Throws `connector.unknown` for one of a release that is no longer here. */
  loadRow(row: InstallationRow, call?: Readonly<Record<string, string>>): Promise<LoadedInstallation>;
  /** The same without values for the call: as a promise only when it is not in memory. Rejects like `load`. */
  find(accountId: string, id: string): LoadedInstallation | Promise<LoadedInstallation>;
  /** The same to be shown, even if its connector is not at hand: `vanishedInstallation`. */
  look(accountId: string, id: string): LoadedInstallation | Promise<LoadedInstallation>;
  /**
   * `call` are values for this call alone. Throws `installation.unknown` - an installation of another account is as
   * unknown as one that never was - and, for values that a call may not give, what `assertSettable` throws.
   */
  load(accountId: string, id: string, call?: Readonly<Record<string, string>>): Promise<LoadedInstallation>;
  /** What the console gives; secrets among it. */
  consoleValues(connector: Connector): Promise<GivenValues>;
  /** The installations for which one of these settings comes from the console. */
  dependents(connector: Connector, settings: readonly string[]): Promise<readonly LoadedInstallation[]>;
}

/** Installations, and values of the console, that are kept in memory. */
const MOST_LOADED = 10_000;
const MOST_CONSOLES = 1_000;

export function createLoader(store: Store, library: Library): Loader {
  const keepLoaded = createKeep<LoadedInstallation>(store, 'installations', MOST_LOADED);
  const keepConsole = createKeep<GivenValues>(store, 'installations', MOST_CONSOLES);

  const consoleValues = async ({ name }: Connector) =>
    keepConsole(name, async () =>
      givenOf(name, await store.list('consoleValue', { where: { connector: name } })),
    );
  const loadRow: Loader['loadRow'] = async (row, call) => {
    const connector = library.find(row.connector, row.version);
    const account = givenOf(
      row.id,
      await store.list('installationValue', { where: { installationId: row.id } }),
    );
    const given = { console: await consoleValues(connector), account, ...(call && { call }) };
    const resolution = resolveSettings(connector, given, row.authId);
    return { row, connector, resolution };
  };
  const rowOf: Loader['rowOf'] = async (accountId, id) => {
    const row = await store.get('installation', id);
    if (row?.accountId === accountId) return row;
    throw new FishplateError('installation.unknown', `account "${accountId}" has no installation "${id}"`);
  };
  // The account is part of the name: what one was given, no other finds.
  const find: Loader['find'] = (accountId, id) =>
    keepLoaded(`${accountId}\n${id}`, async () => loadRow(await rowOf(accountId, id)));
  return {
    ...{ rowOf, loadRow, find, consoleValues },
    look: (accountId, id) => {
      const found = find(accountId, id);
      if (!(found instanceof Promise)) return found;
      return found.catch(async (error: unknown) => asVanished(await rowOf(accountId, id))(error));
    },
    load: async (accountId, id, call) => {
      if (!call) return find(accountId, id);
      const row = await rowOf(accountId, id);
      assertSettable(library.find(row.connector, row.version), 'call', call);
      return loadRow(row, call);
    },
    dependents: async (connector, settings) => {
      if (settings.length === 0) return [];
      const rows = await store.list('installation', {
        where: { connector: connector.name },
        orderBy: 'createdAt',
      });
      const dependents: LoadedInstallation[] = [];
      for (const row of rows) {
        // One of a release that is no longer here cannot be tested, and must not keep the others from it.
        const loaded = await loadRow(row).catch((error: unknown) => {
          if (!isFishplateError(error, 'connector.unknown')) throw error;
        });
        if (loaded && settings.some((key) => loaded.resolution.values[key]?.source === 'console'))
          dependents.push(loaded);
      }
      return dependents;
    },
  };
}

/** To be called with what `loadRow` rejects with for that row. */
export const asVanished = (row: InstallationRow) => (error: unknown) => {
  if (isFishplateError(error, 'connector.unknown')) return vanishedInstallation(row, error);
  throw error;
};
