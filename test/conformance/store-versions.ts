/** What every store tells of changes: an open store, and another one on the same data, come in; tests are registered. */
import { expect, test } from 'vitest';
import type { Change, Store } from '../../src/store/store.ts';
import { accessKey, account, consoleValue, insert, token } from './store-rows.ts';

/** Whether both versions moved, one of them, or none. */
async function moved(store: Store, act: () => Promise<void>): Promise<string[]> {
  const groups = ['installations', 'access'] as const;
  const before = await Promise.all(groups.map((group) => store.version(group)));
  await act();
  const after = await Promise.all(groups.map((group) => store.version(group)));
  return groups.filter((_, index) => before[index] !== after[index]);
}

const keep = consoleValue({ value: 'v', secret: null });
const lastUsed = (set: { lastUsedAt: number; status?: 'INACTIVE' }): Change[] => [
  { op: 'update', table: 'accessKey', id: 'k', set },
];

/** `writer` may be another connection to the same data. */
export function describeVersions(store: () => Store, writer: () => Promise<Store>): void {
  test('a version stands still while nothing of its group is changed', async () => {
    const other = await writer();
    await other.write([insert('accessKey', accessKey('k', null)), insert('consoleValue', keep)]);
    const nothing: Change[] = [
      insert('token', token('i1', 'text')),
      insert('account', account('a1')),
      { op: 'update', table: 'consoleValue', id: keep.id, set: {}, expect: { value: 'v' } },
      { op: 'delete', table: 'policy', where: { id: 'none' } },
      ...lastUsed({ lastUsedAt: 5 }),
    ];
    expect(await moved(store(), () => other.write(nothing))).toEqual([]);
  });

  test('a version moves with every row that is added, changed or removed', async () => {
    const other = await writer();
    const installations: Change[][] = [
      [insert('consoleValue', keep)],
      [{ op: 'update', table: 'consoleValue', id: keep.id, set: { value: 'w' } }],
      [{ op: 'upsert', table: 'consoleValue', row: keep }],
      [{ op: 'delete', table: 'consoleValue', where: { id: keep.id } }],
    ];
    for (const changes of installations)
      expect(await moved(store(), () => other.write(changes))).toEqual(['installations']);
    const access: Change[][] = [
      [insert('accessKey', accessKey('k', null))],
      lastUsed({ lastUsedAt: 6, status: 'INACTIVE' }),
      [insert('account', account('a1')), { op: 'delete', table: 'account', where: { id: 'a1' } }],
    ];
    for (const changes of access)
      expect(await moved(store(), () => other.write(changes))).toEqual(['access']);
  });

  test('a write that is undone leaves the version where it was', async () => {
    const other = await writer();
    const failing: Change[] = [insert('consoleValue', keep), insert('consoleValue', keep)];
    const act = () => expect(other.write(failing)).rejects.toMatchObject({ code: 'store.conflict' });
    expect(await moved(store(), act)).toEqual([]);
  });
}
