/** A vendor's answer comes in, its content goes out: JSON where it is JSON, else the text. */
import { FishplateError } from '../errors.ts';
import type { WireResponse } from '../wire.ts';

/** The content of a successful answer; undefined when it is empty. Throws `response.unreadable` for broken JSON. */
export function readBody(response: WireResponse): unknown {
  if (response.body.trim() === '') return undefined;
  const type = response.headers['content-type'] ?? '';
  if (type !== '' && !isJsonType(type)) return response.body;
  const value = tryParseJson(response.body);
  if (value !== undefined) return value;
  if (type === '') return response.body;
  throw new FishplateError(
    'response.unreadable',
    `the vendor answered ${response.status} with ${type}, but it is not JSON`,
    { vendor: { status: response.status } },
  );
}

/** The content of a refusal: never throws, since gateways answer refusals in whatever form they like. */
export function readRefusal(response: WireResponse): unknown {
  return tryParseJson(response.body) ?? response.body;
}

const isJsonType = (type: string) => /^[^;]*\b(?:json|[^;]*\+json)\b/i.test(type);

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The value at a dotted path; numbers step into arrays. Undefined when there is nothing. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path === '' ? [] : path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}

const LONGEST_MESSAGE = 500;

/**
 * The vendor's own words in a refusal, wherever vendors put them; undefined when it says nothing readable. `clean` sees
 * the whole text: what is cut off afterwards cannot hide half a secret from it.
 */
export function messageOf(
  content: unknown,
  clean: (text: string) => string = (text) => text,
): string | undefined {
  const places = [
    'message',
    'Message',
    'error_description',
    'detail',
    'error.message',
    'errors.0.message',
    'errors.0',
    'error',
    'title',
  ];
  for (const place of places) {
    const found = valueAt(content, place);
    if (typeof found === 'string' && found.trim() !== '') return shorten(clean(found));
  }
  if (typeof content !== 'string' || content.trim() === '' || /<html|<!doctype/i.test(content))
    return undefined;
  return shorten(clean(content));
}

/** One line without control characters, which terminals obey. */
function shorten(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 3)}...`;
}
