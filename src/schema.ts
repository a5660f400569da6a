/** JSON Schemas and values come in, problems by name come out. The only file that knows ajv. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { InputProblem } from './errors.ts';
import { faultsOf, nameFault, type SchemaFault, unescapePointer } from './schema-faults.ts';

// ajv-formats is CommonJS: under Node's ESM its function sits on the namespace's default.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

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
