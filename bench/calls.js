/** Nothing comes in; what a call of a method costs through the runtime, beside the bare client, goes out. */
import { formatTable, measure } from './measure.js';

const module = new URL('calls-rows.js', import.meta.url).href;
const rows = [
  { name: 'undici `Pool.request`' },
  {
    name: '`runtime.call`, rows of the call log for notable calls',
    option: { installations: 10, loggedCalls: 'notable' },
  },
  { name: '`runtime.call`, rows for all calls', option: { installations: 10 } },
  { name: '`runtime.call`, 10 in use of 100,000', option: { installations: 100_000, inUse: 10 } },
  { name: '`runtime.call`, 1,000 in use of 100,000', option: { installations: 100_000, inUse: 1_000 } },
].map((row) => ({ ...row, module }));

export async function measureCalls() {
  const measured = await measure(rows, { callsPerRound: 10_000 });
  const [bare, lean, few, among, many] = measured;
  return {
    table: formatTable('call', measured),
    targets: [
      // Without the row that SQLite keeps of every call: a third of what is ours.
      { what: '`runtime.call`, of a bare request', value: lean.cpuUs / bare.cpuUs, most: 3 },
      { what: 'the same with a row for every call', value: few.cpuUs / bare.cpuUs, most: 4 },
      { what: '10 in use of 100,000 installations, of 10', value: among.cpuUs / few.cpuUs, most: 1.2 },
      { what: '1,000 in use of 100,000 installations, of 10', value: many.cpuUs / few.cpuUs, most: 1.5 },
    ],
  };
}
