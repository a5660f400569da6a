/** Where a rotation stands comes in; it goes out as the API shows it (rotation.schema.json), without a value of any credential. */
import type { FallbackView, RotationStatus, StagedView, Trial } from '../runtime-contract.ts';
import { dateOf } from './installation-view.ts';

/** `trial`: the test that was just made. `isVisible`: whether the caller may read an installation it was made on. */
export function rotationView(
  { level, staged, fallback }: RotationStatus,
  { trial, isVisible }: { readonly trial?: Trial | undefined; readonly isVisible: (id: string) => boolean },
): Record<string, unknown> {
  return {
    Level: level,
    Staged: staged && stagedView(staged, isVisible),
    Fallback: fallback && fallbackView(fallback),
    ...(trial && { Test: trialView(trial, isVisible) }),
  };
}

const stagedView = (
  { settings, createdAt, purgeAt, trial }: StagedView,
  isVisible: (id: string) => boolean,
) => ({
  Settings: settings,
  CreatedDate: dateOf(createdAt),
  PurgeDate: dateOf(purgeAt),
  Test: trial && trialView(trial, isVisible),
});

const fallbackView = ({ settings, createdAt, purgeAt, usedAt, usedFor }: FallbackView) => ({
  Settings: settings,
  CreatedDate: dateOf(createdAt),
  PurgeDate: dateOf(purgeAt),
  UsedDate: dateOf(usedAt),
  UsedFor: usedFor,
});

/** Installations that the caller may not read are counted, and no more. */
function trialView({ at, ok, results }: Trial, isVisible: (id: string) => boolean): Record<string, unknown> {
  return {
    Date: dateOf(at),
    Ok: ok,
    Tested: results.length,
    Failed: results.filter((result) => !result.ok).length,
    Installations: results
      .filter(({ installationId }) => isVisible(installationId))
      .map(({ installationId, ok: isGood, identity, changed, reason }) => ({
        ...{ Id: installationId, Ok: isGood, Identity: identity, ChangedIdentity: changed },
        ...(reason && { Code: reason.code, Message: reason.message, Hint: reason.hint }),
      })),
  };
}
