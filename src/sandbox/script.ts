/** The content of sandbox.yaml as types, and the rules a vendor has when the file says nothing. */
import type { DetailRules } from './details.ts';
import { matchesKey } from './key-pattern.ts';
import type { RefusalChanges } from './refusal.ts';
import type { BehaviourRule } from './script-behaviours.ts';
import type { CollectionRules, Condition } from './script-collections.ts';
import type { Fields, Step } from './script-steps.ts';

/** One of the vendor's customers; tokens belong to exactly one. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly type?: string;
  readonly status?: string;
}

export interface PolicyStatement {
  readonly effect: 'allow' | 'deny';
  /** Method keys, `*` for any text. */
  readonly methods: readonly string[];
  /** true: only methods that change nothing; false: only methods that change something; absent: both. */
  readonly reading?: boolean;
  /** The statement does not hold for service users with one of these values of their details. */
  readonly unless?: Condition;
}

export interface PermissionPolicy {
  readonly name: string;
  readonly description?: string;
  /** Nobody can change or delete it. */
  readonly managed?: boolean;
  /** Whether a service user can have it; true unless said. */
  readonly serviceUsers?: boolean;
  readonly statements: readonly PolicyStatement[];
  /** Keys of the `{{permissions}}` map in a token's claims. */
  readonly permissions?: readonly string[];
}

/** As they stand on the vendor's screens; each has a usual word where the vendor's is not given. */
export interface VendorWords {
  /** Above the field that names a service user: Name. */
  readonly name?: string;
  /** One of them, within a sentence: policy. */
  readonly policy?: string;
  /** Several of them: Permission policies. */
  readonly policies?: string;
  /** Several of them: Access keys. */
  readonly accessKeys?: string;
  /** On the button that makes the first or a further key: Generate access key. */
  readonly generate?: string;
  /** On the button that makes a new secret for a key: Regenerate. */
  readonly regenerate?: string;
}

export interface AccessKeyRules {
  /** For each service user; absent: any number. */
  readonly maximum?: number;
  readonly regenerate: boolean;
  /** Whether a key can be switched off and on. */
  readonly switchable: boolean;
  /** Whether whoever generates a key gives it a name. */
  readonly named: boolean;
  readonly deleteActive: boolean;
  /** The vendor's words for the two states. */
  readonly active: string;
  readonly inactive: string;
  readonly idPrefix: string;
  readonly idLength: number;
  readonly secretLength: number;
  /** Default: empty, or what the pattern of the setting begins with. */
  readonly secretPrefix?: string;
  /** Setting -> its text with every key, where it is neither the key's id nor its secret. */
  readonly settings: Readonly<Record<string, string>>;
  readonly copy: {
    readonly environment: Readonly<Record<string, string>>;
    readonly json: Readonly<Record<string, string>>;
    readonly values: Readonly<Record<string, string>>;
  };
}

export interface TokenRules {
  readonly lifetimeSeconds?: number;
  /** Fields that a token request must have beside `grant_type`. */
  readonly require: Readonly<Record<string, string>>;
  readonly header: Fields;
  readonly claims: Fields;
  readonly answer: Fields;
}

export interface EntityRules {
  readonly id: string;
  /** New ids are that many hexadecimal digits; absent: UUIDs. */
  readonly idDigits?: number;
  /** Where ids are numbers they count up from here. Default: 1. */
  readonly idStart?: number;
  /** The field of the optimistic lock; null when the vendor has none. */
  readonly version: string | null;
  readonly created: Fields;
  readonly updated: Fields;
  readonly unique: readonly string[];
  /** For every collection that does not say it itself. */
  readonly filters: CollectionRules['filters'];
}

export interface SearchRules {
  readonly query: string;
  readonly joiner: string;
  readonly operator: string;
  readonly sortBy: string;
  readonly sortOrder: string;
}

/** Query parameters that carry conditions, `field:op(value)`, and orders, `asc(field)`. */
export interface ConditionRules {
  readonly filter: string;
  readonly sort?: string;
}

/** A query parameter that carries a condition as MongoDB takes them. */
export interface MatchingRules {
  readonly parameter: string;
}

