/**
 * Names of parts come in (all of them unless given); tables for the README go out, and which targets are met. Ratios are
 * measured side by side in one run; a missed target ends it with exit code 1.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measureCalls } from './calls.js';
import { measureHttp } from './http.js';
import { measureMemory } from './memory.js';
import { measureStart } from './start.js';
import { measureTransport } from './transport.js';

/** Each resolves with `{ table, targets }`; a target is `{ what, value, most }`: met when the value is at most that. */
const parts = {
  transport: measureTransport,
  calls: measureCalls,
  http: measureHttp,
  memory: measureMemory,
  start: measureStart,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`there is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
if (!existsSync(fileURLToPath(new URL('../dist/index.js', import.meta.url)))) {
  console.error('dist/ is not there: `npm run build` makes it');
  process.exit(2);
}

const targets = [];
for (const name of names.length > 0 ? names : Object.keys(parts)) {
  const measured = await parts[name]();
  console.log(`${measured.table}\n`);
  targets.push(...measured.targets);
}
for (const { what, value, most, unit = 'times' } of targets)
  console.log(
    `${value <= most ? 'met   ' : 'MISSED'} ${what}: ${value.toFixed(2)} ${unit}, at most ${most.toFixed(2)}`,
  );
if (targets.some(({ value, most }) => value > most)) process.exitCode = 1;
