/** A prepared request comes in; what may be shown of it goes out, credentials masked, also as a curl line. Pure. */
import { authorize, maskedCredential } from './auth/authorize.ts';
import type { AuthMethod, Method } from './definition/connector.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { textOf } from './installation/settings.ts';
import type { PreparedRequest, Provenance } from './request/prepare.ts';
import { REDACTED, redactText } from './secret.ts';

/** A request as it would be sent. */
export interface Preview {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly provenance: readonly Provenance[];
  /** The same as a shell command; the credential is left to a variable. */
  readonly curl: string;
}

/** Builds the preview. Should a secret of the settings have been put into an argument, it is masked there too. */
export function buildPreview(
  method: Method,
  auth: AuthMethod,
  settings: ResolvedSettings,
  prepared: PreparedRequest,
  provenance: readonly Provenance[],
): Preview {
  const secrets = Object.values(settings.values).flatMap(({ setting, value }) =>
    setting.secret ? [textOf(value)] : [],
  );
  const clean = (text: string) => redactText(text, secrets);
  const wire = authorize(prepared.wire, maskedCredential(auth));
  const headers = Object.fromEntries(
    Object.entries(wire.headers).map(([name, value]) => [name, clean(value)]),
  );
  const body =
    prepared.body === undefined
      ? undefined
      : maskPaths(JSON.parse(clean(JSON.stringify(prepared.body))) as unknown, method.sensitive);
  return {
    method: wire.method,
    url: clean(wire.url),
    headers,
    ...(body !== undefined && { body }),
    provenance: [...provenance, { name: auth.id, in: 'auth', source: authSource(settings) }],
    curl: curlLine(wire.method, clean(wire.url), headers, body),
  };
}

/** Where the credentials come from: the latest level that any secret setting was given at. */
function authSource(settings: ResolvedSettings): Provenance['source'] {
  const order = ['call', 'account', 'console', 'default'] as const;
  const sources = Object.values(settings.values).flatMap(({ setting, source }) =>
    setting.secret ? [source] : [],
  );
  return order.find((source) => sources.includes(source)) ?? 'definition';
}

/** Replaces the values at dotted paths (`[]` for every item) by the mark of what is hidden; a copy is returned. */
export function maskPaths(value: unknown, paths: readonly string[]): unknown {
  return paths.reduce((masked, path) => maskAt(masked, path.split('.')), value);
}

function maskAt(value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value === undefined || value === null ? value : REDACTED;
  if (typeof value !== 'object' || value === null) return value;
  if (step.endsWith('[]')) {
    const name = step.slice(0, -2);
    const list = name === '' ? value : (value as Record<string, unknown>)[name];
    if (!Array.isArray(list)) return value;
    const masked = list.map((item) => maskAt(item, rest));
    return name === '' ? masked : { ...value, [name]: masked };
  }
  if (!Object.hasOwn(value, step)) return value;
  return { ...value, [step]: maskAt((value as Record<string, unknown>)[step], rest) };
}

function curlLine(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): string {
  const parts = ['curl', '-X', method, quote(url).replaceAll(encodeURIComponent(REDACTED), `'"$TOKEN"'`)];
  for (const [name, value] of Object.entries(headers)) {
    // Single quotes end before the variable, so that the shell fills it in and reads nothing else.
    parts.push('-H', quote(`${name}: ${value}`).replaceAll(REDACTED, `'"$TOKEN"'`));
  }
  if (body !== undefined) parts.push('--data', quote(JSON.stringify(body)));
  return parts.join(' ');
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
