/** A vendor's refusal comes in, by what its rules say it means; what it calls for, and the error for the caller, go out. */
import type { Method } from './definition/connector.ts';
import { FishplateError, isFishplateError } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { secretTexts } from './installation/settings.ts';
import type { Failure } from './response/failure-rules.ts';
import { refusalBody } from './response/refusal-body.ts';
import { createRedaction } from './secret.ts';
import { retryAfterMs } from './transport/retry-timing.ts';
import type { WireResponse } from './wire.ts';

/** See `RetryPolicy.judge`. */
export function judge(response: WireResponse, failure: Failure | undefined): 'later' | 'broken' | 'final' {
  if (failure?.meaning === 'throttled') return 'later';
  if (failure?.meaning !== 'unavailable') return 'final';
  // 503 with a time to come back is the vendor's word that it did nothing (RFC 9110 section 15.6.4); another word is none.
  const names = response.headers['retry-after'] !== undefined && retryAfterMs(response, 0) !== undefined;
  return response.status === 503 && names ? 'later' : 'broken';
}

interface RefusalAbout {
  /** An earlier attempt may have been processed. */
  readonly doubt?: boolean;
  /** This one may have been, and must not just be repeated. */
  readonly look?: boolean;
  /** Absent for the token request. */
  readonly method?: Method;
  readonly now: number;
}

/** The error of a refusal: nothing in it holds a secret of the settings, or the credential that was sent. */
export function toVendorError(
  failure: Failure,
  response: WireResponse,
  settings: ResolvedSettings,
  credential: string | undefined,
  { doubt = false, look = false, method, now }: RefusalAbout,
): FishplateError {
  const clean = createRedaction(secretsOf(settings, credential));
  const said = failure.message === undefined ? undefined : clean(failure.message);
  const earlier = doubt ? ' (after an attempt that may have been processed)' : '';
  const answered = `${settings.connector.title} answered ${response.status}${earlier}`;
  const hint = failure.hint ?? (look ? LOOK_FIRST : undefined);
  const isLater = failure.meaning === 'throttled' || failure.meaning === 'unavailable';
  const waitMs = isLater ? retryAfterMs(response, now) : undefined;
  const body = refusalBody(response, { clean, method, whole: failure.meaning === 'partial' });
  return new FishplateError(
    `vendor.${failure.meaning}`,
    said === undefined ? answered : `${answered}: ${said}`,
    {
      ...(hint !== undefined && { hint: clean(hint) }),
      vendor: {
        status: response.status,
        ...(said !== undefined && { message: said }),
        ...(failure.code !== undefined && { code: clean(failure.code) }),
        ...(body !== undefined && { body }),
      },
      ...(doubt && { outcome: 'sent-unknown' as const }),
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    },
  );
}

const LOOK_FIRST = 'It may have been processed: look before you repeat it.';

/** Of the settings, and the credential that was sent: some vendors repeat the header that they refuse. */
export function secretsOf(settings: ResolvedSettings, credential: string | undefined): string[] {
  const secrets = secretTexts(settings.values);
  return credential === undefined ? secrets : [...secrets, credential];
}

/** Where an environment chooses the hosts, a host that does not exist means the wrong environment. */
export function explainUnknownHost(error: unknown, settings: ResolvedSettings): unknown {
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
