/** The package's schemas of what the API takes and gives: bodies come in, checked ones go out; the documents for OpenAPI too. */
import { didYouMean } from '../definition/problem.ts';
import { FishplateError, type InputProblem } from '../errors.ts';
import { createPackageSchemas, readPackageSchema } from '../schema.ts';
import type { SchemaFault } from '../schema-faults.ts';

type Document = Readonly<Record<string, unknown>>;

export interface SchemaBook {
  /** Noun -> JSON Schema, as in the folder `schemas`. */
  readonly documents: Readonly<Record<string, Document>>;
  /**
   * Checks a request body. Keys may differ in case from the schema's, as the partner API allows; they come out as the
   * schema has them. `required` adds to what the schema requires. Throws `input.invalid` with all problems.
   */
  read(noun: string, body: unknown, required?: readonly string[]): unknown;
  /** The problems of a value; for tests that hold answers against their schema. */
  check(noun: string, value: unknown): InputProblem[];
}

export function createSchemaBook(nouns: readonly string[]): SchemaBook {
  const documents = Object.fromEntries(nouns.map((noun) => [noun, readPackageSchema(fileOf(noun))]));
  const checkOf = createPackageSchemas(nouns.map(fileOf));
  const gather = createGather(documents);
  const check = (noun: string, value: unknown) => checkOf(fileOf(noun))(value).map(problemOf);
  return {
    documents,
    check,
    read: (noun, body, required = []) => {
      const document = documents[noun] ?? {};
      const aligned = alignKeys(document, body, gather);
      const problems = [...missing(aligned, required), ...check(noun, aligned)];
      if (problems.length > 0) throw invalid(problems);
      return aligned;
    },
  };
}

const fileOf = (noun: string) => `${noun}.schema.json`;

function invalid(problems: readonly InputProblem[]): FishplateError {
  const shown = problems.slice(0, 5).map(({ path, message }) => `${path || 'the body'} ${message}`);
  const rest = problems.length > shown.length ? ` (and ${problems.length - shown.length} more)` : '';
  return new FishplateError('input.invalid', `${shown.join('; ')}${rest}`, { problems });
}

function missing(value: unknown, required: readonly string[]): InputProblem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path: name, message: 'is required' }));
}

/** The schemas' own words, without the value: it may be a secret in the wrong place. */
function problemOf(fault: SchemaFault): InputProblem {
  const key = fault.property ?? '';
  if (fault.keyword === 'required') return { path: join(fault.path, key), message: 'is required' };
  if (fault.keyword === 'additionalProperties') {
    const hint = didYouMean(key, fault.expected ?? []) ?? `there are ${(fault.expected ?? []).join(', ')}`;
    return { path: join(fault.path, key), message: 'is not known here', hint };
  }
  const message = fault.keyword === 'type' ? fault.message.replace(/, not .*$/s, '') : fault.message;
  return { path: fault.path.join('.'), message };
}

const join = (path: readonly string[], key: string) => [...path, key].join('.');

/** Renames keys that differ only in case from those that the schema lists; everything else is left as it is. */
function alignKeys(schema: unknown, value: unknown, gather: Gather): unknown {
  const { properties, items } = gather(schema);
  if (Array.isArray(value))
    return items === undefined ? value : value.map((item) => alignKeys(items, item, gather));
  if (typeof value !== 'object' || value === null || !properties) return value;
  const aligned: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key)
      ? key
      : (Object.keys(properties).find((name) => name.toLowerCase() === key.toLowerCase()) ?? key);
    if (Object.hasOwn(aligned, known)) throw invalid([{ path: known, message: 'is given more than once' }]);
    aligned[known] = alignKeys(properties[known], inner, gather);
  }
  return aligned;
}

interface Parts {
  readonly properties?: Document;
  readonly items?: unknown;
}

type Gather = (schema: unknown) => Parts;

/** The properties and items of a schema, through references to other documents and choices between one and many. */
function createGather(documents: SchemaBook['documents']): Gather {
  const known = new WeakMap<object, Parts>();
  const gather: Gather = (schema) => {
    if (typeof schema !== 'object' || schema === null) return {};
    let parts = known.get(schema);
    if (!parts) {
      parts = gatherFrom(schema as Document);
      known.set(schema, parts);
    }
    return parts;
  };
  const gatherFrom = ({ $ref, oneOf, properties, items }: Document): Parts => {
    const noun = typeof $ref === 'string' ? $ref.replace(/\.schema\.json$/, '') : undefined;
    const parts: Parts[] = [
      ...(noun === undefined ? [] : [gather(documents[noun])]),
      ...(Array.isArray(oneOf) ? oneOf.map((part) => gather(part)) : []),
      {
        ...(properties !== undefined && { properties: properties as Document }),
        ...(items !== undefined && { items }),
      },
    ];
    return Object.assign({}, ...parts) as Parts;
  };
  return gather;
}
