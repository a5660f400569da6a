/** The URL of a vendor and a number of installations come in; what a process with them holds in memory is sent to the parent. */
import { ARGUMENTS, METHOD, openBed } from './bed.js';

const [url, installations] = process.argv.slice(2);
const { runtime, account, ids } = await openBed({
  url,
  concurrency: 10,
  installations: Number(installations),
});
for (let turn = 0; turn < 100; turn++)
  await Promise.all(ids.slice(0, 10).map((id) => runtime.call(account, id, METHOD, ARGUMENTS)));
// The list of ids is the bench's own.
ids.length = 0;
await new Promise((resolve) => setTimeout(resolve, 500));
globalThis.gc();
globalThis.gc();
const { heapUsed, external } = process.memoryUsage();
process.send({ bytes: heapUsed + external });
process.on('disconnect', () => process.exit());
