/** What was filled in for the switches comes in; switches, or what is wrong with them, go out. Pure. */
import type { Switches } from '../../api/sandbox-answers.ts';

/** The fields as texts; empty ones leave things as they usually are. */
export interface SwitchesDraft {
  readonly lifetime: string;
  readonly skew: string;
  readonly limits: boolean;
  readonly retryAfter: boolean;
  /** Refusals come as 200, and only the body tells. */
  readonly quiet: boolean;
}

/** Those that are switched together: who calls, what it may do, what is not there. */
const QUIET = [
  'noToken',
  'badToken',
  'revokedToken',
  'forbidden',
  'unknownId',
  'badQuery',
  'badBody',
] as const;

export function draftOf({
  tokenLifetimeSeconds,
  clockSkewSeconds,
  limits,
  refusals,
}: Switches): SwitchesDraft {
  return {
    lifetime: tokenLifetimeSeconds === undefined ? '' : String(tokenLifetimeSeconds),
    skew: clockSkewSeconds ? String(clockSkewSeconds) : '',
    limits: limits !== undefined,
    retryAfter: limits?.retryAfter !== false,
    quiet: refusals?.badToken?.sentAs === 200,
  };
}

type SwitchesRead =
  | { readonly switches: Switches; readonly problems?: undefined }
  | {
      readonly problems: Partial<Readonly<Record<'lifetime' | 'skew', string>>>;
      readonly switches?: undefined;
    };

/** All switches are replaced together, so those that the form does not have are taken over from `before`. */
export function readSwitches(draft: SwitchesDraft, before: Switches): SwitchesRead {
  const lifetime = draft.lifetime.trim();
  const skew = draft.skew.trim();
  const problems = {
    ...(!/^$|^[1-9]\d{0,8}$/.test(lifetime) && { lifetime: 'A whole number of seconds, from 1' }),
    ...(!/^$|^[+-]?\d{1,9}$/.test(skew) && { skew: 'A whole number of seconds, with a minus for behind' }),
  };
  if (Object.keys(problems).length > 0) return { problems };
  const refusals = refusalsOf(draft.quiet, before.refusals);
  return {
    switches: {
      ...(lifetime !== '' && { tokenLifetimeSeconds: Number(lifetime) }),
      ...(Number(skew) !== 0 && { clockSkewSeconds: Number(skew) }),
      ...(draft.limits && { limits: draft.retryAfter ? {} : { retryAfter: false } }),
      ...(Object.keys(refusals).length > 0 && { refusals }),
    },
  };
}

function refusalsOf(quiet: boolean, before: Switches['refusals'] = {}): NonNullable<Switches['refusals']> {
  const refusals = { ...before };
  for (const name of QUIET) {
    const { sentAs: _, ...rest } = refusals[name] ?? {};
    if (quiet) refusals[name] = { ...rest, sentAs: 200 };
    else if (Object.keys(rest).length > 0) refusals[name] = rest;
    else delete refusals[name];
  }
  return refusals;
}
