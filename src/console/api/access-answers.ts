/** The shapes of the API's answers about who may call it, as far as the pages read them. */

/** service-user-record.schema.json */
export interface ServiceUser {
  readonly Id: string;
  readonly Name: string;
  /** Ids of permission policies. */
  readonly Policies: readonly string[];
  readonly CreatedDate: string;
}

/** access-key-record.schema.json, without its secret. */
export interface AccessKey {
  readonly Id: string;
  readonly ServiceUserId: string;
  readonly Name: string;
  readonly Status: 'ACTIVE' | 'INACTIVE';
  readonly CreatedDate: string;
  readonly LastUsedDate: string | null;
}

/** The answer that made the secret; nothing else ever has it. */
export interface AccessKeyWithSecret extends AccessKey {
  readonly Secret: string;
}

export interface Statement {
  readonly Effect: 'allow' | 'deny';
  /** `accounts:read`, or a pattern: `*`, `*:read`, `methods:*`. */
  readonly Actions: readonly string[];
  /** `*`, or `account/{id}`, `connector/{name}`, `service-user/{id}`, with `*` for any text of the id. */
  readonly Resources: readonly string[];
}

/** policy-record.schema.json */
export interface Policy {
  readonly Id: string;
  readonly Name: string;
  /** Belongs to the program and never changes. */
  readonly Managed: boolean;
  readonly Statements: readonly Statement[];
}

/** audit-record.schema.json */
export interface AuditEntry {
  readonly Id: string;
  readonly Date: string;
  /** `serviceUserId/accessKeyId`, `local` or `unknown`. */
  readonly Actor: string;
  readonly Action: string;
  readonly Target: string;
  readonly AccountId: string | null;
  readonly Detail: Readonly<Record<string, unknown>>;
}
