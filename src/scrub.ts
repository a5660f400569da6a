/** What somebody else said and the secrets that must not be seen come in; the same without them goes out. Pure. */
import { FishplateError, restate } from './errors.ts';
import { createRedaction, REDACTED } from './secret.ts';

export type Clean = (text: string) => string;

/** Cleans every text in a value, keys too; and numbers. A copy is returned. */
export function scrubValue(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return clean(String(value)) === String(value) ? value : REDACTED;
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clean(key), scrubValue(inner, clean)]),
  );
}

/**
 * An error as it may leave: what it says, hints and quotes holds none of the secrets. The caller's own rows in it stay as
 * they are, to be sent again. What is no error of ours becomes `internal.unexpected`, and its stack, which is for the log,
 * is cleaned as well.
 */
export function scrubError(error: unknown, secrets: readonly string[]): FishplateError {
  const clean = createRedaction(secrets);
  if (!(error instanceof FishplateError)) return unexpected(error, clean);
  const { message, hint, problems, vendor } = error;
  const said = { hint, problems, ...(vendor && { vendor }) };
  const cleaned = scrubValue(said, clean) as typeof said;
  const cleanedMessage = clean(message);
  const isClean = cleanedMessage === message && JSON.stringify(cleaned) === JSON.stringify(said);
  if (isClean) return error;
  // The cause says it too.
  const cause = error.cause instanceof FishplateError ? scrubError(error.cause, secrets) : undefined;
  return restate(error, { ...cleaned, cause }, cleanedMessage);
}

function unexpected(thrown: unknown, clean: Clean): FishplateError {
  const cause = new Error(clean(thrown instanceof Error ? thrown.message : String(thrown)));
  cause.stack = clean((thrown instanceof Error && thrown.stack) || cause.message);
  return new FishplateError('internal.unexpected', 'something went wrong on our side', { cause });
}
