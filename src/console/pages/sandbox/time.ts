/** Milliseconds since the epoch come in; dates and times for people go out. */
import { formatTime } from '../../parts/format.ts';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** "3 Nov 2026, 09:30". */
export const formatMoment = (ms: number): string => formatTime(new Date(ms).toISOString());

/** "09:30:05": of what happened just now. */
export const formatClock = (ms: number): string => clock.format(new Date(ms));
