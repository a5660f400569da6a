/** Folders come in, loaded connectors go out: those of the package first, and those that the user adds. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../definition/connector.ts';
import { formatProblem, type Problem } from '../definition/problem.ts';
import { FishplateError } from '../errors.ts';
import type { SandboxScript } from '../sandbox/script.ts';
import { type CompiledConnector, readCompiled, writeCompiled } from './compiled-connector.ts';
import { findConnectorFolders } from './connector-folders.ts';
import { packagePath } from './package.ts';

export interface LoadedConnector {
  readonly folder: string;
  readonly connector: Connector;
  /** How the vendor is played; undefined when the folder has no sandbox.yaml. Throws `sandbox.invalid`. */
  readonly script: () => Promise<SandboxScript | undefined>;
}

/** The connectors that ship with the package. */
const shippedFolder = packagePath('connector');

/** Loads one folder from its YAML. Throws `connector.invalid` with every problem. */
export async function loadConnectorFolder(folder: string): Promise<LoadedConnector> {
  // With the parser that it brings it takes longer to load than all connectors that are compiled already.
  const { loadConnectorOrThrow } = await import('../definition/load.ts');
  const connector = await loadConnectorOrThrow(folder);
  return { folder, connector, script: () => loadScript(folder, connector) };
}

/**
 * Loads the package's connectors and those in the given folders (each a connector or a folder of connectors). Where the
 * user has the same release as the package, the user's counts. Throws `connector.invalid`.
 */
export async function loadConnectors(added: readonly string[] = []): Promise<LoadedConnector[]> {
  const byRelease = new Map<string, LoadedConnector>();
  for (const folder of await findConnectorFolders(shippedFolder)) {
    const loaded = await loadShipped(folder);
    byRelease.set(releaseOf(loaded), loaded);
  }
  for (const root of added)
    for (const folder of await findConnectorFolders(root)) {
      const loaded = await loadConnectorFolder(folder);
      byRelease.set(releaseOf(loaded), loaded);
    }
  return [...byRelease.values()];
}

const releaseOf = ({ connector: { name, version } }: LoadedConnector) => `${name} ${version}`;

async function loadShipped(folder: string): Promise<LoadedConnector> {
  const compiled = await readCompiled(folder);
  if (!compiled) return loadConnectorFolder(folder);
  return { folder, connector: compiled.connector, script: async () => compiled.script };
}

async function loadScript(folder: string, connector: Connector): Promise<SandboxScript | undefined> {
  if (!existsSync(join(folder, 'sandbox.yaml'))) return undefined;
  const { loadSandboxScript } = await import('../sandbox/load.ts');
  const result = await loadSandboxScript(folder, connector);
  if ('script' in result) return result.script;
  throw problemsError('sandbox.invalid', result.problems, folder);
}

/** Problems of a file as an error, for programs that cannot go on without it. */
export function problemsError(
  code: 'sandbox.invalid' | 'connector.invalid',
  problems: readonly Problem[],
  folder: string,
): FishplateError {
  const list = problems.map((problem) => formatProblem(problem, folder)).join('\n');
  return new FishplateError(code, `${problems.length} problem(s) in ${folder}:\n${list}`);
}

/** Compiles the package's connectors to JSON, for the build: reading JSON takes a start a hundredth of the time. */
export async function compileShipped(): Promise<string[]> {
  const names: string[] = [];
  for (const folder of await findConnectorFolders(shippedFolder)) {
    const { connector, script } = await loadConnectorFolder(folder);
    const sandbox = await script();
    const compiled: CompiledConnector = { connector, ...(sandbox && { script: sandbox }) };
    await writeCompiled(folder, compiled);
    names.push(connector.name);
  }
  return names;
}
