import { describe, expect, it } from 'vitest';
import type { Connector } from '../src/definition/connector.ts';
import { createLimits } from '../src/limits.ts';
import { buildRawMethod } from '../src/request/raw-method.ts';
import { acme, methodOf, settle } from './helpers/acme.ts';
import { method, smallConnector, smallMethods } from './sandbox/small-connector.ts';

const connector = await acme();
const limited = (limits: Connector['limits']): Connector => ({ ...connector, limits });
const perSecond = { description: 'x', requests: 10, perSeconds: 1 };

function callOf(
  of: Connector,
  values: Record<string, string> = {},
  other: { names?: string[]; accountId?: string; installationId?: string; share?: number } = {},
) {
  const settings = settle(of, { keyId: 'id', keySecret: 'the-secret', tenant: 't1', ...values });
  const { names = ['api'], accountId = 'a', installationId = 'i', share } = other;
  const target = methodOf(of, 'things.list', { limits: names });
  return createLimits(share)({ accountId, installationId, settings, method: target });
}

const keyOf = (...args: Parameters<typeof callOf>) => callOf(...args).limits[0]?.key;

describe('the limits of a call', () => {
  const shared = limited({ api: { ...perSecond, sharedBy: ['tenant'] } });

  it('are shared by all that have the same values, in whatever account and installation', () => {
    const one = keyOf(shared);
    expect(keyOf(shared, {}, { accountId: 'b', installationId: 'j' })).toBe(one);
    expect(keyOf(shared, { keySecret: 'another-secret' })).toBe(one);
    expect(keyOf(shared, { tenant: 't2' })).not.toBe(one);
  });

  it("are an installation's own when nothing shares them", () => {
    const own = limited({ api: { ...perSecond, sharedBy: [] } });
    expect(keyOf(own, {}, { installationId: 'j' })).not.toBe(keyOf(own));
    expect(keyOf(own, { tenant: 't2' })).toBe(keyOf(own));
  });

  it('go by the environment that was chosen, also where a base URL replaces its hosts', () => {
    const [override] = Object.values(connector.overrides);
    const { setting } = connector.environments;
    if (override === undefined || setting === undefined) throw new Error('the fixture has neither');
    const of = limited({ api: { ...perSecond, sharedBy: [setting, 'tenant'] } });
    const at = (console: Record<string, string>, environment: Record<string, string> = {}) => {
      const settings = settle(
        of,
        { keyId: 'id', keySecret: 's-secret', tenant: 't1', ...environment },
        console,
      );
      const target = methodOf(of, 'things.list', { limits: ['api'] });
      return createLimits()({ accountId: 'a', installationId: 'i', settings, method: target }).limits[0]?.key;
    };
    expect(at({ [override]: 'https://proxy.example.com' })).toBe(at({}));
    expect(at({}, { [setting]: 'us' })).not.toBe(at({}));
  });

  it('never hold a secret that shares them', () => {
    const of = limited({ api: { ...perSecond, sharedBy: ['keySecret'] } });
    const key = keyOf(of);
    expect(key).not.toContain('the-secret');
    expect(keyOf(of)).toBe(key);
    expect(keyOf(of, { keySecret: 'another-secret' })).not.toBe(key);
  });

  it('are all that the method names', () => {
    const of = limited({
      api: { ...perSecond, sharedBy: ['tenant'] },
      slow: { ...perSecond, requests: 1, burst: 5, sharedBy: [] },
    });
    const call = callOf(of, {}, { names: ['api', 'slow'] });
    expect(call.limits.map(({ rate }) => rate)).toEqual([
      { requests: 10, periodMs: 1_000 },
      { requests: 1, periodMs: 1_000, burst: 5 },
    ]);
    expect(callOf(of, {}, { names: ['api'] }).key).not.toBe(call.key);
  });

  it.each([
    [0.25, { ...perSecond, requests: 50 }, { requests: 12, periodMs: 1_000 }],
    [0.25, { ...perSecond, requests: 1 }, { requests: 1, periodMs: 4_000 }],
    [0.5, { ...perSecond, requests: 2, burst: 5 }, { requests: 1, periodMs: 1_000, burst: 2 }],
    [0.1, { ...perSecond, requests: 1, burst: 5 }, { requests: 1, periodMs: 10_000, burst: 1 }],
  ])('are the part %f of them that this process may use', (share, api, rate) => {
    expect(callOf(limited({ api: { ...api, sharedBy: [] } }), {}, { share }).limits[0]?.rate).toEqual(rate);
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be divided by %f', (share) => {
    expect(() => createLimits(share)).toThrow(TypeError);
  });

  it('without a limit have what the vendor says, by installation and host', () => {
    const { limits, key } = callOf(connector, {}, { names: [] });
    expect(limits).toEqual([]);
    expect(callOf(connector, {}, { names: [], installationId: 'j' }).key).not.toBe(key);
  });

  it('of a request that no method describes are those of most methods of its host', () => {
    const of = smallConnector({
      methodList: [
        { ...method('odd', 'GET /odd'), limits: ['few'] },
        ...smallMethods.map((each) => ({ ...each, limits: each.host === 'api' ? ['api'] : ['ingest'] })),
      ],
    });
    const limitsAt = (host: string) => buildRawMethod(of, { verb: 'GET', path: '/x', host }).limits;
    expect([limitsAt('api'), limitsAt('ingest'), limitsAt('reports')]).toEqual([['api'], ['ingest'], []]);
  });
});
