/** Attempt numbers and answers come in, waits in milliseconds go out. Pure. */
import type { WireResponse } from '../wire.ts';

const BASE_MS = 500;
const CAP_MS = 8_000;

/** Exponential back-off with full jitter: anywhere between nothing and 0.5 s, 1 s, 2 s ... at most 8 s. `attempt` counts from 1. */
export function backOffMs(attempt: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
}

/**
 * How long the vendor asks us to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110 section
 * 10.2.3). Undefined when it does not say, or says it unreadably.
 */
export function retryAfterMs(response: WireResponse, now: number): number | undefined {
  const exact = Number(response.headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = response.headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
