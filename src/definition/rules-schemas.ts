/** Rules of the schemas in types/ and methods/: references that lead nowhere, patterns that do not compile. */
import { didYouMean } from './problem.ts';
import type { Path, RuleContext } from './rule-context.ts';
import type { SourceFile } from './source.ts';

export function rulesOfSchemas(context: RuleContext): void {
  checkTypeNames(context);
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
    else if (keyword === 'pattern' && typeof inner === 'string' && !compiles(inner))
      context.report(
        file,
        place,
        'definition.bad-schema',
        `the pattern ${inner} is not a JavaScript regular expression`,
        { hint: 'other dialects must be translated: \\p{Cntrl} is \\p{Cc} here' },
      );
    else if (keyword === 'lookup' && typeof inner === 'string')
      context.expectName(file, place, 'lookup', inner, Object.keys(context.connector.lookups ?? {}));
    else if (!dataKeywords.has(keyword)) checkSchema(context, file, place, inner);
  }
}

function checkRef({ typeNames, report }: RuleContext, file: SourceFile, path: Path, ref: string): void {
  const name = ref.replace(/^#\/types\//, '');
  if (typeNames.includes(name)) return;
  report(file, path, 'definition.dangling-ref', `${ref} leads nowhere: no file in types/ defines "${name}"`, {
    hint: didYouMean(name, typeNames),
  });
}

/** Whether a text is a regular expression under the `u` flag, as JSON Schema wants it. */
export function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
