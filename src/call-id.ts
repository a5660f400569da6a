/** A clock and randomness come in, the ids of calls go out. */
import type { World } from './wire.ts';

/** As many as three hexadecimal digits count. */
const MOST_AT_A_TIME = 0x1000;

/**
 * UUIDs of version 7 (RFC 9562 section 5.7): they begin with the time, so rows of one time lie side by side in the store,
 * and a write of many of them touches few places of the disk. Those of one millisecond are counted after it (section
 * 6.2, method 1); what follows is random, anew each millisecond.
 */
export function createCallIds({ now, uuid }: Pick<World, 'now' | 'uuid'>): () => string {
  let at: number | undefined;
  let count = 0;
  let head = '';
  let tail = '';
  return () => {
    const time = now();
    if (time !== at || count === MOST_AT_A_TIME) {
      at = time;
      count = 0;
      const digits = time.toString(16).padStart(12, '0');
      head = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
      // The variant and what is random in a UUID of version 4 stand where version 7 has them.
      tail = uuid().slice(18);
    }
    return head + (count++).toString(16).padStart(3, '0') + tail;
  };
}
