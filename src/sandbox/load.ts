/** A connector's folder comes in; its sandbox script, or everything that is wrong with it, goes out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connector } from '../definition/connector.ts';
import { mapValues } from '../definition/map-values.ts';
import { type Problem, sortProblems } from '../definition/problem.ts';
import { parseSourceFile, type SourceFile } from '../definition/source.ts';
import { problemAt, validateFile } from '../definition/validate.ts';
import { unknownNames } from './plan-names.ts';
import type { SandboxScript } from './script.ts';
import type { CollectionRules, FilterRule } from './script-collections.ts';
import { placeholderProblems } from './script-placeholders.ts';

export type ScriptResult = { readonly script: SandboxScript } | { readonly problems: readonly Problem[] };

const FILE = 'sandbox.yaml';

/**
 * Reads and checks `sandbox.yaml`. With the connector, names are checked against it too: methods, collections, hosts,
 * the organisation's setting, placeholders of paths.
 */
export async function loadSandboxScript(folder: string, connector?: Connector): Promise<ScriptResult> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { problems: [missing(folder)] };
  }
  const { file, problems } = parseSourceFile(FILE, 'sandbox', text);
  if (problems.length > 0) return { problems: sortProblems(problems) };
  const faults = validateFile(file);
  if (faults.length > 0) return { problems: sortProblems(faults) };
  const whole = { ...file, data: withWholeFilters(file.data as SandboxScript) };
  const found = checkSandboxScript(whole, connector);
  return found.length > 0 ? { problems: found } : { script: whole.data };
}

type Filters = NonNullable<CollectionRules['filters']>;

/** `To: to` is short for `To: { field: to }`. */
function withWholeFilters({ entities, collections, ...rest }: SandboxScript): SandboxScript {
  const whole = (filters: Filters): Filters =>
    mapValues(filters as Record<string, FilterRule | string | null>, (rule) =>
      typeof rule === 'string' ? { field: rule } : rule,
    );
  const withWhole = <T extends Pick<CollectionRules, 'filters'>>(rules: T): T => ({
    ...rules,
    ...(rules.filters && { filters: whole(rules.filters) }),
  });
  return {
    ...rest,
    ...(entities && {
      entities: { ...entities, ...(entities.filters && { filters: whole(entities.filters) }) },
    }),
    ...(collections && { collections: mapValues(collections, withWhole) }),
  };
}

/** What a script that has passed its schema still has wrong. */
export function checkSandboxScript(file: SourceFile, connector?: Connector): Problem[] {
  const script = file.data as SandboxScript;
  const names = connector
    ? unknownNames(connector, script).map(({ path, message }) =>
        problemAt(file, path, 'definition.unknown-name', message, { at: 'key' }),
      )
    : [];
  const placeholders = placeholderProblems(script, connector).map(({ path, code, message }) =>
    problemAt(file, path, code, message),
  );
  return sortProblems([...names, ...placeholders]);
}

const missing = (folder: string): Problem => ({
  code: 'definition.not-found',
  message: `${folder} has no ${FILE}`,
  hint: 'without it the vendor can be called, but not played',
  file: FILE,
  pointer: '',
  line: 1,
  column: 1,
});
