/** A `Link` header comes in; the target of its link to the next page goes out. */

/**
 * The target of the first link whose relation types hold `next`, as it stands there; undefined without one. RFC 8288
 * section 3: links parted by commas, targets in angle brackets (which may hold commas), parameters quoted or not, `rel` in
 * any case with several types; only its first `rel` counts.
 */
export function nextOfLinks(header: string): string | undefined {
  for (let rest = header; rest !== ''; ) {
    const target = /^[\s,]*<([^>]*)>/.exec(rest);
    if (!target) return undefined;
    rest = rest.slice(target[0].length);
    let rel: string | undefined;
    for (;;) {
      const parameter = /^\s*;\s*([^\s=;,]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/.exec(rest);
      if (!parameter) break;
      const [whole, name = '', quoted, plain] = parameter;
      if (name.toLowerCase() === 'rel') rel ??= quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      rest = rest.slice(whole.length);
    }
    if (rel?.toLowerCase().split(/\s+/).includes('next')) return target[1]?.trim();
    if (!/^\s*(?:,|$)/.test(rest)) return undefined;
    rest = rest.replace(/^\s*,?/, '');
  }
  return undefined;
}
