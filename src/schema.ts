/** JSON Schemas and values come in, problems by name come out. The only file that knows ajv. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { InputProblem } from './errors.ts';

// ajv-formats is CommonJS: under Node's ESM its function sits on the namespace's default.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

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

export type SchemaCheck = (value: unknown) => SchemaFault[];

export interface SchemaChecker {
  /** Compiles on first use and keeps the result: a schema object is compiled once, however often it is asked for. */
  checkOf(schema: boolean | object): SchemaCheck;
  /** Checks a value; problems are named by dotted path. */
  check(schema: boolean | object, value: unknown): InputProblem[];
}

/** Keywords that definitions add to JSON Schema; they annotate and never fail. */
const annotations = ['lookup', 'discriminator'];

/** With `discriminates`, the `discriminator` of a union decides which branch is checked, and the other ones stay silent. */
function createAjv(discriminates = false): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    allowUnionTypes: true,
    unicodeRegExp: true,
    validateFormats: true,
    // A field called "constructor" is missing unless it was given, whatever objects inherit.
    ownProperties: true,
    discriminator: discriminates,
    code: { process: addErrorsInPlace },
  });
  addFormats(ajv);
  for (const keyword of annotations) if (!ajv.getKeyword(keyword)) ajv.addKeyword(keyword);
  return ajv;
}

/**
 * For every reference that adds errors ajv copies all errors so far, so that a list of wrong items takes time with the
 * square of their number: minutes for what fits into one request. In place it takes time with their number.
 */
function addErrorsInPlace(code: string): string {
  return code.replace(
    /vErrors\.concat\(([\w$]+)\.errors\)/g,
    '$1.errors.reduce((all, one) => (all.push(one), all), vErrors)',
  );
}

/**
 * Checks values against schemas that share a set of types: `$ref`s read `#/$defs/Name` and lead into `types`.
 * Nothing is compiled before it is needed.
 */
export function createSchemaChecker(types: Readonly<Record<string, unknown>> = {}): SchemaChecker {
  let ajv: Ajv2020 | undefined;
  const checks = new WeakMap<object, SchemaCheck>();
  const typesIn = createTypeFinder(types);
  const compile = (schema: boolean | object): SchemaCheck => {
    ajv ??= createAjv();
    const root: AnySchemaObject =
      typeof schema === 'boolean' ? { allOf: [schema] } : { ...schema, $defs: typesIn(schema) };
    const validate = ajv.compile(root);
    // Each schema carries the types it needs; ajv need not remember it as well.
    ajv.removeSchema(root);
    return (value) => (validate(value) ? [] : readFaults(validate));
  };
  const checkOf = (schema: boolean | object): SchemaCheck => {
    if (schema === true) return () => [];
    if (schema === false) return compile(schema);
    let check = checks.get(schema);
    if (!check) {
      check = compile(schema);
      checks.set(schema, check);
    }
    return check;
  };
  return { checkOf, check: (schema, value) => checkOf(schema)(value).map(nameFault) };
}

/**
 * Finds the types that a schema leads to. ajv looks at all that it is given, for each schema anew, and of a large
 * definition's hundreds of types one schema needs a few.
 */
function createTypeFinder(types: Readonly<Record<string, unknown>>) {
  const known = new Map<string, readonly string[]>();
  const namesOf = (name: string) => {
    const names = known.get(name) ?? typeNamesIn(types[name]);
    known.set(name, names);
    return names;
  };
  return (schema: object): Readonly<Record<string, unknown>> => {
    const found = new Set<string>();
    const open = typeNamesIn(schema);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name) || !Object.hasOwn(types, name)) continue;
      found.add(name);
      open.push(...namesOf(name));
    }
    return Object.fromEntries([...found].map((name) => [name, types[name]]));
  };
}

/** The types that the references within a schema name, with repetitions. */
function typeNamesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const name =
      keyword === '$ref' && typeof value === 'string' ? /^#\/\$defs\/([^/]+)/.exec(value)?.[1] : undefined;
    return name === undefined ? typeNamesIn(value) : [unescapePointer(decodeURIComponent(name))];
  });
}

/** A check against one of the package's own schemas (folder `schemas/`), which may refer to each other by file name. */
export function createPackageSchemas(files: readonly string[]): (file: string) => SchemaCheck {
  let ajv: Ajv2020 | undefined;
  const known = new Map<string, ValidateFunction>();
  return (file) => {
    if (!ajv) {
      ajv = createAjv(true);
      for (const name of files) ajv.addSchema(readPackageSchema(name));
    }
    let validate = known.get(file);
    if (!validate) {
      validate = ajv.getSchema(`${SCHEMA_BASE}${file}`);
      if (!validate) throw new TypeError(`schemas/${file} is not among the schemas given`);
      known.set(file, validate);
    }
    const found = validate;
    return (value) => (found(value) ? [] : readFaults(found));
  };
}

const SCHEMA_BASE = 'https://fishplate.dev/schemas/';

/** Reads a schema that ships with the package. */
export function readPackageSchema(file: string): AnySchemaObject {
  return JSON.parse(readFileSync(new URL(`../schemas/${file}`, import.meta.url), 'utf8')) as AnySchemaObject;
}

/** Compiles a schema and throws what is wrong with it: a bad pattern, an unresolved reference. */
export function assertSchemaCompiles(schema: object, types: Readonly<Record<string, unknown>>): void {
  createSchemaChecker(types).checkOf(schema);
}

/** Most faults that are told of one value: telling one from its echoes takes time with the square of their number. */
const MOST_FAULTS = 1_000;

function readFaults(validate: ValidateFunction): SchemaFault[] {
  const errors = validate.errors ?? [];
  // The validator lives on, and each error holds on to the value that it speaks of.
  validate.errors = null;
  if (errors.length <= MOST_FAULTS) return faultsOf(errors);
  const more = { path: [], keyword: 'more', message: 'has more problems than these' };
  return [...faultsOf(errors.slice(0, MOST_FAULTS)), more];
}

function faultsOf(errors: readonly ErrorObject[]): SchemaFault[] {
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

const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

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
