/** A connector's folder comes in; a frozen connector, or everything that is wrong with it, goes out. */
import { FishplateError } from '../errors.ts';
import { compile } from './compile.ts';
import type { Connector } from './connector.ts';
import { formatProblem, type Problem, sortProblems } from './problem.ts';
import { loadSource, type Source } from './source.ts';
import { validateSource } from './validate.ts';

export type LoadResult = { readonly connector: Connector } | { readonly problems: readonly Problem[] };

/** Loads a folder; problems are returned, all at once and in reading order. */
export async function loadConnector(folder: string): Promise<LoadResult> {
  const source = await loadSource(folder);
  const problems = await problemsOf(source);
  return problems.length > 0 ? { problems } : { connector: compile(source) };
}

/** The same for programs that cannot go on without: throws `connector.invalid` with the problems in the message. */
export async function loadConnectorOrThrow(folder: string): Promise<Connector> {
  const result = await loadConnector(folder);
  if ('connector' in result) return result.connector;
  const list = result.problems.map((problem) => formatProblem(problem, folder)).join('\n');
  throw new FishplateError(
    'connector.invalid',
    `${result.problems.length} problem(s) in ${folder}:\n${list}`,
  );
}

/** The rules trust the shapes, so they run once every file has passed its schema. */
async function problemsOf(source: Source): Promise<Problem[]> {
  const found = [...source.problems, ...validateSource(source)];
  if (found.length > 0 || source.files.length === 0) return sortProblems(found);
  // What judges patterns takes longer to load than many a definition: a program whose definitions are compiled needs none.
  const { checkRules } = await import('./rules.ts');
  return sortProblems(checkRules(source));
}
