import { expect, it } from 'vitest';
import type { CallAnswer } from '../../src/cli/api-views.ts';
import { formatCall } from '../../src/cli/logs.ts';

it('a call is shown with how long each answer asked to wait, and how long was waited', () => {
  const first = { AtMs: 0, DurationMs: 5, Status: 429, RetryAfterMs: 7000 };
  const second = { AtMs: 7005, DurationMs: 4, Status: 200, WaitedMs: 7000 };
  const call = {
    ...{ Id: 'c1', Date: '2026-01-31T09:00:00Z', Method: 'things.list', Outcome: 'ok', Status: 200 },
    ...{ Attempts: 2, DurationMs: 7009, AccountConnectorId: 'i1', AttemptDetails: [first, second] },
  } as unknown as CallAnswer;
  const lines = formatCall(call).split('\n');
  expect(lines.filter((line) => /^(?:SENT|\d+ ms)/.test(line)).map((line) => line.split(/ {2,}/))).toEqual([
    ['SENT AFTER', 'RESULT', 'TIME', 'WAITED', 'ASKED TO WAIT', 'TOKEN RENEWED'],
    ['0 ms', '429', '5 ms', '-', '7000 ms', '-'],
    ['7005 ms', '200', '4 ms', '7000 ms', '-', '-'],
  ]);
});
