/** Names come in, ids go out: the same on every machine and in every process. */
import { createHash } from 'node:crypto';

/** A positive 31-bit integer, as clients with 32-bit integers want it. Collisions are looked for when compiling. */
export function integerId(...parts: readonly string[]): number {
  const digest = createHash('sha256').update(parts.join('\n')).digest();
  return digest.readUInt32BE(0) & 0x7fffffff || 1;
}

/** The namespace of Fishplate's UUIDs: a version 4 UUID drawn once. */
const NAMESPACE = '6a1f6fd2-5f43-4b9e-9c57-0d1b8a3e7c54';

/** A UUID of version 5 (RFC 9562 section 5.5) for a name within Fishplate's namespace. */
export function nameUuid(name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
