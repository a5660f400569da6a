import { describe, expect, it } from 'vitest';
import { type ErrorCode, FishplateError, isFishplateError } from '../../src/errors.ts';
import { type RetryPolicy, withRetry } from '../../src/transport/retry.ts';
import type { Outcome, Send, SendOptions, WireRequest, WireResponse } from '../../src/wire.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/vendor.ts';

const request: WireRequest = { method: 'POST', url: 'https://api.acme.example/x', headers: {} };
const answer = (status: number, headers: Record<string, string> = {}): WireResponse => ({
  status,
  headers,
  body: '',
});
const failure = (outcome: Outcome | undefined, code: ErrorCode = 'transport.unreachable') =>
  new FishplateError(code, `it was ${outcome}`, { ...(outcome && { outcome }) });

type Step = WireResponse | Error | ((world: FakeWorld) => WireResponse);

/** A `Send` that plays the steps, the last one again and again, and writes down what it was given. */
function play(steps: readonly Step[], policy: Partial<RetryPolicy> = {}) {
  const world = createFakeWorld();
  const calls: { readonly request: WireRequest; readonly options: SendOptions | undefined }[] = [];
  const send: Send = async (sent, options) => {
    calls.push({ request: sent, options });
    const step = steps[Math.min(calls.length, steps.length) - 1];
    if (step === undefined) throw new Error('nothing to play');
    if (step instanceof Error) throw step;
    return typeof step === 'function' ? step(world) : step;
  };
  const full: RetryPolicy = {
    idempotent: false,
    maxAttempts: 3,
    deadline: world.now() + 60_000,
    judge: ({ status }) => (status === 429 ? 'later' : status >= 500 ? 'broken' : 'final'),
    ...policy,
  };
  return { send: withRetry(send, full, world), calls, world };
}

const errorOf = async (promise: Promise<unknown>): Promise<FishplateError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isFishplateError(error)) throw new Error(`not a FishplateError: ${String(error)}`);
  return error;
};

describe('what became of a request decides whether it is repeated', () => {
  it.each<[string, Step, boolean, number]>([
    ['not sent', failure('not-sent'), false, 3],
    ['not sent', failure('not-sent'), true, 3],
    ['sent, unknown', failure('sent-unknown', 'transport.interrupted'), false, 1],
    ['sent, unknown', failure('sent-unknown', 'transport.interrupted'), true, 3],
    ['timed out', failure('sent-unknown', 'transport.timeout'), false, 1],
    ['timed out', failure('sent-unknown', 'transport.timeout'), true, 3],
    ['failed in an unknown way', failure(undefined, 'internal.unexpected'), false, 1],
    ['failed in an unknown way', failure(undefined, 'internal.unexpected'), true, 1],
    ['broken by a defect', new TypeError('defect'), true, 1],
    ['answered "later"', answer(429), false, 3],
    ['answered "later"', answer(429), true, 3],
    ['answered with a breakdown', answer(500), false, 1],
    ['answered with a breakdown', answer(500), true, 3],
    ['refused', answer(400), true, 1],
    ['done', answer(200), true, 1],
    ['for a host that does not exist', failure('not-sent', 'transport.host-not-found'), true, 1],
    ['cancelled', failure('not-sent', 'transport.cancelled'), true, 1],
    ['answered with too much', failure('sent-unknown', 'transport.too-large'), true, 1],
  ])('%s: %#', async (_, step, idempotent, attempts) => {
    const { send, calls } = play([step], { idempotent });
    const result = await send(request).catch((error: unknown) => error);
    expect(calls).toHaveLength(attempts);
    expect(result).toBe(step);
  });

  it('unless somebody knows better', async () => {
    const last = failure('not-sent');
    const { send, calls } = play([last], { isFinal: (error) => error === last });
    await expect(send(request)).rejects.toBe(last);
    expect(calls).toHaveLength(1);
  });

  it('and success ends it', async () => {
    const { send, calls, world } = play([failure('not-sent'), answer(429), answer(200)]);
    expect((await send(request)).status).toBe(200);
    expect(calls.map(({ request: sent }) => sent)).toEqual([request, request, request]);
    expect(world.sleeps).toEqual([250, 500]);
  });
});

describe('the outcome of several attempts', () => {
  const unknown = failure('sent-unknown', 'transport.interrupted');

  it.each<[string, Step[]]>([
    ['an answer that was lost', [unknown, failure('not-sent')]],
    ['a breakdown', [answer(500), failure('not-sent')]],
    ['both, long ago', [unknown, answer(429), failure('not-sent')]],
  ])('is unknown once one of them may have arrived: %s', async (_, steps) => {
    const error = await errorOf(play(steps, { idempotent: true, maxAttempts: steps.length }).send(request));
    expect(error).toMatchObject({ code: 'transport.unreachable', outcome: 'sent-unknown' });
    expect(error.message).toContain('may have arrived');
  });

  it('is "not sent" when none was', async () => {
    const { send } = play([failure('not-sent'), answer(429), failure('not-sent')], { idempotent: true });
    expect(await errorOf(send(request))).toMatchObject({ outcome: 'not-sent' });
  });

  it('is the last answer where there is one', async () => {
    const { send } = play([unknown, answer(503)], { idempotent: true, maxAttempts: 2 });
    expect(await send(request)).toEqual(answer(503));
  });
});

