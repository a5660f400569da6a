/** A way to make a call, then numbers of calls come in from the parent process; what they cost goes back. */
import { performance } from 'node:perf_hooks';

let call;
let concurrency = 1;

process.on('message', (message) => {
  handle(message).then(
    (answer) => process.send?.(answer),
    (error) => process.send?.({ error: String(error?.stack ?? error) }),
  );
});
process.on('disconnect', () => process.exit());

async function handle({ module, context, calls }) {
  if (module === undefined) return run(calls);
  concurrency = context.concurrency;
  const { createCall } = await import(module);
  call = await createCall(context);
  return {};
}

async function run(calls) {
  const timesMs = new Float64Array(calls);
  let next = 0;
  const work = async () => {
    while (next < calls) {
      const index = next++;
      const from = performance.now();
      await call();
      timesMs[index] = performance.now() - from;
    }
  };
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, work));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1_000;
  timesMs.sort();
  return {
    cpuUs: (user + system) / calls,
    perSecond: calls / seconds,
    p50Ms: timesMs[Math.floor(calls * 0.5)],
    p99Ms: timesMs[Math.floor(calls * 0.99)],
  };
}
