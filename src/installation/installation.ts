/** An installation as the rest of the code sees it: the row, its connector, and its settings once resolved. */
import type { Connector, Setting, ValueSource } from '../definition/connector.ts';
import type { InputProblem } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { InstallationRow } from '../store/rows.ts';

/** A setting's value with its origin. Secrets stay wrapped. */
export interface ResolvedSetting {
  readonly setting: Setting;
  readonly value: string | Secret;
  readonly source: ValueSource;
}

/** What resolution found: the values, what is missing, and what is wrong. */
export interface SettingsResolution {
  readonly values: Readonly<Record<string, ResolvedSetting>>;
  /** Required settings without a value, in the order of the definition. */
  readonly missing: readonly Setting[];
  readonly problems: readonly InputProblem[];
}

/** Settings with nothing missing and nothing wrong, and the hosts that follow from them. */
export interface ResolvedSettings {
  readonly connector: Connector;
  readonly values: Readonly<Record<string, ResolvedSetting>>;
  /** Host name -> base URL without a trailing slash. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly environment: string;
}

/** Texts given for settings at one level, by key. */
export type GivenValues = Readonly<Record<string, string | Secret>>;

/** Whether a setting has a value, and from where; never the value of a secret one. */
export interface SettingState {
  readonly setting: Setting;
  readonly set: boolean;
  /** Absent for secrets and unset settings. */
  readonly value?: string;
  readonly source?: ValueSource;
  /** The level whose value would count if this one were taken away. */
  readonly updatedAt?: number;
}

/** An installation with everything that a call needs of it. */
export interface LoadedInstallation {
  readonly row: InstallationRow;
  readonly connector: Connector;
  readonly resolution: SettingsResolution;
}

/** A connector's setup in the console: shared by every account that does not give its own values. */
export interface ConsoleSetup {
  readonly connector: Connector;
  /** `ready` when every required setting that the console may give is given; else `setup-required`. */
  readonly state: 'setup-required' | 'ready';
  /** Only settings of level `console` and `either`. */
  readonly settings: readonly SettingState[];
  /** Ids of installations that take at least one value from the console. */
  readonly dependents: readonly string[];
}

/** A connector's setup after a change in the console. */
export interface ChangedConsoleSetup extends ConsoleSetup {
  /** Ids of the installations that take, or took until now, a value that was changed: they have been tested again. */
  readonly retested: readonly string[];
}

export interface InstallInput {
  readonly name?: string;
  readonly description?: string;
  /** Which of the connector's auth methods; the first when absent. */
  readonly authId?: string;
  readonly values?: GivenValues;
}

/** An installation with its settings' provenance; the row has state, reason and identity. */
export interface InstallationView {
  readonly row: InstallationRow;
  readonly connector: Connector;
  readonly settings: readonly SettingState[];
  readonly missing: readonly Setting[];
}
