/** A vendor's refusal comes in, by what its rules say it means; what it calls for, and the error for the caller, go out. */
import { FishplateError, isFishplateError } from './errors.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { secretTexts } from './installation/settings.ts';
import type { Failure } from './response/failure-rules.ts';
import { readRefusal } from './response/read.ts';
import { scrubValue } from './scrub.ts';
import { createRedaction, redactText } from './secret.ts';
import { retryAfterMs } from './transport/retry-timing.ts';
import type { WireResponse } from './wire.ts';

/** See `RetryPolicy.judge`. */
export function judge(response: WireResponse, failure: Failure | undefined): 'later' | 'broken' | 'final' {
  if (failure?.meaning === 'throttled') return 'later';
  if (failure?.meaning !== 'unavailable') return 'final';
  // 503 with a time to come back is the vendor's word that it did nothing (RFC 9110 section 15.6.4).
  return response.status === 503 && response.headers['retry-after'] !== undefined ? 'later' : 'broken';
}

/** The error of a refusal: nothing in it holds a secret of the settings, or the credential that was sent. */
export function toVendorError(
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
