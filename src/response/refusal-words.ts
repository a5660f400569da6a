/** The content of a refusal comes in; the vendor's own words and code go out, wherever vendors put them. */
import { shorten, valueAt } from './read.ts';

/** Where vendors say what is wrong; the first that holds a text counts. docs/definitions.md lists them. */
const messagePlaces = [
  'message',
  'Message',
  'error_description',
  'detail',
  'error.message',
  // OData.
  'error.message.value',
  '_error.message',
  // Lists at the top, as Salesforce answers them.
  '0.message',
  'errors.0.message',
  'errors.0.detail',
  'errors.0.title',
  'errors.0',
  'errorMessages.0',
  'errors.message',
  'errorMessage',
  'errorSummary',
  'fault.faultstring',
] as const;

/** Those that often hold no more than the name of the status. */
const vaguePlaces = ['description', 'error', 'errors', 'msg', 'title'] as const;

const codePlaces = [
  'code',
  'error.code',
  'errorCode',
  'error_code',
  '0.errorCode',
  '0.code',
  'errors.0.code',
  'error.type',
  'error.status',
  'fault.detail.errorcode',
  'category',
  'error',
] as const;

/**
 * The vendor's own words; undefined when it says nothing readable. `own`: the paths of the definition, which go first.
 * `clean` sees the whole text: what is cut off afterwards cannot hide half a secret from it.
 */
export function messageOf(
  content: unknown,
  clean: (text: string) => string = (text) => text,
  own: readonly string[] = [],
): string | undefined {
  const text =
    firstOf(content, own, wordsAt) ??
    firstOf(unwrapped(content), messagePlaces, textAt) ??
    fieldWords(valueAt(content, 'errors')) ??
    firstOf(content, vaguePlaces, textAt) ??
    plainText(content);
  return text === undefined ? undefined : shorten(clean(text));
}

/** The vendor's code of what is wrong; undefined when there is none but the status. `own` as above. */
export function codeOfRefusal(
  content: unknown,
  status: number,
  own: readonly string[] = [],
): string | undefined {
  const codeAt = (value: unknown): string | undefined => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const code = String(value);
    return code !== String(status) && /^[\w.:/-]{1,100}$/.test(code) ? code : undefined;
  };
  return firstOf(content, own, codeAt) ?? firstOf(unwrapped(content), codePlaces, codeAt);
}

function firstOf(
  content: unknown,
  places: readonly string[],
  read: (value: unknown) => string | undefined,
): string | undefined {
  for (const place of places) {
    const found = read(valueAt(content, place));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Older OData has its error under a name with a dot, which no path can say. */
function unwrapped(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || !Object.hasOwn(content, 'odata.error'))
    return content;
  return { error: (content as Record<string, unknown>)['odata.error'] };
}

const textAt = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** Where a definition says that the words are, lists of them and words by field are words too. */
function wordsAt(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return textAt(value) ?? fieldWords(value);
  const words = value.flatMap((item: unknown) => textAt(item) ?? []);
  return words.length > 0 ? words.slice(0, MOST_FIELDS).join('; ') : undefined;
}

const MOST_FIELDS = 10;

/** What is wrong by field, as Rails, ASP.NET and Jira tell it: `{ title: ["can't be blank"] }`. */
function fieldWords(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const words = Object.entries(value)
    .slice(0, MOST_FIELDS)
    .flatMap(([field, said]: [string, unknown]) => {
      const texts = [said].flat().flatMap((each: unknown) => textAt(each) ?? []);
      return texts.length > 0 ? [`${field}: ${texts.join(', ')}`] : [];
    });
  return words.length > 0 ? words.join('; ') : undefined;
}

function plainText(content: unknown): string | undefined {
  const text = textAt(content);
  return text === undefined || /<html|<!doctype/i.test(text) ? undefined : text;
}
