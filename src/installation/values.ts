/** Values at one level come in, changes of their rows go out, and the other way round. Pure. */
import type { Connector } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { ConsoleValueRow, InstallationValueRow } from '../store/rows.ts';
import type { Change } from '../store/store.ts';
import type { GivenValues } from './installation.ts';
import { heldRemoval, touchesCredentials } from './rotation.ts';

/** Texts to be written by setting; null takes one away. */
export type ValueChanges = Readonly<Record<string, string | null>>;

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

const columnsOf = (connector: Connector, key: string, value: string) =>
  connector.settings[key]?.secret ? { value: null, secret: new Secret(value) } : { value, secret: null };

/** The id is what a secret is sealed for; a row whose other columns say something else was tampered with. */
export function givenOf(
  owner: string,
  rows: readonly (ConsoleValueRow | InstallationValueRow)[],
): GivenValues {
  const values: Record<string, string | Secret> = {};
  for (const row of rows) {
    if (row.id !== `${owner}/${row.setting}`)
      throw new FishplateError('store.sealed-unreadable', `the value "${row.id}" is not one of "${owner}"`);
    const value = row.secret ?? row.value;
    if (value !== null) values[row.setting] = value;
  }
  return values;
}

/** Credentials that were replaced by hand are no fallback for what came in their place. */
export const outdatedFallback = (owner: string, connector: Connector, values: ValueChanges): Change[] =>
  touchesCredentials(connector, Object.keys(values)) ? [heldRemoval(owner, 'fallback')] : [];

/** The same with secrets in the clear, to be compared or written. */
export const textsOf = (values: GivenValues): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]),
  );
