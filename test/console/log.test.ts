import { describe, expect, it } from 'vitest';
import { barOf, readBody, stepsOf, whyNotKept } from '../../src/console/pages/call/steps.ts';
import { logPath } from '../../src/console/pages/log/log-filter.ts';
import { formatBytes } from '../../src/console/parts/format.ts';
import { isoOf, localOf, spanOf } from '../../src/console/parts/time-span.ts';

describe('the steps of a call', () => {
  it('are none for a call that was never sent', () => {
    expect(stepsOf({ AttemptDetails: [], Attempts: 0, Outcome: 'arguments.invalid' })).toEqual([]);
  });

  it('do not tell of a moment in line that only timers made', () => {
    const steps = stepsOf({
      AttemptDetails: [
        { AtMs: 0, DurationMs: 1, Status: 429, RetryAfterMs: 1_000 },
        { AtMs: 1_003, DurationMs: 1, Status: 200, WaitedMs: 2 },
      ] as never,
      Attempts: 2,
      Outcome: 'ok',
    });
    expect(steps.map(({ title }) => title)).toEqual(['Attempt 1', 'Waited as asked', 'Attempt 2']);
  });

  it('tell a wait that Retry-After asked for, a back-off, a wait in line and a new token apart', () => {
    const steps = stepsOf({
      ...{ Attempts: 5, Outcome: 'ok' },
      AttemptDetails: [
        { AtMs: 40, DurationMs: 10, Status: 429, RetryAfterMs: 1_000 },
        { AtMs: 1_300, DurationMs: 10, Status: 401, WaitedMs: 250 },
        { AtMs: 1_400, DurationMs: 20, Status: 503, TokenRenewed: true },
        { AtMs: 1_520, DurationMs: 80, Status: null, Error: 'transport.timeout' },
        { AtMs: 1_700, DurationMs: 20, Status: 200 },
      ],
    });
    expect(steps.map(({ title, startMs, durationMs }) => [title, startMs, durationMs])).toEqual([
      ['Got ready', 0, 40],
      ['Attempt 1', 40, 10],
      ['Waited as asked', 50, 1_000],
      ['Waited in line', 1_050, 250],
      ['Attempt 2', 1_300, 10],
      ['Renewed the token', 1_310, 90],
      ['Attempt 3', 1_400, 20],
      ['Backed off', 1_420, 100],
      ['Attempt 4', 1_520, 80],
      ['Backed off', 1_600, 100],
      ['Attempt 5', 1_700, 20],
    ]);
    expect(steps.map(({ kind }) => kind).join(' ')).toBe(
      'wait bad wait wait bad wait bad wait bad wait good',
    );
    expect(steps[2]?.note).toBe('Retry-After of the answer before: 1.0 s');
    expect(steps[7]?.note).toContain('did not say how long');
    expect(steps[9]?.note).toContain('No answer came');
  });

  it('end badly when the call did, whatever the status', () => {
    const AttemptDetails = [{ AtMs: 0, DurationMs: 5, Status: 200 }];
    expect(stepsOf({ AttemptDetails, Attempts: 1, Outcome: 'vendor.rejected' })[0]?.kind).toBe('bad');
  });

  it('name the error of an attempt without an answer', () => {
    const AttemptDetails = [{ AtMs: 0, DurationMs: 5, Status: null, Error: 'transport.timeout' }];
    const [step] = stepsOf({ AttemptDetails, Attempts: 1, Outcome: 'transport.timeout' });
    expect(step?.note).toBe('transport.timeout');
  });

  it('stay within the track, also when nothing took any time', () => {
    expect(barOf({ startMs: 0, durationMs: 0 }, 0)).toEqual({ start: 0, width: 0 });
    expect(barOf({ startMs: 50, durationMs: 100 }, 100)).toEqual({ start: 33.3, width: 66.7 });
  });
});

describe('what was kept', () => {
  it('is JSON where it is whole, and text where it was cut', () => {
    expect(readBody('{"a":1}')).toEqual({ json: { a: 1 } });
    expect(readBody('{"a":')).toEqual({ text: '{"a":' });
  });

  it('is explained where there is nothing', () => {
    expect(whyNotKept({ Attempts: 0, Outcome: 'arguments.invalid' })).toContain('Nothing was sent');
    expect(whyNotKept({ Attempts: 0, Outcome: 'ok' })).toContain('Idempotency-Key');
    expect(whyNotKept({ Attempts: 1, Outcome: 'ok' })).toContain('FISHPLATE_CALL_LOG_DETAIL=errors');
    expect(whyNotKept({ Attempts: 1, Outcome: 'vendor.error' })).toContain('FISHPLATE_CALL_LOG_DETAIL=none');
  });
});

describe('a time span', () => {
  const now = Date.parse('2026-01-31T10:00:00.000Z');
  const none = { after: '', before: '' };

  it('of an unknown name or with broken times does not filter', () => {
    expect(spanOf({ range: 'forever', ...none }, now)).toEqual({});
    expect(spanOf({ range: 'between', after: 'soon', before: '' }, now)).toEqual({});
  });

  it('ends now, or lies between two times', () => {
    expect(spanOf({ range: '1h', ...none }, now)).toEqual({ after: '2026-01-31T09:00:00.000Z' });
    expect(spanOf({ range: 'between', after: '2026-01-01', before: '' }, now)).toEqual({
      after: '2026-01-01T00:00:00.000Z',
    });
  });

  it('goes through an input of the browser and back', () => {
    expect(isoOf(localOf('2026-01-31T09:30:00.000Z'))).toBe('2026-01-31T09:30:00.000Z');
    expect([localOf('soon'), isoOf('')]).toEqual(['', '']);
  });
});

it('leads to the log with the filters that are given', () => {
  expect(logPath({})).toBe('/log');
  expect(logPath({ account: 'a&b', method: '' })).toBe('/log?account=a%26b');
});

it('counts bytes as people do', () => {
  expect([0, 812, 4_300, 1_400_000].map(formatBytes)).toEqual(['0 B', '812 B', '4.2 KB', '1.3 MB']);
});
