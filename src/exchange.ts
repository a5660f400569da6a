/** A prepared request comes in, the vendor's answer goes out: credentials on every attempt, retries where safe, one renewal. */
import { authorize, buildCredential, type Credential } from './auth/authorize.ts';
import { buildTokenRequest, credentialsFingerprint, readTokenResponse } from './auth/client-credentials.ts';
import { claimsOf, type Token } from './auth/token.ts';
import type { TokenCache } from './auth/token-cache.ts';
import type { AuthMethod, ClientCredentials, Method } from './definition/connector.ts';
import { FishplateError, isFishplateError } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import type { LoadedInstallation } from './installation/installations.ts';
import { textOf } from './installation/settings.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { type Answered, type Failure, findFailure } from './response/failure-rules.ts';
import { redactText } from './secret.ts';
import { type RetryPolicy, withRetry } from './transport/retry.ts';
import type { Send, WireResponse, World } from './wire.ts';

/** The auth method that an installation was made with. */
export function authOf({ row, connector }: Pick<LoadedInstallation, 'row' | 'connector'>): AuthMethod {
  const auth = connector.auth.find((candidate) => candidate.id === row.authId) ?? connector.auth[0];
  if (!auth) throw new TypeError(`${connector.name} has no auth method`);
  return auth;
}

/** What one exchange needs to know. */
export interface ExchangeContext {
  readonly installationId: string;
  readonly settings: ResolvedSettings;
  readonly auth: AuthMethod;
  readonly method: Method;
  readonly prepared: PreparedRequest;
  /** Milliseconds since the epoch after which nothing more is tried. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each request of the method goes out. */
  readonly onAttempt: () => void;
}

export interface ExchangeTools {
  readonly send: Send;
  readonly tokens: TokenCache;
  readonly world: World;
}

const MAX_ATTEMPTS = 3;
const TOKEN_TIMEOUT_MS = 30_000;

/**
 * Sends a prepared request with credentials. An answer that the connector calls "expired" costs one renewal and one
 * repetition. Throws `token.*`, `vendor.*` and `transport.*`.
 */
export async function exchange(context: ExchangeContext, tools: ExchangeTools): Promise<WireResponse> {
  const { settings, method, prepared, signal } = context;
  for (let renewed = false; ; renewed = true) {
    let token: Token | undefined;
    let credential: Credential | undefined;
    let tokenError: unknown;
    const authorized: Send = async (request, options) => {
      try {
        token = await currentToken(context, tools);
      } catch (error) {
        tokenError = error;
        throw error;
      }
      credential = buildCredential(context.auth, settings, token);
      // The wait for the token has used some of the time.
      const leftMs = context.deadline - tools.world.now();
      if (leftMs <= 0)
        throw new FishplateError('transport.timeout', 'the deadline passed while waiting for a token', {
          outcome: 'not-sent',
        });
      context.onAttempt();
      const timeoutMs = Math.min(leftMs, options?.timeoutMs ?? leftMs);
      return tools.send(authorize(request, credential), { ...options, timeoutMs });
    };
    const answered = (): Answered => ({
      at: 'call',
      host: method.host,
      method,
      settings,
      requestBytes: prepared.bodyBytes,
      ...(token && {
        tokenAgeSeconds: (tools.world.now() - token.obtainedAt) / 1000,
        claims: () => token && claimsOf(token),
      }),
    });
    const policy: RetryPolicy = {
      idempotent: method.idempotent,
      maxAttempts: MAX_ATTEMPTS,
      deadline: context.deadline,
      judge: (response) => judge(response, findFailure(settings.connector, response, answered())),
      // The token exchange has had its own retries.
      isFinal: (error) => error === tokenError,
    };
    const response = await withRetry(
      authorized,
      policy,
      tools.world,
    )(prepared.wire, { signal }).catch((error: unknown) => {
      throw explainUnknownHost(error, settings);
    });
    const failure = findFailure(settings.connector, response, answered());
    if (!failure) return response;
    if (failure.meaning !== 'expired' || !token || renewed)
      throw toVendorError(failure, response, settings, credential?.secret);
    await tools.tokens.forget(tokenKey(context), token);
  }
}

/** Proves the credentials themselves: exchanges a token now, whatever is kept. Nothing to do for kinds without tokens. */
export async function renewToken(
  context: Pick<ExchangeContext, 'installationId' | 'settings' | 'auth'>,
  tools: ExchangeTools,
): Promise<void> {
  const { auth, settings } = context;
  if (auth.kind !== 'client-credentials') return;
  await tools.tokens
    .renew(tokenKey(context), () => exchangeToken(auth, settings, tools))
    .catch((error: unknown) => {
      throw explainUnknownHost(error, settings);
    });
}

function currentToken(context: ExchangeContext, tools: ExchangeTools): Promise<Token | undefined> {
  const { auth, settings, signal } = context;
  if (auth.kind !== 'client-credentials') return Promise.resolve(undefined);
  return abandonable(
    tools.tokens.get(tokenKey(context), () => exchangeToken(auth, settings, tools)),
    signal,
  );
}

function tokenKey({
  installationId,
  auth,
  settings,
}: Pick<ExchangeContext, 'installationId' | 'settings' | 'auth'>) {
  return {
    installationId,
    fingerprint: auth.kind === 'client-credentials' ? credentialsFingerprint(auth, settings) : '',
  };
}

/** Shared by all who wait for the token, so no caller's signal or deadline may end it: it has a time of its own. */
async function exchangeToken(
  auth: ClientCredentials,
  settings: ResolvedSettings,
  { send, world }: ExchangeTools,
): Promise<Token> {
  const request = buildTokenRequest(auth, settings);
  const sentAt = world.now();
  const answered: Answered = {
    at: 'token',
    host: auth.host,
    settings,
    requestBytes: Buffer.byteLength(String(request.body ?? '')),
  };
  const policy: RetryPolicy = {
    idempotent: true,
    maxAttempts: MAX_ATTEMPTS,
    deadline: sentAt + TOKEN_TIMEOUT_MS,
    judge: (response) => judge(response, findFailure(settings.connector, response, answered)),
  };
  const response = await withRetry(
    send,
    policy,
    world,
  )(request).catch((error: unknown) => {
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
  if (failure)
    throw toVendorError(failure, response, settings, request.headers.authorization?.replace(/^Basic /, ''));
  return readTokenResponse(auth, response, sentAt);
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
): FishplateError {
  const secrets = Object.values(settings.values).flatMap(({ setting, value }) =>
    setting.secret ? [textOf(value)] : [],
  );
  // Some vendors repeat the header that they refuse.
  if (credential !== undefined) secrets.push(credential);
  const said = failure.message === undefined ? undefined : redactText(failure.message, secrets);
  const message =
    said === undefined
      ? `${settings.connector.title} answered ${response.status}`
      : `${settings.connector.title} answered ${response.status}: ${said}`;
  return new FishplateError(`vendor.${failure.meaning}`, message, {
    ...(failure.hint !== undefined && { hint: failure.hint }),
    vendor: { status: response.status, ...(said !== undefined && { message: said }) },
  });
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

/** Lets a caller leave while the others go on waiting: rejects with `transport.cancelled` when the signal fires. */
export function abandonable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const leave = () =>
      reject(
        new FishplateError('transport.cancelled', 'cancelled before the request was sent', {
          outcome: 'not-sent',
        }),
      );
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
