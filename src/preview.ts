/** A prepared request comes in; what may be shown of it goes out, credentials masked, also as a curl line. Pure. */
import { authorize, type Credential, maskedCredential } from './auth/authorize.ts';
import { settingsOfAuth } from './definition/auth-settings.ts';
import type { AuthMethod, Method } from './definition/connector.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { secretTexts } from './installation/settings.ts';
import { maskPaths } from './mask.ts';
import { encodeBody, type PreparedRequest, type Provenance } from './request/prepare.ts';
import { maskedHeaders } from './request/setting-headers.ts';
import { scrubValue } from './scrub.ts';
import { createRedaction } from './secret.ts';
import type { WireRequest } from './wire.ts';

/** A request as it would be sent. */
export interface Preview {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; the text of a form, as it is sent. */
  readonly body?: unknown;
  readonly provenance: readonly Provenance[];
  /** How many requests a long list would be split into; the first of them is shown. Absent when one is enough. */
  readonly batches?: number;
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
  const clean = createRedaction(secretTexts(settings.values));
  const wire = {
    ...prepared.wire,
    url: clean(prepared.wire.url),
    headers: Object.fromEntries(
      Object.entries(maskedHeaders(prepared.wire.headers, method, settings)).map(([name, value]) => [
        name,
        clean(value),
      ]),
    ),
  };
  const credential = maskedCredential(auth);
  const { method: verb, url, headers } = authorize(wire, credential);
  const body =
    prepared.body === undefined
      ? undefined
      : scrubValue(maskPaths(JSON.parse(JSON.stringify(prepared.body)), method.sensitive), clean);
  const text = body === undefined ? undefined : encodeBody(method, body);
  return {
    method: verb,
    url,
    headers,
    ...(body !== undefined && { body: method.body?.encoding === 'form' ? text : body }),
    provenance: [...provenance, { name: auth.id, in: 'auth', source: authSource(auth, settings) }],
    curl: curlLine(wire, credential, text),
  };
}

/** Where the credentials come from: the latest level that any secret of the auth method was given at. */
function authSource(auth: AuthMethod, settings: ResolvedSettings): Provenance['source'] {
  const order = ['call', 'account', 'console', 'default'] as const;
  const own = new Set(settingsOfAuth(auth));
  const sources = Object.values(settings.values).flatMap(({ setting, source }) =>
    setting.secret && own.has(setting.key) ? [source] : [],
  );
  return order.find((source) => sources.includes(source)) ?? 'definition';
}

/** The request as a command for a POSIX shell; where the credential stands, the shell fills in `$TOKEN`. */
function curlLine(wire: WireRequest, credential: Credential, body: string | undefined): string {
  // Quotes end before the variable and begin again behind it, so that the shell fills it in and reads nothing else.
  const variable = `"$TOKEN"''`;
  const inQuery = credential.in === 'query';
  const parts = [
    'curl',
    '-X',
    wire.method,
    inQuery ? quote(authorize(wire, { ...credential, secret: '' }).url) + variable : quote(wire.url),
  ];
  for (const [name, value] of Object.entries(wire.headers))
    if (inQuery || name !== credential.name) parts.push('-H', quote(`${name}: ${value}`));
  if (!inQuery) parts.push('-H', quote(`${credential.name}: ${credential.scheme}`) + variable);
  // Neither JSON nor a form begins with @, which would make curl read a file.
  if (body !== undefined) parts.push('--data', quote(body));
  return parts.join(' ');
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
