/** An answer and what is known of its request come in; what the refusal means, by the connector's rules, goes out. */
import type {
  BodyCondition,
  Connector,
  FailureCondition,
  HeaderCondition,
  Meaning,
  Method,
} from '../definition/connector.ts';
import { fillTemplate, placeholderNames } from '../definition/template.ts';
import type { ResolvedSettings } from '../installation/installation.ts';
import { secretTexts, settingText } from '../installation/settings.ts';
import { redactText } from '../secret.ts';
import type { WireResponse } from '../wire.ts';
import { readRefusal, valueAt } from './read.ts';
import { codeOfRefusal, messageOf } from './refusal-words.ts';

/** What is known of the request that was answered. */
export interface Answered {
  readonly at: 'token' | 'call';
  readonly host: string;
  /** Absent for the token request. */
  readonly method?: Method;
  readonly settings: ResolvedSettings;
  readonly requestBytes: number;
  readonly tokenAgeSeconds?: number;
  /** The credentials are sent as they are: nothing of them can expire and be had anew. */
  readonly fixed?: boolean;
  /** Claims of the token, read lazily: few rules ask. */
  readonly claims?: () => Readonly<Record<string, unknown>> | undefined;
}

export interface Failure {
  readonly meaning: Meaning;
  /** The vendor's own words, without the secrets of the settings. */
  readonly message?: string;
  /** The vendor's own code for it, likewise. */
  readonly code?: string;
  readonly hint?: string;
}

/**
 * Judges an answer. The connector's rules go first, in order, also for 2xx (some vendors refuse with 200; only rules
 * that look into body or header can match those). What no rule explains is judged by its status. Undefined: a success.
 */
export function findFailure(
  connector: Connector,
  response: WireResponse,
  answered: Answered,
): Failure | undefined {
  if (!mayRefuse(connector, response)) return undefined;
  const success = isSuccess(response);
  const content = readRefusal(response);
  const rule = connector.failures.find(({ when }) => holds(when, response, content, answered, success));
  if (!rule && success) return undefined;
  const clean = (text: string) => redactText(text, secretTexts(answered.settings.values));
  const message = messageOf(content, clean, connector.refusals?.message);
  const code = codeOfRefusal(content, response.status, connector.refusals?.code);
  return {
    meaning: rule?.means ?? meaningOfStatus(response.status, answered),
    ...(message !== undefined && { message }),
    ...(code !== undefined && { code: clean(code) }),
    ...hintOf(rule?.hint, response, answered),
  };
}

const isSuccess = ({ status }: WireResponse) => status >= 200 && status < 300;

/** Whether an answer may be a refusal. Costs next to nothing, and is all that most answers need. */
export const mayRefuse = (connector: Connector, response: WireResponse): boolean =>
  !isSuccess(response) || refusesWithSuccess(connector);

const known = new WeakMap<Connector, boolean>();

/** Whether any rule of the connector can match a success. Worked out once. */
function refusesWithSuccess(connector: Connector): boolean {
  let may = known.get(connector);
  if (may === undefined) {
    may = connector.failures.some(({ when }) => maySpeakOfSuccess(when));
    known.set(connector, may);
  }
  return may;
}

/** A rule without a status speaks of refusals; on a success only what the body or a header says can count. */
function maySpeakOfSuccess({ status, body, header, text }: FailureCondition): boolean {
  if (!body && !header && !text) return false;
  return status === undefined ? Boolean(body ?? header) : status.some((each) => String(each)[0] === '2');
}

function hintOf(
  hint: string | undefined,
  { status, headers }: WireResponse,
  { at, host, settings }: Answered,
): { readonly hint?: string } {
  if (hint !== undefined) return { hint };
  if (status < 300 || status >= 400) return {};
  return { hint: redirectHint(placeOf(headers.location, settings.hosts[host], at)) };
}

interface Place {
  readonly url: string;
  /** Whether it is the host that was asked. */
  readonly same: boolean;
}

/** Where a redirect leads, as far as it may be shown: the path of a token endpoint's may hold a token that nobody knows yet. */
function placeOf(location = '', base = '', at: Answered['at'] = 'call'): Place | undefined {
  const from = location.startsWith('/') ? base : undefined;
  if (!URL.canParse(location, from)) return undefined;
  const { protocol, origin, pathname } = new URL(location, from);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const same = URL.canParse(base) && new URL(base).origin === origin;
  const whole = `${origin}${pathname}`;
  // Not cut, where half a secret could be left over.
  return { url: at === 'token' || whole.length > LONGEST_PLACE ? origin : whole, same };
}

