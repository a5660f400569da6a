/** Nothing comes in; what one request costs over each way to send it, beside the bare client, goes out as a table. */
import { parseArgs } from 'node:util';
import { formatTable, measure } from './measure.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, calls: { type: 'string', default: '20000' } },
});
const module = new URL('transport-rows.js', import.meta.url).href;
const rows = [
  { name: 'undici `Pool.request`', option: 'undici' },
  { name: '`Send` (axios over undici)', option: 'send-undici' },
  { name: '`Send` (axios over http)', option: 'send-http' },
  { name: 'axios, default', option: 'axios' },
].map((row) => ({ ...row, module }));

const MOST = 2.5;
const measured = await measure(rows, {
  rounds: Number(values.rounds),
  callsPerRound: Number(values.calls),
});
console.log(formatTable(measured));
const [bare, send] = measured;
const ratio = send.cpuUs / bare.cpuUs;
console.log(`\nSend costs ${ratio.toFixed(2)} times the bare request; at most ${MOST} is the target`);
if (ratio > MOST) process.exitCode = 1;
