/** Rules of the schemas in types/ and methods/: references that lead nowhere or in circles, patterns that do not compile or could run for ever. */
import type { Path, RuleContext } from './rule-context.ts';
import type { SourceFile } from './source.ts';

export function rulesOfSchemas(context: RuleContext): void {
  checkTypeNames(context);
  checkCircles(context);
  for (const { file, data } of context.typeFiles) checkEach(context, file, [], data);
  for (const { file, data } of context.methodFiles) {
    checkEach(context, file, ['parameters'], data.parameters);
    for (const [name, method] of Object.entries(data.methods)) {
      checkEach(context, file, ['methods', name, 'parameters'], method.parameters);
      for (const part of ['body', 'response', 'items'] as const)
        checkSchema(context, file, ['methods', name, part], method[part]);
    }
  }
}

function checkTypeNames({ typeFiles, report }: RuleContext): void {
  const homes = new Map<string, SourceFile>();
  for (const { file, data } of typeFiles)
    for (const name of Object.keys(data)) {
      const home = homes.get(name);
      if (home)
        report(
          file,
          [name],
          'definition.colliding-type',
          `the type "${name}" is defined in ${home.path} too`,
          { hint: 'keep one of the two', at: 'key' },
        );
      homes.set(name, home ?? file);
    }
}

/** Schemas by name: a name is no keyword, whatever it is called. */
function checkEach(
  context: RuleContext,
  file: SourceFile,
  path: Path,
  schemas: Readonly<Record<string, unknown>> | undefined,
): void {
  for (const [name, schema] of Object.entries(schemas ?? {}))
    checkSchema(context, file, [...path, name], schema);
}

/** Keywords whose content is data, not schema. */
const dataKeywords = new Set(['enum', 'const', 'default', 'examples', 'required']);

function checkSchema(context: RuleContext, file: SourceFile, path: Path, value: unknown): void {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) checkSchema(context, file, [...path, index], inner);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [keyword, inner] of Object.entries(value)) {
    const place = [...path, keyword];
    if (keyword === 'properties') checkEach(context, file, place, inner as Record<string, unknown>);
    else if (keyword === '$ref' && typeof inner === 'string') checkRef(context, file, place, inner);
    else if (keyword === 'pattern' && typeof inner === 'string') context.expectPattern(file, place, inner);
    else if (keyword === 'lookup' && typeof inner === 'string')
      context.expectName(file, place, 'lookup', inner, Object.keys(context.connector.lookups ?? {}));
    else if (!dataKeywords.has(keyword)) checkSchema(context, file, place, inner);
  }
}

/** The types that a schema refers to for the value itself, not for a part of it. */
function refsInPlace(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { $ref, allOf = [], anyOf = [], oneOf = [], not } = schema as Readonly<Record<string, unknown>>;
  const own = typeof $ref === 'string' ? [$ref.replace(/^#\/types\//, '')] : [];
  return [...own, ...[allOf, anyOf, oneOf, not].flat().flatMap(refsInPlace)];
}

/** How many schemas may apply to one value. Types that each name the next one twice make a million of them in twenty lines. */
const MOST_IN_PLACE = 1_000;

/**
 * Types that are each other, in a circle, can never be looked at, and those that come to too many schemas for one value
 * not in any useful time. Each is reported once. Depth first and without recursion: a chain may be as long as a file.
 */
function checkCircles({ typeFiles, report }: RuleContext): void {
  const homes = new Map(
    typeFiles.flatMap(({ file, data }) =>
      Object.entries(data).map(([name, schema]) => [name, { file, refs: refsInPlace(schema) }] as const),
    ),
  );
  /** How many schemas a type comes to; of those that are done. */
  const sizes = new Map<string, number>();
  const endless = (name: string, message: string) => {
    const file = homes.get(name)?.file;
    const hint = 'refer to types in properties or items, where there is an end to it';
    if (file) report(file, [name], 'definition.endless-ref', message, { hint, at: 'key' });
  };
  for (const start of homes.keys()) {
    const trail = new Set<string>();
    const open = [{ name: '', refs: [start], next: 0 }];
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const name = top.refs[top.next++];
      if (name === undefined) {
        open.pop();
        trail.delete(top.name);
        const size = top.refs.reduce((sum, ref) => sum + (sizes.get(ref) ?? 0), 1);
        // Told of the first that is too large; what is made of it need not be told of as well.
        if (size > MOST_IN_PLACE && top.name !== '')
          endless(
            top.name,
            `the type "${top.name}" comes to more than ${MOST_IN_PLACE} schemas for one value`,
          );
        sizes.set(top.name, size > MOST_IN_PLACE ? 0 : size);
      } else if (trail.has(name)) {
        const all = [...trail];
        endless(
          name,
          `the type "${name}" is itself: ${[...all.slice(all.indexOf(name)), name].join(' -> ')}`,
        );
      } else if (homes.has(name) && !sizes.has(name)) {
        trail.add(name);
        open.push({ name, refs: homes.get(name)?.refs ?? [], next: 0 });
      }
    }
  }
}

function checkRef(
  { typeNames, nearest, report }: RuleContext,
  file: SourceFile,
  path: Path,
  ref: string,
): void {
  const name = ref.replace(/^#\/types\//, '');
  if (typeNames.has(name)) return;
  report(file, path, 'definition.dangling-ref', `${ref} leads nowhere: no file in types/ defines "${name}"`, {
    hint: nearest(name, typeNames),
  });
}
