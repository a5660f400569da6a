/** A process of its own that calls one method, tells when it begins and how it ended; its clock may run faster. */
import { writeSync } from 'node:fs';
import { createRuntime } from '../../../src/runtime.ts';
import { loadKeyring } from '../../../src/store/keyring.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createAxiosSend } from '../../../src/transport/axios.ts';
import type { World } from '../../../src/wire.ts';
import { realWorld } from '../../../src/world.ts';
import { connectorAt } from '../small-setup.ts';

const [, , file = '', keyFile = '', urls = '', account = '', id = '', speed = '1'] = process.argv;

/** A clock that goes so many times as fast, and waits that are as much shorter. */
function fastWorld(times: number): World {
  const start = realWorld.now();
  return {
    ...realWorld,
    now: () => start + (realWorld.now() - start) * times,
    sleep: (ms, signal) => realWorld.sleep(ms / times, signal),
    after: (ms, act) => realWorld.after(ms / times, act),
  };
}

const runtime = createRuntime({
  connectors: [connectorAt(JSON.parse(urls) as Record<string, string>)],
  store: openSqlite({ file, keyring: loadKeyring({ keyFile }) }),
  send: createAxiosSend({ allowAddresses: ['loopback'] }),
  world: fastWorld(Number(speed)),
});
writeSync(1, 'calling\n');
const { status } = await runtime.call(account, id, 'things.list');
writeSync(1, `answered ${status}\n`);
process.exit(0);
