/** The built program comes in; how long it takes from its start until it is ready, beside bare node, goes out as a table. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './measure.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    /** The built program, when it is not the one of this checkout. */
    main: { type: 'string', default: fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)) },
  },
});

if (!existsSync(values.main)) {
  console.error(`${values.main} is not there: \`npm run build\` makes it`);
  process.exit(1);
}

/** What is ready with its first line on stdout. */
const rows = [
  { name: 'bare node, printing a line', args: ['--eval', 'console.log()'] },
  { name: '`fishplate --version`', args: [values.main, '--version'] },
  { name: '`fishplate harness`, ready', args: [values.main, 'harness', '--memory', '--port', '0', '--json'] },
].map((row) => ({ ...row, rounds: [] }));

/** Spawn to first line, in milliseconds; then the program is stopped. */
async function timeStart(args) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const ended = once(child, 'exit');
  const line = await Promise.race([once(child.stdout, 'data'), ended.then(() => undefined)]);
  const tookMs = performance.now() - startedAt;
  if (line === undefined) throw new Error(`node ${args.join(' ')} ended without a line`);
  child.stdout.resume();
  child.kill('SIGTERM');
  await ended;
  return tookMs;
}

// One round to fill the disk cache; then the rows take turns, so that what slows the machine down slows them all.
for (const { args } of rows) await timeStart(args);
for (let round = 0; round < Number(values.rounds); round++)
  for (const row of rows) row.rounds.push(await timeStart(row.args));

const [bare] = rows.map(({ rounds }) => median(rounds));
console.log('| start | ms | ratio |\n| --- | --- | --- |');
for (const { name, rounds } of rows)
  console.log(`| ${name} | ${median(rounds).toFixed(0)} | ${(median(rounds) / bare).toFixed(2)} |`);

/** On the machine of the target, where bare node takes 76 ms; elsewhere the ratio counts. */
const MOST_MS = 400;
const MOST_RATIO = 5.3;
const readyMs = median(rows.at(-1).rounds);
const isMet = readyMs <= MOST_MS || readyMs / bare <= MOST_RATIO;
console.log(
  `\nready after ${readyMs.toFixed(0)} ms, ${(readyMs / bare).toFixed(2)} times bare node; at most ${MOST_MS} ms or ${MOST_RATIO} times is the target`,
);
if (!isMet) process.exitCode = 1;
