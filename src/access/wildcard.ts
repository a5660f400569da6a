/** Patterns in which `*` stands for any text come in; whether they cover or meet each other goes out. */

/**
 * Whether the pattern matches the text. A `*` in the text is matched by a `*` of the pattern only, so the answer also
 * says whether everything that the text stands for is covered. Takes time in proportion to both lengths at most.
 */
export function covers(pattern: string, text: string): boolean {
  if (pattern === '*' || pattern === text) return true;
  if (!pattern.includes('*')) return false;
  let at = 0;
  let read = 0;
  let star = -1;
  let resume = 0;
  while (read < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = read;
    } else if (pattern[at] === text[read]) {
      at++;
      read++;
    } else if (star >= 0) {
      // Let the last star take one character more and try again from there.
      at = star + 1;
      read = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Whether some text matches both patterns. */
export function overlaps(a: string, b: string): boolean {
  if (!b.includes('*')) return covers(a, b);
  if (!a.includes('*')) return covers(b, a);
  // meets[j]: the rest of `a` from i meets the rest of `b` from j; filled from the ends.
  let meets: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const below = meets;
    meets = [];
    for (let j = b.length; j >= 0; j--) {
      const [x, y] = [a[i], b[j]];
      if (x === undefined && y === undefined) meets[j] = true;
      // A star ends here, or takes one character of the other side; past an end there is nothing to meet.
      else if (x === '*' || y === '*') meets[j] = (meets[j + 1] ?? false) || (below[j] ?? false);
      else meets[j] = x === y && (below[j + 1] ?? false);
    }
  }
  return meets[0] ?? false;
}
