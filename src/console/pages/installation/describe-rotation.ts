/** Steps of a rotation and their outcomes come in; sentences about them go out. Pure. */

import { isApiError } from '../../api/api-error.ts';
import type { StagedTest } from '../../api/installation-answers.ts';
import type { RotationAfter, RotationStep } from '../../api/rotation.ts';
import { describeIdentity } from '../../parts/identity.ts';
import { titleOfReason } from '../../parts/test-reason.ts';

/** In minutes. */
export const USUAL_FALLBACK = 60;

export const fallbackChoices = [
  { minutes: 0, label: 'No time: forget them at once' },
  { minutes: 15, label: '15 minutes' },
  { minutes: 60, label: '1 hour' },
  { minutes: 1_440, label: '1 day' },
  { minutes: 10_080, label: '7 days' },
] as const;

/** What a step brought about, to be read out. */
export function describeStep(step: RotationStep['step'], after: RotationAfter): string {
  switch (step) {
    case 'rotate':
    case 'swap':
      return after.Fallback
        ? 'Rotated. The new credentials are in use; the old ones are kept for a while.'
        : 'Rotated. The new credentials are in use.';
    case 'stage':
      return 'Staged. What is in use stays in use until you swap.';
    case 'test':
      return `Tested: ${after.Test?.Ok ? 'the staged credentials work' : 'the staged credentials do not work'}.`;
    case 'cancel':
      return 'Discarded the staged credentials.';
    case 'purge':
      return 'Forgot the old credentials.';
  }
}

/** What a test of staged credentials found on the one installation that they are for. */
export function describeStagedTest(test: StagedTest | null): string {
  const result = test?.Installations[0];
  if (!test || !result) return 'Not tested yet.';
  if (!result.Ok) return `${titleOfReason(result.Code ?? '')}. ${result.Hint ?? ''}`.trim();
  const who = describeIdentity(result.Identity);
  const isOther = result.ChangedIdentity.length > 0;
  return `They work${who === undefined ? '' : `: ${who}`}.${isOther ? ' This is another user than the one in use.' : ''}`;
}

/** The vendor's refusals have titles of their own; the rest is told by its kind. */
export function titleOfRefusal(error: unknown): string | undefined {
  if (isApiError(error, 'rotation.other-organisation')) return 'These are of another organisation';
  if (isApiError(error, 'rotation.same-credentials')) return 'These are in use already';
  return isApiError(error) && /^(?:vendor|token)\./.test(error.code) ? titleOfReason(error.code) : undefined;
}
