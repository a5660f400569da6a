/** A database file and a keyring come in; what seals and opens its values goes out, and what replaces their keys. */
import type Database from 'better-sqlite3';
import { FishplateError } from '../errors.ts';
import { type Keyring, keyOf } from './keyring.ts';
import { place, type Sealer, sealedColumns } from './row-codec.ts';
import { buildKeyCounts, buildReseal, buildSealedBatch } from './sqlite-statements.ts';
import type { KeyUse, ResealResult, SealedPosition } from './store.ts';

/** The same as `Sealing`, at once, and what the store needs of it for its own writes. */
export interface SqliteSealing extends Sealer {
  /** The current key, as far as this process knows. */
  keyId(): string;
  /** Asks the file; inside a write transaction the answer holds until its end. */
  isCurrent(keyId: string): boolean;
  /** Takes over what the file says. Throws `store.sealed-unreadable` when this process was not given that key. */
  refresh(): void;
  usage(): KeyUse[];
  setCurrent(choose: (currentId: string) => string): void;
  reseal(limit: number, from?: SealedPosition): ResealResult;
  forget(id: string): void;
}

/** The row of `keyCheck` whose text is sealed with the current key; the others are named after a key each. */
const CURRENT = 'current';

/** What that row says beside which key it is: keys that were forgotten must not come back by an old configuration. */
interface CurrentText {
  readonly forgotten: readonly string[];
}

const checkPlace = (id: string) => `keyCheck/${id}/sealed`;

interface CheckRow {
  readonly id: string;
  readonly sealed: string;
}

/**
 * Makes sure that the keyring opens everything in the file, and tells the file of a key that it has never seen.
 * Throws `store.sealed-unreadable`.
 */
export function openSealing(db: Database.Database, keyring: Keyring, file: string): void {
  const rows = db.prepare<[], CheckRow>('SELECT "id", "sealed" FROM "keyCheck"').all();
  for (const row of rows) checkKey(row, keyring, file);
  const current = rows.find(({ id }) => id === CURRENT);
  if (current && !isNew(keyring.currentId, rows, keyring)) return;
  db.transaction(() => {
    // Looked at again under the lock: another process may have told it meanwhile.
    const now = db.prepare<[], CheckRow>('SELECT "id", "sealed" FROM "keyCheck"').all();
    const isTold = now.some(({ id }) => id === CURRENT);
    if (!isTold || isNew(keyring.currentId, now, keyring)) writeCurrent(db, keyring, keyring.currentId);
  }).immediate();
}

function checkKey({ id, sealed }: CheckRow, keyring: Keyring, file: string): void {
  try {
    keyring.open(sealed, checkPlace(id));
  } catch (cause) {
    throw new FishplateError(
      'store.sealed-unreadable',
      `${file} was sealed with key ${keyOf(sealed) ?? id}, which is not the key that was given`,
      {
        cause,
        hint: 'Give the key that it was made with; a harness keeps its own in the file key beside it.',
      },
    );
  }
}

function isNew(keyId: string, rows: readonly CheckRow[], keyring: Keyring): boolean {
  return !rows.some(({ id }) => id === keyId) && !readForgotten(rows, keyring).includes(keyId);
}

function readForgotten(rows: readonly CheckRow[], keyring: Keyring): readonly string[] {
  const row = rows.find(({ id }) => id === CURRENT);
  return row ? (JSON.parse(keyring.open(row.sealed, checkPlace(CURRENT))) as CurrentText).forgotten : [];
}

/** Inside a write transaction. */
function writeCurrent(db: Database.Database, keyring: Keyring, keyId: string, forget?: string): void {
  const rows = db.prepare<[], CheckRow>('SELECT "id", "sealed" FROM "keyCheck"').all();
  const put = db.prepare<[string, string]>('INSERT OR REPLACE INTO "keyCheck" VALUES (?, ?)');
  const forgotten = new Set(readForgotten(rows, keyring));
  if (forget !== undefined) forgotten.add(forget);
  // Chosen on purpose, it is as good as any.
  forgotten.delete(keyId);
  const text: CurrentText = { forgotten: [...forgotten] };
  put.run(CURRENT, keyring.seal(JSON.stringify(text), checkPlace(CURRENT), keyId));
  if (!rows.some(({ id }) => id === keyId)) put.run(keyId, keyring.seal(keyId, checkPlace(keyId), keyId));
}

