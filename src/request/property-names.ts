/** A schema and the connector's types come in; the names of the properties it declares, at its top or below, go out. */
type Types = Readonly<Record<string, unknown>>;
type Keywords = Readonly<Record<string, unknown>>;

/** Names of the properties that a schema declares at its top, through references and compositions. */
export function propertyNames(schema: unknown, types: Types): string[] {
  return partsOf(schema, types).flatMap(({ properties }) => Object.keys((properties as object) ?? {}));
}

/** The same of the values at a path of names and indexes below the schema. */
export function propertyNamesAt(schema: unknown, types: Types, path: readonly string[]): string[] {
  const reached = path.reduce<unknown[]>(
    (schemas, name) =>
      schemas.flatMap((inner) =>
        partsOf(inner, types).map(({ properties, items, additionalProperties }) => {
          const declared = properties as Keywords | undefined;
          return declared && Object.hasOwn(declared, name) ? declared[name] : (items ?? additionalProperties);
        }),
      ),
    [schema],
  );
  return reached.flatMap((inner) => propertyNames(inner, types));
}

/** A schema and all that speaks of the same value: through references, `allOf`, `anyOf` and `oneOf`. */
export function partsOf(schema: unknown, types: Types, seen = new Set<unknown>()): Keywords[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const { $ref, allOf, anyOf, oneOf } = schema as Keywords;
  const target = typeof $ref === 'string' ? types[$ref.replace('#/$defs/', '')] : undefined;
  const inner = [target, ...[allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []))];
  return [schema as Keywords, ...inner.flatMap((part) => partsOf(part, types, seen))];
}
