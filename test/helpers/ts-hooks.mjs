/** TypeScript modules come in, JavaScript goes out: for tests that run our sources in a `node` of their own (Node 20 knows no types). */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transformWithEsbuild } from 'vite';

if (isMainThread) register(import.meta.url);

/** See https://nodejs.org/docs/latest-v20.x/api/module.html#loadurl-context-nextload */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  const { code } = await transformWithEsbuild(source, url, { loader: 'ts', target: 'node20' });
  return { format: 'module', source: code, shortCircuit: true };
}