describe('waiting', () => {
  it('keeps to Retry-After, in seconds, as a date and in milliseconds', async () => {
    const date = 'Thu, 01 Jan 2026 00:00:09 GMT';
    const { send, world } = play([
      answer(429, { 'retry-after': '4' }),
      answer(429, { 'retry-after': date }),
      answer(200),
    ]);
    await send(request);
    expect(world.sleeps).toEqual([4_000, 5_000]);
    const precise = play([answer(429, { 'retry-after-ms': '12', 'retry-after': '4' }), answer(200)]);
    await precise.send(request);
    expect(precise.world.sleeps).toEqual([12]);
  });

  it('keeps to Retry-After of a breakdown too, but only where it may repeat', async () => {
    const steps = [answer(503, { 'retry-after': '2' }), answer(200)];
    const may = play(steps, { idempotent: true });
    await may.send(request);
    expect(may.world.sleeps).toEqual([2_000]);
    const mayNot = play(steps);
    expect((await mayNot.send(request)).status).toBe(503);
  });

  it('is not begun when the deadline would pass: the last answer is given at once', async () => {
    const late = answer(429, { 'retry-after': '60' });
    const { send, world, calls } = play([late]);
    expect(await send(request)).toBe(late);
    expect([world.sleeps, calls.length]).toEqual([[], 1]);
    const justInTime = play([answer(429, { 'retry-after': '59' }), answer(200)]);
    expect((await justInTime.send(request)).status).toBe(200);
  });

  it('of a caller who has left is not begun: nothing is sent', async () => {
    const { send, calls } = play([answer(200)]);
    const error = await errorOf(send(request, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'transport.cancelled', outcome: 'not-sent' });
    expect(calls).toEqual([]);
  });

  it('leaves what an earlier request for the same thing has left open', async () => {
    const { send } = play([failure('not-sent')], { doubt: { mayHaveArrived: true } });
    expect(await errorOf(send(request))).toMatchObject({ outcome: 'sent-unknown' });
  });

  it('ends at once when the caller leaves, and tells what is known of the request', async () => {
    for (const [first, outcome] of [
      [failure('not-sent'), 'not-sent'],
      [answer(429), 'not-sent'],
      [failure('sent-unknown', 'transport.timeout'), 'sent-unknown'],
      [answer(502), 'sent-unknown'],
    ] as const) {
      const leaving = new AbortController();
      const { send, calls } = play(
        [
          () => {
            leaving.abort();
            if (first instanceof Error) throw first;
            return first;
          },
          answer(200),
        ],
        { idempotent: true },
      );
      const error = await errorOf(send(request, { signal: leaving.signal }));
      expect(error).toMatchObject({ code: 'transport.cancelled', category: 'cancelled', outcome });
      expect(calls).toHaveLength(1);
    }
  });
});

describe('the deadline', () => {
  it('keeps a request from being sent at all once it has passed', async () => {
    const world = createFakeWorld();
    const { send, calls } = play([answer(200)], { deadline: world.now() });
    expect(await errorOf(send(request))).toMatchObject({ code: 'transport.timeout', outcome: 'not-sent' });
    expect(calls).toEqual([]);
  });

  it('shortens the time of every attempt, and never lengthens what the caller gave', async () => {
    const slow = (world: FakeWorld) => {
      world.advance(20_000);
      return answer(429, { 'retry-after': '5' });
    };
    const { send, calls } = play([slow, slow, answer(200)]);
    await send(request);
    expect(calls.map(({ options }) => options?.timeoutMs)).toEqual([60_000, 35_000, 10_000]);
    const given = play([answer(429, { 'retry-after': '58' }), answer(200)]);
    await given.send(request, { timeoutMs: 7_000 });
    expect(given.calls.map(({ options }) => options?.timeoutMs)).toEqual([7_000, 2_000]);
  });

  it('passes the signal on', async () => {
    const { signal } = new AbortController();
    const { send, calls } = play([answer(200)]);
    await send(request, { signal });
    expect(calls[0]?.options?.signal).toBe(signal);
  });

  it('counts more than the number of attempts', async () => {
    const slow = (world: FakeWorld) => {
      world.advance(59_999);
      return answer(429, { 'retry-after': '0.001' });
    };
    const { send, calls } = play([slow], { maxAttempts: 100 });
    expect((await send(request)).status).toBe(429);
    expect(calls).toHaveLength(1);
  });
});
