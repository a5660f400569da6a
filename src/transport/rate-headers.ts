/** An answer comes in; what its headers say of the vendor's limits goes out. Pure; nothing absurd is believed. */
import type { WireResponse } from '../wire.ts';
import { retryAfterMs } from './retry-timing.ts';

/** What a vendor says of a limit. Times are milliseconds from now. */
export interface RateNews {
  /** Nothing may be sent for so long. */
  readonly pauseMs?: number;
  /** So many requests may follow until the limit begins anew. */
  readonly remaining?: number;
  /** When it does. */
  readonly resetMs?: number;
}

/** The longest that a vendor's word keeps us waiting: then it is asked again, since nobody may be locked out by a slip of it. */
export const LONGEST_PAUSE_MS = 300_000;
/** After a refusal that does not say how long. */
const UNTOLD_PAUSE_MS = 1_000;

/**
 * Reads `Retry-After` of answers that mean "later", and what is left: `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10,
 * and -07's form of it), `RateLimit-Remaining` and `-Reset` (-06), `X-RateLimit-*` and `X-Rate-Limit-*`. Undefined when
 * there is nothing to learn. `isRefusal` says that the answer was one for asking too often.
 */
export function readRateNews(response: WireResponse, isRefusal: boolean, now: number): RateNews | undefined {
  const left = readLeft(response.headers, now);
  if (!isRefusal) return left;
  const asked = retryAfterMs(response, now) ?? (left?.remaining === 0 ? left.resetMs : undefined);
  return { ...left, pauseMs: bounded(asked ?? UNTOLD_PAUSE_MS) };
}

const PLAIN_NAMES = [
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['x-rate-limit-remaining', 'x-rate-limit-reset'],
] as const;

function readLeft(headers: WireResponse['headers'], now: number): RateNews | undefined {
  const structured = headers.ratelimit;
  if (structured !== undefined) return readStructured(structured, headers['ratelimit-policy']);
  for (const [remainingName, resetName] of PLAIN_NAMES) {
    const remaining = readCount(headers[remainingName]);
    if (remaining === undefined) continue;
    const resetMs = readReset(headers[resetName], headers.date, now);
    return { remaining, ...(resetMs !== undefined && { resetMs }) };
  }
  return undefined;
}

/** `"name";r=12;t=30, "other";r=3;t=1` or `limit=100, remaining=12, reset=30`: of several the one that leaves least. */
function readStructured(text: string, policies: string | undefined): RateNews | undefined {
  const remaining = readCount(/(?:^|[,;\s])remaining=(\d+)/.exec(text)?.[1]);
  if (remaining !== undefined) return news(remaining, /(?:^|[,;\s])reset=(\d+)/.exec(text)?.[1]);
  let least: RateNews | undefined;
  for (const item of text.split(',')) {
    const left = readCount(parameterOf(item, 'r'));
    if (left === undefined) continue;
    const name = item.split(';')[0]?.trim();
    const policy = policies?.split(',').find((each) => each.split(';')[0]?.trim() === name);
    const found = news(left, parameterOf(item, 't') ?? parameterOf(policy ?? '', 'w'));
    const fewer = least?.remaining === undefined || left < least.remaining;
    const longer = left === least?.remaining && (found.resetMs ?? 0) > (least.resetMs ?? 0);
    if (fewer || longer) least = found;
  }
  return least;
}

const parameterOf = (item: string, name: 'r' | 't' | 'w') =>
  new RegExp(`;\\s*${name}=(\\d+)`).exec(item)?.[1];

function news(remaining: number, seconds: string | undefined): RateNews {
  const reset = readCount(seconds);
  return { remaining, ...(reset !== undefined && { resetMs: bounded(reset * 1000) }) };
}

function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
}

const FIRST_EPOCH_MS = 1e12;
const FIRST_EPOCH_SECONDS = 1e9;

/** Seconds from now, or a point in time in seconds or milliseconds since 1970 - measured by the vendor's own clock if it tells it. */
function readReset(text: string | undefined, date: string | undefined, now: number): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}(?:\.\d+)?\s*$/.test(text)) return undefined;
  const value = Number(text);
  if (value < FIRST_EPOCH_SECONDS) return bounded(value * 1000);
  const at = value < FIRST_EPOCH_MS ? value * 1000 : value;
  const theirs = Date.parse(date ?? '');
  return bounded(at - (Number.isNaN(theirs) ? now : theirs));
}

const bounded = (ms: number) => Math.min(Math.max(0, ms), LONGEST_PAUSE_MS);
