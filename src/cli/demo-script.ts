/** A connector's folder comes in; its demo.yaml, checked against the connector, or what is wrong with it goes out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connector } from '../definition/connector.ts';
import { didYouMean, type Problem, sortProblems } from '../definition/problem.ts';
import { parseSourceFile, type SourceFile } from '../definition/source.ts';
import { problemAt, validateFile } from '../definition/validate.ts';

export interface DemoKey {
  readonly policies: readonly string[];
  readonly active?: boolean;
}

export interface DemoCall {
  readonly method: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export interface DemoRefusal {
  readonly title: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly key?: DemoKey;
  readonly call?: DemoCall;
  readonly code: string;
}

export interface DemoStep extends DemoCall {
  readonly title: string;
  readonly preview?: boolean;
  readonly keep?: Readonly<Record<string, string>>;
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly find?: { readonly in: string; readonly with: Readonly<Record<string, unknown>> };
}

/** demo.yaml as written; `schemas/demo.schema.json` describes every key. */
export interface DemoScript {
  readonly try: string;
  readonly key: DemoKey;
  readonly refusals: readonly DemoRefusal[];
  readonly story: readonly DemoStep[];
}

export type DemoResult = { readonly script: DemoScript } | { readonly problems: readonly Problem[] };

const FILE = 'demo.yaml';

/** Undefined when the folder has no demo.yaml. */
export async function loadDemoScript(folder: string, connector: Connector): Promise<DemoResult | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { file, problems } = parseSourceFile(FILE, 'demo', text);
  const faults = problems.length > 0 ? problems : validateFile(file);
  if (faults.length > 0) return { problems: sortProblems(faults) };
  const unknown = unknownNames(file, connector);
  return unknown.length > 0 ? { problems: unknown } : { script: file.data as DemoScript };
}

/** Methods and settings that the connector does not have. */
function unknownNames(file: SourceFile, connector: Connector): Problem[] {
  const script = file.data as DemoScript;
  const unknown = (path: readonly (string | number)[], noun: string, name: string, known: object) => {
    if (Object.hasOwn(known, name)) return [];
    const hint = didYouMean(name, Object.keys(known));
    return [problemAt(file, path, 'definition.unknown-name', `there is no ${noun} "${name}"`, { hint })];
  };
  const method = (path: readonly (string | number)[], name: string) =>
    unknown(path, 'method', name, connector.methods);
  return sortProblems([
    ...method(['try'], script.try),
    ...script.story.flatMap((step, index) => method(['story', index, 'method'], step.method)),
    ...script.refusals.flatMap(({ call, settings }, index) => [
      ...(call ? method(['refusals', index, 'call', 'method'], call.method) : []),
      ...Object.keys(settings ?? {}).flatMap((key) =>
        unknown(['refusals', index, 'settings', key], 'setting', key, connector.settings),
      ),
    ]),
  ]);
}
