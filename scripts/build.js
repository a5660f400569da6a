/** The sources come in, `dist/` goes out: JavaScript, types, an executable command, connectors compiled to JSON. */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');

const tsc = findCompiler();
if (tsc === undefined) {
  // An installation without development dependencies comes with its dist/, or is of no use anyway.
  console.error('TypeScript is not installed: dist/ is left as it is');
  process.exit(0);
}
rmSync(join(root, 'dist'), { recursive: true, force: true });
compileTypeScript(tsc);
chmodSync(main, 0o755);
const { compileShipped } = await import('../dist/cli/connectors.js');
try {
  const names = await compileShipped();
  console.log(`built dist/ with ${names.length} compiled connector(s): ${names.join(', ')}`);
} catch (error) {
  // A definition with problems is a message for its author, and no reason for a stack.
  console.error(error.message);
  process.exitCode = 1;
}

function findCompiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  } catch {
    return undefined;
  }
}

function compileTypeScript(tsc) {
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', join(root, 'tsconfig.build.json'), '--noEmitOnError'],
    {
      stdio: 'inherit',
      cwd: root,
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
