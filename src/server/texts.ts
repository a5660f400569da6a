/** Texts that clients send for everything come in; numbers and booleans go out where the schema asks for them. */

const INTEGER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;

/**
 * Programs written for the partner API send every value as a text (`"400123": "true"`). A text becomes a number or a
 * boolean where the types allow that and do not allow texts; all else stays as it is, for the schema to judge.
 */
export function fromText(value: unknown, types: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => fromText(item, types));
  if (typeof value !== 'string' || types.includes('string')) return value;
  if (types.includes('boolean') && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if (types.includes('integer') && INTEGER.test(value)) return Number(value);
  if (types.includes('number') && NUMBER.test(value)) return Number(value);
  return value;
}