/** Notes what happens to entities, as entities of one collection. */
export interface JournalRules {
  readonly in: string;
  /** With `{{name}}`, `{{happened}}` (created, updated, deleted), `{{before}}` and `{{after}}`. */
  readonly entry: Fields;
  /** Collection -> what `{{name}}` stands for. */
  readonly names: Readonly<Record<string, string>>;
  /** The oldest entries go first. Default: 1000. */
  readonly maximum?: number;
}

/** sandbox.yaml as written; `schemas/sandbox.schema.json` describes every key. */
export interface SandboxScript {
  readonly organisationSetting?: string;
  readonly organisations: readonly Organisation[];
  readonly policies: readonly PermissionPolicy[];
  /** What the vendor's form asks beside name and policies. */
  readonly serviceUsers?: { readonly details?: DetailRules };
  /** What the vendor's screens call things. */
  readonly words?: VendorWords;
  readonly accessKeys?: Partial<AccessKeyRules>;
  readonly token?: Partial<TokenRules>;
  readonly refusals?: RefusalChanges;
  /** Whether the vendor may send refusals as 200, with their status in the body alone: there is a switch for it then. */
  readonly statusInBody?: boolean;
  readonly errorBody?: unknown;
  /** Of some methods; the first that names the method counts. */
  readonly errorBodies?: readonly { readonly methods: readonly string[]; readonly body: unknown }[];
  readonly statuses?: { readonly create?: number; readonly delete?: number; readonly empty?: number };
  readonly entities?: Partial<EntityRules>;
  readonly pages?: Readonly<
    Record<
      string,
      { readonly size?: number; readonly total?: string; readonly page?: string; readonly frame?: Fields }
    >
  >;
  readonly search?: Partial<SearchRules>;
  readonly conditions?: ConditionRules;
  readonly matching?: MatchingRules;
  readonly collections?: Readonly<Record<string, CollectionRules>>;
  readonly methods?: Readonly<Record<string, BehaviourRule>>;
  /** Run in each organisation at the start. */
  readonly start?: readonly Step[];
  readonly journal?: JournalRules;
  readonly bodyLimits?: Readonly<Record<string, number>>;
}

const accessKeyDefaults: AccessKeyRules = {
  regenerate: false,
  switchable: true,
  named: false,
  deleteActive: false,
  active: 'ACTIVE',
  inactive: 'INACTIVE',
  idPrefix: '',
  idLength: 20,
  secretLength: 40,
  settings: {},
  copy: { environment: {}, json: {}, values: {} },
};

/** RFC 6749 section 5.1 for the answer, RFC 7519 section 4.1 for the claims. */
const tokenDefaults: TokenRules = {
  require: {},
  header: {},
  claims: { sub: '{{serviceUserId}}', iat: '{{nowSeconds}}', exp: '{{expiresSeconds}}' },
  answer: { access_token: '{{token}}', token_type: 'Bearer', expires_in: '{{lifetimeSeconds}}' },
};

const entityDefaults: EntityRules = {
  id: 'id',
  version: 'version',
  created: {},
  updated: {},
  unique: [],
  filters: {},
};

const searchDefaults: SearchRules = {
  query: 'searchQuery',
  joiner: '$',
  operator: 'operator',
  sortBy: 'sortBy',
  sortOrder: 'sortOrder',
};

/** The body of a refusal, as most JSON APIs write it unless the script says otherwise; `method` is a key, or `token`. */
export function errorBodyOf(script: SandboxScript, method?: string): unknown {
  const own = script.errorBodies?.find(({ methods }) =>
    methods.some((pattern) => method !== undefined && matchesKey(pattern, method)),
  );
  return own ? own.body : (script.errorBody ?? { message: '{{message}}' });
}

export const accessKeyRulesOf = (script: SandboxScript): AccessKeyRules => ({
  ...accessKeyDefaults,
  ...script.accessKeys,
  copy: { ...accessKeyDefaults.copy, ...script.accessKeys?.copy },
});
export const tokenRulesOf = (script: SandboxScript): TokenRules => ({ ...tokenDefaults, ...script.token });
export const entityRulesOf = (script: SandboxScript): EntityRules => ({
  ...entityDefaults,
  ...script.entities,
});
/** The first of the numbers that a collection's entities get. */
export const firstIdOf = (rules: EntityRules, own: CollectionRules): number =>
  own.idStart ?? rules.idStart ?? 1;
export const searchRulesOf = (script: SandboxScript): SearchRules => ({
  ...searchDefaults,
  ...script.search,
});
