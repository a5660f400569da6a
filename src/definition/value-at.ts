/** A JSON value and a dotted path, as definitions write them, come in; what stands there goes out. */

/** Numbers step into arrays. Undefined when there is nothing; the empty path is the whole. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path === '' ? [] : path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}
