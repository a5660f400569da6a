/** A pattern and a method's key come in; whether they fit goes out. */

/** `*` stands for any text; matched piece by piece, so that no pattern can take long. */
export function matchesKey(pattern: string, key: string): boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return pattern === key;
  if (!key.startsWith(first) || !key.endsWith(last) || key.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = key.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= key.length - last.length;
}
