/** A call's attempts come in; what happened in its time, one thing after the other, goes out. Pure. */
import type { Attempt, CallRecord } from '../../api/call-answers.ts';
import { formatDuration } from '../../parts/format.ts';

export interface Step {
  readonly kind: 'good' | 'bad' | 'wait';
  readonly title: string;
  readonly note: string;
  /** Milliseconds from the start of the call. */
  readonly startMs: number;
  readonly durationMs: number;
}

type Timed = Pick<CallRecord, 'AttemptDetails' | 'Attempts' | 'Outcome'>;

/** Shorter ones are the time that our own code takes. */
const LEAST_WAIT_MS = 5;

/** Attempts and what lay between them: the queue of the vendor's limits, a pause, a new token. */
export function stepsOf({ AttemptDetails, Attempts, Outcome }: Timed): Step[] {
  return AttemptDetails.flatMap((attempt, index) => {
    const before = AttemptDetails[index - 1];
    const isLast = index === Attempts - 1;
    return [...gapBefore(attempt, before), attemptStep(attempt, index, isLast, Outcome)];
  });
}

function gapBefore(attempt: Attempt, before: Attempt | undefined): Step[] {
  const startMs = before === undefined ? 0 : before.AtMs + before.DurationMs;
  const gapMs = Math.max(0, attempt.AtMs - startMs);
  const inLineMs = Math.min(attempt.WaitedMs ?? 0, gapMs);
  // After a pause that the vendor asked for, its limit may seem closed for a moment longer: timers are not that exact.
  const waitedMs = inLineMs >= LEAST_WAIT_MS ? inLineMs : 0;
  const pausedMs = gapMs - waitedMs;
  const steps: Step[] = [];
  if (pausedMs >= LEAST_WAIT_MS)
    steps.push({ kind: 'wait', ...whyPaused(attempt, before), startMs, durationMs: pausedMs });
  if (waitedMs > 0)
    steps.push({
      ...{ kind: 'wait', title: 'Waited in line', startMs: startMs + pausedMs, durationMs: waitedMs },
      note: "For room in the vendor's limits",
    });
  return steps;
}

/** Why there was a pause that no queue made: the vendor asked for it, or nobody said how long and we backed off. */
function whyPaused(attempt: Attempt, before: Attempt | undefined): Pick<Step, 'title' | 'note'> {
  if (before === undefined) return { title: 'Got ready', note: 'A token was exchanged, if there was none' };
  if (attempt.TokenRenewed) return { title: 'Renewed the token', note: 'The one before was refused' };
  if (before.RetryAfterMs !== undefined)
    return {
      title: 'Waited as asked',
      note: `Retry-After of the answer before: ${formatDuration(before.RetryAfterMs)}`,
    };
  const why = before.Status === null ? 'No answer came' : 'The answer did not say how long';
  return { title: 'Backed off', note: `${why}, so a random while that grows with each attempt` };
}

function attemptStep(attempt: Attempt, index: number, isLast: boolean, outcome: string): Step {
  const { AtMs: startMs, DurationMs: durationMs, Status, Error: code, TokenRenewed } = attempt;
  const isGood = Status !== null && Status < 400 && (!isLast || outcome === 'ok');
  const answer = Status === null ? (code ?? 'No answer') : `Answered ${Status}`;
  const note = TokenRenewed ? `${answer}, with a new token` : answer;
  return { kind: isGood ? 'good' : 'bad', title: `Attempt ${index + 1}`, note, startMs, durationMs };
}

/** Where on the track a step begins and how long it is, in percent. */
export function barOf({ startMs, durationMs }: Pick<Step, 'startMs' | 'durationMs'>, totalMs: number) {
  const whole = Math.max(totalMs, startMs + durationMs, 1);
  const percent = (ms: number) => Math.round((ms / whole) * 1000) / 10;
  return { start: percent(startMs), width: percent(durationMs) };
}

/** What a kept body is: JSON as such, anything else - also JSON that was cut - as the text that it is. */
export function readBody(text: string): { readonly json: unknown } | { readonly text: string } {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { text };
  }
}

/** Why there is no request to be seen, as far as the row tells. */
export function whyNotKept({ Attempts, Outcome }: Pick<CallRecord, 'Attempts' | 'Outcome'>): string {
  if (Attempts === 0)
    return Outcome === 'ok'
      ? 'Nothing was sent: an earlier call with the same Idempotency-Key had its answer already.'
      : 'Nothing was sent: the call was refused before.';
  const setting = 'FISHPLATE_CALL_LOG_DETAIL=errors (the usual) keeps those of calls that failed';
  return Outcome === 'ok'
    ? `The API is told of which calls request and answer are kept: ${setting}, all keeps every one, redacted.`
    : `This one failed, but the API keeps none (FISHPLATE_CALL_LOG_DETAIL=none), or more failed at once than it keeps in a second.`;
}
