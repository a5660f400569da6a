import { describe, expect, it } from 'vitest';
import {
  backOffMs,
  heldOffError,
  heldOffFailure,
  isVendorFailure,
  reasonOf,
} from '../../src/auth/back-off.ts';
import { FishplateError, restate } from '../../src/errors.ts';

const refusal = new FishplateError('vendor.bad-credentials', 'no such key', {
  vendor: { status: 401, message: 'no such key' },
});
const outage = new FishplateError('vendor.unavailable', 'down');
const whole = () => 1;

describe('the wait after a failure', () => {
  it.each([
    ['a refusal', refusal, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
    ['an outage', outage, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]],
  ])('that is %s doubles up to its cap', (_, error, waits) => {
    expect(waits.map((_wait, index) => backOffMs(error, index + 1, whole))).toEqual(waits);
    expect(backOffMs(error, 5_000, whole)).toBe(waits.at(-1));
  });

  it('is anywhere up to that, and never nothing', () => {
    expect(backOffMs(refusal, 3, () => 0.25)).toBe(2_000);
    expect(backOffMs(refusal, 3, () => 0)).toBe(100);
  });

  it('is at least what the vendor asked for, up to a quarter of an hour', () => {
    const asking = (retryAfterMs: number) =>
      new FishplateError('vendor.throttled', 'later', { retryAfterMs });
    expect(backOffMs(asking(45_000), 1, whole)).toBe(45_000);
    expect(backOffMs(asking(86_400_000), 1, whole)).toBe(900_000);
  });
});

describe('what is kept of a failure', () => {
  it("holds the vendor's words, and no more of its answer", () => {
    const vendor = { status: 401, message: 'no such key', code: 'E1', body: { error: 'no such key' } };
    const reason = reasonOf(new FishplateError('vendor.bad-credentials', 'no', { vendor }));
    expect(reason.vendor).toEqual({ status: 401, message: 'no such key' });
  });
});

describe('what is told to those who ask too early', () => {
  const early = heldOffError(reasonOf(refusal), 1_200);

  it('is the failure again, with the time of the next try in message, hint and retryAfterMs', () => {
    expect(early).toMatchObject({
      code: 'vendor.bad-credentials',
      category: 'credentials',
      message: 'no such key (not asked again just now: the next try is in 2 s)',
      vendor: { status: 401, message: 'no such key' },
      outcome: 'not-sent',
      retryAfterMs: 1_200,
    });
    expect(early.hint).toBe(`${refusal.hint} A call can try again in 2 s, a connection test at once.`);
  });

  it('still knows the failure as it was, also when it is told on', () => {
    expect(heldOffFailure(early)).toMatchObject({ message: 'no such key', hint: refusal.hint });
    expect(heldOffFailure(restate(early, { outcome: 'sent-unknown' }, 'more'))?.message).toBe('no such key');
    expect(heldOffFailure(refusal)).toBeUndefined();
    expect(heldOffFailure(new FishplateError('vendor.throttled', 'x', { retryAfterMs: 5 }))).toBeUndefined();
  });

  it('is a refusal when a newer release left a code that this one does not know', () => {
    expect(heldOffError({ ...reasonOf(refusal), code: 'vendor.moody' }, 1).code).toBe('token.refused');
  });
});

it.each([
  [refusal, true],
  [new FishplateError('transport.unreachable', 'x'), true],
  [new FishplateError('token.unreadable', 'x'), true],
  [new FishplateError('transport.cancelled', 'x'), false],
  [new FishplateError('installation.setup-required', 'x'), false],
  [new FishplateError('store.unavailable', 'x'), false],
  [new TypeError('x'), false],
])('%s is counted against the vendor: %s', (error, counted) => {
  expect(isVendorFailure(error)).toBe(counted);
});
