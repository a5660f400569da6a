/** A method comes in; what calls it, page by page if asked, and what came of it go out. */
import { useCallback, useEffect, useRef } from 'react';
import type { Place } from '../../api/installations.ts';
import { callMethod, type MethodBrief, type MethodCall } from '../../api/methods.ts';
import { type CallAnswer, type Collected, MOST_PAGES, MOST_ROWS, readAnswer } from './answer.ts';
import { useKept } from './use-kept.ts';

export interface Outcome {
  /** What the latest page was asked with. */
  readonly call: MethodCall;
  /** Which page it is, from 1. */
  readonly page: number;
  readonly answer?: CallAnswer;
  readonly collected?: Collected;
  readonly error?: unknown;
  /** A call that changes something and was stopped: it may have been done all the same. */
  readonly isUnknown?: true;
}

export interface CallState {
  readonly outcome: Outcome | undefined;
  readonly isRunning: boolean;
  readonly call: (call: MethodCall, idempotencyKey: string) => void;
  readonly nextPage: () => void;
  /** All pages from the first on with a call; without one those that are left. */
  readonly allPages: (call?: MethodCall) => void;
  readonly stop: () => void;
  readonly forget: () => void;
}

/** Reads are stopped when the page is left; what changes something runs on, since nobody would know what became of it. */
export function useCall(place: Place, method: MethodBrief): CallState {
  const { account, installation } = place;
  const [outcome, keep] = useKept<Outcome>('outcome', account, installation, method.Key);
  // Kept as well: who comes back to a call that is under way must not take it for one that can be made.
  const [running, keepRunning] = useKept<AbortController>('running', account, installation, method.Key);
  const own = useRef<AbortController>(undefined);
  const { Key, IsReadOnly } = method;

  const stop = useCallback(
    (control: AbortController | undefined) => {
      control?.abort();
      keepRunning(undefined);
    },
    [keepRunning],
  );
  useEffect(() => () => (IsReadOnly ? stop(own.current) : undefined), [IsReadOnly, stop]);

  const ask = useCallback(
    async (call: MethodCall, signal: AbortSignal, idempotencyKey = '') => {
      const startedAt = performance.now();
      const answer = await callMethod({ account, installation }, Key, call, { signal, idempotencyKey });
      return readAnswer(answer, performance.now() - startedAt);
    },
    [account, installation, Key],
  );

  const run = async (work: (signal: AbortSignal) => Promise<void>) => {
    running?.abort();
    const control = new AbortController();
    own.current = control;
    keepRunning(control);
    try {
      await work(control.signal);
    } finally {
      // One that was stopped may have another after it.
      if (!control.signal.aborted) keepRunning(undefined);
    }
  };

  const callOnce = (call: MethodCall, page: number, idempotencyKey = '') =>
    void run(async (signal) => {
      try {
        keep({ call, page, answer: await ask(call, signal, idempotencyKey) });
      } catch (error) {
        if (!signal.aborted) keep({ call, page, error });
        else if (!IsReadOnly) keep({ call, page, isUnknown: true });
      }
    });

  const collect = (first: Outcome) =>
    void run(async (signal) => {
      let now = first;
      try {
        for await (now of pagesFrom(first, (call) => ask(call, signal))) keep(now);
      } catch (error) {
        const ended = signal.aborted ? 'stopped' : 'failed';
        const collected = now.collected && { ...now.collected, ended };
        keep({ ...now, ...(collected && { collected }), ...(ended === 'failed' && { error }) } as Outcome);
      }
    });

  return {
    ...{ outcome, isRunning: running !== undefined },
    call: (call, idempotencyKey) => callOnce(call, 1, idempotencyKey),
    nextPage: () => {
      if (outcome?.answer?.next)
        callOnce({ ...outcome.call, Parameters: outcome.answer.next }, outcome.page + 1);
    },
    allPages: (call) => {
      if (call) collect({ call, page: 0, collected: { pages: 0, rows: [] } });
      else if (outcome) collect(goingOn(outcome));
    },
    stop: () => stop(running),
    forget: () => keep(undefined),
  };
}

/** The page that is shown is the first of those that are collected. */
function goingOn({ error: _, collected, ...outcome }: Outcome): Outcome {
  const { ended: __, ...rest } = collected ?? { pages: 1, rows: outcome.answer?.rows ?? [] };
  return { ...outcome, collected: rest };
}

/** Yields after each page. Ends at the last one, when a page comes round again, and when there is no more room. */
async function* pagesFrom(
  first: Outcome,
  ask: (call: MethodCall) => Promise<CallAnswer>,
): AsyncGenerator<Outcome> {
  const seen = new Set<string>();
  let now = first;
  for (let asked = 0; ; asked += 1) {
    const { answer, collected = { pages: 0, rows: [] } } = now;
    const parameters = answer === undefined ? now.call.Parameters : answer.next;
    if (!parameters) return;
    const isFull = asked >= MOST_PAGES || (asked > 0 && collected.rows.length >= MOST_ROWS);
    const name = JSON.stringify(parameters);
    if (isFull || seen.has(name)) {
      yield { ...now, collected: { ...collected, ended: isFull ? 'full' : 'repeated' } };
      return;
    }
    seen.add(name);
    const call = { ...now.call, Parameters: parameters };
    const next = await ask(call);
    if (isSamePage(answer, next)) {
      yield { ...now, collected: { ...collected, ended: 'repeated' } };
      return;
    }
    const rows = [...collected.rows, ...(next.rows ?? [])];
    now = { call, page: now.page + 1, answer: next, collected: { pages: collected.pages + 1, rows } };
    yield now;
  }
}

/** Whether a page came once more in place of the next one: the vendor did not take what it was asked with. */
function isSamePage(before: CallAnswer | undefined, { body, rows = [] }: CallAnswer): boolean {
  if (before === undefined || rows.length === 0) return false;
  const isTelling = rows.some((row) => typeof row === 'object' && row !== null);
  return isTelling
    ? JSON.stringify(before.rows) === JSON.stringify(rows)
    : JSON.stringify(before.body) === JSON.stringify(body);
}
