/** Opens a store that others open at the same moment, and counts one number up in it. */
import { isFishplateError } from '../../../src/errors.ts';
import { loadKeyring } from '../../../src/store/keyring.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';

const [, , file = '', keyFile = '', times = ''] = process.argv;
const store = openSqlite({ file, keyring: loadKeyring({ keyFile, createIfMissing: true }) });
for (let done = 0; done < Number(times); ) {
  const row = await store.get('counter', 'shared');
  try {
    await store.write([
      row === undefined
        ? { op: 'insert', table: 'counter', row: { id: 'shared', value: 1 } }
        : {
            op: 'update',
            table: 'counter',
            id: 'shared',
            set: { value: row.value + 1 },
            expect: { value: row.value },
          },
    ]);
    done += 1;
  } catch (error) {
    if (!isFishplateError(error, 'store.stale', 'store.conflict')) throw error;
  }
}
await store.close();
