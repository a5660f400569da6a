/** A call of an installation comes in; the limits it counts against, and whom it shares them with, go out. Pure. */
import type { Limit, Method } from './definition/connector.ts';
import type { ResolvedSettings } from './installation/installation.ts';
import { textOf } from './installation/settings.ts';
import { fingerprint } from './secret.ts';
import type { LimitedCall, LimitUse } from './transport/rate-counters.ts';
import type { Rate } from './transport/rate-meter.ts';

export interface LimitContext {
  readonly accountId: string;
  readonly installationId: string;
  readonly settings: ResolvedSettings;
  readonly method: Method;
}

/**
 * Makes what says which limits a call counts against. Whoever has the same values of a limit's `sharedBy` settings shares
 * it, in whatever account and at whatever base URL; without any, each installation has its own. `share` is the part of
 * each limit that this process may use, above 0 and at most 1; another one is a TypeError.
 */
export function createLimits(share = 1): (context: LimitContext) => LimitedCall {
  if (!(share > 0 && share <= 1))
    throw new TypeError(`a limit's share is above 0 and at most 1, not ${share}`);
  const rates = new WeakMap<Limit, Rate>();
  const rateOf = (limit: Limit): Rate => {
    let rate = rates.get(limit);
    if (!rate) {
      rate = shareOf(limit, share);
      rates.set(limit, rate);
    }
    return rate;
  };
  const known = new WeakMap<ResolvedSettings, WeakMap<Method, Known>>();
  return (context) => {
    const { settings, method, accountId, installationId } = context;
    const methods = known.get(settings) ?? new WeakMap<Method, Known>();
    const last = methods.get(method);
    if (last?.installationId === installationId && last.call.account === accountId) return last.call;
    const call = limitsFor(context);
    known.set(settings, methods.set(method, { installationId, call }));
    return call;
  };

  function limitsFor(context: LimitContext): LimitedCall {
    const { settings, method, accountId, installationId } = context;
    const { connector } = settings;
    const limits: LimitUse[] = [];
    let key = '';
    for (const name of method.limits) {
      const limit = connector.limits[name];
      if (!limit) continue;
      const use = { key: keyOf(name, limit, context), rate: rateOf(limit) };
      limits.push(use);
      key += use.key + END;
    }
    // Without a limit of its own a call learns, and waits, with those of the same installation to the same host.
    if (limits.length === 0) key = `${connector.name}${END}${installationId}${END}${method.host}`;
    return { account: accountId, limits, key, title: connector.title };
  }
}

/** Worked out once for each method of an installation, as long as somebody holds on to its settings. */
interface Known {
  readonly installationId: string;
  readonly call: LimitedCall;
}

// No name or value holds it.
const END = '\u0000';

function keyOf(name: string, { sharedBy }: Limit, { settings, installationId }: LimitContext): string {
  let key = settings.connector.name + END + name;
  if (sharedBy.length === 0) return key + END + installationId;
  for (const setting of sharedBy) {
    const resolved = settings.values[setting];
    const text = resolved ? textOf(resolved.value) : '';
    key += END + (resolved?.setting.secret ? fingerprint(text) : text);
  }
  return key;
}

/** A limit that cannot be divided so far keeps one request, but at a longer period. */
function shareOf({ requests, perSeconds, burst }: Limit, share: number): Rate {
  const part = Math.floor(requests * share);
  return {
    requests: Math.max(1, part),
    periodMs: (part >= 1 ? perSeconds : perSeconds / (requests * share)) * 1000,
    ...(burst !== undefined && { burst: Math.max(1, Math.floor(burst * share)) }),
  };
}
