/** A change comes in, the step that carries it out on SQLite goes out. */
import { FishplateError } from '../errors.ts';
import { defect, type RowCodec, type Stored } from './row-codec.ts';
import { buildDelete, buildInsert, buildUpdate, buildUpsert } from './sqlite-statements.ts';
import type { Change } from './store.ts';

/** As much of a prepared statement as a change needs. */
interface Runnable {
  run(...values: Stored[]): { readonly changes: number };
}

/**
 * Checks the change, seals its secrets and prepares its statement; the answer carries it out, inside a transaction,
 * and throws `store.conflict` or `store.stale`.
 */
export function prepareStep(change: Change, codec: RowCodec, prepare: (sql: string) => Runnable): () => void {
  switch (change.op) {
    case 'insert': {
      const values = codec.encodeRow(change.table, change.row);
      const statement = prepare(buildInsert(change.table));
      return () => insert(statement, values, change);
    }
    case 'upsert': {
      const values = codec.encodeRow(change.table, change.row);
      const statement = prepare(buildUpsert(change.table));
      return () => statement.run(...values);
    }
    case 'update': {
      const { table, id, set, expect = {} } = change;
      const stored = Object.entries(set).map(([column, value]) => [
        column,
        codec.encode(table, id, column, value),
      ]);
      const { sql, values } = buildUpdate(table, id, Object.fromEntries(stored), expect);
      const statement = prepare(sql);
      return () => {
        if (statement.run(...values).changes === 0) {
          throw new FishplateError('store.stale', `${table} ${id} was changed or removed meanwhile`);
        }
      };
    }
    case 'delete': {
      const { sql, values } = buildDelete(change.table, change.where, change.below);
      const statement = prepare(sql);
      return () => statement.run(...values);
    }
    default:
      throw defect('A change is neither insert, upsert, update nor delete');
  }
}

function insert(statement: Runnable, values: readonly Stored[], change: Change & { op: 'insert' }): void {
  try {
    statement.run(...values);
  } catch (cause) {
    if (!isTaken(cause)) throw cause;
    throw new FishplateError('store.conflict', `${change.table} ${change.row.id} exists already`, { cause });
  }
}

/** The id is the only thing that SQLite holds unique. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}
