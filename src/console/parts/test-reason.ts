/** Why a connection test failed comes in; an error that stands at the field concerned, and its title, go out. Pure. */
import type { Parameter, StateReason } from '../api/answers.ts';
import { ApiError } from '../api/api-error.ts';

interface Meaning {
  readonly title: string;
  /** Which of the fields the reason speaks of. */
  readonly role?: NonNullable<Parameter['Role']>;
}

/** By code (docs/errors.md). */
const meanings: Readonly<Record<string, Meaning>> = {
  'vendor.bad-credentials': { title: 'The key is not accepted', role: 'credentials' },
  'vendor.key-inactive': { title: 'The key is switched off', role: 'credentials' },
  'vendor.expired': { title: 'The access is not accepted any more', role: 'credentials' },
  'vendor.revoked': { title: 'The access was withdrawn', role: 'credentials' },
  'token.refused': { title: 'The key is not accepted', role: 'credentials' },
  'vendor.wrong-organisation': { title: 'The key is of another organisation', role: 'organisation' },
  'vendor.wrong-environment': { title: 'The environment is not the right one', role: 'environment' },
  'transport.host-not-found': { title: 'There is no such environment', role: 'environment' },
  'token.unreadable': { title: 'The environment is not the right one', role: 'environment' },
  'vendor.forbidden': { title: 'A permission is missing' },
  'installation.setup-required': { title: 'Something is still missing' },
  'connector.unknown': { title: 'Its connector is gone' },
};

export const titleOfReason = (code: string): string =>
  meanings[code]?.title ?? 'The connection could not be proven';

/** The form shows it like any other refusal: the message at its field where the form has it, the way out above the buttons. */
export function errorOfReason(
  { Code, Message, Hint }: StateReason,
  parameters: readonly Parameter[],
): ApiError {
  const concerned = parameters.filter(({ Role }) => Role !== null && Role === meanings[Code]?.role);
  // Of key and secret the one that cannot be seen is the one that is wrong unseen.
  const field = concerned.find(({ IsSensitive }) => IsSensitive) ?? concerned[0];
  return new ApiError({
    ...{ code: Code, category: 'credentials', message: Message, hint: Hint },
    ...{ status: 200, requestId: undefined },
    problems: field ? [{ path: field.TargetName, message: titleOfReason(Code) }] : [],
  });
}
