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
 * 10.2.3). A date is read by the vendor's own clock where its `Date` tells it, since clocks differ. Undefined when it
 * does not say, or says it unreadably.
 */
export function retryAfterMs(response: WireResponse, now: number): number | undefined {
  const exact = response.headers['retry-after-ms']?.trim() ?? '';
  if (DECIMAL.test(exact)) return bounded(Number(exact));
  const text = response.headers['retry-after']?.trim() ?? '';
  if (DECIMAL.test(text)) return bounded(Number(text) * 1000);
  const date = parseDate(text);
  if (date === undefined) return undefined;
  return bounded(date - (parseDate(response.headers.date?.trim() ?? '') ?? now));
}

/** A year: nobody waits longer, and what is told on has to stay a number that a header can carry. */
const MOST_MS = 365 * 86_400_000;

const bounded = (ms: number) => Math.min(Math.max(0, ms), MOST_MS);

const DECIMAL = /^\d+(\.\d+)?$/;
// The three dates of HTTP (RFC 9110 section 5.6.7), the last of which leaves its zone out, and ISO 8601, which some vendors write.
const HTTP_DATE = /^[A-Z][a-z]{2,8}, \d.* GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;
const ISO_DATE = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch. Date.parse makes a date of almost anything ("-5" is in May 2001), so it sees nothing else. */
function parseDate(text: string): number | undefined {
  const complete = ASCTIME.test(text) ? `${text} GMT` : text;
  const date = [HTTP_DATE, ASCTIME, ISO_DATE].some((form) => form.test(text))
    ? Date.parse(complete)
    : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
