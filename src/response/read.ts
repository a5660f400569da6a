/** A vendor's answer comes in, its content goes out: JSON where it is JSON, else the text, or a file that is none. */
import { valueAt } from '../definition/value-at.ts';
import { FishplateError } from '../errors.ts';
import type { WireResponse } from '../wire.ts';
import { fileBodyOf } from './file.ts';

export { valueAt };

/** What is known of an answer before it is read. */
export interface Expectation {
  /** Whether it can only be JSON: an object or a list. Asked when it says that it is something else. */
  readonly json: () => boolean;
  /** Takes secrets out of what is quoted. */
  readonly clean: (text: string) => string;
}

const anything: Expectation = { json: () => false, clean: (text) => text };

/**
 * The content of a successful answer; undefined when it is empty, a `FileBody` when it is no text. JSON under another
 * content type is JSON where nothing else is expected. Throws `response.unreadable` for broken JSON, and for a text (a proxy's page, for one) where an object
 * or a list is expected: the vendor may have done what was asked, or never have heard of it.
 */
export function readBody(response: WireResponse, expected: Expectation = anything): unknown {
  const file = response.bytes && !expected.json() ? fileBodyOf(response) : undefined;
  if (file) return file;
  if (response.body.trim() === '') return undefined;
  const type = response.headers['content-type'] ?? '';
  const isJson = isJsonType(type);
  if (type !== '' && !isJson && !expected.json()) return response.body;
  const value = tryParseJson(response.body);
  if (isJson) {
    if (value !== undefined) return value;
    // What broke off may hold anything, so none of it is quoted.
    throw unreadable(response.status, `with ${shorten(expected.clean(type))}, but it is not JSON`);
  }
  if (typeof value === 'object') return value;
  if (type === '' && !expected.json()) return value ?? response.body;
  const words = firstWords(response.body, expected.clean);
  const said = words === '' ? '' : `: "${words}"`;
  throw unreadable(
    response.status,
    `with ${type === '' ? 'a text' : shorten(expected.clean(type))} where JSON is expected${said}`,
    'Something other than the vendor may have answered: check the environment, the host overrides and proxies.',
  );
}

function unreadable(status: number, how: string, hint?: string): FishplateError {
  return new FishplateError('response.unreadable', `the vendor answered ${status} ${how}`, {
    vendor: { status },
    outcome: 'sent-unknown',
    ...(hint !== undefined && { hint }),
  });
}

const MOST_LOOKED_AT = 40_000;
const MOST_CLEANED = 5_000;
const MOST_WORDS = 100;

/** The title of a page, or how a text begins; nothing of what looks like data. */
function firstWords(body: string, clean: (text: string) => string): string {
  const text = clean(body.slice(0, MOST_LOOKED_AT)).slice(0, MOST_CLEANED).trim();
  if (/^[[{"]/.test(text)) return '';
  const title = /<title[^>]{0,200}>([^<]{1,500})/i.exec(text)?.[1];
  const words = shorten(title ?? text.replace(/<[^>]*>/g, ' '));
  return words.length <= MOST_WORDS ? words : `${words.slice(0, MOST_WORDS - 3)}...`;
}

/** The content of a refusal: never throws, since gateways answer refusals in whatever form they like. */
export function readRefusal(response: WireResponse): unknown {
  return tryParseJson(response.body) ?? response.body;
}

const isJsonType = (type: string) =>
  type === 'application/json' || /^[^;]*\b(?:json|[^;]*\+json)\b/i.test(type);

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const LONGEST_MESSAGE = 500;

/** One line without control characters, which terminals obey. */
export function shorten(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 3)}...`;
}
