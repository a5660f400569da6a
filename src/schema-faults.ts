/** Errors of ajv come in, what is wrong with a value, and where, goes out in words. Pure. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { InputProblem } from './errors.ts';

/** A failed check, still in terms of the schema: `path` are the names and indexes from the root of the value. */
export interface SchemaFault {
  readonly path: readonly string[];
  readonly keyword: string;
  readonly message: string;
  /** The key in question: unknown (additionalProperties), missing (required), ... */
  readonly property?: string;
  /** The values or keys that would have been right, where the schema lists them. */
  readonly expected?: readonly string[];
  readonly expectedType?: string;
  readonly value?: unknown;
}

/** Errors that only repeat another one are left out. */
export function faultsOf(errors: readonly ErrorObject[]): SchemaFault[] {
  return dropEchoes(errors).map((error) => {
    const params = error.params as Record<string, unknown>;
    const parent = error.parentSchema as Record<string, unknown> | undefined;
    const property =
      params.additionalProperty ??
      params.unevaluatedProperty ??
      params.missingProperty ??
      params.propertyName;
    const expected = expectedOf(error, params, parent);
    // The key itself is at fault: ajv checked the name against a schema of its own.
    if (error.propertyName !== undefined) {
      const path = error.instancePath.split('/').slice(1).map(unescapePointer);
      const message = `the key "${error.propertyName}" ${messageOf(error, params)}`;
      return { path, keyword: 'propertyNames', message, property: error.propertyName };
    }
    return {
      path: error.instancePath.split('/').slice(1).map(unescapePointer),
      keyword: error.keyword,
      message: messageOf(error, params),
      ...(typeof property === 'string' && { property }),
      ...(expected && { expected }),
      ...(error.keyword === 'type' && { expectedType: [params.type].flat().join(' or ') }),
      value: error.data,
    };
  });
}

/**
 * Drops errors that only repeat another one: the summary of an `if` or `oneOf` whose branch has said what is wrong,
 * and branches of a union that the value was plainly not meant for (another `const` or type than its own).
 */
function dropEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === 'oneOf' || error.keyword === 'anyOf');
  let kept = errors.filter(
    (error) =>
      error.keyword !== 'if' &&
      error.keyword !== 'propertyNames' &&
      !(error.keyword === 'discriminator' && isToldCloser(error, errors)),
  );
  for (const union of unions) {
    const inside = kept.filter(
      (error) => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/`),
    );
    const meant = meantBranch(union, inside);
    if (inside.length === 0) continue;
    kept = kept.filter((error) => error !== union && (!inside.includes(error) || meant.includes(error)));
    if (meant.length === 0 && !(hasReference(union) && isToldCloser(union, kept))) kept.push(union);
  }
  return kept;
}

/** Whether a branch of the union is a `$ref`: its errors do not say that they come from there. */
const hasReference = ({ schema }: ErrorObject): boolean =>
  Array.isArray(schema) && schema.some((branch) => typeof branch === 'object' && '$ref' in branch);

/** Whether another error speaks of the same value, or of a part of it. */
const isToldCloser = (summary: ErrorObject, errors: readonly ErrorObject[]): boolean =>
  errors.some(
    (error) => error !== summary && `${error.instancePath}/`.startsWith(`${summary.instancePath}/`),
  );

/** The errors of the union's branch that the value comes nearest to; none when no branch stands out. */
function meantBranch(union: ErrorObject, inside: readonly ErrorObject[]): ErrorObject[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const error of inside) {
    const branch = error.schemaPath.slice(union.schemaPath.length + 1).split('/')[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const plausible = [...branches.values()].filter(
    (list) =>
      !list.some(
        (error) =>
          error.instancePath === union.instancePath &&
          (error.keyword === 'type' || error.keyword === 'const'),
      ),
  );
  plausible.sort((a, b) => a.length - b.length);
  return plausible.length === 1 || (plausible[0] && plausible[1] && plausible[0].length < plausible[1].length)
    ? (plausible[0] ?? [])
    : [];
}

function expectedOf(
  error: ErrorObject,
  params: Record<string, unknown>,
  parent: Record<string, unknown> | undefined,
): string[] | undefined {
  if (error.keyword === 'enum') return (params.allowedValues as unknown[]).map(String);
  if (error.keyword === 'const') return [String(params.allowedValue)];
  if (error.keyword === 'additionalProperties' && parent)
    return Object.keys((parent.properties ?? {}) as object);
  return undefined;
}

function messageOf(error: ErrorObject, params: Record<string, unknown>): string {
  switch (error.keyword) {
    case 'required':
      return `"${String(params.missingProperty)}" is missing`;
    case 'additionalProperties':
      return `"${String(params.additionalProperty)}" is not known here`;
    case 'unevaluatedProperties':
      return `"${String(params.unevaluatedProperty)}" is not known here`;
    case 'type':
      return `must be ${withArticle([params.type].flat().map(String))}, not ${describe(error.data)}`;
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'format':
      return `must be ${formatWords[String(params.format)] ?? `a ${String(params.format)}`}`;
    case 'pattern':
      return `must match ${String(params.pattern)}`;
    case 'minLength':
      return params.limit === 1
        ? 'must not be empty'
        : `must have at least ${countOf(params.limit, 'character')}`;
    case 'maxLength':
      return `must have at most ${countOf(params.limit, 'character')}`;
    case 'minItems':
      return `must have at least ${countOf(params.limit, 'item')}`;
    case 'maxItems':
      return `must have at most ${countOf(params.limit, 'item')}`;
    case 'false schema':
      return 'is not allowed here';
    case 'not':
      return 'is what the schema excludes';
    default:
      return error.message ?? `breaks the rule ${error.keyword}`;
  }
}

const countOf = (limit: unknown, noun: string) => `${String(limit)} ${noun}${limit === 1 ? '' : 's'}`;

const formatWords: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-01-31',
  'date-time': 'a date and time with its zone such as 2026-01-31T09:30:00Z',
  email: 'an e-mail address',
  uri: 'an absolute URL',
  uuid: 'a UUID',
};

function withArticle(types: readonly string[]): string {
  return types
    .map((type) => (type === 'null' ? 'null' : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`))
    .join(' or ');
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${JSON.stringify(value)?.slice(0, 40) ?? ''}`.trim();
}

/** Of a segment of a JSON Pointer (RFC 6901, section 4). */
export const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** A fault as callers of methods see it: the missing or unknown key is part of the path. */
export function nameFault(fault: SchemaFault): InputProblem {
  const path = [...fault.path];
  let message = fault.message;
  if (fault.keyword === 'required' && fault.property !== undefined) {
    path.push(fault.property);
    message = 'is missing';
  } else if (/^(additional|unevaluated)Properties$/.test(fault.keyword) && fault.property !== undefined) {
    path.push(fault.property);
    message = 'is not known here';
  }
  return { path: path.join('.'), message };
}