/** Creates it for a file that `openSealing` has let through. */
export function createSqliteSealing(db: Database.Database, keyring: Keyring, file: string): SqliteSealing {
  const readCurrent = db.prepare<[string], CheckRow>('SELECT "id", "sealed" FROM "keyCheck" WHERE "id" = ?');
  const currentInFile = (): string => {
    const id = keyOf(readCurrent.get(CURRENT)?.sealed ?? '');
    if (id === undefined)
      throw new FishplateError('store.unavailable', `The store ${file} does not say which key it seals with`);
    return id;
  };
  const assertGiven = (id: string): string => {
    if (!keyring.has(id)) keyring.reload();
    if (keyring.has(id)) return id;
    throw new FishplateError(
      'store.sealed-unreadable',
      `${file} is sealed with key ${id} by now, which was not given to this process`,
      { hint: 'Start it again with the new key; a key file is read again without that.' },
    );
  };
  const isCurrent = (id: string) => readCurrent.get(CURRENT)?.sealed.startsWith(`v1.${id}.`) ?? false;
  let keyId = assertGiven(currentInFile());
  const refresh = () => {
    keyId = assertGiven(currentInFile());
  };
  const locked = <R>(work: () => R): R => db.transaction(work).immediate();
  const seal = (text: string, context: string) => keyring.seal(text, context, keyId);

  const usage = (): KeyUse[] => {
    const current = currentInFile();
    const ids = db
      .prepare<[], CheckRow>('SELECT "id", "sealed" FROM "keyCheck"')
      .all()
      .map(({ id }) => id);
    const byKey = new Map<string, Record<string, number>>();
    for (const id of [current, ...ids]) if (id !== CURRENT) byKey.set(id, {});
    for (const [table, column] of sealedColumns)
      for (const { key, count } of db
        .prepare<[], { key: string; count: number }>(buildKeyCounts(table, column))
        .all())
        byKey.set(key, { ...byKey.get(key), [`${table}.${column}`]: count });
    return [...byKey].map(([id, values]) => ({
      ...{ id, values },
      current: id === current,
      given: keyring.has(id),
    }));
  };

  return {
    open: (sealed, context) => keyring.open(sealed, context),
    seal,
    keyId: () => {
      // Its line may have been taken out of the key file since.
      if (!keyring.has(keyId)) refresh();
      return keyId;
    },
    ...{ isCurrent, refresh },
    usage,
    setCurrent: (choose) => {
      keyId = locked(() => {
        const chosen = assertGiven(choose(currentInFile()));
        writeCurrent(db, keyring, chosen);
        return chosen;
      });
    },
    reseal: (limit, from) => {
      for (;;) {
        refresh();
        const id = keyId;
        const whileCurrent = (work: () => void) =>
          locked(() => {
            const current = isCurrent(id);
            if (current) work();
            return current;
          });
        const result = resealBatch(db, { keyring, keyId: id, whileCurrent }, limit, from);
        if (result) return result;
      }
    },
    forget: (id) =>
      locked(() => {
        assertUnused(usage(), id);
        writeCurrent(db, keyring, currentInFile(), id);
        db.prepare<[string]>('DELETE FROM "keyCheck" WHERE "id" = ?').run(id);
      }),
  };
}

function assertUnused(uses: readonly KeyUse[], id: string): void {
  const use = uses.find((one) => one.id === id);
  if (use?.current) throw new FishplateError('store.key-in-use', `Key ${id} is what the store seals with`);
  const held = Object.entries(use?.values ?? {}).map(([place, count]) => `${count} in ${place}`);
  if (held.length > 0)
    throw new FishplateError('store.key-in-use', `Key ${id} still seals values: ${held.join(', ')}`);
}

interface Resealing {
  readonly keyring: Keyring;
  readonly keyId: string;
  /** Runs the work under the write lock; false, and nothing is done, when the key is no longer the current one. */
  readonly whileCurrent: (work: () => void) => boolean;
}

/** Values are read and sealed without the lock, so each is written only if it still is what was read. */
function resealBatch(
  db: Database.Database,
  { keyring, keyId, whileCurrent }: Resealing,
  limit: number,
  from: SealedPosition | undefined,
): ResealResult | undefined {
  const start = from
    ? sealedColumns.findIndex(([table, column]) => table === from.table && column === from.column)
    : 0;
  const [table, column] = sealedColumns[start] ?? [];
  if (table === undefined || column === undefined) return { resealed: 0, unreadable: [], next: null };
  const rows = db
    .prepare<[string, number], CheckRow>(buildSealedBatch(table, column))
    .all(from?.id ?? '', limit);
  const unreadable: string[] = [];
  const pairs = rows.flatMap(({ id, sealed }) => {
    if (keyOf(sealed) === keyId) return [];
    const context = place(table, id, column);
    try {
      return [{ id, sealed, again: keyring.seal(keyring.open(sealed, context), context, keyId) }];
    } catch (error) {
      if (!(error instanceof FishplateError)) throw error;
      unreadable.push(context);
      return [];
    }
  });
  const update = db.prepare<[string, string, string]>(buildReseal(table, column));
  let resealed = 0;
  const isDone =
    pairs.length === 0 ||
    whileCurrent(() => {
      for (const { id, sealed, again } of pairs) resealed += update.run(again, id, sealed).changes;
    });
  if (!isDone) return undefined;
  const last = rows.at(-1);
  if (last && rows.length === limit) return { resealed, unreadable, next: { table, column, id: last.id } };
  const following = sealedColumns[start + 1];
  return {
    ...{ resealed, unreadable },
    next: following ? { table: following[0], column: following[1], id: '' } : null,
  };
}
