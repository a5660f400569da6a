/** The console's sources come in; a folder with the built console goes out: of the package when it is fresh, else built anew. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(root, 'src/console');
const shipped = join(root, 'dist/console');

/**
 * Named after the sources' content, so that one build serves all test files and every later run, and dist/ - which others
 * may be building just now - is left alone.
 */
export async function builtConsole(): Promise<string> {
  const folder = join(tmpdir(), `fishplate-console-${hashOfSources()}`);
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(join(tmpdir(), 'fishplate-console-draft-'));
  if (isFresh()) cpSync(shipped, draft, { recursive: true });
  else await runBuild(draft);
  moveInto(draft, folder);
  return folder;
}

/** In a process of its own: the test runner's NODE_ENV would build React's slow, talkative half. */
async function runBuild(outDir: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const config = join(sources, 'vite.config.ts');
  const env = { ...process.env, NODE_ENV: 'production' };
  const args = [vite, 'build', '-c', config, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, args, { env });
}

/** Another test file may have been faster; its build is as good. */
function moveInto(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
}

const filesOf = () =>
  readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .map((name) => join(sources, name))
    .filter((path) => statSync(path).isFile())
    .sort();

function hashOfSources(): string {
  const hash = createHash('sha256').update(root);
  for (const path of [...filesOf(), join(root, 'package-lock.json')])
    hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function isFresh(): boolean {
  const page = join(shipped, 'index.html');
  if (!existsSync(page)) return false;
  const builtMs = statSync(page).mtimeMs;
  return filesOf().every((path) => statSync(path).mtimeMs < builtMs);
}
