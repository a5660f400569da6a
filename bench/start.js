/** The built program comes in; how long it takes from its start until it is ready, beside bare node, goes out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './measure.js';

const ROUNDS = 9;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** What is ready with its first line on stdout. */
const programs = [
  { name: 'bare node, printing a line', args: ['--eval', 'console.log()'] },
  { name: '`fishplate --version`', args: [main, '--version'] },
  { name: '`fishplate harness`, ready', args: [main, 'harness', '--memory', '--port', '0', '--json'] },
];

/** On the machine of the target, where bare node takes 76 ms; elsewhere the ratio counts. */
const MOST_MS = 400;
const MOST_RATIO = 5.3;

export async function measureStart() {
  const rows = programs.map((program) => ({ ...program, rounds: [] }));
  // One round to fill the disk cache; then the rows take turns, so that what slows the machine down slows them all.
  for (const { args } of rows) await timeStart(args);
  for (let round = 0; round < ROUNDS; round++)
    for (const row of rows) row.rounds.push(await timeStart(row.args));
  const [bareMs, , readyMs] = rows.map(({ rounds }) => median(rounds));
  const lines = rows.map(({ name, rounds }) => {
    const ms = median(rounds);
    return `| ${name} | ${ms.toFixed(0)} | ${(ms / bareMs).toFixed(2)} |`;
  });
  return {
    table: ['| start | ms | ratio |', '| --- | --- | --- |', ...lines].join('\n'),
    targets: [
      readyMs <= MOST_MS
        ? { what: 'from start to ready', value: readyMs, most: MOST_MS, unit: 'ms' }
        : { what: 'from start to ready, of bare node', value: readyMs / bareMs, most: MOST_RATIO },
    ],
  };
}

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
