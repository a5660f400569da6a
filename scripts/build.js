/** The sources come in, `dist/` goes out: JavaScript, types, an executable command, connectors compiled to JSON, the console. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand } from './bundle.js';
import { noticesOf } from './notices.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');

const tsc = findCompiler();
const vite = await import('vite').catch(() => undefined);
if (tsc === undefined || vite === undefined) {
  // Without them the dist/ that is there is as good as any; an installation must not fail for want of a new one.
  const missing = tsc === undefined ? 'TypeScript' : 'Vite';
  const rest = existsSync(main)
    ? 'dist/ is left as it is'
    : 'there is no dist/ yet; `npm ci` with development dependencies makes one, and `npm prune --omit=dev` drops them';
  console.error(`${missing} is not installed: ${rest}`);
  process.exit(0);
}
rmSync(join(root, 'dist'), { recursive: true, force: true });
compileTypeScript(tsc);
const bundled = await bundleCommand(root);
writeFileSync(main, "#!/usr/bin/env node\nimport '../bundle/main.js';\n");
chmodSync(main, 0o755);
// What only the command uses is in the bundle; documents and measurements still read it from here.
writeFileSync(join(root, 'dist/.npmignore'), 'access\nconformance\nsandbox\nserver\ncli/*\n!cli/main.js\n');
// Vite keeps what is set, and "development" or "test" would build React's slow, talkative half.
process.env.NODE_ENV = 'production';
const pages = await vite.build({ configFile: join(root, 'src/console/vite.config.ts'), logLevel: 'warn' });
const inPages = pages.output.flatMap(({ modules }) => Object.keys(modules ?? {}));
writeFileSync(join(root, 'dist/THIRD-PARTY.txt'), noticesOf([...bundled, ...inPages]));

const { compileShipped } = await import('../dist/cli/connectors.js');
try {
  const names = await compileShipped();
  console.log(`built dist/ with the console and ${names.length} compiled connector(s): ${names.join(', ')}`);
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
