import { describe, expect, it } from 'vitest';
import { createRates } from '../../src/sandbox/rates.ts';
import { Refusal } from '../../src/sandbox/refusal.ts';
import { openM3ter } from './open-m3ter.ts';
import { call } from './open-sandbox.ts';
import { method, smallConnector } from './small-connector.ts';

const limit = (change: object) => ({
  description: 'x',
  requests: 2,
  perSeconds: 10,
  sharedBy: [],
  ...change,
});
const connector = smallConnector({
  limits: {
    mine: limit({}),
    ours: limit({ sharedBy: ['org'] }),
    everybodys: limit({ requests: 1, sharedBy: ['environment'] }),
    bursting: limit({ requests: 1, perSeconds: 1, burst: 3 }),
  },
});

/** How many of these calls are let through, at these seconds. */
function passed(limits: string[], calls: readonly (readonly [second: number, org: string, user: string])[]) {
  const rates = createRates(connector, 'org');
  const limited = { ...method('a.list', 'GET /a'), limits };
  return calls.map(([second, organisationId, serviceUserId]) => {
    try {
      rates.check({ method: limited, organisationId, serviceUserId, now: second * 1000 }, {});
      return 'ok';
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.headers['Retry-After'];
    }
  });
}

describe('limits', () => {
  it('refuse what is too much until it has been long enough', () => {
    const calls = [0, 0, 0, 4, 5, 5, 10].map((second) => [second, 'one', 'a'] as const);
    expect(passed(['mine'], calls)).toEqual(['ok', 'ok', '5', '1', 'ok', '5', 'ok']);
  });

  it('let as many through at once as the burst, and then go on at their rate', () => {
    const calls = [0, 0, 0, 0, 1, 1, 60, 60, 60, 60].map((second) => [second, 'one', 'a'] as const);
    expect(passed(['bursting'], calls)).toEqual(['ok', 'ok', 'ok', '1', 'ok', '1', 'ok', 'ok', 'ok', '1']);
  });

  it('are those of a service user, of an organisation, or of all', () => {
    const calls = [
      [0, 'one', 'a'],
      [0, 'one', 'b'],
      [0, 'one', 'b'],
      [0, 'two', 'c'],
    ] as const;
    expect(passed(['mine'], calls)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(passed(['ours'], calls)).toEqual(['ok', 'ok', '5', 'ok']);
    expect(passed(['everybodys'], calls)).toEqual(['ok', '10', '10', '10']);
  });

  it('hold together, and a call that one of them refuses counts for none', () => {
    const calls = [0, 0, 10, 10].map((second) => [second, 'one', 'a'] as const);
    expect(passed(['everybodys', 'mine'], calls)).toEqual(['ok', '10', 'ok', '10']);
  });
});

describe('the switch for limits', () => {
  it('makes the vendor refuse with 429, with or without Retry-After, until it is taken back', async () => {
    const { ask, urls, clock } = await openM3ter();
    const set = (switches: object) => call(`${urls.api}/_sandbox/faults`, { method: 'PUT', body: switches });
    const query = () => ask('/usage/query', 'POST', {});
    const burst = async () => {
      for (let count = 0; count < 20; count++) expect((await query()).status).toBe(200);
      return query();
    };
    expect((await set({ limits: { retryAfter: 'soon' } })).status).toBe(400);
    await set({ limits: {} });
    const refused = await burst();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(refused.json).toEqual({ message: expect.stringContaining('Too many requests') });
    clock.advance(60_000);
    await set({ limits: { retryAfter: false } });
    expect((await burst()).headers.get('retry-after')).toBeNull();
    await set({});
    expect((await query()).status).toBe(200);
  });
});
