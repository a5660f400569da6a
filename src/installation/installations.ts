/** Values for console and accounts come in, rows and views go out: the life of an installation without any network. */
import type { Connector } from '../definition/connector.ts';
import type { Library } from '../definition/library.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import type { InstallationRow } from '../store/rows.ts';
import type { Change, Store } from '../store/store.ts';
import type { World } from '../wire.ts';
import { removalOf } from './accounts.ts';
import { changeConsole, readConsoleSetup } from './console-values.ts';
import type {
  ConsoleSetup,
  InstallationView,
  InstallInput,
  LoadedInstallation,
  SettingsResolution,
} from './installation.ts';
import { asVanished, createLoader, type Loader } from './load.ts';
import { credentialSettings, heldRemoval } from './rotation.ts';
import { assertSettable, textOf } from './settings.ts';
import { outdatedFallback, textsOf, type ValueChanges, valueChanges } from './values.ts';
import { viewOf } from './view.ts';

export interface Installations
  extends Pick<Loader, 'find' | 'look' | 'load' | 'consoleValues' | 'dependents'> {
  consoleSetup(connector: Connector): Promise<ConsoleSetup>;
  /** Writes console values; null takes one away. Returns the ids of the installations that depend on a changed one. */
  setConsole(connector: Connector, values: ValueChanges): Promise<readonly string[]>;
  /** Throws `account.unknown`, `connector.not-live`, `input.invalid`, and what `assertSettable` throws. */
  create(accountId: string, connector: Connector, input: InstallInput): Promise<LoadedInstallation>;
  /** Those whose connector is not at hand as well: `vanishedInstallation`. */
  list(accountId: string): Promise<LoadedInstallation[]>;
  change(
    accountId: string,
    id: string,
    change: { name?: string; description?: string; values?: ValueChanges },
  ): Promise<LoadedInstallation>;
  /** Writes state and its companions. A change by somebody else meanwhile throws `installation.changed`. */
  setState(
    row: InstallationRow,
    set: Partial<Pick<InstallationRow, 'state' | 'stateReason' | 'identity' | 'testedAt'>>,
    also?: readonly Change[],
  ): Promise<InstallationRow>;
  /**
   * Forgets secret account values and those of their groups, and the token. It stays so, whatever the console gives,
   * until the account gives one of them or `reauthenticate` is called.
   */
  deauthenticate(accountId: string, id: string): Promise<LoadedInstallation>;
  /** Takes a de-authentication back, with the values that there are; they are yet to be proven. */
  reauthenticate(accountId: string, id: string): Promise<LoadedInstallation>;
  remove(accountId: string, id: string): Promise<void>;
  view(loaded: LoadedInstallation): InstallationView;
}

