/** A prepared request comes in, the vendor's answer goes out: credentials on every attempt, retries where safe, one renewal. */
import { authorize, buildCredential, type Credential } from './auth/authorize.ts';
import { claimsOf, type Token } from './auth/token.ts';
import type { TokenCache } from './auth/token-cache.ts';
import {
  buildExchangeRequest,
  exchangeFingerprint,
  isTokenAuth,
  readExchangeResponse,
} from './auth/token-request.ts';
import type { SendAttempt } from './call-record.ts';
import type { AuthMethod, Method, TokenAuth } from './definition/connector.ts';
import { formatTemplate, type Template } from './definition/template.ts';
import { FishplateError, isFishplateError, restate } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import type { LoadedInstallation } from './installation/installations.ts';
import { textOf } from './installation/settings.ts';
import type { LimitContext } from './limits.ts';
import { codeOf, withSpans } from './observed-send.ts';
import type { Observer, Span } from './observer.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { expectsJson } from './response/expected.ts';
import { type Answered, type Failure, findFailure } from './response/failure-rules.ts';
import { readBody, readRefusal } from './response/read.ts';
import { scrubValue } from './scrub.ts';
import { createRedaction, redactText } from './secret.ts';
import type { LimitedCall, Pass } from './transport/rate-counters.ts';
import { readRateNews } from './transport/rate-headers.ts';
import type { RateLimiter } from './transport/rate-limit.ts';
import { type Doubt, type RetryPolicy, withRetry } from './transport/retry.ts';
import { retryAfterMs } from './transport/retry-timing.ts';
import type { Send, WireResponse, World } from './wire.ts';

/** The auth method that an installation was made with. */
export function authOf({ row, connector }: Pick<LoadedInstallation, 'row' | 'connector'>): AuthMethod {
  const auth = connector.auth.find((candidate) => candidate.id === row.authId) ?? connector.auth[0];
  if (!auth) throw new TypeError(`${connector.name} has no auth method`);
  return auth;
}

/** What one exchange needs to know. */
export interface ExchangeContext {
  readonly accountId: string;
  readonly installationId: string;
  readonly settings: ResolvedSettings;
  readonly auth: AuthMethod;
  readonly method: Method;
  readonly prepared: PreparedRequest;
  /** Milliseconds since the epoch after which nothing more is tried. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Sends each request of the method, and notes it. */
  readonly attempt: SendAttempt;
  /** For whoever watches. */
  readonly origin?: Origin | undefined;
  /** Told when the vendor may have done what was asked: it answered so, or what it did cannot be known. */
  readonly onArrival?: (() => void) | undefined;
}

/** What led to an exchange: the request to us, and the span of the call. */
export interface Origin {
  readonly requestId?: string | undefined;
  readonly span?: Span | undefined;
}

export interface Exchanged {
  readonly response: WireResponse;
  /** See `MethodResult.body`. */
  readonly body: unknown;
}

/** What an answer is: a refusal, a content, or unreadable; and what that calls for. */
type Assessment = { readonly verdict: ReturnType<RetryPolicy['judge']> } & (
  | { readonly failure: Failure }
  | { readonly body: unknown }
  | { readonly fault: unknown }
);

export interface ExchangeTools {
  readonly send: Send;
  readonly tokens: TokenCache;
  readonly limiter: RateLimiter;
  readonly limitsOf: (context: LimitContext) => LimitedCall;
  readonly world: World;
  readonly observer: Observer;
}

const MAX_ATTEMPTS = 3;
const TOKEN_TIMEOUT_MS = 30_000;

/**
 * Sends a prepared request with credentials. An answer that the connector calls "expired" costs one renewal and one
 * repetition. Throws `token.*`, `vendor.*`, `response.unreadable` and `transport.*`; whether the vendor may have done it
 * all the same is said with every one of them, whichever attempt it was.
 */
