/** Dates, numbers and durations come in; short texts for people go out, the same everywhere. */

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const minute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const second = new Intl.DateTimeFormat(undefined, {
  ...({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const whole = new Intl.NumberFormat();

/** An ISO 8601 date comes in: "3 Nov 2026". */
export const formatDate = (iso: string): string => day.format(new Date(iso));

/** "3 Nov 2026, 09:30". */
export const formatTime = (iso: string): string => minute.format(new Date(iso));

/** "3 Nov, 09:30:12", for logs. */
export const formatSecond = (iso: string): string => second.format(new Date(iso));

const steps = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
] as const;

/** "3 min ago"; beyond a week the date. */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = Math.round((new Date(iso).getTime() - nowMs) / 1000);
  if (Math.abs(seconds) >= 7 * 86_400) return formatDate(iso);
  const [unit, size] = steps.findLast(([, least]) => Math.abs(seconds) >= least) ?? steps[0];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** "1,204". */
export const formatCount = (count: number): string => whole.format(count);

/** Milliseconds: "84 ms", "1.2 s". */
export const formatDuration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** "1 installation", "3 installations"; `many` where an s does not do. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** "a", "a and b", "a, b and c". */
export function listOf(texts: readonly string[]): string {
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`;
}

/** "0 B", "812 B", "4.2 KB", "1.3 MB"; a KB is 1,024 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] = bytes < 1024 * 1024 ? [1024, 'KB'] : [1024 * 1024, 'MB'];
  return `${(bytes / size).toFixed(1)} ${unit}`;
}

/** Messages of the API begin in lower case and end without a stop. A name such as "m3" or "iOS" keeps its first letter. */
export function sentence(text: string): string {
  const isWord = /^[a-z]+(?![\w])/.test(text);
  const first = isWord ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
