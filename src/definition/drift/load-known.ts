/** A connector's folder comes in; the deviations that its `drift.yaml` lists, or what is wrong with it, go out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, sortProblems } from '../problem.ts';
import { parseSourceFile } from '../source.ts';
import { validateFile } from '../validate.ts';
import type { KnownDeviation } from './known.ts';

export type KnownResult =
  | { readonly known: readonly KnownDeviation[] }
  | { readonly problems: readonly Problem[] };

const FILE = 'drift.yaml';

/** Reads and checks `drift.yaml`; a folder without it has no deviations. */
export async function loadKnownDeviations(folder: string): Promise<KnownResult> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { known: [] };
  }
  const { file, problems } = parseSourceFile(FILE, 'drift', text);
  const found = problems.length > 0 ? problems : validateFile(file);
  if (found.length > 0) return { problems: sortProblems(found) };
  return { known: (file.data as { known: KnownDeviation[] }).known };
}
