/** The shapes of the YAML files once they have passed their schemas, and what a method inherits. */
import type {
  ApiKey,
  ArrayStyle,
  Assertion,
  Basic,
  Batching,
  Bearer,
  BodyCondition,
  ClientCredentials,
  CustomFields,
  EntityTag,
  Fill,
  FormStyle,
  HeaderCondition,
  JsonSchema,
  Login,
  Meaning,
  Paging,
  Placement,
  ReleaseStatus,
  SettingLevel,
  Upload,
  Verb,
} from './connector.ts';
import { parseTemplate, placeholderNames } from './template.ts';

export interface RawSetting {
  label: string;
  description: string;
  level: SettingLevel;
  required?: boolean;
  secret?: boolean;
  multiline?: boolean;
  overridable?: 'none' | 'account' | 'call';
  group?: string;
  default?: string;
  choices?: { value: string; label: string }[];
  open?: boolean;
  pattern?: string;
  patternHint?: string;
  maxLength?: number;
  aliases?: string[];
  vendorName?: string;
  help?: string;
}

export interface RawEnvironment {
  label: string;
  hosts: Record<string, string>;
}

interface RawAuthBase {
  id: string;
  label: string;
  description?: string;
}

export interface RawClientCredentials extends RawAuthBase {
  kind: 'client-credentials';
  host: string;
  path: string;
  clientId: string;
  clientSecret?: string;
  credentials?: ClientCredentials['credentials'];
  assertion?: {
    algorithm?: Assertion['algorithm'];
    key: string;
    keyId?: string;
    audience?: string;
    lifetimeSeconds?: number;
  };
  encoding?: 'form' | 'json';
  fields?: Record<string, string>;
  lifetimeSeconds: number;
}

export interface RawLogin extends RawAuthBase {
  kind: 'login';
  verb?: Login['verb'];
  host: string;
  path: string;
  headers?: Record<string, string>;
  encoding?: 'form' | 'json';
  fields?: Record<string, string | number | boolean>;
  token: Login['token'];
  place: Placement;
  lifetime?: string;
  lifetimeSeconds: number;
}

/** Auth methods; their texts are still templates to be parsed. */
export type RawAuth =
  | RawClientCredentials
  | RawLogin
  | (RawAuthBase & Placement & { kind: ApiKey['kind']; value: string; encode?: 'base64' })
  | (RawAuthBase & { kind: Bearer['kind']; token: string })
  | (RawAuthBase & { kind: Basic['kind']; username: string; password: string });

export interface RawFailure {
  when: {
    at?: 'token' | 'call';
    status?: (number | string)[];
    host?: string;
    methods?: string[];
    text?: string[];
    header?: HeaderCondition;
    body?: BodyCondition | BodyCondition[];
    requestBytesOver?: number;
    tokenOlderThanSeconds?: number;
    claim?: { name: string; differsFrom: string };
  };
  means: Meaning;
  hint?: string;
}

export interface RawPagingStyle {
  kind: Paging['kind'];
  in?: 'query' | 'body';
  parameter?: string;
  size?: string;
  items: string;
  next?: string | RawNext;
  paths?: string[];
  first?: number;
  maximum?: number;
  maximumItems?: number;
  defaultSize?: number;
  total?: string;
  totalOverflow?: string;
  pages?: string;
  last?: string;
  more?: string;
}

/** Where the next token or address stands: in the body, in the last item of the page, or in a header. */
export type RawNext = { body: string } | { lastItem: string } | { header: string };

export type RawArrays = ArrayStyle | { setting: string };

export interface RawDefaults {
  host?: string;
  limits?: string[];
  headers?: Record<string, string>;
  arrays?: RawArrays;
  paging?: { style?: string; maximum?: number; maximumItems?: number; in?: 'query' | 'body' };
  idempotencyKey?: { header: string };
  bodyEncoding?: 'json' | 'form';
  formStyle?: 'json' | FormStyle;
  beta?: boolean;
  deprecated?: boolean;
}

export interface RawParameter {
  in?: 'path' | 'query' | 'header';
  name?: string;
  required?: boolean;
  description: string;
  lookup?: string;
  arrays?: RawArrays;
  objects?: 'brackets';
  encode?: 'json' | 'path';
  dates?: 'rfc1123';
  [keyword: string]: unknown;
}

export interface RawMethod extends RawDefaults {
  name: string;
  description: string;
  verb: Verb;
  path: string;
  parameters?: Record<string, RawParameter>;
  body?: JsonSchema;
  bodyOptional?: boolean;
  bodyOpen?: boolean;
  contentType?: string | { setting: string };
  fill?: Record<string, Fill['value']>;
  response?: JsonSchema;
  items?: JsonSchema;
  batch?: Batching;
  etag?: EntityTag;
  warning?: string;
  idempotent?: boolean;
  readOnly?: boolean;
  sensitive?: string[];
}

export interface RawMethods {
  category: string;
  key: string;
  description?: string;
  parameters?: Record<string, RawParameter>;
  defaults?: RawDefaults;
  methods: Record<string, RawMethod>;
}

export interface RawConnector {
  name: string;
  title: string;
  version: string;
  status: ReleaseStatus;
  description: string;
  categories: string[];
  icon?: string;
  guide?: string;
  settings: Record<string, RawSetting>;
  environments: { setting?: string; named: Record<string, RawEnvironment>; other?: RawEnvironment };
  overrides?: Record<string, string>;
  auth: RawAuth[];
  test: {
    method: string;
    arguments?: Record<string, unknown>;
    identity: Record<string, string>;
    organisation?: string;
  };
  failures?: RawFailure[];
  refusals?: { message?: string | string[]; code?: string | string[] };
  limits?: Record<
    string,
    { description: string; requests: number; perSeconds: number; burst?: number; sharedBy?: string[] }
  >;
  paging?: Record<string, RawPagingStyle>;
  lookups?: Record<
    string,
    {
      label: string;
      method: string;
      arguments?: Record<string, unknown>;
      items?: string;
      value: string;
      name: string;
    }
  >;
  customFields?: CustomFields;
  uploads?: Record<string, Omit<Upload, 'key'>>;
  defaults: RawDefaults;
}

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Lays `over` on `base`: mappings merge at every depth, anything else replaces, null takes the inherited key away.
 * Neither argument is changed.
 */
export function mergeDeep(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over === undefined ? base : over;
  const merged: Mapping = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else merged[key] = Object.hasOwn(base, key) ? mergeDeep(base[key], value) : withoutNulls(value);
  }
  return merged;
}

function withoutNulls(value: unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

/** Keywords whose content is a schema or the caller's data, where null means null and nothing is inherited. */
const verbatim = ['body', 'response', 'items'] as const;

/** A method with what it inherits from its category and its connector. */
export function inheritMethod(connector: RawConnector, category: RawMethods, method: RawMethod): RawMethod {
  const rest: Partial<RawMethod> = { ...method };
  for (const key of verbatim) delete rest[key];
  const inPath = placeholderNames(parseTemplate(method.path).template);
  const named = Object.entries(category.parameters ?? {}).filter(([name]) => inPath.includes(name));
  const inherited = mergeDeep(mergeDeep(connector.defaults, category.defaults ?? {}), {
    parameters: Object.fromEntries(named),
  });
  const merged = mergeDeep(inherited, rest) as RawMethod;
  for (const key of verbatim) if (method[key] !== undefined) merged[key] = method[key];
  return merged;
}
