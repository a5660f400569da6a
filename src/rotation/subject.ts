/** A target comes in; whose credentials are rotated there, which they are and who uses them go out. */
import type { Connector } from '../definition/connector.ts';
import type { Library } from '../definition/library.ts';
import { FishplateError } from '../errors.ts';
import type { LoadedInstallation } from '../installation/installation.ts';
import type { Installations } from '../installation/installations.ts';
import {
  type CredentialLevel,
  type CredentialValues,
  consoleOwner,
  credentialSettings,
  credentialsAt,
} from '../installation/rotation.ts';
import { textOf } from '../installation/settings.ts';
import type { RotationTarget } from '../rotation-contract.ts';

/** Whose credentials are rotated, as it is just now. */
export interface Subject {
  readonly level: CredentialLevel;
  readonly owner: string;
  readonly connector: Connector;
  /** The credentials in use at this level. */
  readonly current: CredentialValues;
  /** The installations that use them. */
  readonly users: readonly LoadedInstallation[];
}

/** Throws `installation.unknown`, `installation.deauthenticated`, `connector.unknown`. */
export function createSubjects(
  installations: Installations,
  library: Library,
): (target: RotationTarget) => Promise<Subject> {
  return async (target) => {
    if ('installationId' in target) {
      const loaded = await installations.load(target.accountId, target.installationId);
      return subjectOfInstallation(loaded);
    }
    const connector = library.find(target.connector);
    const keys = credentialSettings(connector).map(({ key }) => key);
    const given = await installations.consoleValues(connector);
    const current = Object.entries(given).flatMap(([key, value]) =>
      keys.includes(key) ? [[key, textOf(value)]] : [],
    );
    const users = (await installations.dependents(connector, keys)).filter(
      ({ row }) => row.state !== 'de-authenticated',
    );
    const owner = consoleOwner(connector);
    return { level: 'console', owner, connector, current: Object.fromEntries(current), users };
  };
}

function subjectOfInstallation(loaded: LoadedInstallation): Subject {
  const { row, connector, resolution } = loaded;
  if (row.state === 'de-authenticated')
    throw new FishplateError('installation.deauthenticated', `"${row.name}" was de-authenticated`);
  const current = credentialsAt(connector, resolution, 'account');
  return { level: 'account', owner: row.id, connector, current, users: [loaded] };
}

/**
 * New credentials take the place of others: a group that the console gives is rotated there, and one that nobody gives is
 * given, not rotated. Throws `settings.wrong-level`, `installation.setup-required`.
 */
export function assertReplaces(
  { level, connector, current, users }: Subject,
  values: CredentialValues,
): void {
  const all = credentialSettings(connector);
  for (const key of Object.keys(values)) {
    const group = connector.settings[key]?.group;
    const members = all.filter(
      (setting) => setting.key === key || (group !== undefined && setting.group === group),
    );
    if (members.some((setting) => Object.hasOwn(current, setting.key))) continue;
    const names = members.map(({ label }) => label).join(', ');
    const fromConsole = users.some(({ resolution }) =>
      members.some((setting) => resolution.values[setting.key]?.source === 'console'),
    );
    if (level === 'account' && fromConsole)
      throw new FishplateError('settings.wrong-level', `the console gives ${names} of ${connector.title}`, {
        hint: 'Rotate them in the console, or give the installation credentials of its own in its settings.',
      });
    throw new FishplateError('installation.setup-required', `there is no ${names} to replace yet`, {
      hint:
        level === 'account'
          ? 'Give it in the settings of the installation.'
          : 'Give it in the setup of the console.',
    });
  }
}

/** Whether what was tested is what is there: the same credentials in use, and the same settings beside them. */
export function isSameSubject(a: Subject, b: Subject): boolean {
  const settings = ({ current, users }: Subject) =>
    JSON.stringify([
      Object.entries(current).sort(),
      users.map(({ row, resolution }) => [
        row.id,
        row.state === 'de-authenticated',
        Object.values(resolution.values).map(({ setting, value }) => [setting.key, textOf(value)]),
      ]),
    ]);
  return settings(a) === settings(b);
}
