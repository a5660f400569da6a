/** A TypeScript entry comes in, a running `node` process of it goes out: Node 20 cannot run .ts files by itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'vite';
import { onTestFinished } from 'vitest';

/** Bundles `entry` with our sources into `folder`; packages are imported from where they are installed. */
export async function bundleChild(entry: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    // The driver is looked for from the module that wants it, and the bundle is far away from packages.
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
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
