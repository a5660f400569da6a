/** Writes pairs of rows until it is killed, and prints the number of each pair once the store has acknowledged it. */
import { writeSync } from 'node:fs';
import { Secret } from '../../../src/secret.ts';
import { loadKeyring } from '../../../src/store/keyring.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';

const [, , file = '', keyFile = ''] = process.argv;
const store = openSqlite({ file, keyring: loadKeyring({ keyFile }) });
for (let n = 1; ; n++) {
  await store.write([
    { op: 'insert', table: 'counter', row: { id: `pair-${n}`, value: n } },
    {
      op: 'insert',
      table: 'token',
      row: {
        id: `pair-${n}`,
        fingerprint: 'f',
        token: new Secret(`token ${n}`),
        obtainedAt: n,
        expiresAt: n,
      },
    },
  ]);
  // Synchronous, so that an acknowledgement is out before the next write begins.
  writeSync(1, `${n}\n`);
}
