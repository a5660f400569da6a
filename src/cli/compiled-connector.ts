/** The build's compiled connectors: YAML folders go in as JSON files, and come out again as long as the YAML is the same. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deepFreeze } from '../definition/compile.ts';
import type { Connector } from '../definition/connector.ts';
import type { SandboxScript } from '../sandbox/script.ts';

/** What the build knows of a connector's folder. */
export interface CompiledConnector {
  readonly connector: Connector;
  /** Absent when the vendor cannot be played. */
  readonly script?: SandboxScript;
}

interface CompiledFile extends CompiledConnector {
  /** Of the files it was made from: a changed file makes it void, whatever the clocks say. */
  readonly digest: string;
}

/** `dist/connector/<name>.json`. Beside the sources there is no such folder, so they always read the YAML. */
const fileOf = (folder: string) =>
  fileURLToPath(new URL(`../connector/${basename(folder)}.json`, import.meta.url));

/** The build's result for a folder; undefined when there is none, or the folder has changed since. */
export async function readCompiled(folder: string): Promise<CompiledConnector | undefined> {
  let text: string;
  try {
    text = await readFile(fileOf(folder), 'utf8');
  } catch {
    return undefined;
  }
  const { digest, ...compiled } = JSON.parse(text) as CompiledFile;
  return digest === digestOf(folder) ? deepFreeze(compiled) : undefined;
}

/** Writes the JSON of one connector; for the build. */
export async function writeCompiled(folder: string, compiled: CompiledConnector): Promise<void> {
  const file: CompiledFile = { digest: digestOf(folder), ...compiled };
  await mkdir(dirname(fileOf(folder)), { recursive: true });
  await writeFile(fileOf(folder), JSON.stringify(file));
}

/**
 * SHA-256 over the names and contents of all that a definition is read from. Every start waits for it, and reads of a
 * hundred small files cost a fraction when they do not go through the thread pool.
 */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const sub of ['', 'methods', 'types'])
    for (const name of definitionFiles(join(folder, sub))) {
      const content = readFileSync(join(folder, sub, name));
      hash.update(`${sub}/${name}\n${content.length}\n`).update(content);
    }
  return hash.digest('hex');
}

/** None for a folder that is not there: not every connector has both subfolders. */
function definitionFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|svg|png)$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
