/** Settings of an installation or a console come in; which of them are credentials, and the rows that hold the next and the last ones, go out. */
import type { Connector, Setting } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { HeldCredentialsRow, StateReason } from '../store/rows.ts';
import type { Change } from '../store/store.ts';
import type { SettingsResolution } from './installation.ts';
import { assertSettable, textOf } from './settings.ts';

/** Credentials are those of the account, or those that the console gives to all accounts. */
export type CredentialLevel = 'account' | 'console';

/** Setting -> value. Plain texts: never to be shown, logged or answered. */
export type CredentialValues = Readonly<Record<string, string>>;

/** What a test of staged credentials found on one installation. */
export interface TrialResult {
  readonly installationId: string;
  readonly ok: boolean;
  /** Who the staged credentials are; null when the test failed. */
  readonly identity: Readonly<Record<string, unknown>> | null;
  /** Fields of the identity that differ from those of the credentials in use: another service user, say. */
  readonly changed: readonly string[];
  readonly reason: StateReason | null;
}

/** A test of staged credentials, on every installation that it was made on. */
export interface Trial {
  readonly at: number;
  /** Whether they may take the place of those in use. */
  readonly ok: boolean;
  readonly results: readonly TrialResult[];
}

/** Credentials that are not the ones in use. */
export interface Held {
  readonly owner: string;
  readonly kind: HeldCredentialsRow['kind'];
  readonly values: CredentialValues;
  readonly createdAt: number;
  /** From when on they are of no use and are deleted. */
  readonly purgeAt: number;
  /** Of staged ones: the last test. */
  readonly trial: Trial | null;
  /** Of the fallback: when a call was last carried by it, and the error code of the refusal that made it so. */
  readonly usedAt: number | null;
  readonly usedFor: string | null;
}

export const consoleOwner = (connector: Connector): string => `console/${connector.name}`;

export const heldId = (owner: string, kind: Held['kind']): string => `${owner}/${kind}`;

/** Everything but the columns is sealed with the values: what a test found may name people. */
export function heldRow({ owner, kind, createdAt, purgeAt, ...rest }: Held): HeldCredentialsRow {
  return {
    id: heldId(owner, kind),
    owner,
    kind,
    values: new Secret(JSON.stringify(rest)),
    createdAt,
    purgeAt,
  };
}

export function readHeld({ owner, kind, values, createdAt, purgeAt }: HeldCredentialsRow): Held {
  const rest = JSON.parse(values.reveal()) as Pick<Held, 'values' | 'trial' | 'usedAt' | 'usedFor'>;
  return { owner, kind, createdAt, purgeAt, ...rest };
}

/** What has to go when the credentials of an owner are forgotten, or replaced by hand. */
export const heldRemoval = (owner: string, kind?: Held['kind']): Change => ({
  op: 'delete',
  table: 'heldCredentials',
  where: { owner, ...(kind !== undefined && { kind }) },
});

/** Secret settings, and those that belong to one group with them. */
export function credentialSettings(connector: Connector): Setting[] {
  const settings = Object.values(connector.settings);
  const groups = new Set(
    settings.flatMap(({ secret, group }) => (secret && group !== undefined ? [group] : [])),
  );
  return settings.filter(({ secret, group }) => secret || (group !== undefined && groups.has(group)));
}

/** Whether any of these keys is a credential. */
export const touchesCredentials = (connector: Connector, keys: readonly string[]): boolean =>
  credentialSettings(connector).some(({ key }) => keys.includes(key));

/**
 * Checks what somebody wants to rotate to. Throws what `assertSettable` throws, `rotation.not-credentials` for other
 * settings, `input.invalid` when there is nothing.
 */
export function assertRotatable(
  connector: Connector,
  level: CredentialLevel,
  values: CredentialValues,
): void {
  const keys = Object.keys(values);
  const rotatable = credentialSettings(connector).filter(
    (setting) => setting.level === level || setting.level === 'either',
  );
  const names = rotatable.map(({ label, key }) => `${label} (${key})`).join(', ');
  if (keys.length === 0)
    throw new FishplateError('input.invalid', 'there are no credentials to rotate to', {
      hint: `Give at least one of ${names}.`,
    });
  assertSettable(connector, level, values);
  const others = keys.filter((key) => !rotatable.some((setting) => setting.key === key));
  if (others.length > 0)
    throw new FishplateError(
      'rotation.not-credentials',
      `${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} not among the credentials of ${connector.title}`,
      { hint: `Rotate ${names}; change other settings in the installation or the setup.` },
    );
}

/** The credentials in use that come from this level. */
export function credentialsAt(
  connector: Connector,
  { values }: SettingsResolution,
  level: CredentialLevel,
): CredentialValues {
  return Object.fromEntries(
    credentialSettings(connector).flatMap(({ key }) => {
      const resolved = values[key];
      return resolved?.source === level ? [[key, textOf(resolved.value)]] : [];
    }),
  );
}

/** The settings with other credentials in the place of those that come from this level; all else stays. */
export function withCredentials(
  connector: Connector,
  resolution: SettingsResolution,
  level: CredentialLevel,
  given: CredentialValues,
): SettingsResolution {
  const values = { ...resolution.values };
  for (const [key, text] of Object.entries(given)) {
    const setting = connector.settings[key];
    const source = values[key]?.source;
    if (!setting || (source !== undefined && source !== level && source !== 'default')) continue;
    values[key] = { setting, value: setting.secret ? new Secret(text) : text, source: level };
  }
  return {
    ...resolution,
    values,
    missing: resolution.missing.filter(({ key }) => !Object.hasOwn(values, key)),
  };
}

/** Whether two settings have the same credentials, wherever these come from. */
export function sameCredentials(connector: Connector, a: SettingsResolution, b: SettingsResolution): boolean {
  const textAt = ({ values }: SettingsResolution, key: string) => {
    const resolved = values[key];
    return resolved && textOf(resolved.value);
  };
  return credentialSettings(connector).every(({ key }) => textAt(a, key) === textAt(b, key));
}

/** Fields of the identity in which new credentials differ from those before. */
export function identityChanges(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): string[] {
  if (before === null) return [];
  return Object.keys(after).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

/**
 * New credentials must be of the same organisation, as far as the connector says where that stands and it was known.
 * Throws `rotation.other-organisation`.
 */
export function assertSameOrganisation(
  connector: Connector,
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): void {
  const field = connector.test.organisation;
  const was = field === undefined ? undefined : before?.[field];
  if (field === undefined || was === undefined || was === null || was === after[field]) return;
  throw new FishplateError(
    'rotation.other-organisation',
    `the new credentials are of ${field} "${String(after[field])}", those in use of "${String(was)}"`,
  );
}
