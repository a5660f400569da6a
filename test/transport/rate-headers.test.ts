import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_PAUSE_MS, readRateNews } from '../../src/transport/rate-headers.ts';

const now = Date.UTC(2026, 0, 1);
const read = (headers: Record<string, string>, isRefusal = false) =>
  readRateNews({ status: 200, headers, body: '' }, isRefusal, now);

describe('what an answer says of limits', () => {
  it('is nothing when it names none', () => {
    expect(read({ 'content-type': 'application/json', 'retry-after': '5' })).toBeUndefined();
  });

  it.each([
    ['X-RateLimit', { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '3' }],
    [
      'with seconds since 1970',
      { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(now / 1000 + 3) },
    ],
    ['with milliseconds', { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(now + 3_000) }],
    [
      "by the vendor's own clock",
      {
        'x-ratelimit-remaining': '7',
        'x-ratelimit-reset': String(now / 1000 + 3_603),
        date: new Date(now + 3_600_000).toUTCString(),
      },
    ],
    ['X-Rate-Limit', { 'x-rate-limit-remaining': '7', 'x-rate-limit-reset': '3' }],
    ['RateLimit of draft 6', { 'ratelimit-limit': '50', 'ratelimit-remaining': '7', 'ratelimit-reset': '3' }],
    ['of draft 7', { ratelimit: 'limit=50, remaining=7, reset=3' }],
    ['of draft 10', { 'ratelimit-policy': '"default";q=50;w=10', ratelimit: '"default";r=7;t=3' }],
    ['without time, from its policy', { 'ratelimit-policy': '"a";q=9;w=3', ratelimit: '"a";r=7' }],
    ['the least of several', { ratelimit: '"day";r=900;t=9000, "burst";r=7;t=3' }],
    ['the longest of equals', { ratelimit: '"one";r=7;t=1, "three";r=7;t=3' }],
  ])('is what is left, and until when: %s', (_, headers) => {
    expect(read(headers)).toEqual({ remaining: 7, resetMs: 3_000 });
  });

  it.each([
    { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '3' },
    { 'x-ratelimit-remaining': 'many' },
    { 'x-ratelimit-remaining': '1e3' },
    { ratelimit: 'garbage' },
    { ratelimit: '"a";r=;t=' },
  ])('is nothing when it is no number: %j', (headers) => {
    expect(read(headers)).toBeUndefined();
  });

  it('keeps a refused call waiting as long as it says, or until there is something left, or a second', () => {
    expect(read({ 'retry-after': '7' }, true)).toEqual({ pauseMs: 7_000 });
    expect(read({ 'retry-after': new Date(now + 9_000).toUTCString() }, true)).toEqual({ pauseMs: 9_000 });
    expect(read({ 'retry-after-ms': '12' }, true)).toEqual({ pauseMs: 12 });
    expect(read({ 'ratelimit-remaining': '0', 'ratelimit-reset': '4' }, true)?.pauseMs).toBe(4_000);
    expect(read({}, true)).toEqual({ pauseMs: 1_000 });
  });

  it('never keeps anybody waiting for longer than five minutes, or for no time at all', () => {
    const header = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.nat().map((n) => `"a";r=0;t=${n}`),
    );
    const names = [
      'retry-after',
      'retry-after-ms',
      'ratelimit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'date',
    ];
    fc.assert(
      fc.property(fc.record(Object.fromEntries(names.map((name) => [name, header]))), (headers) => {
        for (const isRefusal of [true, false]) {
          const { pauseMs = 0, resetMs = 0, remaining = 0 } = read(headers, isRefusal) ?? {};
          for (const ms of [pauseMs, resetMs]) {
            expect(ms).toBeGreaterThanOrEqual(0);
            expect(ms).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
          }
          expect(remaining).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
