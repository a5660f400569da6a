/** The checkout comes in; whether it installs and passes its tests on each Node.js that it is for goes out as a table. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `npm run test:nodes -- [options] [tests...]

  --nodes 20,22,24   releases of Node.js; 22 is the latest 22, 22.12.0 is that one
  --keep             leave the scratch folder behind
  tests              what \`npm test\` is to run; everything unless given
`;
const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '20,22,24' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

/** Enough to see which tests failed; the rest is in the log, with --keep. */
const LINES_OF_FAILURE = 60;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of terminals begin with one.
const plain = (text) => text.replace(/\u001b\[[0-9;]*m/g, '');

const scratch = mkdtempSync(join(tmpdir(), 'fishplate-nodes-'));
const rows = [];
try {
  for (const wanted of values.nodes.split(',')) rows.push(await tryNode(wanted.trim()));
} finally {
  if (values.keep) console.log(`everything is in ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
console.log('\n| Node.js | npm ci | tests | seconds |\n| --- | --- | --- | --- |');
for (const { name, installed, tested, seconds } of rows)
  console.log(`| ${name} | ${installed} | ${tested} | ${seconds} |`);
if (rows.some(({ good }) => !good)) process.exitCode = 1;

async function tryNode(wanted) {
  const startedAt = performance.now();
  const row = { name: wanted, installed: 'not tried', tested: 'not tried', good: false };
  const finish = (more) => ({
    ...{ ...row, ...more },
    seconds: Math.round((performance.now() - startedAt) / 1000),
  });
  const home = fetchNode(wanted);
  if (home === undefined) return finish({ installed: 'no such Node.js' });
  row.name = spawnSync(join(home, 'bin/node'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  const copy = copyCheckout(join(scratch, `checkout-${wanted}`));
  const run = runIn(copy, home);
  const install = await run('npm ci', ['ci', '--no-audit', '--no-fund', '--prefer-offline']);
  if (!install.good) return finish({ installed: `failed (${install.lastLine})` });
  row.installed = 'ok';
  const test = await run('npm test', ['test', '--', ...positionals]);
  return finish({ tested: test.lastLine, good: test.good });
}

/**
 * What npm's package `node` installs: Node.js for this machine with its headers, for the native part of the database to be
 * compiled against. Undefined when there is none.
 */
function fetchNode(wanted) {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const name = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`;
  const folder = join(scratch, `node-${wanted}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const install = ['install', `${name}@${wanted}`, '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) console.error(stderr);
  return status === 0 ? join(folder, 'node_modules', name) : undefined;
}

/** Everything that is committed, or could be, and nothing that was installed or built. */
function copyCheckout(folder) {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { status, stdout, stderr } = spawnSync('git', list, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git cannot list the checkout's files: ${stderr}`);
  for (const path of stdout.split('\0').filter(Boolean)) {
    if (!existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  return folder;
}

/** Runs npm with that Node.js; its output goes to a file, the last line of which comes back. */
function runIn(cwd, home) {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    PATH: [join(home, 'bin'), inherited.PATH].join(delimiter),
    ...(existsSync(join(home, 'include')) && { npm_config_nodedir: home }),
  };
  return async (title, args) => {
    console.log(`${title} in ${cwd}`);
    const file = `${cwd}-${title.replaceAll(' ', '-')}.log`;
    const log = createWriteStream(file);
    const child = spawn('npm', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const [code] = await once(child, 'close');
    log.end();
    await once(log, 'close');
    const lines = plain(readFileSync(file, 'utf8')).trimEnd().split('\n');
    if (code !== 0) console.log(lines.slice(-LINES_OF_FAILURE).join('\n'));
    return { good: code === 0, lastLine: lines.findLast((line) => !line.startsWith('npm ')) ?? '' };
  };
}
