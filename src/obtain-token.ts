/** Credentials come in, a token goes out: the kept one, or one that is exchanged now, once for all who wait for it. */
import type { FingerprintOf } from './auth/fingerprints.ts';
import type { Token } from './auth/token.ts';
import type { TokenCache, TokenKey } from './auth/token-cache.ts';
import { buildExchangeRequest, isTokenAuth, readExchangeResponse } from './auth/token-request.ts';
import type { AuthMethod, TokenAuth } from './definition/connector.ts';
import { formatTemplate, type Template } from './definition/template.ts';
import { FishplateError } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { codeOf, withSpans } from './observed-send.ts';
import type { Observer, Span } from './observer.ts';
import { type Answered, findFailure } from './response/failure-rules.ts';
import { type RetryPolicy, withRetry } from './transport/retry.ts';
import { explainUnknownHost, judge, secretsOf, toVendorError } from './vendor-error.ts';
import type { Send, World } from './wire.ts';

export interface TokenTools {
  readonly send: Send;
  readonly tokens: TokenCache;
  readonly fingerprintOf: FingerprintOf;
  readonly world: World;
  readonly observer: Observer;
}

/** Whose token, and what led to the question. */
export interface TokenContext {
  readonly installationId: string;
  readonly settings: ResolvedSettings;
  readonly auth: AuthMethod;
  /** For whoever watches. */
  readonly origin?: Origin | undefined;
}

/** What led to an exchange: the request to us, and the span of the call. */
export interface Origin {
  readonly requestId?: string | undefined;
  readonly span?: Span | undefined;
}

const MAX_ATTEMPTS = 3;
const TOKEN_TIMEOUT_MS = 30_000;

/** Undefined for kinds without tokens. */
export function tokenKeyOf(
  { installationId, auth, settings }: TokenContext,
  { fingerprintOf }: Pick<TokenTools, 'fingerprintOf'>,
): TokenKey | undefined {
  return isTokenAuth(auth) ? { installationId, fingerprint: fingerprintOf(auth, settings) } : undefined;
}

/** A token for one call, which may leave while others go on waiting. Undefined for kinds without tokens. */
export async function obtainToken(
  context: TokenContext & Patience,
  tools: TokenTools,
): Promise<Token | undefined> {
  const { auth } = context;
  const key = tokenKeyOf(context, tools);
  if (!isTokenAuth(auth) || !key) return undefined;
  const shared = tools.tokens.get(key, () => watchedExchange(context, auth, tools));
  return abandonable(shared, context, 'a token', tools.world);
}

/**
 * Proves the credentials themselves: exchanges a token now, whatever is kept or backed off. With `since` a back-off counts,
 * and a kept token will do that was requested later than that, unless the last exchange failed. Nothing to do for kinds without tokens.
 */
export async function renewToken(
  context: TokenContext,
  tools: TokenTools,
  { since }: { readonly since?: number } = {},
): Promise<void> {
  const { auth } = context;
  const key = tokenKeyOf(context, tools);
  if (!isTokenAuth(auth) || !key) return;
  const exchangeNow = () => watchedExchange(context, auth, tools);
  await (since === undefined
    ? tools.tokens.renew(key, exchangeNow)
    : tools.tokens.confirm(key, exchangeNow, since));
}

/** With its parameters' names in place of their values. */
const templateText = (path: Template) => formatTemplate(path, (name) => `{${name}}`);

/** One exchange, for those who watch part of the call that came first. */
async function watchedExchange(
  { installationId, settings, origin }: TokenContext,
  auth: TokenAuth,
  tools: TokenTools,
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
  { send, world }: TokenTools,
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

/** What an answer to an installation's requests must not show to anybody: the secrets of its settings, and its token. */
export function secretsInUse(
  context: TokenContext,
  tools: Pick<TokenTools, 'tokens' | 'fingerprintOf'>,
): string[] {
  const key = tokenKeyOf(context, tools);
  return secretsOf(context.settings, key && tools.tokens.peek(key)?.access.reveal());
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
