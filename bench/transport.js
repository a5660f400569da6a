/** Nothing comes in; what one request costs over each way to send it, beside the bare client, goes out. */
import { formatTable, measure } from './measure.js';

const module = new URL('transport-rows.js', import.meta.url).href;
const rows = [
  { name: 'undici `Pool.request`', option: 'undici' },
  { name: '`Send` (axios over undici)', option: 'send-undici' },
  { name: '`Send` (axios over http)', option: 'send-http' },
  { name: 'axios, default', option: 'axios' },
].map((row) => ({ ...row, module }));

export async function measureTransport() {
  const measured = await measure(rows);
  const [bare, send] = measured;
  return {
    table: formatTable('request', measured),
    targets: [{ what: '`Send`, of a bare request', value: send.cpuUs / bare.cpuUs, most: 2.5 }],
  };
}
