import { describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '../../src/observer.ts';
import { createEventLog } from '../../src/telemetry/log-events.ts';

const place = { connector: 'acme', installationId: 'i', accountId: 'a', requestId: 'r' };
const sent = { ...place, method: 'things.list', waitedMs: 0, pausedMs: 0, durationMs: 20, status: 503 };

function linesOf(debugs: boolean, ...events: readonly RuntimeEvent[]) {
  const lines: [string, object, string][] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const log = createEventLog(logger, debugs);
  for (const event of events) log(event);
  return lines;
}

describe('events in the log', () => {
  it('are nothing for a call that goes as it should, unless debug lines are wanted', () => {
    const events: RuntimeEvent[] = [
      { type: 'attempt', ...sent, number: 1, status: 200 },
      { type: 'call', ...place, method: 'things.list', outcome: 'ok', durationMs: 20, replayed: false },
      { type: 'limit-wait-begun', connector: 'acme', waitedMs: 0 },
      { type: 'limit-wait-ended', connector: 'acme', waitedMs: 20 },
    ];
    expect(linesOf(false, ...events)).toEqual([]);
    expect(linesOf(true, ...events).map(([level, , message]) => [level, message])).toEqual([
      ['debug', 'request sent'],
      ['debug', 'call'],
      ['debug', 'waited for room in a limit'],
    ]);
  });

  it.each<[string, string, RuntimeEvent]>([
    ['info', 'request repeated', { type: 'attempt', ...sent, number: 2 }],
    ['info', 'token exchanged', { type: 'token', ...place, outcome: 'ok', durationMs: 3 }],
    ['warn', 'token not exchanged', { type: 'token', ...place, outcome: 'token.refused', durationMs: 3 }],
    ['warn', 'installation failing', { type: 'state', ...place, from: 'active', to: 'failing' }],
    ['info', 'installation state changed', { type: 'state', ...place, from: 'failing', to: 'active' }],
    ['info', 'credentials rotated', { type: 'rotation', act: 'swap', target: 'i', outcome: 'ok' }],
    ['warn', 'credentials not rotated', { type: 'rotation', act: 'swap', target: 'i', outcome: 'x' }],
    ['info', 'old rows deleted', { type: 'rows-deleted', table: 'call', rows: 3 }],
    ['error', 'three rows', { type: 'rows-lost', rows: 3, message: 'three rows' }],
    ['error', 'the disk is full', { type: 'trouble', message: 'the disk is full' }],
  ])('are at level %s: %s', (level, message, event) => {
    expect(linesOf(false, event).map(([its, , text]) => [its, text])).toEqual([[level, message]]);
  });

  it('carry the request that they belong to', () => {
    const [line] = linesOf(false, { type: 'attempt', ...sent, number: 2 });
    expect(line?.[1]).toEqual({ event: 'attempt', ...sent, number: 2 });
  });
});
