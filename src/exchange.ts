/** A prepared request comes in, the vendor's answer goes out: credentials on every attempt, retries where safe, one renewal. */
import { authorize, buildCredential, type Credential } from './auth/authorize.ts';
import { claimsOf, type Token } from './auth/token.ts';
import { isTokenAuth } from './auth/token-request.ts';
import type { SendAttempt } from './call-record.ts';
import type { AuthMethod, Method } from './definition/connector.ts';
import { formatTemplate } from './definition/template.ts';
import { FishplateError, restate } from './errors.ts';
import type { LoadedInstallation } from './installation/installations.ts';
import type { LimitContext } from './limits.ts';
import { obtainToken, type TokenContext, type TokenTools, tokenKeyOf } from './obtain-token.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { expectsJson } from './response/expected.ts';
import { type Answered, type Failure, findFailure, mayRefuse } from './response/failure-rules.ts';
import { readBody } from './response/read.ts';
import { redactText } from './secret.ts';
import type { LimitedCall, Pass } from './transport/rate-counters.ts';
import { readRateNews } from './transport/rate-headers.ts';
import type { RateLimiter } from './transport/rate-limit.ts';
import { type Doubt, type RetryPolicy, withRetry } from './transport/retry.ts';
import { explainUnknownHost, judge, secretsOf, toVendorError } from './vendor-error.ts';
import type { Send, WireResponse } from './wire.ts';

/** The auth method that an installation was made with. */
export function authOf({ row, connector }: Pick<LoadedInstallation, 'row' | 'connector'>): AuthMethod {
  const auth = connector.auth.find((candidate) => candidate.id === row.authId) ?? connector.auth[0];
  if (!auth) throw new TypeError(`${connector.name} has no auth method`);
  return auth;
}

/** What one exchange needs to know. */
export interface ExchangeContext extends TokenContext {
  readonly accountId: string;
  readonly method: Method;
  readonly prepared: PreparedRequest;
  /** Milliseconds since the epoch after which nothing more is tried. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Sends each request of the method, and notes it. */
  readonly attempt: SendAttempt;
  /** Told when the vendor may have done what was asked: it answered so, or what it did cannot be known. */
  readonly onArrival?: (() => void) | undefined;
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

export interface ExchangeTools extends TokenTools {
  readonly limiter: RateLimiter;
  readonly limitsOf: (context: LimitContext) => LimitedCall;
}

const MAX_ATTEMPTS = 3;

/**
 * Sends a prepared request with credentials. An answer that the connector calls "expired" costs one renewal and one
 * repetition. Throws `token.*`, `vendor.*`, `response.unreadable` and `transport.*`; whether the vendor may have done it
 * all the same is said with every one of them, whichever attempt it was.
 */
export async function exchange(context: ExchangeContext, tools: ExchangeTools): Promise<Exchanged> {
  const { settings, method, prepared, signal } = context;
  const limited = tools.limitsOf(context);
  const tokenKey = tokenKeyOf(context, tools);
  const repeatable = isRepeatable(method);
  const doubt: Doubt = { mayHaveArrived: false };
  const arrived = () => context.onArrival?.();
  for (let renewed = false; ; renewed = true) {
    let token: Token | undefined;
    let credential: Credential | undefined;
    let tokenError: unknown;
    const keptToken = () => tokenKey && tools.tokens.peek(tokenKey);
    const freshToken = async () => {
      try {
        token = await obtainToken(context, tools);
      } catch (error) {
        tokenError = asNotSent(error);
        throw tokenError;
      }
    };
    const authorized: Send = async (request, options) => {
      token = keptToken();
      if (tokenKey && !token) await freshToken();
      const acquired = tools.limiter.acquire(limited, { deadline: context.deadline, signal });
      const pass = acquired instanceof Promise ? await queued(acquired, context, tools) : acquired;
      try {
        // The token may have expired while the call waited for its turn.
        if (pass.waitedMs > 0 && tokenKey) {
          token = keptToken();
          if (!token) await freshToken();
        }
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
      const failure =
        mayRefuse(settings.connector, response) &&
        findFailure(settings.connector, response, answered(response));
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
    if (tokenKey) await tools.tokens.forget(tokenKey, token);
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
