/** Steps of a rotation and their outcomes come in; sentences about them go out. Pure. */
import { isApiError } from '../../api/api-error.ts';
import type { StagedTest } from '../../api/installation-answers.ts';
import type { RotationAfter, RotationStep } from '../../api/rotation.ts';
import { countOf } from '../../parts/format.ts';
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
      return after.Fallback ? `${rotated(after)} The old ones are kept for a while.` : rotated(after);
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

const rotated = ({ Level, Test }: RotationAfter): string =>
  Level === 'console' && Test
    ? `Rotated. The new credentials are in use on ${countOf(Test.Tested, 'installation')}${Test.Failed === 0 ? '' : `, ${Test.Failed} of which failed before and still fail`}.`
    : 'Rotated. The new credentials are in use.';

/** What a test of staged credentials found: on the installation that they are for, or on all that take them from the console. */
export function describeStagedTest(test: StagedTest | null): string {
  const result = test?.Installations[0];
  if (!test) return 'Not tested yet.';
  if (test.Tested > 1 || !result)
    return test.Failed === 0
      ? `They work on ${allOf(test.Tested)}.`
      : `They fail on ${test.Failed} of ${countOf(test.Tested, 'installation')}.`;
  if (!result.Ok) return `${titleOfReason(result.Code ?? '')}. ${result.Hint ?? ''}`.trim();
  const who = describeIdentity(result.Identity);
  const isOther = result.ChangedIdentity.length > 0;
  return `They work${who === undefined ? '' : `: ${who}`}.${isOther ? ' This is another user than the one in use.' : ''}`;
}

const allOf = (count: number) => (count === 1 ? 'the installation' : `all ${count} installations`);

/** The vendor's refusals have titles of their own; the rest is told by its kind. */
export function titleOfRefusal(error: unknown): string | undefined {
  if (isApiError(error, 'rotation.other-organisation')) return 'These are of another organisation';
  if (isApiError(error, 'rotation.refused')) return 'They do not work everywhere';
  if (isApiError(error, 'rotation.same-credentials')) return 'These are in use already';
  return isApiError(error) && /^(?:vendor|token)\./.test(error.code) ? titleOfReason(error.code) : undefined;
}
