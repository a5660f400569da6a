/** Nothing comes in; what a call of our API costs, beside a proxy that checks nothing, goes out as a table. */
import { parseArgs } from 'node:util';
import { formatTable, measureServers } from './measure.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, calls: { type: 'string', default: '5000' } },
});
const moduleOf = (name) => new URL(name, import.meta.url).href;
const rows = [
  { name: 'express + axios, nothing checked', module: moduleOf('naive-proxy.js') },
  { name: 'our API', module: moduleOf('api-server.js') },
];
const options = { rounds: Number(values.rounds), callsPerRound: Number(values.calls), warmUpCalls: 5_000 };
console.log(formatTable(await measureServers(rows, options)));
