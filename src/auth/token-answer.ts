/** What answers of token endpoints have in common: a JSON object comes in, or a lifetime as somebody states it. */
import { FishplateError } from '../errors.ts';

/** Ten years: what "never expires" comes to, and far from where milliseconds stop being exact integers. */
const MOST_SECONDS = 10 * 365 * 86_400;

/** The lifetime in milliseconds; the other one, in seconds, where what was stated is none. */
export function lifetimeMsOf(stated: unknown, otherwiseSeconds: number): number {
  const seconds = Number(stated);
  const isStated = stated !== null && Number.isFinite(seconds) && seconds > 0;
  return Math.floor(Math.min(isStated ? seconds : otherwiseSeconds, MOST_SECONDS) * 1000);
}

/** No server takes more in a header; the usual limit of a whole head is 8,192 or 16,384. */
const LONGEST_TOKEN = 16_384;

/** Throws `token.unreadable`. */
export function assertTokenLength(token: string): void {
  if (token.length > LONGEST_TOKEN)
    throw new FishplateError(
      'token.unreadable',
      `the token has ${token.length} characters; no request could carry more than ${LONGEST_TOKEN}`,
    );
}

export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
