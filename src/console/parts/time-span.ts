/** A time span as the address has it comes in; what the API is asked for, and what inputs show, go out. Pure. */

/** Lengths that end now, by their names in the address. */
export const spans = [
  { value: '15m', label: 'Last 15 minutes', ms: 900_000 },
  { value: '1h', label: 'Last hour', ms: 3_600_000 },
  { value: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', label: 'Last 7 days', ms: 604_800_000 },
] as const;

/** In place of a length: from and to. */
export const BETWEEN = 'between';

export interface SpanText {
  /** One of `spans`, `between`, or empty for any time. */
  readonly range: string;
  /** ISO 8601, for `between`. */
  readonly after: string;
  readonly before: string;
}

/** What of it can be asked for: an unknown range or a broken time does not filter. */
export function spanOf({ range, after, before }: SpanText, nowMs: number) {
  if (range === BETWEEN) return { after: validIso(after), before: validIso(before) };
  const length = spans.find(({ value }) => value === range);
  return length === undefined ? {} : { after: new Date(nowMs - length.ms).toISOString() };
}

const validIso = (text: string) =>
  Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();

/** ISO 8601 to what `<input type="datetime-local">` holds, in the time zone of the browser; empty for a broken time. */
export function localOf(iso: string): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  const shifted = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The way back; empty while it is not filled in. */
export const isoOf = (local: string): string => validIso(local) ?? '';
