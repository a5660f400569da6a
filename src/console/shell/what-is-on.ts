/** The faults and switches of a played vendor come in; what is not as it usually is goes out, in words. Pure. */
import type { FaultState } from '../api/sandbox-answers.ts';
import { countOf } from '../parts/format.ts';

/** "2 faults", "1 switch". Nothing when all is well. */
export function whatIsOn({ faults, ...switches }: FaultState): string[] {
  const { tokenLifetimeSeconds, clockSkewSeconds, refusals, limits } = switches;
  const on = [
    tokenLifetimeSeconds !== undefined,
    clockSkewSeconds !== undefined && clockSkewSeconds !== 0,
    limits !== undefined,
    Object.keys(refusals ?? {}).length > 0,
  ].filter(Boolean).length;
  return [
    ...(faults.length > 0 ? [countOf(faults.length, 'fault')] : []),
    ...(on > 0 ? [countOf(on, 'switch', 'switches')] : []),
  ];
}
