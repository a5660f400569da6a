/** The shapes in which a played vendor's own screens answer, as far as the pages read them; docs/sandbox.md has all of them. */

/** sandbox-record.schema.json */
export interface PlayedVendor {
  readonly Name: string;
  readonly Title: string;
}

export interface PlayedOrganisation {
  readonly id: string;
  readonly name: string;
  readonly type?: string;
}

/** What the vendor's screens allow, and what a fault can be aimed at. */
export interface VendorRules {
  readonly accessKeys: {
    /** Of each service user; absent: any number. */
    readonly maximum?: number;
    readonly regenerate: boolean;
    readonly deleteActive: boolean;
    /** Whether a key can be switched off and on. */
    readonly switchable: boolean;
    /** Whether whoever generates a key gives it a name. */
    readonly named: boolean;
    /** Whether there are clients that sign, whose public keys are registered. */
    readonly publicKeys: boolean;
    /** The vendor's words for the two states. */
    readonly active: string;
    readonly inactive: string;
  };
  /** What the form for service users asks beside name and policies. */
  readonly serviceUsers?: { readonly details?: Readonly<Record<string, DetailRule>> };
  /** What the vendor's screens call things, where it differs from the usual words. */
  readonly words?: Partial<VendorWords>;
  /** Whether refusals may be switched to come as 200, with their status in the body alone. */
  readonly statusInBody?: boolean;
  readonly tokenLifetimeSeconds?: number;
  readonly hosts: readonly string[];
  readonly methods: readonly string[];
  readonly limits: boolean;
}

/** schemas/sandbox.schema.json says what each stands for. */
export interface VendorWords {
  readonly name: string;
  readonly policy: string;
  readonly policies: string;
  readonly accessKeys: string;
  readonly generate: string;
  readonly regenerate: string;
}

export interface DetailRule {
  readonly label: string;
  /** A list holds some of the choices. */
  readonly type: 'text' | 'boolean' | 'list';
  readonly choices?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly default?: unknown;
  /** Cannot be changed once the service user is made. */
  readonly fixed?: boolean;
}

export type Details = Readonly<Record<string, unknown>>;

export interface PlayedKey {
  readonly id: string;
  readonly name?: string;
  /** PEM. */
  readonly publicKey?: string;
  readonly status: string;
  /** Milliseconds since the epoch, like every time here. */
  readonly createdAt: number;
}

export interface PlayedUser {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly policies: readonly string[];
  readonly details?: Details;
  readonly createdAt: number;
  readonly accessKeys: readonly PlayedKey[];
}

/** What the vendor shows once. It holds the secret: for the popup alone. */
export interface ShownKey {
  readonly organisationId: string;
  readonly accessKeyId: string;
  readonly apiSecret: string;
  readonly copyForms: {
    /** `NAME=value` lines; empty where the vendor has no such form. */
    readonly environment: string;
    /** `{}` where the vendor has no such form. */
    readonly json: string;
    readonly values: Readonly<Record<string, string>>;
  };
}

export interface PolicyStatement {
  readonly effect: 'allow' | 'deny';
  /** Keys of methods; `*` stands for any text. */
  readonly methods: readonly string[];
  /** True: only what reads; false: only what changes something; absent: both. */
  readonly reading?: boolean;
  /** Detail -> values: it does not hold for service users with one of them. */
  readonly unless?: Readonly<Record<string, readonly string[]>>;
}

export interface PlayedPolicy {
  readonly name: string;
  readonly description?: string;
  /** Cannot be changed or deleted. */
  readonly managed?: boolean;
  /** False: not for service users. */
  readonly serviceUsers?: boolean;
  readonly statements: readonly PolicyStatement[];
}

/** Which requests go wrong, and how. */
export interface Fault {
  readonly host?: string;
  readonly method?: string;
  readonly pathPrefix?: string;
  /** How many more; absent: until it is taken away. */
  readonly times?: number;
  readonly delayMs?: number;
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly drop?: 'before' | 'after';
  readonly truncate?: boolean;
  readonly contentType?: string;
}

export interface NamedFault extends Fault {
  readonly id: string;
}

/** All of them are replaced together. */
export interface Switches {
  readonly tokenLifetimeSeconds?: number;
  readonly clockSkewSeconds?: number;
  readonly refusals?: Readonly<Record<string, { readonly status?: number; readonly sentAs?: number }>>;
  readonly limits?: { readonly retryAfter?: boolean };
}

export interface FaultState extends Switches {
  readonly faults: readonly NamedFault[];
}

export interface ArrivedRequest {
  readonly at: number;
  readonly hosts: readonly string[];
  readonly verb: string;
  readonly path: string;
  readonly query: string;
  /** Absent when no answer was given. */
  readonly status?: number;
  /** A method's key, `token` or `file`; absent when nothing is at the path. */
  readonly method?: string;
  readonly bodyBytes: number;
  readonly fault: boolean;
}

export interface CollectionCount {
  readonly name: string;
  readonly count: number;
}