export async function exchange(context: ExchangeContext, tools: ExchangeTools): Promise<Exchanged> {
  const { settings, method, prepared, signal } = context;
  const limited = tools.limitsOf(context);
  const repeatable = isRepeatable(method);
  const doubt: Doubt = { mayHaveArrived: false };
  const arrived = () => context.onArrival?.();
  for (let renewed = false; ; renewed = true) {
    let token: Token | undefined;
    let credential: Credential | undefined;
    let tokenError: unknown;
    const freshToken = async () => {
      try {
        token = await currentToken(context, tools);
      } catch (error) {
        tokenError = asNotSent(error);
        throw tokenError;
      }
    };
    const authorized: Send = async (request, options) => {
      await freshToken();
      const acquired = tools.limiter.acquire(limited, { deadline: context.deadline, signal });
      const pass = acquired instanceof Promise ? await queued(acquired, context, tools) : acquired;
      try {
        // The token may have expired while the call waited for its turn.
        if (pass.waitedMs > 0) await freshToken();
        credential = buildCredential(context.auth, settings, token);
        const timeoutMs = timeLeft(context, tools, options?.timeoutMs);
        const about = { settings, credential: credential.secret, waitedMs: pass.waitedMs, renewed };
        pass.depart();
        const response = await context.attempt(tools.send, authorize(request, credential), about, {
          ...options,
          timeoutMs,
        });
        pass.answered(newsOf(response));
        return response;
      } catch (error) {
        if (error instanceof FishplateError && error.outcome === 'not-sent') pass.giveBack();
        else pass.answered();
        throw error;
      }
    };
    const wasForbidden = (its: Token, response: WireResponse) =>
      response.status >= 400 && tools.tokens.isForbidden(its, refusalOf(method, response));
    const answered = (response: WireResponse): Answered => ({
      at: 'call',
      host: method.host,
      method,
      settings,
      requestBytes: prepared.bodyBytes,
      fixed: !isTokenAuth(context.auth),
      ...(token && {
        // What was forbidden to the token when it was new does not speak of its age.
        tokenAgeSeconds: wasForbidden(token, response) ? 0 : (tools.world.now() - token.obtainedAt) / 1000,
        claims: () => token && claimsOf(token),
      }),
    });
    const expected = {
      json: () => expectsJson(method.response, settings.connector.types),
      clean: (text: string) => redactText(text, secretsOf(settings, credential?.secret)),
    };
    const assess = onceEach((response: WireResponse): Assessment => {
      const failure = findFailure(settings.connector, response, answered(response));
      if (failure) return { failure, verdict: judge(response, failure) };
      try {
        return { body: readBody(response, expected), verdict: 'final' };
      } catch (fault) {
        return { fault, verdict: 'broken' };
      }
    });
    // Looked at before any failure rule: most answers are no refusals.
    const newsOf = (response: WireResponse) =>
      readRateNews(response, isBusy(response) && assess(response).verdict === 'later', tools.world.now());
    const policy: RetryPolicy = {
      idempotent: repeatable,
      maxAttempts: MAX_ATTEMPTS,
      deadline: context.deadline,
      judge: (response) => assess(response).verdict,
      doubt,
      // The token exchange has had its own retries.
      isFinal: (error) => error === tokenError,
    };
    const response = await withRetry(
      authorized,
      policy,
      tools.world,
    )(prepared.wire, { signal }).catch((error: unknown) => {
      if (doubt.mayHaveArrived || !(error instanceof FishplateError) || error.outcome !== 'not-sent')
        arrived();
      throw explainUnknownHost(error, settings);
    });
    const assessment = assess(response);
    if (doubt.mayHaveArrived || assessment.verdict === 'broken' || !isRefused(assessment)) arrived();
    if ('body' in assessment) return { response, body: assessment.body };
    if ('fault' in assessment) throw assessment.fault;
    const { failure, verdict } = assessment;
    if (failure.meaning === 'forbidden' && token)
      tools.tokens.noteForbidden(token, refusalOf(method, response));
    if (failure.meaning !== 'expired' || !token || renewed)
      throw toVendorError(failure, response, settings, credential?.secret, {
        doubt: doubt.mayHaveArrived && !method.readOnly,
        look: verdict === 'broken' && !repeatable && !method.readOnly,
        now: tools.world.now(),
      });
    await tools.tokens.forget(tokenKey(context), token);
  }
}

/** Tells whoever watches that a call waits for its turn, and when it no longer does. */
async function queued(
  pass: Promise<Pass>,
  { settings: { connector } }: ExchangeContext,
  { observer, world }: ExchangeTools,
): Promise<Pass> {
  const startedAt = world.now();
  observer.event({ type: 'limit-wait-begun', connector: connector.name, waitedMs: 0 });
  try {
    return await pass;
  } finally {
    const waitedMs = world.now() - startedAt;
    observer.event({ type: 'limit-wait-ended', connector: connector.name, waitedMs });
  }
}

/** The statuses with which a vendor asks for less. */
const isBusy = ({ status }: WireResponse): boolean => status === 429 || status === 503;

/** In milliseconds, at most what is asked for. The waits for token and turn have used some of the time. */
function timeLeft(
  context: ExchangeContext,
  { world }: ExchangeTools,
  mostMs = Number.POSITIVE_INFINITY,
): number {
  const leftMs = context.deadline - world.now();
  if (leftMs > 0) return Math.min(leftMs, mostMs);
  throw new FishplateError('transport.timeout', 'the deadline passed before the request could be sent', {
    outcome: 'not-sent',
  });
}

/** Whether nothing was done. */
const isRefused = (assessment: Assessment): boolean =>
  'failure' in assessment && assessment.failure.meaning !== 'partial';

