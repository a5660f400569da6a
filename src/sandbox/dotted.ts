/** JSON values and dotted paths come in, the value at the path goes out, or the value with something put there. */

/** The value at a dotted path; undefined when nothing is there. The empty path is the whole. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path === '' ? [] : path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}

/** A copy with something put at a dotted path; missing objects on the way are made. The empty path replaces the whole. */
export function withValueAt(value: unknown, path: string, put: unknown): unknown {
  if (path === '') return put;
  const [step = '', ...rest] = path.split('.');
  const object = isObject(value) ? value : {};
  return { ...object, [step]: withValueAt(object[step], rest.join('.'), put) };
}

/** A copy without what stands at a dotted path. */
export function withoutValueAt(value: unknown, path: string): unknown {
  const [step = '', ...rest] = path.split('.');
  if (!isObject(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [step]: withoutValueAt(inner, rest.join('.')) };
}

/** A JSON object: neither an array nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
