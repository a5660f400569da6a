/** Writes and reads sealed values until it is told to stop, as a program that runs on while keys are changed; prints how often. */
import { writeSync } from 'node:fs';
import { Secret } from '../../../src/secret.ts';
import { loadKeyring } from '../../../src/store/keyring.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';

const [, , file = '', keyFile = ''] = process.argv;
const store = openSqlite({ file, keyring: loadKeyring({ keyFile }) });
let stopped = false;
process.on('SIGTERM', () => {
  stopped = true;
});
let rounds = 0;
while (!stopped) {
  const n = rounds % 50;
  const own = { id: `worker-${n}`, fingerprint: 'f', obtainedAt: rounds, expiresAt: rounds };
  await store.write([
    { op: 'upsert', table: 'token', row: { ...own, token: new Secret(`round ${rounds}`) } },
  ]);
  const mine = await store.get('token', own.id);
  const given = await store.get('token', `seed-${(rounds * 37) % 2000}`);
  if (mine?.token.reveal() !== `round ${rounds}`) throw new Error(`round ${rounds} is not what was written`);
  if (given && given.token.reveal() !== given.id) throw new Error(`${given.id} is not what it was`);
  rounds += 1;
  if (rounds === 1) writeSync(1, 'working\n');
  await new Promise((resolve) => setImmediate(resolve));
}
await store.close();
writeSync(1, `${rounds}\n`);
