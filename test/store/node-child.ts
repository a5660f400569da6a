/** A TypeScript entry comes in, a running `node` process of it goes out: Node 20 cannot run .ts files by itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { onTestFinished } from 'vitest';

/** Bundles `entry` with our sources into `folder`; packages are imported from where they are installed. */
export async function bundleChild(entry: string, folder: string): Promise<string> {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { external: ['better-sqlite3'] },
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        output: { entryFileNames: 'child.mjs', paths: { 'better-sqlite3': pathToFileURL(sqlite).href } },
      },
    },
  });
  return join(folder, 'child.mjs');
}

/** Starts the bundle; it is gone after the test at the latest. */
export function startChild(bundle: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The exit code, or the signal that ended it. */
export async function ended(child: ChildProcess): Promise<number | string> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode ?? child.signalCode ?? 'unknown';
}
