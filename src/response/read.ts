/** A vendor's answer comes in, its content goes out: JSON where it is JSON, else the text, or a file that is none. */
import { valueAt } from '../definition/value-at.ts';
import { FishplateError } from '../errors.ts';
import { quoteRounded } from '../exact-integers.ts';
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
 * content type is JSON where nothing else is expected. Throws `response.unreadable` for broken JSON, for JSON of more
 * than 500 levels, and for a text (a proxy's page, for one) where an object or a list is expected: the vendor may have
 * done what was asked, or never have heard of it.
 */
export function readBody(response: WireResponse, expected: Expectation = anything): unknown {
  const file = response.bytes && !expected.json() ? fileBodyOf(response) : undefined;
  if (file) return file;
  if (response.body.trim() === '') return undefined;
  const type = response.headers['content-type'] ?? '';
  const isJson = isJsonType(type);
  if (type !== '' && !isJson && !expected.json()) return response.body;
  const value = tryParseJson(response.body);
  if (value === tooDeep)
    throw unreadable(response.status, `with JSON that is nested more than ${MOST_DEPTH} levels deep`);
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
  const value = tryParseJson(response.body);
  return value === tooDeep ? response.body : (value ?? response.body);
}

const isJsonType = (type: string) =>
  type === 'application/json' || /^[^;]*\b(?:json|[^;]*\+json)\b/i.test(type);

/** What could be parsed, but neither written out again nor walked through: each level takes its part of the stack. */
const tooDeep = Symbol('too deep');
const MOST_DEPTH = 500;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Each level takes two characters at least, and one of these, so most answers need no closer look. */
function mayBeDeep(text: string): boolean {
  if (text.length <= MOST_DEPTH * 2) return false;
  let openings = 0;
  for (const bracket of ['[', '{'])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (++openings > MOST_DEPTH) return true;
  return false;
}

/** Whether JSON is nested too deeply. One pass over the text, which does not have to be JSON at all. */
function isTooDeep(text: string): boolean {
  if (!mayBeDeep(text)) return false;
  let [depth, inText] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inText = false;
    } else if (code === QUOTE) inText = true;
    // Of `[`, `]`, `{` and `}` the brackets differ from the braces in one bit that is masked out here.
    else if ((code & 0xffdf) === 0x5b) {
      if (++depth > MOST_DEPTH) return true;
    } else if ((code & 0xffdf) === 0x5d) depth--;
  }
  return false;
}

function tryParseJson(text: string): unknown {
  if (isTooDeep(text)) return tooDeep;
  try {
    return JSON.parse(quoteRounded(text)) as unknown;
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
