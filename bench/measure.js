/** Rows (ways to make one call) come in; each runs in a process of its own, round after round in turn; medians go out. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Row
 * @property {string} name What the table calls it.
 * @property {string} module URL of a module that exports `createCall(context)`: it makes a function that makes one call.
 * @property {unknown} [option] Passed on as `context.option`.
 *
 * @typedef {object} Measured
 * @property {string} name
 * @property {number} cpuUs Microseconds of this process's CPU time, user and system, per call.
 * @property {number} perSecond Calls per second.
 * @property {number} p50Ms
 * @property {number} p99Ms
 */

/** How a measurement is made unless it says otherwise. */
export const usual = { rounds: 7, callsPerRound: 20_000, warmUpCalls: 20_000, concurrency: 64 };

/**
 * Measures rows against one vendor in a process of its own. Rounds are interleaved, so that what slows the machine down
 * for a while slows every row; the median of each row is what counts. `url` names a vendor that runs already.
 *
 * @param {readonly Row[]} rows
 * @param {Partial<typeof usual> & { url?: string }} [options]
 * @returns {Promise<Measured[]>}
 */
export async function measure(rows, options = {}) {
  const { rounds, callsPerRound, warmUpCalls, concurrency } = { ...usual, ...options };
  const vendor = options.url === undefined ? await startStub() : undefined;
  const clients = [];
  try {
    for (const { module, option } of rows) {
      const client = forkOn(1, fileURLToPath(new URL('client.js', import.meta.url)));
      clients.push(client);
      const context = { url: options.url ?? vendor?.url, option, concurrency };
      await ask(client, { module, context });
      await ask(client, { calls: warmUpCalls });
    }
    const results = rows.map(() => []);
    for (let round = 0; round < rounds; round++)
      for (const [index, client] of clients.entries())
        results[index].push(await ask(client, { calls: callsPerRound }));
    return rows.map(({ name }, index) => ({ name, ...medians(results[index]) }));
  } finally {
    for (const client of clients) client.disconnect();
    vendor?.close();
  }
}

/**
 * The same for servers: each row's module exports `createServed(context)`, which starts one and says how to ask it. The
 * load comes from a process beside the vendor, and what counts is the CPU time of the server.
 *
 * @param {readonly Row[]} rows
 * @param {Partial<typeof usual>} [options]
 * @returns {Promise<Measured[]>}
 */
export async function measureServers(rows, options = {}) {
  const { rounds, callsPerRound, warmUpCalls, concurrency } = { ...usual, ...options };
  const vendor = await startStub();
  const children = [];
  const fork = (core, file) => {
    const child = forkOn(core, fileURLToPath(new URL(file, import.meta.url)));
    children.push(child);
    return child;
  };
  try {
    const pairs = [];
    for (const { module, option } of rows) {
      const server = fork(1, 'served.js');
      const request = await ask(server, { module, context: { url: vendor.url, option, concurrency } });
      const load = fork(0, 'client.js');
      const context = { option: request, concurrency };
      await ask(load, { module: new URL('load-rows.js', import.meta.url).href, context });
      await ask(load, { calls: warmUpCalls });
      pairs.push({ server, load });
    }
    const results = rows.map(() => []);
    for (let round = 0; round < rounds; round++)
      for (const [index, { server, load }] of pairs.entries()) {
        await ask(server, { word: 'begin' });
        const seen = await ask(load, { calls: callsPerRound });
        const { cpuUs } = await ask(server, { word: 'end' });
        results[index].push({ ...seen, cpuUs: cpuUs / callsPerRound });
      }
    return rows.map(({ name }, index) => ({ name, ...medians(results[index]) }));
  } finally {
    for (const child of children) child.disconnect();
    vendor.close();
  }
}

/**
 * Starts the stub vendor.
 *
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function startStub() {
  const child = forkOn(0, fileURLToPath(new URL('stub.js', import.meta.url)));
  const [{ port }] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() };
}

/** The table as Markdown; ratios are of CPU time, to the first row. */
export function formatTable(what, measured) {
  const [first] = measured;
  const lines = measured.map(({ name, cpuUs, perSecond, p50Ms, p99Ms }) =>
    [
      name,
      cpuUs.toFixed(1),
      (cpuUs / first.cpuUs).toFixed(2),
      Math.round(perSecond).toLocaleString('en'),
      p50Ms.toFixed(2),
      p99Ms.toFixed(2),
    ].join(' | '),
  );
  const head = [what, 'CPU us', 'ratio', 'calls/s', 'p50 ms', 'p99 ms'];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function medians(rounds) {
  const of = (name) => median(rounds.map((round) => round[name]));
  return { cpuUs: of('cpuUs'), perSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms') };
}

const pins = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** Vendor and clients each keep to a core where the system can see to that; otherwise they take turns as they like. */
function forkOn(core, file) {
  return pins
    ? fork(file, [], { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] })
    : fork(file);
}

async function ask(child, message) {
  const over = new AbortController();
  child.send(message);
  try {
    const [answer] = await Promise.race([
      once(child, 'message', over),
      once(child, 'exit', over).then(([code]) => [{ error: `a client ended with ${code}` }]),
    ]);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  } finally {
    over.abort();
  }
}
