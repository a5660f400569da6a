/** JSON Schema 2020-12 and form data come in, errors by field go out - without `new Function`, which our policy forbids. */
import { dereference, type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import {
  type CustomValidator,
  createErrorHandler,
  ErrorSchemaBuilder,
  type RJSFSchema,
  type RJSFValidationError,
  unwrapErrorHandler,
  type ValidationData,
  type ValidatorType,
  validationDataMerge,
} from '@rjsf/utils';
import { type Fault, readFaults } from './faults.ts';

type Lookup = Record<string, Schema | boolean>;

/**
 * The form library's validator over an interpreting checker (ajv, its usual one, compiles schemas to code). Errors of
 * `transformErrors` and `customValidate` are taken as the library documents them.
 */
export function createValidator<T>(): ValidatorType<T, RJSFSchema> {
  const lookups = new WeakMap<object, Lookup>();
  /** References are found by their text, so that parts of a schema can be checked as they stand. */
  const lookupOf = (root: RJSFSchema): Lookup => {
    const known = lookups.get(root);
    if (known) return known;
    const found: Lookup = {};
    // The checker writes into what it is given.
    const all: Lookup = dereference(structuredClone(root) as Schema);
    for (const [uri, schema] of Object.entries(all)) {
      found[uri] = schema;
      const hash = uri.indexOf('#');
      found[hash < 0 ? '#' : decodeURIComponent(uri.slice(hash))] = schema;
    }
    lookups.set(root, found);
    return found;
  };
  const check = (data: unknown, schema: RJSFSchema, root: RJSFSchema): OutputUnit[] =>
    validate(withoutUndefined(data), schema as Schema, '2020-12', lookupOf(root), false).errors;

  return {
    isValid: (schema, data, root) => {
      try {
        return check(data, schema, root).length === 0;
      } catch {
        return false;
      }
    },
    rawValidation: <Result>(schema: RJSFSchema, data?: T) => ({
      errors: check(data, schema, schema) as Result[],
    }),
    validateFormData: (data, schema, customValidate, transformErrors, uiSchema) => {
      const raw = readFaults(check(data, schema, schema)).map(errorOf);
      const errors = transformErrors ? transformErrors(raw, uiSchema) : raw;
      const found = { errors, errorSchema: schemaOf<T>(errors) };
      return customValidate ? withCustom(found, data, customValidate) : found;
    },
  };
}

/** A field that was emptied is a key with `undefined`, which JSON does not have. */
function withoutUndefined(data: unknown): unknown {
  if (data === undefined) return {};
  return JSON.parse(JSON.stringify(data)) as unknown;
}

/** `params.path` keeps the names apart, where `property` is one text. */
function errorOf({ path, keyword, message }: Fault): RJSFValidationError {
  const property = `.${path.join('.')}`;
  return { name: keyword, message, params: { path }, property, stack: `${path.join('.')}: ${message}` };
}

function schemaOf<T>(errors: readonly RJSFValidationError[]): ValidationData<T>['errorSchema'] {
  const builder = new ErrorSchemaBuilder<T>();
  for (const { message, params } of errors)
    if (message !== undefined) builder.addErrors(message, (params as { path: string[] }).path);
  return builder.ErrorSchema;
}

function withCustom<T>(
  found: ValidationData<T>,
  data: T | undefined,
  customValidate: CustomValidator<T, RJSFSchema>,
): ValidationData<T> {
  const handler = customValidate(data, createErrorHandler<T>((data ?? {}) as T));
  return validationDataMerge(found, unwrapErrorHandler<T>(handler));
}