/** What was refused, and how. */
const refusalOf = ({ verb, path }: Method, { status }: WireResponse) =>
  `${status} ${verb} ${formatTemplate(path)}`;

/** Whatever became of the token, the request that was to carry it has not left. */
function asNotSent(error: unknown): unknown {
  if (!(error instanceof FishplateError) || error.outcome !== undefined) return error;
  return restate(error, { outcome: 'not-sent' });
}

/** Whether the same request may arrive twice without harm: by its nature, or because it carries a key. */
export const isRepeatable = (method: Method): boolean =>
  method.idempotent || method.idempotencyKey !== undefined;

/** An answer is judged by the retries and again by whoever asked for them; it is read once. */
function onceEach<T>(assess: (response: WireResponse) => T): (response: WireResponse) => T {
  let last: { readonly response: WireResponse; readonly assessment: T } | undefined;
  return (response) => {
    if (last?.response !== response) last = { response, assessment: assess(response) };
    return last.assessment;
  };
}

/**
 * Proves the credentials themselves: exchanges a token now, whatever is kept or backed off. With `since` a back-off counts,
 * and a kept token will do that was requested later than that, unless the last exchange failed. Nothing to do for kinds without tokens.
 */
export async function renewToken(
  context: Pick<ExchangeContext, 'installationId' | 'settings' | 'auth' | 'origin'>,
  tools: ExchangeTools,
  { since }: { readonly since?: number } = {},
): Promise<void> {
  const { auth } = context;
  if (!isTokenAuth(auth)) return;
  const key = tokenKey(context);
  const exchangeNow = () => watchedExchange(context, auth, tools);
  await (since === undefined
    ? tools.tokens.renew(key, exchangeNow)
    : tools.tokens.confirm(key, exchangeNow, since));
}

async function currentToken(context: ExchangeContext, tools: ExchangeTools): Promise<Token | undefined> {
  const { auth } = context;
  if (!isTokenAuth(auth)) return undefined;
  const key = tokenKey(context);
  const kept = tools.tokens.peek(key);
  if (kept) return kept;
  const shared = tools.tokens.get(key, () => watchedExchange(context, auth, tools));
  return abandonable(shared, context, 'a token', tools.world);
}

function tokenKey({
  installationId,
  auth,
  settings,
}: Pick<ExchangeContext, 'installationId' | 'settings' | 'auth'>) {
  return {
    installationId,
    fingerprint: isTokenAuth(auth) ? exchangeFingerprint(auth, settings) : '',
  };
}

/** With its parameters' names in place of their values. */
const templateText = (path: Template) => formatTemplate(path, (name) => `{${name}}`);

/** One exchange, for those who watch part of the call that came first. */
async function watchedExchange(
  { installationId, settings, origin }: Pick<ExchangeContext, 'installationId' | 'settings' | 'origin'>,
  auth: TokenAuth,
  tools: ExchangeTools,
): Promise<Token> {
  const { observer, world } = tools;
  const about = { connector: settings.connector.name, installationId };
  const startedAt = world.now();
  const span = observer.startSpan({ kind: 'token', ...about }, origin?.span);
  const end = (error?: string) => {
    const durationMs = world.now() - startedAt;
    const requestId = origin?.requestId;
    span?.end({ error });
    observer.event({ type: 'token', ...about, requestId, outcome: error ?? 'ok', durationMs });
  };
  try {
    const send = withSpans(tools.send, observer.startSpan, () => templateText(auth.path), span);
    const token = await exchangeToken(auth, settings, { ...tools, send });
    end();
    return token;
  } catch (error) {
    end(codeOf(error));
    throw error;
  }
}

/** Shared by all who wait for the token, so no caller's signal or deadline may end it: it has a time of its own. */
async function exchangeToken(
  auth: TokenAuth,
  settings: ResolvedSettings,
  { send, world }: ExchangeTools,
): Promise<Token> {
  let request = buildExchangeRequest(auth, settings, world);
  const sentAt = world.now();
  const answered: Answered = {
    at: 'token',
    host: auth.host,
    settings,
    requestBytes: Buffer.byteLength(String(request.wire.body ?? '')),
  };
  let attempts = 0;
  const sendAnew: Send = (_, options) => {
    if (attempts++ > 0) request = buildExchangeRequest(auth, settings, world);
    return send(request.wire, options);
  };
  const policy: RetryPolicy = {
    idempotent: true,
    maxAttempts: MAX_ATTEMPTS,
    deadline: sentAt + TOKEN_TIMEOUT_MS,
    judge: (response) => judge(response, findFailure(settings.connector, response, answered)),
  };
  const response = await withRetry(
    sendAnew,
    policy,
    world,
  )(request.wire).catch((thrown: unknown) => {
    // Here, so that what is kept of a failure is what everybody is told.
    const error = explainUnknownHost(thrown, settings);
    // Whatever became of the token request, the caller's own request has not left.
    if (error instanceof FishplateError)
      throw new FishplateError(error.code, error.message, {
        hint: error.hint,
        cause: error,
        outcome: 'not-sent',
      });
    throw error;
  });
  const failure = findFailure(settings.connector, response, answered);
  if (failure) throw toVendorError(failure, response, settings, request.credential, { now: world.now() });
  return readExchangeResponse(auth, response, sentAt);
}