export function createInstallations(
  store: Store,
  library: Library,
  world: Pick<World, 'now' | 'uuid'>,
): Installations {
  const loader = createLoader(store, library);
  const { rowOf, loadRow, load } = loader;
  const views = new WeakMap<LoadedInstallation, InstallationView>();

  const writeOver = async (
    row: InstallationRow,
    set: Partial<Omit<InstallationRow, 'id'>>,
    also: readonly Change[],
  ) => {
    const full = { ...set, updatedAt: world.now(), revision: row.revision + 1 };
    await store
      .write([
        { op: 'update', table: 'installation', id: row.id, set: full, expect: { revision: row.revision } },
        ...also,
      ])
      .catch((error: unknown) => {
        if (error instanceof FishplateError && error.code === 'store.stale')
          throw new FishplateError(
            'installation.changed',
            `installation "${row.id}" was changed or removed meanwhile`,
            { cause: error },
          );
        throw error;
      });
    return { ...row, ...full };
  };
  /** Whatever was proven, or is being proven just now, was proven of other values: nothing may rest on it. */
  const withdrawProof = async (id: string): Promise<void> => {
    const row = await store.get('installation', id);
    if (!row) return;
    await writeOver(row, isJudged(row) ? unproven : {}, []).catch((error: unknown) => {
      if (isFishplateError(error, 'installation.changed')) return withdrawProof(id);
      throw error;
    });
  };

  return {
    ...{ find: loader.find, look: loader.look, load },
    ...{ consoleValues: loader.consoleValues, dependents: loader.dependents },
    consoleSetup: (connector) => readConsoleSetup({ store, loader }, connector),
    setConsole: (connector, values) =>
      changeConsole({ store, world, loader, withdrawProof }, connector, values),
    create: async (accountId, connector, input) => {
      const row = newRow(world, accountId, connector, input);
      const values = textsOf(input.values ?? {});
      assertSettable(connector, 'account', values);
      await store
        .write([
          // Deleted since it was looked up? What is left behind in it would await the next account of its id.
          { op: 'update', table: 'account', id: accountId, set: {} },
          { op: 'insert', table: 'installation', row },
          ...valueChanges(connector, row.id, values, row.createdAt),
        ])
        .catch((error: unknown) => {
          if (!isFishplateError(error, 'store.stale')) throw error;
          throw new FishplateError('account.unknown', `there is no account "${accountId}"`, { cause: error });
        });
      return loadRow(row);
    },
    list: async (accountId) => {
      const rows = await store.list('installation', { where: { accountId }, orderBy: 'createdAt' });
      return Promise.all(rows.map((row) => loadRow(row).catch(asVanished(row))));
    },
    change: async (accountId, id, change) => {
      const { row, connector, resolution } = await load(accountId, id);
      const values = change.values ?? {};
      assertSettable(connector, 'account', values);
      const set = {
        ...(isJudged(row) && changesAny(resolution, values) && unproven),
        ...(row.state === 'de-authenticated' && givesCredentials(connector, values) && unproven),
        ...(change.name !== undefined && { name: change.name }),
        ...(change.description !== undefined && { description: change.description }),
      };
      const isNew = changesAny(resolution, values);
      return loadRow(
        await writeOver(row, set, [
          ...valueChanges(connector, id, values, world.now()),
          ...outdatedFallback(id, connector, isNew ? values : {}),
        ]),
      );
    },
    setState: (row, set, also = []) => writeOver(row, set, also),
    deauthenticate: async (accountId, id) => {
      const { row, connector } = await load(accountId, id);
      const removals = credentialSettings(connector).map(
        (setting): Change => ({
          op: 'delete',
          table: 'installationValue',
          where: { id: `${id}/${setting.key}` },
        }),
      );
      const set = { state: 'de-authenticated' as const, stateReason: null, identity: null };
      return loadRow(
        await writeOver(row, set, [
          ...removals,
          { op: 'delete', table: 'token', where: { id } },
          heldRemoval(id),
        ]),
      );
    },
    reauthenticate: async (accountId, id) => {
      const { row } = await load(accountId, id);
      return loadRow(row.state === 'de-authenticated' ? await writeOver(row, unproven, []) : row);
    },
    remove: async (accountId, id) => {
      const row = await rowOf(accountId, id);
      await store.write(removalOf(row.id));
    },
    view: (loaded) => {
      const view = views.get(loaded) ?? viewOf(loaded);
      views.set(loaded, view);
      return view;
    },
  };
}

function newRow(
  world: Pick<World, 'now' | 'uuid'>,
  accountId: string,
  connector: Connector,
  input: InstallInput,
): InstallationRow {
  if (connector.status !== 'live')
    throw new FishplateError(
      'connector.not-live',
      `${connector.title} ${connector.version} is ${connector.status}`,
    );
  const auth =
    input.authId === undefined
      ? connector.auth[0]
      : connector.auth.find((candidate) => candidate.id === input.authId);
  if (!auth)
    throw new FishplateError(
      'input.invalid',
      `${connector.title} has no auth method "${input.authId ?? ''}"`,
      { hint: `There are: ${connector.auth.map((method) => method.id).join(', ')}.` },
    );
  const now = world.now();
  return {
    id: world.uuid(),
    accountId,
    connector: connector.name,
    version: connector.version,
    name: input.name ?? connector.title,
    description: input.description ?? '',
    authId: auth.id,
    state: 'setup-required',
    stateReason: null,
    identity: null,
    testedAt: null,
    createdAt: now,
    updatedAt: now,
    revision: 1,
  };
}

/** What an installation becomes when its values change: the vendor has yet to take the new ones. */
const unproven = { state: 'setup-required', stateReason: null } as const;

/** Whether the state says what the vendor thinks of the values. */
const isJudged = ({ state }: InstallationRow) => state === 'active' || state === 'failing';

const givesCredentials = (connector: Connector, values: ValueChanges): boolean =>
  credentialSettings(connector).some(({ key }) => typeof values[key] === 'string');

/** Whether values that an account gives differ from those that count just now. */
function changesAny({ values: counting }: SettingsResolution, given: ValueChanges): boolean {
  return Object.entries(given).some(([key, value]) => {
    const own = counting[key]?.source === 'account' ? counting[key] : undefined;
    return (own === undefined ? null : textOf(own.value)) !== value;
  });
}
