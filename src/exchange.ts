/** A prepared request comes in, the vendor's answer goes out: credentials on every attempt, retries where safe, one renewal. */
import { authorize, buildCredential, type Credential } from './auth/authorize.ts';
import { claimsOf, type Token } from './auth/token.ts';
import type { TokenKey } from './auth/token-cache.ts';
import { isTokenAuth } from './auth/token-request.ts';
import type { SendAttempt } from './call-record.ts';
import type { Method } from './definition/connector.ts';
import { formatTemplate } from './definition/template.ts';
import { FishplateError, restate } from './errors.ts';
import type { LimitContext } from './limits.ts';
import { obtainToken, type TokenContext, type TokenTools, tokenKeyOf } from './obtain-token.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { expectsJson } from './response/expected.ts';
import { type Answered, type Failure, findFailure, mayRefuse } from './response/failure-rules.ts';
import { readBody } from './response/read.ts';
import { redactText } from './secret.ts';
import type { LimitedCall, Pass } from './transport/rate-counters.ts';
import { type RateNews, readRateNews } from './transport/rate-headers.ts';
import type { RateLimiter } from './transport/rate-limit.ts';
import { type Doubt, type RetryPolicy, retry } from './transport/retry.ts';
import { explainUnknownHost, judge, secretsOf, toVendorError } from './vendor-error.ts';
import type { WireResponse } from './wire.ts';

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

/** A request on its way: what came in, and what is known of it so far. */
interface Journey {
  readonly context: ExchangeContext;
  readonly tools: ExchangeTools;
  readonly tokenKey: TokenKey | undefined;
  readonly limited: LimitedCall;
  readonly doubt: Doubt;
  /** Whether its token was exchanged because the one before was refused. */
  renewed: boolean;
  token: Token | undefined;
  credential: Credential | undefined;
  /** Why there is no token. */
  tokenError: unknown;
  /** The last answer: the retries judge it, and whoever asked for them again. */
  judged: Judged | undefined;
}

interface Judged {
  readonly response: WireResponse;
  readonly assessment: Assessment;
}

/**
 * Sends a prepared request with credentials. An answer that the connector calls "expired" costs one renewal and one
 * repetition. Throws `token.*`, `vendor.*`, `response.unreadable` and `transport.*`; whether the vendor may have done it
 * all the same is said with every one of them, whichever attempt it was.
 */
export async function exchange(context: ExchangeContext, tools: ExchangeTools): Promise<Exchanged> {
  const journey: Journey = {
    context,
    tools,
    tokenKey: tokenKeyOf(context, tools),
    limited: tools.limitsOf(context),
    doubt: { mayHaveArrived: false },
    renewed: false,
    token: undefined,
    credential: undefined,
    tokenError: undefined,
    judged: undefined,
  };
  const policy = policyOf(journey);
  const send = (timeoutMs: number) => sendOnce(journey, timeoutMs);
  for (;;) {
    let response: WireResponse;
    try {
      response = await retry(send, policy, tools.world, context);
    } catch (error) {
      throw unanswered(journey, error);
    }
    const assessment = assess(journey, response);
    if (journey.doubt.mayHaveArrived || assessment.verdict === 'broken' || !isRefused(assessment))
      context.onArrival?.();
    if ('body' in assessment) return { response, body: assessment.body };
    if ('fault' in assessment) throw assessment.fault;
    if (!(await renew(journey, assessment, response))) throw refusal(journey, assessment, response);
  }
}

function policyOf(journey: Journey): RetryPolicy {
  const { context, doubt } = journey;
  return {
    idempotent: isRepeatable(context.method),
    maxAttempts: MAX_ATTEMPTS,
    deadline: context.deadline,
    judge: (response) => assess(journey, response).verdict,
    doubt,
    // The token exchange has had its own retries.
    isFinal: (error) => error === journey.tokenError,
  };
}

/** What is thrown when no attempt brought an answer. */
function unanswered({ context, doubt }: Journey, error: unknown): unknown {
  const isOpen = doubt.mayHaveArrived || !(error instanceof FishplateError) || error.outcome !== 'not-sent';
  if (isOpen) context.onArrival?.();
  return explainUnknownHost(error, context.settings);
}