function judge(response: WireResponse, failure: Failure | undefined): 'later' | 'broken' | 'final' {
  if (failure?.meaning === 'throttled') return 'later';
  if (failure?.meaning !== 'unavailable') return 'final';
  // 503 with a time to come back is the vendor's word that it did nothing (RFC 9110 section 15.6.4).
  return response.status === 503 && response.headers['retry-after'] !== undefined ? 'later' : 'broken';
}

function toVendorError(
  failure: Failure,
  response: WireResponse,
  settings: ResolvedSettings,
  credential: string | undefined,
  /** `doubt`: an earlier attempt may have been processed. `look`: this one may, and must not just be repeated. */
  {
    doubt = false,
    look = false,
    now,
  }: { readonly doubt?: boolean; readonly look?: boolean; readonly now: number },
): FishplateError {
  const secrets = secretsOf(settings, credential);
  const said = failure.message === undefined ? undefined : redactText(failure.message, secrets);
  const earlier = doubt ? ' (after an attempt that may have been processed)' : '';
  const answered = `${settings.connector.title} answered ${response.status}${earlier}`;
  const hint = failure.hint ?? (look ? LOOK_FIRST : undefined);
  const isLater = failure.meaning === 'throttled' || failure.meaning === 'unavailable';
  const waitMs = isLater ? retryAfterMs(response, now) : undefined;
  return new FishplateError(
    `vendor.${failure.meaning}`,
    said === undefined ? answered : `${answered}: ${said}`,
    {
      ...(hint !== undefined && { hint }),
      vendor: {
        status: response.status,
        ...(said !== undefined && { message: said }),
        ...(failure.meaning === 'partial' && {
          body: scrubValue(readRefusal(response), createRedaction(secrets)),
        }),
      },
      ...(doubt && { outcome: 'sent-unknown' as const }),
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    },
  );
}

const LOOK_FIRST = 'It may have been processed: look before you repeat it.';

/** What an answer to an installation's requests must not show to anybody: the secrets of its settings, and its token. */
export function secretsInUse(
  context: Pick<ExchangeContext, 'installationId' | 'settings' | 'auth'>,
  { tokens }: Pick<ExchangeTools, 'tokens'>,
): string[] {
  return secretsOf(context.settings, tokens.peek(tokenKey(context))?.access.reveal());
}

/** Of the settings, and the credential that was sent: some vendors repeat the header that they refuse. */
function secretsOf(settings: ResolvedSettings, credential: string | undefined): string[] {
  const secrets = Object.values(settings.values).flatMap(({ setting, value }) =>
    setting.secret ? [textOf(value)] : [],
  );
  return credential === undefined ? secrets : [...secrets, credential];
}

/** Where an environment chooses the hosts, a host that does not exist means the wrong environment. */
function explainUnknownHost(error: unknown, settings: ResolvedSettings): unknown {
  const { setting } = settings.connector.environments;
  if (!isFishplateError(error, 'transport.host-not-found') || setting === undefined) return error;
  const label = settings.connector.settings[setting]?.label ?? setting;
  return new FishplateError(
    'vendor.wrong-environment',
    `${error.message}: is "${settings.environment}" the right environment of ${settings.connector.title}?`,
    {
      hint: `Correct ${label}. If it is right, this machine cannot resolve the host: check its network.`,
      cause: error,
      outcome: 'not-sent',
    },
  );
}

/** How long a caller waits for what it shares with others. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * Lets a caller leave while the others go on waiting: rejects with `transport.cancelled` when the signal fires, and with
 * `transport.timeout` at the deadline.
 */
export function abandonable<T>(
  shared: Promise<T>,
  { signal, deadline }: Patience,
  what: string,
  world: World,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (code: 'transport.cancelled' | 'transport.timeout', how: string) =>
      reject(new FishplateError(code, `${how} while waiting for ${what}`, { outcome: 'not-sent' }));
    const cancel = () => leave('transport.cancelled', 'cancelled');
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const late = () => leave('transport.timeout', 'the deadline passed');
    const stopTimer = world.after(Math.max(0, deadline - world.now()), late);
    shared.then(resolve, reject).finally(() => {
      signal?.removeEventListener('abort', cancel);
      stopTimer();
    });
  });
}
