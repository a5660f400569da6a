/** The compiled connector: plain, frozen data that can be kept as JSON. Nothing in it needs a second look. */
import type { Template } from './template.ts';

/** A JSON Schema 2020-12; `$ref`s inside a connector read `#/$defs/Name` and resolve in `Connector.types`. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

export interface Connector {
  /** Integer id of this release: from name and version, the same on every machine. */
  readonly id: number;
  /** UUID (version 5) of the connector's name: the same in every release. */
  readonly uuid: string;
  readonly name: string;
  readonly title: string;
  /** The release: a semantic version. */
  readonly version: string;
  readonly status: ReleaseStatus;
  readonly description: string;
  readonly categories: readonly string[];
  /** `data:` URI, or absent. */
  readonly icon?: string;
  /** The vendor's guide to making credentials. */
  readonly guide?: string;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly environments: Environments;
  /** Host name -> console setting that replaces its base URL (mock servers, proxies). */
  readonly overrides: Readonly<Record<string, string>>;
  /** The first is the default. */
  readonly auth: readonly AuthMethod[];
  readonly test: ConnectionTest;
  readonly failures: readonly FailureRule[];
  /** Where refusals say what is wrong, where it is not in one of the usual places. */
  readonly refusals?: Refusals;
  readonly limits: Readonly<Record<string, Limit>>;
  readonly lookups: Readonly<Record<string, Lookup>>;
  /** The header in which the vendor takes a key with whatever changes something, as the connector's defaults say. */
  readonly idempotencyKey?: { readonly header: string };
  /** Where the fields are described that every organisation adds for itself. */
  readonly customFields?: CustomFields;
  /** Files that are put to a URL the vendor hands out, by key. */
  readonly uploads: Readonly<Record<string, Upload>>;
  readonly types: Readonly<Record<string, JsonSchema>>;
  /** By key (`accounts.list`). */
  readonly methods: Readonly<Record<string, Method>>;
}

export type ReleaseStatus = 'draft' | 'live' | 'deprecated';
export type SettingLevel = 'console' | 'account' | 'either';
/** The levels a value can come from, in the order of resolution. */
export type ValueSource = 'default' | 'console' | 'account' | 'call';

/** A value that console or account provides. Values are texts. */
export interface Setting {
  readonly key: string;
  readonly id: number;
  readonly label: string;
  readonly description: string;
  readonly level: SettingLevel;
  readonly required: boolean;
  readonly secret: boolean;
  readonly multiline: boolean;
  /** The last level that may replace a value given at an earlier one. */
  readonly overridable: 'none' | 'account' | 'call';
  /** Settings of one group come from one level together: a key and its secret are never mixed. */
  readonly group?: string;
  readonly default?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** With `choices`: whether another value than these may be given. */
  readonly open: boolean;
  readonly pattern?: string;
  /** What the pattern asks for, in words. */
  readonly patternHint?: string;
  readonly maxLength: number;
  /** Ids of the auth methods that alone need it; absent: it is needed whichever is chosen. */
  readonly auth?: readonly string[];
  /** The names under which the vendor's exports carry it, compared without case, `_` and `-`. */
  readonly aliases: readonly string[];
  /** What the vendor's own API calls it. */
  readonly vendorName?: string;
  readonly help?: string;
}

export interface Environments {
  /** The setting that names the environment; absent when there is only one. */
  readonly setting?: string;
  readonly named: Readonly<Record<string, Environment>>;
  /** The hosts of any other value of the setting that its pattern allows. */
  readonly other?: Environment;
}

export interface Environment {
  readonly label: string;
  /** Host name -> base URL, without a trailing slash. */
  readonly hosts: Readonly<Record<string, Template>>;
}

