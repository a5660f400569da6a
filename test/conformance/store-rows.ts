/** Rows and changes for the store suite come out, each with values that a test need not care about. */
import { isFishplateError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import type { AccountRow, ConsoleValueRow, TokenRow } from '../../src/store/rows.ts';
import type { Change, Store } from '../../src/store/store.ts';

/** Adds one so many times, each time against what was read; reads again when somebody else was faster. */
export async function countUp(store: Store, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const value = (await store.get('counter', 'c'))?.value ?? 0;
    try {
      await store.write([
        { op: 'update', table: 'counter', id: 'c', set: { value: value + 1 }, expect: { value } },
      ]);
      done += 1;
    } catch (error) {
      if (!isFishplateError(error, 'store.stale')) throw error;
    }
  }
}

export function insert<T extends 'account' | 'token' | 'counter' | 'accessKey' | 'consoleValue'>(
  table: T,
  row: (Change & { op: 'insert'; table: T })['row'],
): Change {
  return { op: 'insert', table, row } as Change;
}

export function account(id: string, fields: Partial<AccountRow> = {}): AccountRow {
  return { id, name: `Account ${id}`, parentId: null, details: {}, createdAt: 1, ...fields };
}

export function token(id: string, text: string): TokenRow {
  return { id, fingerprint: 'f', token: new Secret(text), obtainedAt: 1, expiresAt: 2 };
}

export function accessKey(id: string, lastUsedAt: number | null) {
  const fixed = { serviceUserId: 'u', name: 'n', secretHash: 'h', status: 'ACTIVE', createdAt: 1 } as const;
  return { id, lastUsedAt, ...fixed };
}

export function consoleValue(fields: Pick<ConsoleValueRow, 'value' | 'secret'>): ConsoleValueRow {
  return { id: 'm/key', connector: 'm', setting: 'key', updatedAt: 1, ...fields };
}
