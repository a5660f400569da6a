import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { backOffMs, retryAfterMs } from '../../src/transport/retry-timing.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const waitOf = (headers: Record<string, string>) => retryAfterMs({ status: 429, headers, body: '' }, now);

describe('a wish to wait', () => {
  it.each([
    [{}],
    [{ 'retry-after': '' }],
    [{ 'retry-after': ' ' }],
    [{ 'retry-after': 'soon' }],
    [{ 'retry-after': '-5' }],
    [{ 'retry-after': '5s' }],
    [{ 'retry-after': '1e3' }],
    [{ 'retry-after': '0x10' }],
    [{ 'retry-after': '1,000' }],
    [{ 'retry-after': 'Infinity' }],
    [{ 'retry-after': '2026-13-45T00:00:00Z' }],
    [{ 'retry-after': 'Sun, 99 Nov 2026 12:00:00 GMT' }],
    [{ 'retry-after': 'Sunday' }],
    [{ 'retry-after-ms': '' }],
    [{ 'retry-after-ms': '-1' }],
    [{ 'retry-after-ms': 'NaN' }],
  ] as Record<string, string>[][])('that cannot be read is none: %j', (headers) => {
    expect(waitOf(headers ?? {})).toBeUndefined();
  });

  it.each<[Record<string, string>, number]>([
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': ' 7 ' }, 7_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sunday, 22-Nov-26 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun Nov 22 12:00:30 2026' }, 30_000],
    [{ 'retry-after': 'Mon Dec  7 12:00:00 2026' }, 15 * 86_400_000],
    [{ 'retry-after': '2026-11-22T12:00:30Z' }, 30_000],
    [{ 'retry-after': '2026-11-22T13:00:30.5+01:00' }, 30_500],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'Sun, 22 Nov 2026 15:00:30 GMT', date: 'Sun, 22 Nov 2026 15:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT', date: 'today' }, 30_000],
    [{ 'retry-after': '5', date: 'Sun, 22 Nov 2026 15:00:00 GMT' }, 5_000],
    [{ 'retry-after': '99999999999' }, 365 * 86_400_000],
    [{ 'retry-after': '9'.repeat(400) }, 365 * 86_400_000],
    [{ 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 365 * 86_400_000],
    [{ 'retry-after-ms': '9'.repeat(400) }, 365 * 86_400_000],
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '0' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9_000],
    [{ 'retry-after-ms': '', 'retry-after': '9' }, 9_000],
  ])('in %j is %i ms', (headers, ms) => {
    expect(waitOf(headers)).toBe(ms);
  });
});

describe('a date without a zone', () => {
  it('is in Greenwich, wherever we are', () => {
    vi.stubEnv('TZ', 'America/New_York');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(new Date(now).getHours()).toBe(7);
    expect(waitOf({ 'retry-after': 'Sun Nov 22 12:00:30 2026' })).toBe(30_000);
  });
});

describe('backing off', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [4, 4_000],
    [5, 8_000],
    [6, 8_000],
    [100, 8_000],
    [5_000, 8_000],
  ])('after attempt %i takes anything from nothing to less than %i ms', (attempt, mostMs) => {
    expect(backOffMs(attempt, () => 0)).toBe(0);
    expect(backOffMs(attempt, () => 0.5)).toBe(mostMs / 2);
    expect(backOffMs(attempt, () => 1 - Number.EPSILON)).toBeLessThan(mostMs);
  });
});