interface AuthBase {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

/** OAuth 2.0 client credentials (RFC 6749 section 4.4). */
export interface ClientCredentials extends AuthBase {
  readonly kind: 'client-credentials';
  readonly host: string;
  readonly path: Template;
  readonly clientId: Template;
  /** Absent with `private_key_jwt`. */
  readonly clientSecret?: Template;
  /**
   * How the client proves who it is: its secret in the Basic header or in the body (RFC 6749 section 2.3.1), or a JWT that
   * is signed with its private key (RFC 7523 section 2.2; the name is that of OpenID Connect Core section 9).
   */
  readonly credentials: 'basic' | 'body' | 'private_key_jwt';
  /** Of `private_key_jwt`. */
  readonly assertion?: Assertion;
  readonly encoding: 'form' | 'json';
  /** Further fields of the token request: scope, audience, ... */
  readonly fields: Readonly<Record<string, Template>>;
  /** Assumed when the answer says nothing of it, in seconds. */
  readonly lifetimeSeconds: number;
}

/** How a client assertion is made (RFC 7523 section 3). */
export interface Assertion {
  readonly algorithm: 'RS256' | 'ES256';
  /** The private key as PEM. */
  readonly key: Template;
  /** `kid` of the JWT's header, where the vendor has several keys of one client. */
  readonly keyId?: Template;
  /** `aud`; the URL of the token endpoint when absent. */
  readonly audience?: Template;
  readonly lifetimeSeconds: number;
}

/** Where a credential stands in a request, and what stands before it there: `Apikey `, or nothing. */
export interface Placement {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
  readonly prefix?: string;
}

/** A fixed key in a header, in the query, or in a cookie. */
export interface ApiKey extends AuthBase, Placement {
  readonly kind: 'api-key';
  readonly value: Template;
  /** Done to the whole value before the prefix is set before it. */
  readonly encode?: 'base64';
}

/** A fixed bearer token (RFC 6750 section 2.1). */
export interface Bearer extends AuthBase {
  readonly kind: 'bearer';
  readonly token: Template;
}

/** HTTP Basic (RFC 7617). */
export interface Basic extends AuthBase {
  readonly kind: 'basic';
  readonly username: Template;
  readonly password: Template;
}

/** A call that opens a session: what it hands out goes onto the requests of the session. */
export interface Login extends AuthBase {
  readonly kind: 'login';
  readonly verb: 'POST' | 'PUT' | 'GET';
  readonly host: string;
  readonly path: Template;
  readonly headers: Readonly<Record<string, Template>>;
  readonly encoding: 'form' | 'json';
  /** Of the body; in JSON a dotted name leads into an object. What is no text is sent as it is. */
  readonly fields: Readonly<Record<string, Template | number | boolean>>;
  /** Where the answer has the session's token: a dotted path of its body, a header, or a cookie that it sets. */
  readonly token: { readonly body: string } | { readonly header: string } | { readonly cookie: string };
  /** Where the token goes. */
  readonly place: Placement;
  /** Dotted path of the session's lifetime in the answer, in seconds. */
  readonly lifetime?: string;
  /** Assumed when the answer says nothing of it, in seconds. */
  readonly lifetimeSeconds: number;
}

/** Those that exchange their credentials for something that lasts a while. */
export type TokenAuth = ClientCredentials | Login;
export type AuthMethod = TokenAuth | ApiKey | Bearer | Basic;

/** The call that proves an installation, and what its answer says about who we are. */
export interface ConnectionTest {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Field of the identity -> dotted path in the answer. */
  readonly identity: Readonly<Record<string, string>>;
  /** The field of the identity that says whose data it is: credentials may be replaced only by others that agree in it. */
  readonly organisation?: string;
}

/** What a vendor's refusal means; each is an error code `vendor.<meaning>`. */
export const meanings = [
  'bad-credentials',
  'key-inactive',
  'expired',
  'revoked',
  'forbidden',
  'wrong-organisation',
  'wrong-environment',
  'not-found',
  'invalid',
  'conflict',
  'too-large',
  'busy',
  'throttled',
  'unavailable',
  'partial',
  'failed',
] as const;
export type Meaning = (typeof meanings)[number];

/** All conditions that are given must hold. */
export interface FailureCondition {
  /** Where the answer came from: the token endpoint or a method call. Absent: both. */
  readonly at?: 'token' | 'call';
  /** Exact statuses (`403`) or classes (`4xx`). */
  readonly status?: readonly (number | string)[];
  readonly host?: string;
  readonly methods?: readonly string[];
  /** The body holds one of these texts, whatever the case. */
  readonly text?: readonly string[];
  readonly header?: HeaderCondition;
  /** Values in the JSON body, all of them: present, or one of `values`. */
  readonly body?: readonly BodyCondition[];
  /** The request's body was longer than this. */
  readonly requestBytesOver?: number;
  /** The token was older than this when it was refused. */
  readonly tokenOlderThanSeconds?: number;
  /** A claim of the token (read as a JWT, unverified) differs from a setting. */
  readonly claim?: { readonly name: string; readonly differsFrom: Template };
}

/** Without `text` and `values`: the header is there. */
export interface HeaderCondition {
  readonly name: string;
  /** It holds one of these texts, whatever the case. */
  readonly text?: readonly string[];
  /** It is one of these, exactly. */
  readonly values?: readonly string[];
}

export interface BodyCondition {
  /** Dotted. */
  readonly path: string;
  readonly values?: readonly (string | number | boolean)[];
}

/** Ordered: the first rule whose conditions all hold decides. */
export interface FailureRule {
  readonly when: FailureCondition;
  readonly means: Meaning;
  /** Shown in place of the code's usual hint. */
  readonly hint?: string;
}

/** Dotted paths; the first that holds a text counts. */
export interface Refusals {
  readonly message?: readonly string[];
  readonly code?: readonly string[];
}

/** A rate the vendor allows. */
export interface Limit {
  readonly description: string;
  readonly requests: number;
  readonly perSeconds: number;
  readonly burst?: number;
  /** Requests with the same values of these settings share the limit; empty: each installation has its own. */
  readonly sharedBy: readonly string[];
}

/** Offers the values of an id parameter by name. */
export interface Lookup {
  readonly key: string;
  readonly id: number;
  readonly label: string;
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Dotted path of the list in the answer of a method without pages. */
  readonly items?: string;
  /** Dotted paths in each item. */
  readonly value: string;
  readonly name: string;
}

/** Fields that an organisation adds to entities: one method tells them all. */
export interface CustomFields {
  readonly method: string;
  /** The property of a body that takes them. */
  readonly property: string;
  /** Category key (`accounts` in `accounts.create`) -> dotted path, in the method's answer, of name -> default value. */
  readonly entities: Readonly<Record<string, string>>;
}

/** A file in three steps: ask for a URL, put the file there, follow its job. */
export interface Upload {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  /** The method that hands out the URL. */
  readonly request: string;
  /** Its body fields that take the file's name, content type and number of bytes. */
  readonly file: { readonly name: string; readonly type: string; readonly bytes: string };
  /** Dotted paths in its answer. */
  readonly url: string;
  readonly headers: string;
  readonly job: string;
  /** Hosts that such a URL may have: `files.example.com`, or `*.example.com` for all below. */
  readonly hosts: readonly string[];
  readonly urlLifetimeSeconds: number;
  readonly contentTypes: readonly string[];
  readonly maximumBytes: number;
  readonly poll: {
    readonly method: string;
    /** Its parameter that takes the job's id. */
    readonly parameter: string;
    readonly status: string;
    readonly done: readonly string[];
    readonly failed: readonly string[];
    readonly intervalSeconds: number;
  };
}

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Method {
  readonly key: string;
  /** Integer id, pinned to the release. */
  readonly id: number;
  /** UUID (version 5) of connector and key: the same in every release. */
  readonly uuid: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly verb: Verb;
  readonly host: string;
  readonly path: Template;
  /** Those that are the same in every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Those made of settings, by name in lower case; absent when there are none. */
  readonly settingHeaders?: Readonly<Record<string, Template>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly body?: Body;
  readonly response?: JsonSchema;
  readonly paging?: Paging;
  /** How a list in the body that is too long for one request is split. */
  readonly batch?: Batching;
  /** Key of the method that reads what this one replaces: a GET of the same path. */
  readonly reads?: string;
  /** The version that a call must name in `If-Match` (RFC 9110 section 13.1.1): where to read it when the caller gives none. */
  readonly etag?: EntityTag;
  /** What people must know before they call it. */
  readonly warning?: string;
  /** Names in `Connector.limits`. */
  readonly limits: readonly string[];
  /** Whether the vendor ends in the same state when the same request arrives twice. */
  readonly idempotent: boolean;
  /** The header in which the vendor takes a key that makes it do the same request once only; never of methods that change nothing. */
  readonly idempotencyKey?: { readonly header: string };
  /** Whether the call changes nothing at the vendor. */
  readonly readOnly: boolean;
  readonly deprecated: boolean;
  readonly beta: boolean;
  /** Dotted paths in request and answer that hold secrets in clear: hidden in logs. */
  readonly sensitive: readonly string[];
}

export interface EntityTag {
  /** Key of the method that reads the entity; it takes those of the arguments that it knows. */
  readonly reads: string;
  /** Dotted path of the tag in its answer; the header `ETag` when absent. */
  readonly path?: string;
}

export type ArrayStyle = 'comma' | 'repeat' | 'brackets';

export interface Parameter {
  readonly name: string;
  readonly id: number;
  /** `body`: a field of the request's body, of paging alone. */
  readonly in: 'path' | 'query' | 'header' | 'body';
  /** What the vendor calls it, where that differs: a name of the query or a header, or a path in the body. */
  readonly wire?: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  /** How an array is written: `k=a,b`, `k=a&k=b` or `k[]=a&k[]=b`; a setting may choose. */
  readonly arrays: ArrayStyle | { readonly setting: string };
  /** An object is written one field at a time, `k[a]=1&k[b]=2`; as JSON when absent. */
  readonly objects?: 'brackets';
  /** `json`: written as JSON, whatever it is; `path`: several segments of the path, whose slashes stay. */
  readonly encode?: 'json' | 'path';
  /** Dates with a time (RFC 3339) are written as HTTP writes them (RFC 1123, in GMT), inside of JSON as well. */
  readonly dates?: 'rfc1123';
  readonly lookup?: string;
}

export interface Body {
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** Unknown fields are refused at every depth, with the nearest known name. */
  readonly closed: boolean;
  readonly encoding: 'json' | 'form';
  /** Of a form; absent: what is in a field is written as JSON. */
  readonly formStyle?: FormStyle;
  /** In place of the usual one of the encoding: `application/json-patch+json`, or what a setting says. */
  readonly contentType?: string | { readonly setting: string };
  /** Fields that are given a value before the first attempt when the caller gave none. */
  readonly fill: readonly Fill[];
}

/**
 * How a form writes objects and lists. `brackets`: `a[b]=1`, `list[]=1`; `indices`: `a[b]=1`, `list[0]=1`; `dots`: `a.b=1`,
 * `list[0].b=1`; `repeat`: `list=1&list=2`, and objects as JSON.
 */
export type FormStyle = 'brackets' | 'indices' | 'dots' | 'repeat';

export interface Fill {
  /** Dotted path; `[]` steps into every item: `measurements[].uid`. */
  readonly path: string;
  readonly value: 'uuid' | 'now' | { readonly constant: unknown };
}

/** A list in the body that may be sent in several requests. */
export interface Batching {
  /** Name of the list in the body. */
  readonly items: string;
  readonly maximum: number;
  /** Of the encoded body. */
  readonly maximumBytes: number;
  /** Strict calls look the rows' references up first: a value that the vendor does not know would be taken silently. */
  readonly strict?: StrictCheck;
}

export interface StrictCheck {
  /** Name of the field in each row. */
  readonly field: string;
  /** The paged method that finds what exists, and its list parameter that takes the values. */
  readonly method: string;
  readonly parameter: string;
  /** Dotted path of the value in each item found. */
  readonly found: string;
  /** Values asked for in one request. */
  readonly maximum: number;
}

export interface Paging {
  readonly style: string;
  /** `link`: the vendor gives the address of the next page. `whole`: there is but one page. */
  readonly kind: 'token' | 'offset' | 'page' | 'link' | 'whole';
  /** The argument that carries token, offset, page number, or what `PAGE_LINK` says of links; none of kind `whole`. */
  readonly parameter?: string;
  /** The argument that carries the page size, if there is one. */
  readonly size?: string;
  /** Dotted path of the items in the answer. */
  readonly items: string;
  /** Kind `token` and `link`: dotted path of the next token or address. One of these three is given. */
  readonly next?: string;
  /** Dotted path of the token in the last item of the page. */
  readonly nextItem?: string;
  /** The header that has the token, or links (RFC 8288) of which one is `rel=next`. */
  readonly nextHeader?: string;
  /** Kind `link`: what paths a next page may have beside the method's own; `*` is one segment, `**` at the end any number. */
  readonly paths?: readonly string[];
  /** Kind `offset` and `page`: where counting starts. */
  readonly first: number;
  /** How many items of a list the vendor gives at most, however many there are. */
  readonly maximumItems?: number;
  /** Items in a page when no size is asked for. */
  readonly defaultSize?: number;
  /** Dotted path of the number of all items. */
  readonly total?: string;
  /** Dotted path of what says, when true, that there are more than `total`. */
  readonly totalOverflow?: string;
  /** Dotted path of the number of pages. */
  readonly pages?: string;
  /** Kind `offset` and `page`: dotted path of what says, true or false, whether this page is the last. */
  readonly last?: string;
  /** Dotted path of what says, true or false, whether there are more pages. */
  readonly more?: string;
}