/** One attempt: with a token that is good, when it is its turn. */
async function sendOnce(journey: Journey, mostMs: number): Promise<WireResponse> {
  const { context, tools, limited, tokenKey, renewed } = journey;
  if (tokenKey) journey.token = tools.tokens.peek(tokenKey) ?? (await freshToken(journey));
  const acquired = tools.limiter.acquire(limited, context);
  const pass = acquired instanceof Promise ? await queued(acquired, context, tools) : acquired;
  const { waitedMs } = pass;
  try {
    // The token may have expired while the call waited for its turn.
    if (waitedMs > 0 && tokenKey) journey.token = tools.tokens.peek(tokenKey) ?? (await freshToken(journey));
    const { settings, prepared } = context;
    const credential = buildCredential(context.auth, settings, journey.token);
    journey.credential = credential;
    const options = { signal: context.signal, timeoutMs: timeLeft(context, tools, mostMs) };
    const about = { settings, credential: credential.secret, waitedMs, renewed };
    pass.depart();
    const response = await context.attempt(tools.send, authorize(prepared.wire, credential), about, options);
    pass.answered(newsOf(journey, response));
    return response;
  } catch (error) {
    if (error instanceof FishplateError && error.outcome === 'not-sent') pass.giveBack();
    else pass.answered();
    throw error;
  }
}

async function freshToken(journey: Journey): Promise<Token | undefined> {
  try {
    return await obtainToken(journey.context, journey.tools);
  } catch (error) {
    journey.tokenError = asNotSent(error);
    throw journey.tokenError;
  }
}

/** What an answer says of the vendor's limits. Looked at before any failure rule: most answers are no refusals. */
function newsOf(journey: Journey, response: WireResponse): RateNews | undefined {
  const isRefusal = isBusy(response) && assess(journey, response).verdict === 'later';
  return readRateNews(response, isRefusal, journey.tools.world.now());
}

/** Worked out once for each answer. */
function assess(journey: Journey, response: WireResponse): Assessment {
  const { judged } = journey;
  if (judged?.response === response) return judged.assessment;
  const assessment = assessAnew(journey, response);
  journey.judged = { response, assessment };
  return assessment;
}

function assessAnew(journey: Journey, response: WireResponse): Assessment {
  const { method, settings } = journey.context;
  const { connector } = settings;
  const failure =
    mayRefuse(connector, response) && findFailure(connector, response, answeredOf(journey, response));
  if (failure) return { failure, verdict: judge(response, failure) };
  try {
    const body = readBody(response, {
      json: () => expectsJson(method.response, connector.types),
      clean: (text) => redactText(text, secretsOf(settings, journey.credential?.secret)),
    });
    return { body, verdict: 'final' };
  } catch (fault) {
    return { fault, verdict: 'broken' };
  }
}

/** What the failure rules may ask of the request that was answered. */
function answeredOf({ context, tools, token }: Journey, response: WireResponse): Answered {
  const { auth, method, prepared, settings } = context;
  const about = {
    at: 'call' as const,
    host: method.host,
    method,
    settings,
    requestBytes: prepared.bodyBytes,
    fixed: !isTokenAuth(auth),
  };
  if (!token) return about;
  // What was forbidden to the token when it was new does not speak of its age.
  const isOld = response.status < 400 || !tools.tokens.isForbidden(token, refusalOf(method, response));
  const tokenAgeSeconds = isOld ? (tools.world.now() - token.obtainedAt) / 1000 : 0;
  return { ...about, tokenAgeSeconds, claims: () => claimsOf(token) };
}

/** Whether the request may be sent once more, since its token is the old one and a new one may do. */
async function renew(
  journey: Journey,
  { failure: { meaning } }: Assessment & { failure: Failure },
  response: WireResponse,
): Promise<boolean> {
  const { context, tools, tokenKey, token } = journey;
  if (meaning === 'forbidden' && token)
    tools.tokens.noteForbidden(token, refusalOf(context.method, response));
  if (meaning !== 'expired' || !token || journey.renewed) return false;
  if (tokenKey) await tools.tokens.forget(tokenKey, token);
  journey.renewed = true;
  journey.token = undefined;
  return true;
}

function refusal(
  { context, credential, doubt, tools }: Journey,
  { failure, verdict }: Assessment & { failure: Failure },
  response: WireResponse,
): FishplateError {
  const { method, settings } = context;
  return toVendorError(failure, response, settings, credential?.secret, {
    doubt: doubt.mayHaveArrived && !method.readOnly,
    look: verdict === 'broken' && !isRepeatable(method) && !method.readOnly,
    method,
    now: tools.world.now(),
  });
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
function timeLeft(context: ExchangeContext, { world }: ExchangeTools, mostMs: number): number {
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
