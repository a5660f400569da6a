/** The API's answers as far as the commands read them; the whole of them is in the folder `schemas`. */

export interface AccountView {
  readonly Id: string;
  readonly Name: string;
  readonly CreatedDate: string;
}

/** A setting of a connector (connector-release.schema.json, Parameters). */
export interface SettingView {
  readonly TargetName: string;
  readonly DisplayName: string;
  readonly Description: string;
  readonly Level: 'console' | 'account' | 'either';
  readonly Group: string | null;
  /** The ways to authenticate that alone need it; null: all. */
  readonly AuthenticationIds: readonly string[] | null;
  readonly IsSensitive: boolean;
  readonly IsOptional: boolean;
  readonly DefaultValue: string | null;
  readonly Choices: readonly { readonly Value: string; readonly Name: string }[];
}

export interface ConnectorView {
  readonly Id: number;
  readonly Name: string;
  readonly Title: string;
  readonly Version: string;
  /** `Approved` for the live release. */
  readonly Status: string;
  readonly Parameters: readonly SettingView[];
  readonly Authentication: readonly { readonly Id: string }[];
}

/** console-setup.schema.json */
export interface SetupView {
  readonly Connector: { readonly Name: string; readonly Title: string; readonly Version: string };
  readonly State: 'setup-required' | 'ready';
  readonly Settings: readonly {
    readonly Name: string;
    readonly Label: string;
    readonly Level: string;
    readonly Group: string | null;
    readonly IsSensitive: boolean;
    readonly IsOptional: boolean;
    readonly IsSet: boolean;
    readonly Value: string | null;
  }[];
  readonly Installations: readonly DependentView[];
  /** In the answer to a change: the installations that it concerns, after their tests. */
  readonly Retested?: readonly DependentView[];
}

/** An installation that takes a value from the console, or did until now. */
export interface DependentView {
  readonly Id: string;
  readonly AccountName: string;
  readonly Name: string;
  readonly State: string;
  readonly StateReason: { readonly Code: string; readonly Message: string } | null;
}

/** installation.schema.json */
export interface InstallationAnswer {
  readonly Id: string;
  readonly AccountId: string;
  readonly Name: string;
  readonly State: 'setup-required' | 'active' | 'failing' | 'de-authenticated';
  readonly StateReason: { readonly Code: string; readonly Message: string; readonly Hint: string } | null;
  readonly Identity: Readonly<Record<string, unknown>> | null;
  readonly TestedDate: string | null;
  readonly Connector: { readonly Name: string; readonly Version: string };
  readonly Missing: readonly { readonly Name: string; readonly Label: string }[];
  readonly Properties: readonly PropertyAnswer[];
}

/** property.schema.json */
export interface PropertyAnswer {
  readonly Name: string;
  readonly Label: string;
  /** Null for secrets. */
  readonly Value: string | null;
  readonly Source: string;
  readonly IsSensitive: boolean;
}

/** paste-result.schema.json */
export interface PasteAnswer {
  readonly Settings: readonly { readonly Name: string; readonly Label: string; readonly Level: string }[];
  readonly Unknown: readonly string[];
  readonly Skipped?: readonly { readonly Label: string }[];
  readonly Installation?: InstallationAnswer;
}

/** connection-test.schema.json */
export interface TestAnswer {
  readonly Ok: boolean;
  readonly State: string;
  readonly Identity: Readonly<Record<string, unknown>> | null;
  readonly Code?: string;
  readonly Message?: string;
  readonly Hint?: string;
}

/** rotation.schema.json */
export interface RotationAnswer {
  readonly Level: 'account' | 'console';
  readonly Staged: {
    readonly Settings: readonly string[];
    readonly PurgeDate: string;
    readonly Test: RotationTestAnswer | null;
  } | null;
  readonly Fallback: {
    readonly Settings: readonly string[];
    readonly PurgeDate: string;
    readonly UsedDate: string | null;
    readonly UsedFor: string | null;
  } | null;
  /** The test that was just made. */
  readonly Test?: RotationTestAnswer;
}

interface RotationTestAnswer {
  readonly Ok: boolean;
  readonly Tested: number;
  readonly Failed: number;
  readonly Installations: readonly {
    readonly Id: string;
    readonly Ok: boolean;
    readonly Identity: Readonly<Record<string, unknown>> | null;
    readonly ChangedIdentity: readonly string[];
    readonly Code?: string;
    readonly Message?: string;
    readonly Hint?: string;
  }[];
}

/** method-schema.schema.json */
export interface MethodSchemaAnswer {
  readonly Key: string;
  readonly Name: string;
  readonly Parameters: {
    readonly properties: Readonly<Record<string, boolean | { readonly [keyword: string]: unknown }>>;
    readonly $defs?: Readonly<Record<string, unknown>>;
  };
  /** Null when the method has no body. */
  readonly Body: unknown;
}

/** preview.schema.json */
export interface PreviewAnswer {
  readonly Method: string;
  readonly Url: string;
  readonly Headers: Readonly<Record<string, string>>;
  readonly Body?: unknown;
  readonly Curl: string;
  readonly Provenance: readonly { readonly Name: string; readonly In: string; readonly Source: string }[];
}

/** What was sent or answered, redacted. */
export interface CallMessage {
  readonly Headers: Readonly<Record<string, string>>;
  readonly Body: string | null;
}

export interface AttemptAnswer {
  readonly AtMs: number;
  readonly DurationMs: number;
  readonly Status: number | null;
  readonly Error?: string;
  readonly WaitedMs?: number;
  readonly TokenRenewed?: boolean;
  /** How long the vendor asked to wait before the next one. */
  readonly RetryAfterMs?: number;
}

/** call-record.schema.json; `Request` and `Response` come with one call, where they were kept. */
export interface CallAnswer {
  readonly Id: string;
  readonly Date: string;
  readonly AccountConnectorId: string;
  readonly Method: string;
  readonly Outcome: string;
  readonly Status: number | null;
  readonly Attempts: number;
  readonly DurationMs: number;
  readonly AttemptDetails: readonly AttemptAnswer[];
  readonly Request?: CallMessage & { readonly Method: string; readonly Url: string };
  readonly Response?: CallMessage & { readonly Status: number };
}

/** service-user-record.schema.json */
export interface ServiceUserAnswer {
  readonly Id: string;
  readonly Name: string;
  readonly Policies: readonly string[];
  readonly CreatedDate: string;
}

/** access-key-record.schema.json; `Secret` is there once, when it is made. */
export interface AccessKeyAnswer {
  readonly Id: string;
  readonly ServiceUserId: string;
  readonly Name: string;
  readonly Status: 'ACTIVE' | 'INACTIVE';
  readonly CreatedDate: string;
  readonly LastUsedDate: string | null;
  readonly Secret?: string;
}
