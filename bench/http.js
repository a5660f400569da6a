/** Nothing comes in; what a call of our API costs, beside a proxy that checks nothing, goes out. */
import { formatTable, measureServers } from './measure.js';

const moduleOf = (name) => new URL(name, import.meta.url).href;
const rows = [
  { name: 'express + axios, nothing checked', module: moduleOf('naive-proxy.js') },
  { name: 'our API', module: moduleOf('api-server.js') },
];

export async function measureHttp() {
  const measured = await measureServers(rows, { callsPerRound: 5_000, warmUpCalls: 5_000 });
  const [naive, ours] = measured;
  return {
    table: formatTable('HTTP call', measured),
    // 1.2 times as many calls, at least.
    targets: [{ what: 'our API, of the naive proxy', value: ours.cpuUs / naive.cpuUs, most: 1 / 1.2 }],
  };
}
