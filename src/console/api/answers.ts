/** The shapes of the API's answers, as far as the pages read them; `schemas/*.schema.json` has all of them. */

/** session.schema.json */
export interface Session {
  readonly ServiceUser: { readonly Id: string; readonly Name: string; readonly Policies: readonly string[] };
  /** The only account that the session is good for; null for all. */
  readonly AccountId: string | null;
  readonly May: readonly string[];
}

export type Level = 'console' | 'account' | 'either';

/** A setting of a connector, in the `Parameters` of connector-release.schema.json. `TargetName` is its key. */
export interface Parameter {
  readonly Id: number;
  readonly TargetName: string;
  readonly DisplayName: string;
  readonly Description: string;
  readonly Level: Level;
  /** Whether a single call may give another value. */
  readonly IsCallOverridable?: boolean;
  readonly Group: string | null;
  /** What of the connection it decides: the field that a failed test speaks of. */
  readonly Role: 'credentials' | 'environment' | 'organisation' | null;
  /** Further names of it, in what the vendor offers for copying. */
  readonly Aliases: readonly string[];
  /** The ways to authenticate that alone need it; null: all do. */
  readonly AuthenticationIds: readonly string[] | null;
  readonly IsSensitive: boolean;
  readonly IsOptional: boolean;
  readonly IsMultiline: boolean;
  readonly DefaultValue: string | null;
  readonly Choices: readonly { readonly Value: string; readonly Name: string }[];
  /** Whether other values than the choices may be given. */
  readonly IsOpen: boolean;
  readonly Pattern: string | null;
  readonly PatternHint: string | null;
  readonly MaxLength?: number;
  /** A page of the vendor's about this setting. */
  readonly Help: string | null;
}

/** connector-release.schema.json */
export interface ConnectorRelease {
  readonly Id: number;
  readonly Name: string;
  readonly Title: string;
  readonly Version: string;
  readonly Description: string;
  readonly Status: 'Approved' | 'Draft' | 'Deprecated';
  /** A data: URI. */
  readonly Icon: string | null;
  readonly Categories: readonly string[];
  /** The vendor's page about making credentials. */
  readonly Guide: string | null;
  readonly AuthDescription: string | null;
  readonly Parameters: readonly Parameter[];
  readonly Authentication: readonly {
    readonly Id: string;
    readonly AuthName: string;
    readonly AuthDescription: string;
  }[];
  readonly Uploads?: readonly Upload[];
}

/** A file that the vendor takes. `MethodId` hands out the place for it; its arguments come along. */
export interface Upload {
  readonly Key: string;
  readonly Name: string;
  readonly Description: string;
  readonly MethodId: number | null;
  /** Fields of that method's body that are filled from the file. */
  readonly FileFields: readonly string[];
  readonly ContentTypes: readonly string[];
  readonly MaximumBytes: number;
}

export type ValueSource = 'default' | 'console' | 'account' | 'call';

/** console-setup.schema.json */
export interface ConsoleSetup {
  readonly Connector: Pick<ConnectorRelease, 'Id' | 'Name' | 'Title' | 'Version'>;
  readonly State: 'setup-required' | 'ready';
  readonly Settings: readonly ConsoleSetting[];
  readonly Installations: readonly DependentInstallation[];
  /** In the answer to a change: the installations that it concerns, after their tests. */
  readonly Retested?: readonly RetestedInstallation[];
}

export interface ConsoleSetting {
  readonly Name: string;
  readonly Label: string;
  readonly Level: 'console' | 'either';
  readonly Group: string | null;
  readonly IsSensitive: boolean;
  readonly IsOptional: boolean;
  readonly IsSet: boolean;
  /** Null for secrets. */
  readonly Value: string | null;
  readonly Source: ValueSource | null;
  readonly UpdatedDate: string | null;
}

export type InstallationState = 'setup-required' | 'active' | 'failing' | 'de-authenticated';

export interface StateReason {
  readonly Code: string;
  readonly Message: string;
  readonly Hint: string;
}

/** An installation that takes a value from the console. */
export interface DependentInstallation {
  readonly Id: string;
  readonly AccountId: string;
  readonly AccountName: string;
  readonly Name: string;
  readonly State: InstallationState;
  readonly StateReason: StateReason | null;
}

export interface RetestedInstallation extends DependentInstallation {
  /** Whether it takes a value from the console: since the change, as before, or no more. */
  readonly Dependence: 'begun' | 'kept' | 'ended';
}

/** message.schema.json */
export interface Message {
  readonly Message: string;
}
