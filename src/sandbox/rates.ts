/** The definition's limits and a call come in; a call too many is refused, as the vendor would. */
import type { Connector, Limit, Method } from '../definition/connector.ts';
import { Refusal } from './refusal.ts';

export interface RateSwitch {
  /** Whether the refusal says in `Retry-After` (RFC 9110 section 10.2.3) when to come again. Default: true. */
  readonly retryAfter?: boolean;
}

interface Bucket {
  readonly left: number;
  /** Milliseconds since the epoch, on the vendor's clock. */
  readonly at: number;
}

export interface RatedCall {
  readonly method: Method;
  readonly organisationId: string;
  readonly serviceUserId: string;
  /** Milliseconds since the epoch, on the vendor's clock. */
  readonly now: number;
}

export interface Rates {
  /** Counts the call. Throws the refusal tooManyRequests; then nothing is counted. */
  check(call: RatedCall, rules: RateSwitch): void;
  /** Forgets all calls. */
  clear(): void;
}

/** A bucket for each limit and whoever shares it: as many at once as the burst, refilled at the rate of the limit. */
export function createRates(connector: Connector, organisationSetting: string | undefined): Rates {
  const buckets = new Map<string, Bucket>();

  function bucketOf(name: string, limit: Limit, { organisationId, serviceUserId, now }: RatedCall) {
    const isOrganisations = organisationSetting !== undefined && limit.sharedBy.includes(organisationSetting);
    const sharer = limit.sharedBy.length === 0 ? serviceUserId : isOrganisations ? organisationId : '';
    const key = JSON.stringify([name, sharer]);
    const most = limit.burst ?? limit.requests;
    const { left, at } = buckets.get(key) ?? { left: most, at: now };
    const perMs = limit.requests / (limit.perSeconds * 1000);
    return { key, perMs, left: Math.min(most, left + Math.max(0, now - at) * perMs) };
  }

  return {
    check: (call, { retryAfter = true }) => {
      const taken = call.method.limits.flatMap((name) => {
        const limit = connector.limits[name];
        return limit ? [{ limit, ...bucketOf(name, limit, call) }] : [];
      });
      const empty = taken.find(({ left }) => left < 1);
      if (empty) {
        const seconds = Math.ceil((1 - empty.left) / empty.perMs / 1000);
        const headers = retryAfter ? { 'Retry-After': String(seconds) } : undefined;
        throw new Refusal('tooManyRequests', `Too many requests: ${empty.limit.description}`, headers);
      }
      for (const { key, left } of taken) buckets.set(key, { left: left - 1, at: call.now });
    },
    clear: () => buckets.clear(),
  };
}
