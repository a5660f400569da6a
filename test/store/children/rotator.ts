/** Rotates the key of a store, and prints a line for every batch of values that was sealed anew. */
import { writeSync } from 'node:fs';
import { loadKeyring } from '../../../src/store/keyring.ts';
import { rotateKey } from '../../../src/store/rotate-key.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';

const [, , file = '', keyFile = ''] = process.argv;
const store = openSqlite({ file, keyring: loadKeyring({ keyFile }) });
const { keyId, made } = await rotateKey(store, keyFile, ({ resealed }) => writeSync(1, `${resealed}\n`));
writeSync(1, `${made ? 'made' : 'went on with'} ${keyId}\n`);
await store.close();
