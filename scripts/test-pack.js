/** The built checkout comes in; what its tarball is worth in an empty folder goes out: command, console, library, types. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    /** Compiles the database's native part anew, as on a machine that has never seen it. */
    compile: { type: 'boolean', default: false },
  },
});
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'fishplate-pack-'));
const installed = join(folder, 'node_modules/fishplate');
const startedAt = performance.now();

try {
  if (!existsSync(join(root, 'dist/bundle/main.js'))) fail('there is no dist/', '`npm run build` makes it');
  const { filename, size, unpackedSize, files } = pack();
  step(`packed ${files.length} files: ${megabytes(size)} MB, ${megabytes(unpackedSize)} MB unpacked`);
  install(filename);
  step('installed into an empty folder without development dependencies');
  checkFiles(files.map(({ path }) => path));
  step('holds no tests, sources, source maps, machine paths or keys');
  for (const args of [['validate', 'node_modules/fishplate/connector'], ['demo']])
    run('npx', ['--no-install', 'fishplate', ...args]);
  assert.equal(run('npx', ['--no-install', 'fishplate', '--version']), `${version}\n`);
  step('runs --version, validate and demo');
  await checkHarness();
  step('serves the console and the API, and stops when it is interrupted');
  checkLibrary();
  step('is a library for JavaScript, as a module and by require()');
  checkTypes();
  step('has types for strict TypeScript, resolved as Node.js and as bundlers do');
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function pack() {
  // Its `prepare` would build dist/ anew, under the feet of whoever uses it.
  const [packed] = JSON.parse(run('npm', ['pack', root, '--ignore-scripts', '--json']));
  return packed;
}

function install(filename) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const install = ['install', `./${filename}`, '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'];
  run('npm', values.compile ? install : [...install, '--ignore-scripts']);
  if (values.compile) return;
  // The same release of the database, compiled for the same machine when the checkout was installed.
  const native = 'node_modules/better-sqlite3';
  const versionIn = (at) => JSON.parse(readFileSync(join(at, native, 'package.json'), 'utf8')).version;
  assert.equal(versionIn(folder), versionIn(root), 'another release of better-sqlite3: use --compile');
  cpSync(join(root, native, 'build/Release'), join(folder, native, 'build/Release'), { recursive: true });
}

function checkFiles(packed) {
  const odd = packed.filter(
    (path) =>
      /(?:^|\/)(?:src|test|bench|scripts|node_modules|\.[^/]+)\/|\.map$|\.tsx?$|\.env|\.(?:db|key|pem)$/.test(
        path,
      ) && !path.endsWith('.d.ts'),
  );
  assert.deepEqual(odd, []);
  // Our own folders: the name of a root's home is too short to mean one.
  const places = [root, homedir()].filter((place) => place.split('/').filter(Boolean).length > 1);
  const secrets =
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}|\bAKIA[0-9A-Z]{16}\b|\bnpm_[A-Za-z0-9]{36}\b/;
  for (const path of packed) {
    const text = readFileSync(join(installed, path), 'latin1');
    for (const place of places) assert(!text.includes(place), `${path} names ${place}`);
    assert(!secrets.test(text), `${path} holds a key`);
    assert(!text.includes('sourceMappingURL=data:'), `${path} holds a source map`);
  }
}

async function checkHarness() {
  const main = join(installed, 'dist/cli/main.js');
  const child = spawn(process.execPath, [main, 'harness', '--port', '0', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(() => ['{}'])]);
    const { apiUrl, signInUrl, sandbox } = JSON.parse(String(line));
    assert(apiUrl && signInUrl && Object.keys(sandbox).length > 0, 'the harness does not say where it is');
    const page = await textOf(`${apiUrl}/console/`);
    const scripts = [...page.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path]) => path);
    assert(scripts.length > 0, 'the console has no scripts');
    for (const path of scripts) await textOf(apiUrl + path);
    await textOf(`${apiUrl}/healthz`);
  } finally {
    child.kill('SIGINT');
    await ended;
  }
  assert.deepEqual(await ended, [0, null]);
}

async function textOf(url) {
  const response = await fetch(url);
  assert.equal(response.status, 200, `${url} answers ${response.status}`);
  return response.text();
}

function checkLibrary() {
  const connectors = readdirSync(join(installed, 'connector')).filter((name) =>
    existsSync(join(installed, 'connector', name, 'connector.yaml')),
  );
  write(
    'library.js',
    `import { createAxiosSend, createRuntime, FishplateError, loadConnectorOrThrow, openStore } from 'fishplate';
    const folders = ${JSON.stringify(connectors)}.map((name) => 'node_modules/fishplate/connector/' + name);
    const send = createAxiosSend();
    const runtime = createRuntime({
      connectors: await Promise.all(folders.map((folder) => loadConnectorOrThrow(folder))),
      store: await openStore({ location: ':memory:', keys: { keyFile: 'key', createIfMissing: true } }),
      send,
    });
    const account = await runtime.accounts.create({ name: 'First' });
    const refused = await runtime.accounts.get('nobody').catch((error) => error);
    await runtime.close();
    send.close();
    if (!(refused instanceof FishplateError) || refused.code !== 'account.unknown') throw refused;
    console.log(account.name);`,
  );
  assert.equal(run(process.execPath, ['library.js']), 'First\n');
  write('library.cjs', `console.log(typeof require('fishplate').createRuntime);`);
  assert.equal(run(process.execPath, ['--no-warnings', 'library.cjs']), 'function\n');
}

function checkTypes() {
  write(
    'library.ts',
    `import { type Connector, createAxiosSend, createRuntime, FishplateError, openStore, type Runtime } from 'fishplate';
    export async function start(connectors: readonly Connector[]): Promise<Runtime> {
      const store = await openStore({ location: ':memory:', keys: { keyFile: 'key' } });
      return createRuntime({ connectors, store, send: createAxiosSend({ timeoutMs: 1_000 }) });
    }
    export const codeOf = (error: unknown) => (error instanceof FishplateError ? error.code : undefined);
    // @ts-expect-error: were the types missing, anything would do.
    createRuntime({ connectors: 1 });`,
  );
  // What a program for Node.js has anyway.
  for (const name of ['@types/node', 'undici-types'])
    if (existsSync(join(root, 'node_modules', name)))
      cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const of = ['--target', 'es2023', '--types', 'node', '--skipLibCheck', 'false', 'library.ts'];
  for (const kind of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ])
    run(process.execPath, [tsc, ...strict, ...kind, ...of]);
}

function write(name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), `${text}\n`);
}

/** Runs a program in the folder and returns what it printed; a failure ends everything. */
function run(command, args) {
  const { FISHPLATE_URL: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env });
  if (status !== 0) fail(`${command} ${args.join(' ')} ended with ${status}`, `${stdout}\n${stderr}`);
  return stdout;
}

function step(text) {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  the package ${text}`);
}

function fail(what, details) {
  throw new Error(`${what}\n${details}`);
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(2);
}
