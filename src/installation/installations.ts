/** Values for console and accounts come in, rows and views go out: the life of an installation without any network. */
import type { Connector, Setting } from '../definition/connector.ts';
import type { Library } from '../definition/library.ts';
import { FishplateError, isFishplateError } from '../errors.ts';
import { createKeep } from '../kept.ts';
import { Secret } from '../secret.ts';
import type {
  Change,
  ConsoleValueRow,
  InstallationRow,
  InstallationValueRow,
  Store,
} from '../store/store.ts';
import type { World } from '../wire.ts';
import { removalOf } from './accounts.ts';
import type {
  ConsoleSetup,
  GivenValues,
  InstallationView,
  InstallInput,
  SettingState,
  SettingsResolution,
} from './installation.ts';
import { consoleOwner, credentialSettings, heldRemoval, touchesCredentials } from './rotation.ts';
import { assertSettable, isNeededBy, resolveSettings, textOf } from './settings.ts';
import { vanishedInstallation } from './vanished.ts';

/** An installation with everything that a call needs of it. */
export interface LoadedInstallation {
  readonly row: InstallationRow;
  readonly connector: Connector;
  readonly resolution: SettingsResolution;
}

type ValueChanges = Readonly<Record<string, string | null>>;

export interface Installations {
  consoleSetup(connector: Connector): Promise<ConsoleSetup>;
  /** What the console gives; secrets among it. */
  consoleValues(connector: Connector): Promise<GivenValues>;
  /** The installations for which one of these settings comes from the console. */
  dependents(connector: Connector, settings: readonly string[]): Promise<readonly LoadedInstallation[]>;
  /** Writes console values; null takes one away. Returns the ids of the installations that depend on a changed one. */
  setConsole(connector: Connector, values: ValueChanges): Promise<readonly string[]>;
  /** Throws `account.unknown`, `connector.not-live`, `input.invalid`, and what `assertSettable` throws. */
  create(accountId: string, connector: Connector, input: InstallInput): Promise<LoadedInstallation>;
  /** Those whose connector is not at hand as well: `vanishedInstallation`. */
  list(accountId: string): Promise<LoadedInstallation[]>;
  /** The same without values for the call: as a promise only when it is not in memory. Rejects like `load`. */
  find(accountId: string, id: string): LoadedInstallation | Promise<LoadedInstallation>;
  /**
   * `call` are values for this call alone. Throws `installation.unknown` - an installation of another account is as
   * unknown as one that never was - and, for values that a call may not give, what `assertSettable` throws.
   */
  load(accountId: string, id: string, call?: Readonly<Record<string, string>>): Promise<LoadedInstallation>;
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

/** Installations, and values of the console, that are kept in memory. */
const MOST_LOADED = 10_000;
const MOST_CONSOLES = 1_000;

export function createInstallations(
  store: Store,
  library: Library,
  world: Pick<World, 'now' | 'uuid'>,
): Installations {
  const keepLoaded = createKeep<LoadedInstallation>(store, 'installations', MOST_LOADED);
  const views = new WeakMap<LoadedInstallation, InstallationView>();
  const keepConsole = createKeep<GivenValues>(store, 'installations', MOST_CONSOLES);
  const consoleValues = async ({ name }: Connector) =>
    keepConsole(name, async () =>
      givenOf(name, await store.list('consoleValue', { where: { connector: name } })),
    );

  const loadRow = async (
    row: InstallationRow,
    call?: Readonly<Record<string, string>>,
  ): Promise<LoadedInstallation> => {
    const connector = library.find(row.connector, row.version);
    const account = givenOf(
      row.id,
      await store.list('installationValue', { where: { installationId: row.id } }),
    );
    const given = { console: await consoleValues(connector), account, ...(call && { call }) };
    const resolution = resolveSettings(connector, given, row.authId);
    return { row, connector, resolution };
  };
  const rowOf = async (accountId: string, id: string): Promise<InstallationRow> => {
    const row = await store.get('installation', id);
    if (row?.accountId === accountId) return row;
    throw new FishplateError('installation.unknown', `account "${accountId}" has no installation "${id}"`);
  };
  // The account is part of the name: what one was given, no other finds.
  const find = (accountId: string, id: string) =>
    keepLoaded(`${accountId}\n${id}`, async () => loadRow(await rowOf(accountId, id)));
  const load: Installations['load'] = async (accountId, id, call) => {
    if (!call) return find(accountId, id);
    const row = await rowOf(accountId, id);
    assertSettable(library.find(row.connector, row.version), 'call', call);
    return loadRow(row, call);
  };
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
    ...{ find, load, consoleValues },
    dependents: (connector, settings) => dependentsOf(store, loadRow, connector, settings),
    consoleSetup: async (connector) => {
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
      const dependents = await dependentsOf(
        store,
        loadRow,
        connector,
        rows.map((row) => row.setting),
      );
      const ids = dependents.map(({ row }) => row.id);
      return { connector, state: ready ? 'ready' : 'setup-required', settings: states, dependents: ids };
    },
    setConsole: async (connector, values) => {
      assertSettable(connector, 'console', values);
      const given = textsOf(await consoleValues(connector));
      const isNew = Object.entries(values).some(([key, value]) => (given[key] ?? null) !== value);
      const before = await dependentsOf(store, loadRow, connector, Object.keys(values));
      await store.write([
        ...consoleChanges(connector, values, world.now()),
        ...outdatedFallback(consoleOwner(connector), connector, isNew ? values : {}),
      ]);
      const after = await dependentsOf(store, loadRow, connector, Object.keys(values));
      const dependents = [...new Set([...before, ...after].map(({ row }) => row.id))];
      if (isNew) for (const id of dependents) await withdrawProof(id);
      return dependents;
    },
    create: async (accountId, connector, input) => {
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
      const values = textsOf(input.values ?? {});
      assertSettable(connector, 'account', values);
      const now = world.now();
      const row: InstallationRow = {
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
      await store
        .write([
          // Deleted since it was looked up? What is left behind in it would await the next account of its id.
          { op: 'update', table: 'account', id: accountId, set: {} },
          { op: 'insert', table: 'installation', row },
          ...valueChanges(connector, row.id, values, now),
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

const asVanished = (row: InstallationRow) => (error: unknown) => {
  if (isFishplateError(error, 'connector.unknown')) return vanishedInstallation(row, error);
  throw error;
};

function viewOf({ row, connector, resolution }: LoadedInstallation): InstallationView {
  const settings = settingsFor(connector, row.authId).map((setting): SettingState => {
    const resolved = resolution.values[setting.key];
    return {
      setting,
      set: resolved !== undefined,
      ...(resolved && { source: resolved.source }),
      ...(resolved && !setting.secret && typeof resolved.value === 'string' && { value: resolved.value }),
    };
  });
  return { row, connector, settings, missing: resolution.missing };
}

/** Those that the auth method of an installation can need. */
const settingsFor = ({ auth, settings }: Connector, chosen: string): Setting[] => {
  const authId = auth.find(({ id }) => id === chosen)?.id ?? auth[0]?.id ?? '';
  return Object.values(settings).filter((setting) => isNeededBy(setting, authId));
};

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

/** Installations for which one of these settings comes, or could come, from the console. */
async function dependentsOf(
  store: Store,
  loadRow: (row: InstallationRow) => Promise<LoadedInstallation>,
  connector: Connector,
  settings: readonly string[],
): Promise<LoadedInstallation[]> {
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

/** The id is what a secret is sealed for; a row whose other columns say something else was tampered with. */
function givenOf(owner: string, rows: readonly (ConsoleValueRow | InstallationValueRow)[]): GivenValues {
  const values: Record<string, string | Secret> = {};
  for (const row of rows) {
    if (row.id !== `${owner}/${row.setting}`)
      throw new FishplateError('store.sealed-unreadable', `the value "${row.id}" is not one of "${owner}"`);
    const value = row.secret ?? row.value;
    if (value !== null) values[row.setting] = value;
  }
  return values;
}

const columnsOf = (connector: Connector, key: string, value: string) =>
  connector.settings[key]?.secret ? { value: null, secret: new Secret(value) } : { value, secret: null };

/** Credentials that were replaced by hand are no fallback for what came in their place. */
const outdatedFallback = (owner: string, connector: Connector, values: ValueChanges): Change[] =>
  touchesCredentials(connector, Object.keys(values)) ? [heldRemoval(owner, 'fallback')] : [];

/** Writes values of the console, or takes them away. */
export function consoleChanges(connector: Connector, values: ValueChanges, now: number): Change[] {
  return Object.entries(values).map(([key, value]): Change => {
    const id = `${connector.name}/${key}`;
    if (value === null) return { op: 'delete', table: 'consoleValue', where: { id } };
    const columns = columnsOf(connector, key, value);
    return {
      op: 'upsert',
      table: 'consoleValue',
      row: { id, connector: connector.name, setting: key, ...columns, updatedAt: now },
    };
  });
}

/** Writes values of an installation, or takes them away. */
export function valueChanges(
  connector: Connector,
  installationId: string,
  values: ValueChanges,
  now: number,
): Change[] {
  return Object.entries(values).map(([key, value]): Change => {
    const id = `${installationId}/${key}`;
    if (value === null) return { op: 'delete', table: 'installationValue', where: { id } };
    return {
      op: 'upsert',
      table: 'installationValue',
      row: { id, installationId, setting: key, ...columnsOf(connector, key, value), updatedAt: now },
    };
  });
}

const textsOf = (values: GivenValues): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]),
  );
