/** Schemas and what is filled in come in; what is wrong with it goes out, before anything is asked of the API. Pure. */
import type { RJSFSchema, RJSFValidationError } from '@rjsf/utils';
import type { JsonSchema, MethodSchema } from '../../api/methods.ts';
import type { FormData } from '../../form/form.tsx';
import { createValidator } from '../../form/validator.ts';
import type { FieldErrors } from './argument-schema.ts';
import { type Draft, parseJson, prune } from './draft.ts';

const validator = createValidator<FormData>();

export interface FoundFault {
  /** Dotted; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export interface Check {
  readonly parameters: FieldErrors;
  readonly body: FieldErrors;
  readonly count: number;
}

export const noFaults: Check = { parameters: {}, body: {}, count: 0 };

/** What the schema of the body says against it. `batched` is the list that may be of any length. */
export function checkBody(schema: JsonSchema, body: unknown, batched: string | null): FoundFault[] {
  const { errors } = validate(schema, body, batched);
  return errors.map(({ params, message = '' }) => ({
    path: (params as { readonly path: readonly string[] }).path.join('.'),
    message,
  }));
}

/**
 * Of a merge only the parameters are looked at, since its body is a part of the whole. A required body that is not given
 * is checked as an empty one, so that its fields say what is missing.
 */
export function checkCall(
  { Parameters, Body, IsBodyOptional }: MethodSchema,
  draft: Draft,
  batched: string | null,
): Check {
  const { parameters, body, bodyText, merge } = draft;
  const own = validate(Parameters, prune(parameters) ?? {}, null);
  const given = prune(body);
  const isBroken = bodyText !== undefined && bodyText.trim() !== '' && parseJson(bodyText) === undefined;
  if (Body === null || (merge && !isBroken) || (given === undefined && IsBodyOptional && !isBroken))
    return { parameters: own.errorSchema, body: {}, count: own.errors.length };
  const its = isBroken ? { errorSchema: {}, errors: [undefined] } : validate(Body, given ?? {}, batched);
  return {
    parameters: own.errorSchema,
    body: its.errorSchema,
    count: own.errors.length + its.errors.length,
  };
}

function validate(schema: JsonSchema, data: unknown, batched: string | null) {
  const isCounted = ({ name, params }: RJSFValidationError) => {
    const { path } = params as { readonly path: readonly string[] };
    return name !== 'maxItems' || path.length !== 1 || path[0] !== batched;
  };
  const { errorSchema, errors } = validator.validateFormData(
    data as FormData,
    schema as RJSFSchema,
    undefined,
    (all) => all.filter(isCounted),
  );
  return { errorSchema: (errorSchema ?? {}) as FieldErrors, errors };
}
