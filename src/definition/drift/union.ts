/** A schema comes in; the choices that it leaves, in their simplest form, go out. */
import { isObject, type JsonObject } from './document.ts';

/** Branches, one of which holds. */
export type Union = readonly unknown[];

/** A schema's union as it stands there. */
export interface WrittenUnion {
  readonly branches: Union;
  /** References to the branches, where only the mapping of a discriminator names them. */
  readonly targets?: readonly string[];
}

/**
 * Lists `anyOf` and `oneOf`, or else the schemas that a discriminator maps to (OpenAPI's inheritance). Each branch is
 * told which value the discriminator has in it.
 */
export function listUnions(schema: JsonObject): readonly WrittenUnion[] {
  const mark = createMark(isObject(schema.discriminator) ? schema.discriminator : {});
  const written = [schema.anyOf, schema.oneOf].filter((union) => Array.isArray(union));
  if (written.length > 0) return written.map((union) => ({ branches: union.map(mark) }));
  const targets = [...new Set(mappingOf(schema.discriminator).map(([, ref]) => ref))];
  return targets.length > 0 ? [{ branches: targets.map(($ref) => mark({ $ref })), targets }] : [];
}

/** Value of the discriminator -> reference. The mapping may give a schema's name instead. */
function mappingOf(discriminator: unknown): [string, string][] {
  const mapping = isObject(discriminator) && isObject(discriminator.mapping) ? discriminator.mapping : {};
  return Object.entries(mapping).map(([value, target]) => {
    const ref = String(target);
    return [value, /[#/]/.test(ref) ? ref : `#/components/schemas/${ref}`];
  });
}

function createMark(discriminator: JsonObject): (branch: unknown) => unknown {
  const { propertyName } = discriminator;
  const mapping = mappingOf(discriminator);
  return (branch) => {
    if (typeof propertyName !== 'string' || !isObject(branch) || typeof branch.$ref !== 'string')
      return branch;
    const named = mapping.filter(([, ref]) => ref === branch.$ref).map(([value]) => value);
    const values = named.length > 0 ? named : [branch.$ref.split('/').at(-1)];
    return { allOf: [branch, { properties: { [propertyName]: { enum: values } } }] };
  };
}

/**
 * Takes what is common to all branches out of a union: null beside other schemas, and branches that are nothing but
 * types (`typesOf` gives them). No branches are left when it is no choice between schemas any more.
 */
export function simplifyUnion(
  union: Union,
  typesOf: (schema: unknown) => readonly string[] | undefined,
): { readonly common: Union; readonly branches: Union } {
  const rest = union.filter((schema) => !(isObject(schema) && schema.type === 'null'));
  const nullable = rest.length < union.length ? [{ nullable: true }] : [];
  if (rest.length <= 1) return { common: [...nullable, ...rest], branches: [] };
  const types = rest.map(typesOf);
  if (types.includes(undefined)) return { common: nullable, branches: rest };
  return { common: [...nullable, { type: [...new Set(types.flat())] }], branches: [] };
}
