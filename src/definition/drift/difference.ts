/** What a comparison finds: two values at a place come in, a difference with its sentence goes out. */

/** Where definition and document disagree. `operation` is about the whole of it: missing, extra, deprecated, ... */
export type Place = 'operation' | 'host' | 'verb' | 'path' | 'parameter' | 'body' | 'response' | 'paging';

export interface Difference {
  /** Key of our method; empty for an operation that no method does. */
  readonly method: string;
  /** The document's name of the operation, or `VERB /path` when it gives none or has no such operation. */
  readonly operationId: string;
  readonly where: Place;
  /**
   * Name of the parameter, or dotted path of the field: `[]` steps into items, `{}` into the values of a map, `|2` into
   * the second alternative of a union. Empty for the whole.
   */
  readonly path: string;
  /** What differs there: `missing`, `extra`, `required`, `nullable`, `mediaType`, or a keyword of JSON Schema. */
  readonly what: string;
  /** What the document says; null when it says nothing. */
  readonly expected: unknown;
  /** What the definition says; null when it says nothing. */
  readonly actual: unknown;
  readonly message: string;
}

/** A finding before it is known whose it is. */
export type Finding = Pick<Difference, 'where' | 'path' | 'what' | 'expected' | 'actual'>;

/** Completes a finding. Undefined values become null. */
export function createDifference(method: string, operationId: string, finding: Finding): Difference {
  const { where, path, what, expected = null, actual = null } = finding;
  return {
    method,
    operationId,
    where,
    path,
    what,
    expected,
    actual,
    message: describe(what, expected, actual),
  };
}

function describe(what: string, expected: unknown, actual: unknown): string {
  switch (what) {
    case 'missing':
      return `is in the document (${show(expected)}), not here`;
    case 'extra':
      return `is here (${show(actual)}), not in the document`;
    case 'required':
      return actual === true
        ? 'is required here, optional in the document'
        : 'is optional here, required in the document';
    case 'deprecated':
      return actual === true
        ? 'is deprecated here, not in the document'
        : 'is deprecated in the document, not here';
    case 'nullable':
      return actual === true
        ? 'may be null here, not in the document'
        : 'may be null in the document, not here';
    case 'repeated':
      return `is done by ${show(actual)} already`;
    default:
      return `${what} is ${show(actual)}, in the document ${show(expected)}`;
  }
}

/** A value in a sentence: texts stand as they are, null is nothing. */
function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.map(show).join(' | ') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** JSON with sorted keys: equal texts for equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}
