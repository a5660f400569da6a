/** A text of JSON comes in; which of its integers JavaScript cannot hold exactly goes out, or the same text without any. */

/** Any integer that is not exact has as many digits; most texts have none, in numbers or elsewhere. */
const MANY_DIGITS = /\d{16}/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PLUS_TO_NINE = /[\d.eE+-]/;

/** The length in digits of the first integer that would be rounded; undefined when there is none. */
export function findRounded(text: string): number | undefined {
  for (const { token } of rounded(text)) return token.replace('-', '').length;
  return undefined;
}

/** Integers that would be rounded stand as texts: an id that is off by one is that of somebody else. */
export function quoteRounded(text: string): string {
  let quoted = '';
  let from = 0;
  for (const { token, at } of rounded(text)) {
    quoted += `${text.slice(from, at)}"${token}"`;
    from = at + token.length;
  }
  return from === 0 ? text : quoted + text.slice(from);
}

function* rounded(text: string): Generator<{ readonly token: string; readonly at: number }> {
  if (!MANY_DIGITS.test(text)) return;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at);
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      let end = at + 1;
      while (end < text.length && PLUS_TO_NINE.test(text[end] ?? '')) end++;
      const token = text.slice(at, end);
      if (isRounded(token)) yield { token, at };
      at = end - 1;
    }
  }
}

/** Where the text that begins at `at` has its closing quote. */
function endOfText(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) !== QUOTE)
    end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  return end;
}

/** What has a point or an exponent is a measure, and as exact as its reader needs it. */
function isRounded(token: string): boolean {
  if (token.length < 16 || !/^-?\d+$/.test(token)) return false;
  const value = Number(token);
  // Written out again it is the same text, or at least the same number.
  return String(value) !== token && (!Number.isFinite(value) || BigInt(value) !== BigInt(token));
}