const LONGEST_PLACE = 300;

function redirectHint(place: Place | undefined): string {
  const where = place === undefined ? 'another place' : place.url;
  const what =
    place?.same === true
      ? 'What was asked for has moved: name it as it is called there.'
      : 'Check the environment and the host overrides.';
  return `The vendor sends this request to ${where}; redirects are not followed. ${what}`;
}

function holds(
  when: FailureCondition,
  response: WireResponse,
  content: unknown,
  answered: Answered,
  success: boolean,
): boolean {
  if (success && !maySpeakOfSuccess(when)) return false;
  if (when.at !== undefined && when.at !== answered.at) return false;
  if (when.status !== undefined && !when.status.some((status) => matchesStatus(status, response.status)))
    return false;
  if (when.host !== undefined && when.host !== answered.host) return false;
  if (when.methods !== undefined && !when.methods.includes(answered.method?.key ?? '')) return false;
  if (when.text !== undefined && !holdsText(response.body, when.text)) return false;
  if (when.header !== undefined && !holdsHeader(response, when.header)) return false;
  const holdsBody = ({ path, values }: BodyCondition) => holdsValue(valueAt(content, path), values);
  if (when.body !== undefined && !when.body.every(holdsBody)) return false;
  if (when.requestBytesOver !== undefined && answered.requestBytes <= when.requestBytesOver) return false;
  if (
    when.tokenOlderThanSeconds !== undefined &&
    (answered.tokenAgeSeconds ?? 0) <= when.tokenOlderThanSeconds
  )
    return false;
  return when.claim === undefined || claimDiffers(when.claim, answered);
}

const matchesStatus = (wanted: number | string, status: number) =>
  typeof wanted === 'number' ? wanted === status : wanted[0] === String(status)[0];

function holdsText(body: string, texts: readonly string[]): boolean {
  const lower = body.toLowerCase();
  return texts.some((text) => lower.includes(text.toLowerCase()));
}

function holdsHeader({ headers }: WireResponse, { name, text, values }: HeaderCondition): boolean {
  const value = headers[name.toLowerCase()];
  if (value === undefined || (values && !values.includes(value.trim()))) return false;
  return text === undefined || holdsText(value, text);
}

/** Without `values`, anything counts but what vendors write when there is nothing to say: null, false, '', [] and {}. */
function holdsValue(value: unknown, values: readonly unknown[] | undefined): boolean {
  if (values !== undefined) return values.some((wanted) => wanted === value || isSameCode(wanted, value));
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== '';
}

/** Vendors write a code as a number here and as a text there: 20003 and '20003' are one. */
const isSameCode = (a: unknown, b: unknown): boolean =>
  (typeof a === 'number' || typeof b === 'number') && isScalar(a) && isScalar(b) && String(a) === String(b);

const isScalar = (value: unknown): boolean => typeof value === 'number' || typeof value === 'string';

function claimDiffers(claim: NonNullable<FailureCondition['claim']>, answered: Answered): boolean {
  // Not by path: names of claims are often URLs, with dots in them.
  const claims = answered.claims?.() ?? {};
  const actual = Object.hasOwn(claims, claim.name) ? claims[claim.name] : undefined;
  if (typeof actual !== 'string' && typeof actual !== 'number') return false;
  const read = (name: string) => settingText(answered.settings.values, name);
  if (placeholderNames(claim.differsFrom).some((name) => read(name) === undefined)) return false;
  return String(actual) !== fillTemplate(claim.differsFrom, read);
}

/** What a status means when no rule of the connector says otherwise (RFC 9110 section 15). */
function meaningOfStatus(status: number, { at, fixed = false }: Answered): Meaning {
  if (at === 'token' && (status === 400 || status === 401 || status === 403)) return 'bad-credentials';
  if (status === 401) return fixed ? 'bad-credentials' : 'expired';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 413) return 'too-large';
  if (status === 429) return 'throttled';
  if (status === 400 || status === 422) return 'invalid';
  if (status >= 500) return 'unavailable';
  return 'failed';
}
