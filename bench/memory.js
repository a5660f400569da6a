/** Nothing comes in; how much memory installations take that nobody uses goes out. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startStub } from './measure.js';

const COUNTS = [10, 100_000];
/** For noise, not for rows: 100,000 of them at this would be 50 bytes each. */
const MOST_MORE_MB = 5;

export async function measureMemory() {
  const vendor = await startStub();
  try {
    const sizes = [];
    for (const installations of COUNTS) sizes.push(await sizeWith(vendor.url, installations));
    const [few, many] = sizes;
    const lines = COUNTS.map(
      (count, index) => `| ${count.toLocaleString('en')} | ${(sizes[index] / 1e6).toFixed(1)} |`,
    );
    return {
      table: ['| installations, 10 in use | heap MB |', '| --- | --- |', ...lines].join('\n'),
      targets: [
        { what: '99,990 idle installations', value: (many - few) / 1e6, most: MOST_MORE_MB, unit: 'MB more' },
      ],
    };
  } finally {
    vendor.close();
  }
}

/** Bytes of a process of its own, after collection. */
async function sizeWith(url, installations) {
  const file = fileURLToPath(new URL('memory-row.js', import.meta.url));
  const child = fork(file, [url, String(installations)], { execArgv: ['--expose-gc'] });
  const [{ bytes }] = await once(child, 'message');
  child.disconnect();
  return bytes;
}
