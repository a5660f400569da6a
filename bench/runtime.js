/** Nothing comes in; what one call of a method costs through the runtime, beside the bare client, goes out as a table. */
import { parseArgs } from 'node:util';
import { formatTable, measure } from './measure.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, calls: { type: 'string', default: '10000' } },
});
const module = new URL('runtime-rows.js', import.meta.url).href;
const rows = [{ name: 'undici `Pool.request`' }, { name: '`runtime.call`', option: 1 }].map((row) => ({
  ...row,
  module,
}));
const measured = await measure(rows, { rounds: Number(values.rounds), callsPerRound: Number(values.calls) });
console.log(formatTable(measured));
