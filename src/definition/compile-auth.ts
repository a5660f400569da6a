/** Auth methods as they are written come in; compiled ones go out, and which settings each of them alone needs. */
import { settingsOfAuth } from './auth-settings.ts';
import type { AuthMethod, ClientCredentials, Login, Method, Placement } from './connector.ts';
import { mapValues } from './map-values.ts';
import type { RawAuth, RawClientCredentials, RawConnector, RawLogin } from './raw.ts';
import { parseTemplate, placeholderNames, type Template } from './template.ts';

const templateOf = (text: string): Template => parseTemplate(text).template;

export function compileAuth(raw: RawAuth): AuthMethod {
  const base = { id: raw.id, label: raw.label, description: raw.description ?? '' };
  switch (raw.kind) {
    case 'client-credentials':
      return { ...base, ...compileClientCredentials(raw) };
    case 'login':
      return { ...base, ...compileLogin(raw) };
    case 'api-key':
      return {
        ...base,
        ...placementOf(raw),
        kind: raw.kind,
        value: templateOf(raw.value),
        ...(raw.encode !== undefined && { encode: raw.encode }),
      };
    case 'bearer':
      return { ...base, kind: raw.kind, token: templateOf(raw.token) };
    case 'basic':
      return {
        ...base,
        kind: raw.kind,
        username: templateOf(raw.username),
        password: templateOf(raw.password),
      };
  }
}

type Bare<T> = Omit<T, 'id' | 'label' | 'description'>;

const ASSERTION_SECONDS = 60;

function compileClientCredentials(raw: RawClientCredentials): Bare<ClientCredentials> {
  const { clientSecret, assertion } = raw;
  const { keyId, audience } = assertion ?? {};
  return {
    kind: raw.kind,
    host: raw.host,
    path: templateOf(raw.path),
    clientId: templateOf(raw.clientId),
    ...(clientSecret !== undefined && { clientSecret: templateOf(clientSecret) }),
    credentials: raw.credentials ?? 'basic',
    ...(assertion && {
      assertion: {
        algorithm: assertion.algorithm ?? 'RS256',
        key: templateOf(assertion.key),
        ...(keyId !== undefined && { keyId: templateOf(keyId) }),
        ...(audience !== undefined && { audience: templateOf(audience) }),
        lifetimeSeconds: assertion.lifetimeSeconds ?? ASSERTION_SECONDS,
      },
    }),
    encoding: raw.encoding ?? 'form',
    fields: mapValues(raw.fields ?? {}, templateOf),
    lifetimeSeconds: raw.lifetimeSeconds,
  };
}

function compileLogin(raw: RawLogin): Bare<Login> {
  return {
    kind: raw.kind,
    verb: raw.verb ?? 'POST',
    host: raw.host,
    path: templateOf(raw.path),
    headers: mapValues(raw.headers ?? {}, templateOf),
    encoding: raw.encoding ?? 'json',
    fields: mapValues(raw.fields ?? {}, (value) => (typeof value === 'string' ? templateOf(value) : value)),
    token: raw.token,
    place: placementOf(raw.place),
    ...(raw.lifetime !== undefined && { lifetime: raw.lifetime }),
    lifetimeSeconds: raw.lifetimeSeconds,
  };
}

const placementOf = ({ in: place, name, prefix }: Placement): Placement => ({
  in: place,
  name,
  ...(prefix !== undefined && { prefix }),
});

/** Settings that count for more than the credentials: those of hosts and paths, for one. */
export function sharedSettings(raw: RawConnector, methods: readonly Method[]): ReadonlySet<string> {
  const { setting, named, other } = raw.environments;
  const urls = [...Object.values(named), ...(other ? [other] : [])].flatMap(({ hosts }) =>
    Object.values(hosts),
  );
  const claims = (raw.failures ?? []).flatMap(({ when }) => when.claim?.differsFrom ?? []);
  return new Set([
    ...(setting === undefined ? [] : [setting]),
    ...Object.values(raw.overrides ?? {}),
    ...[...urls, ...claims].flatMap((text) => placeholderNames(templateOf(text))),
    ...methods.flatMap(({ path }) => placeholderNames(path)),
    ...methods.flatMap(({ settingHeaders = {} }) => Object.values(settingHeaders).flatMap(placeholderNames)),
    ...methods.flatMap(({ parameters }) =>
      Object.values(parameters).flatMap(({ arrays }) => (typeof arrays === 'string' ? [] : [arrays.setting])),
    ),
  ]);
}

/** The auth methods that name a setting, where others do without it. */
export function neededBy(key: string, auth: readonly AuthMethod[]): { readonly auth?: readonly string[] } {
  const ids = auth.filter((each) => settingsOfAuth(each).includes(key)).map(({ id }) => id);
  return ids.length === 0 || ids.length === auth.length ? {} : { auth: ids };
}
