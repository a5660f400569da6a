/** The shapes of the API's answers about accounts, installations, setup links and rotations, as far as the pages read them. */
import type { ConnectorRelease, InstallationState, Parameter, StateReason, ValueSource } from './answers.ts';

/** account.schema.json */
export interface Account {
  readonly Id: string;
  readonly Name: string;
  readonly Description?: string | null;
  readonly CreatedDate: string;
}

/** property.schema.json: a setting's value. `Value` is null for secrets, and for what the console gives. */
export interface Property {
  readonly Name: string;
  readonly Label: string;
  readonly Value: string | null;
  readonly Source: ValueSource | null;
  readonly IsSensitive: boolean;
  readonly IsSet: boolean;
}

/** Who the credentials are; which fields there are is up to the connector. */
export type Identity = Readonly<Record<string, unknown>>;

/** installation.schema.json */
export interface Installation {
  readonly Id: string;
  readonly AccountId: string;
  readonly Name: string;
  readonly Description: string | null;
  readonly AuthenticationId: string;
  readonly State: InstallationState;
  readonly StateReason: StateReason | null;
  readonly Identity: Identity | null;
  readonly TestedDate: string | null;
  readonly CreatedDate: string;
  readonly ModifiedDate: string;
  /** The release that is installed. */
  readonly Connector: ConnectorRelease;
  /** Those that have a value and are not the console's alone. */
  readonly Properties: readonly Property[];
  /** Required settings without a value. */
  readonly Missing: readonly { readonly Name: string; readonly Label: string }[];
}

/** connection-test.schema.json */
export interface ConnectionTest {
  readonly Ok: boolean;
  readonly State: InstallationState;
  readonly Identity: Identity | null;
  readonly Code?: string;
  readonly Message?: string;
  readonly Hint?: string;
  readonly Vendor?: { readonly Status: number; readonly Message?: string };
}

/** setup-link.schema.json */
export interface SetupLink {
  readonly Id: string;
  readonly CreatedDate: string;
  readonly ExpiresDate: string;
  readonly UsedDate: string | null;
}

/** The answer that made a link; nothing else ever has its token. */
export interface NewSetupLink extends SetupLink {
  /** With the token behind the #. */
  readonly Path: string;
}

/** setup-form.schema.json: what a customer sees who opened a setup link. */
export interface SetupForm {
  readonly Name: string;
  readonly State: InstallationState;
  readonly StateReason: StateReason | null;
  readonly Identity: Identity | null;
  readonly ExpiresDate: string;
  readonly Connector: Pick<ConnectorRelease, 'Name' | 'Title' | 'Description' | 'Icon' | 'Guide'>;
  readonly Settings: readonly (Parameter & {
    readonly IsSet: boolean;
    readonly Source: ValueSource | null;
    readonly Value: string | null;
    readonly IsMissing: boolean;
  })[];
}

/** Credentials that are kept beside those in use; never their values. */
interface HeldCredentials {
  /** Names of settings. */
  readonly Settings: readonly string[];
  readonly CreatedDate: string;
  /** When they are deleted. */
  readonly PurgeDate: string;
}

export interface StagedTest {
  readonly Date: string;
  readonly Ok: boolean;
  /** Installations, also those that the caller may not read. */
  readonly Tested: number;
  readonly Failed: number;
  readonly Installations: readonly {
    readonly Id: string;
    readonly Ok: boolean;
    readonly Identity: Identity | null;
    /** Fields in which that differs from the credentials in use. */
    readonly ChangedIdentity: readonly string[];
    readonly Code?: string;
    readonly Message?: string;
    readonly Hint?: string;
  }[];
}

/** rotation.schema.json */
export interface Rotation {
  readonly Level: 'account' | 'console';
  readonly Staged: (HeldCredentials & { readonly Test: StagedTest | null }) | null;
  readonly Fallback:
    | (HeldCredentials & { readonly UsedDate: string | null; readonly UsedFor: string | null })
    | null;
}

/** call-record.schema.json, of a list. */
export interface CallBrief {
  readonly Id: string;
  readonly Date: string;
  readonly Method: string;
  /** `ok`, or the code of the error. */
  readonly Outcome: string;
  readonly Status: number | null;
  readonly DurationMs: number;
}
