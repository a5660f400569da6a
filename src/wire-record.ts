/** A request and its answer come in; what may be kept of them goes out as JSON: redacted by value and by name, and cut. Pure. */
import { authorize, maskedCredential } from './auth/authorize.ts';
import type { AuthMethod, Method } from './definition/connector.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { secretTexts } from './installation/settings.ts';
import { maskPaths } from './mask.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { maskedHeaders } from './request/setting-headers.ts';
import { createRedaction, isTellingName, REDACTED } from './secret.ts';
import type { WireResponse } from './wire.ts';

export interface WireTraffic {
  readonly method: Method;
  readonly auth: AuthMethod;
  readonly prepared: PreparedRequest;
  /** Everything whose secrets may have been sent: the installation's, and what stood in for it. */
  readonly settings: readonly ResolvedSettings[];
  /** The tokens and keys that were sent. */
  readonly credentials: readonly string[];
  /** The last one; absent when none came. */
  readonly response?: WireResponse | undefined;
}

/** As it is kept, and as the API shows it. */
export interface WireRecord {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/** How much of a body is kept, in characters. */
const MOST_BODY = 2_048;
/** A body with fields that are to be masked is taken apart for it; a longer one is left out whole. */
const MOST_PARSED = 262_144;
const MOST_HEADERS = 60;

/** Nothing in it holds a secret: neither of the settings, nor a credential, nor what the method calls sensitive. */
export function buildWireRecord(traffic: WireTraffic): WireRecord {
  const { method, auth, prepared, response } = traffic;
  const secrets = [
    ...traffic.settings.flatMap(({ values }) => secretTexts(values)),
    ...traffic.credentials.flatMap((credential) => [credential, ...basicParts(credential)]),
  ];
  const clean = createRedaction(secrets);
  // What is cut off inside a secret would not be found in it; no form of one is longer than this.
  const margin = 6 * secrets.reduce((longest, { length }) => Math.max(longest, length), 0);
  const cut = (text: string) => cutText(text, clean, margin);
  const headersOf = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(headers)
        .slice(0, MOST_HEADERS)
        .map(([name, value]) => [name, isTellingHeader(name) ? REDACTED : cut(value)]),
    );
  const { url, headers } = authorize(prepared.wire, maskedCredential(auth));
  const settings = traffic.settings[0];
  const shown = settings ? maskedHeaders(headers, method, settings) : headers;
  const sent = requestBody(method, prepared);
  const got = response && responseBody(method, response);
  return {
    request: {
      method: prepared.wire.method,
      url: cut(url),
      headers: headersOf(shown),
      ...(sent !== undefined && { body: cut(sent) }),
    },
    ...(response && {
      response: {
        status: response.status,
        headers: headersOf(response.headers),
        ...(got !== undefined && { body: cut(got) }),
      },
    }),
  };
}

/** A Basic header holds the user and the password together. */
function basicParts(credential: string): string[] {
  const decoded = Buffer.from(credential, 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon > 0 && /^[\x20-\x7e]+$/.test(decoded) ? [decoded.slice(colon + 1)] : [];
}

function cutText(text: string, clean: (text: string) => string, margin: number): string {
  const whole = text.length <= MOST_BODY;
  const part = whole ? text : text.slice(0, MOST_BODY + margin);
  const redacted = maskNamed(clean(part));
  if (whole) return redacted;
  const safe = redacted.slice(0, Math.max(0, redacted.length - margin));
  return `${safe.slice(0, MOST_BODY)}... (${text.length} characters)`;
}

function requestBody({ sensitive }: Method, { wire, body, bodyBytes }: PreparedRequest): string | undefined {
  if (body === undefined) return undefined;
  if (sensitive.length === 0 && typeof wire.body === 'string') return wire.body;
  if (bodyBytes > MOST_PARSED) return leftOut(bodyBytes);
  return JSON.stringify(maskPaths(JSON.parse(JSON.stringify(body)), sensitive));
}

function responseBody({ sensitive }: Method, { body, bytes }: WireResponse): string | undefined {
  if (bytes) return leftOut(bytes.length, 'no text');
  if (body === '') return undefined;
  if (sensitive.length === 0) return body;
  if (body.length > MOST_PARSED) return leftOut(body.length);
  try {
    return JSON.stringify(maskPaths(JSON.parse(body), sensitive));
  } catch {
    // No JSON, so there is no telling where the sensitive parts are.
    return leftOut(body.length);
  }
}

const leftOut = (size: number, why = 'some of its fields are sensitive') =>
  `(${size} bytes, left out: ${why})`;

/** Headers have fewer names, and more of them tell. */
const isTellingHeader = (name: string): boolean =>
  isTellingName(name) || /authenticate|token|signature|credential/i.test(name);

/** Fields of JSON whose names say that a secret stands there, whatever the definition says of them. */
function maskNamed(text: string): string {
  return text.replace(
    /"([^"\\]{1,64})"(\s*:\s*)"(?:[^"\\]|\\.)*"?/g,
    (field: string, name: string, colon: string) =>
      isTellingName(name) ? `"${name}"${colon}"${REDACTED}"` : field,
  );
}
