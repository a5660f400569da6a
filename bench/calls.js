/** Nothing comes in; what a call of a method costs through the runtime, beside the bare client, goes out. */
import { formatTable, measure } from './measure.js';

const module = new URL('calls-rows.js', import.meta.url).href;
const rows = [
  { name: 'undici `Pool.request`' },
  { name: '`runtime.call`, 10 installations', option: { installations: 10 } },
  { name: '`runtime.call`, 10 in use of 100,000', option: { installations: 100_000, inUse: 10 } },
  { name: '`runtime.call`, 1,000 in use of 100,000', option: { installations: 100_000, inUse: 1_000 } },
].map((row) => ({ ...row, module }));

export async function measureCalls() {
  const measured = await measure(rows, { callsPerRound: 10_000 });
  const [bare, few, among, many] = measured;
  return {
    table: formatTable('call', measured),
    targets: [
      { what: '`runtime.call`, of a bare request', value: few.cpuUs / bare.cpuUs, most: 3 },
      { what: '10 in use of 100,000 installations, of 10', value: among.cpuUs / few.cpuUs, most: 1.2 },
      { what: '1,000 in use of 100,000 installations, of 10', value: many.cpuUs / few.cpuUs, most: 1.5 },
    ],
  };
}
