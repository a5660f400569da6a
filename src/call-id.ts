/** A clock and randomness come in, the id of a call goes out. */
import type { World } from './wire.ts';

/**
 * A UUID of version 7 (RFC 9562 section 5.7): it begins with the time, so rows of one time lie side by side in the store,
 * and a write of many of them touches few places of the disk.
 */
export function buildCallId({ now, uuid }: Pick<World, 'now' | 'uuid'>): string {
  const time = now().toString(16).padStart(12, '0');
  // The version takes the place of the other one's; what follows it is random in both.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${uuid().slice(15)}`;
}
