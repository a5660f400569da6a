/** Ids come in; installations of these ids are in the store, as far as tokens need one. */

import type { InstallationRow } from '../../src/store/rows.ts';
import type { Change, Store } from '../../src/store/store.ts';

export const rowOf = (id: string): InstallationRow => ({
  ...{
    id,
    accountId: 'a',
    connector: 'acme',
    version: '1.0.0',
    name: 'Acme',
    description: '',
    authId: 'key',
  },
  ...{ state: 'active', stateReason: null, identity: null, testedAt: null },
  ...{ createdAt: 0, updatedAt: 0, revision: 1 },
});

/** Writes them. */
export const keepInstallations = (store: Store, ...ids: readonly string[]): Promise<void> =>
  store.write(ids.map((id): Change => ({ op: 'insert', table: 'installation', row: rowOf(id) })));
