/** A file path and a keyring come in, a `Store` on SQLite goes out; several processes may have the file open. */
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { FishplateError } from '../errors.ts';
import type { Keyring } from './keyring.ts';
import { ensurePrivateFile } from './private-file.ts';
import { createRowCodec, type Stored, sealedColumns } from './row-codec.ts';
import type { TableName } from './rows.ts';
import { createSameFile } from './same-file.ts';
import { prepareStep } from './sqlite-changes.ts';
import { Sqlite } from './sqlite-driver.ts';
import { createSqliteSealing, openSealing, type SqliteSealing } from './sqlite-sealing.ts';
import {
  buildCount,
  buildGet,
  buildList,
  buildSchema,
  SCHEMA_VERSION,
  upgrades,
} from './sqlite-statements.ts';
import { createVersions } from './sqlite-versions.ts';
import type { Change, Store } from './store.ts';
import { watched } from './tables.ts';

/** How long a statement waits for another process's write. The wait blocks this process, so writes are kept short. */
const WAL_PAUSE_MS = 10;
const BUSY_TIMEOUT_MS = 5_000;

/** What it takes to open a SQLite store. */
export interface SqliteOptions {
  /** Path of the database file, or `:memory:` for a store that is gone when it is closed. */
  readonly file: string;
  readonly keyring: Keyring;
}

/**
 * Opens the file, or makes it (0600, missing folders 0700). A write is on the disk when it resolves (WAL with
 * synchronous=FULL). Throws `store.newer-schema`, `store.unavailable`, and `store.sealed-unreadable` at once when the
 * keyring lacks a key that values of this file were sealed with - not later, at the first customer's call.
 */
export function openSqlite({ file, keyring }: SqliteOptions): Store {
  const db = translated(file, () => openDatabase(file));
  try {
    const sealing = translated(file, () => {
      migrate(db, file);
      openSealing(db, keyring, file);
      return createSqliteSealing(db, keyring, file);
    });
    return createStore(db, file, sealing);
  } catch (error) {
    db.close();
    throw error;
  }
}

function openDatabase(file: string): Database.Database {
  if (file === '') throw new FishplateError('config.invalid', 'The path of the database file is empty');
  if (file === ':memory:') return configure(new Sqlite(file));
  const path = resolve(file);
  // Made before SQLite opens it: SQLite would use the umask. Its -wal and -shm files take over the mode.
  ensurePrivateFile(path);
  return configure(new Sqlite(path, { timeout: BUSY_TIMEOUT_MS }));
}

function configure(db: Database.Database): Database.Database {
  try {
    useWal(db);
    db.pragma('synchronous = FULL');
    db.pragma('secure_delete = ON');
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Of several processes that open a new file at once, all but one are told at once that it is busy: SQLite does not wait
 * while the journal changes its kind. Once it has, there is nothing left to change.
 */
function useWal(db: Database.Database): void {
  for (let leftMs = BUSY_TIMEOUT_MS; ; leftMs -= WAL_PAUSE_MS) {
    try {
      if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (leftMs <= 0 || (error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE_MS);
    }
  }
}

function migrate(db: Database.Database, file: string): void {
  const readVersion = () => Number(db.pragma('user_version', { simple: true }));
  if (readVersion() === SCHEMA_VERSION) return;
  const run = db.transaction(() => {
    // Read again under the write lock: another process may have done it meanwhile.
    const version = readVersion();
    if (version > SCHEMA_VERSION) {
      throw new FishplateError(
        'store.newer-schema',
        `${file} has schema version ${version}; this release knows ${SCHEMA_VERSION}`,
      );
    }
    if (version === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) {
      throw new FishplateError('store.unavailable', `${file} is the database of another program`);
    }
    const statements = version === 0 ? buildSchema() : upgrades.slice(version - 1).flat();
    for (const sql of statements) db.exec(sql);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  run.immediate();
}

type Statement = Database.Statement<Stored[], Record<string, Stored>>;

function createStore(db: Database.Database, file: string, sealing: SqliteSealing): Store {
  const codec = createRowCodec(sealing);
  const statements = new Map<string, Statement>();
  const gets = new Map<TableName, Statement>();
  const prepare = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare<Stored[], Record<string, Stored>>(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const use = <R>(work: () => R): R => {
    if (!db.open) throw new FishplateError('store.unavailable', `The store ${file} is closed`);
    return translated(file, work);
  };
  /** False, with nothing done, when the values were sealed with a key that is no longer the current one. */
  const applyAll = db.transaction((steps: readonly (() => void)[], keyId: string | undefined): boolean => {
    if (keyId !== undefined && !sealing.isCurrent(keyId)) return false;
    for (const step of steps) step();
    return true;
  });
  const assertSameFile = file === ':memory:' ? () => undefined : createSameFile(resolve(file));
  const versions = createVersions(db, file === ':memory:' ? file : resolve(file));
  const write = (changes: readonly Change[]): void => {
    // Statements are built and secrets sealed before the lock is taken.
    const keyId = changes.some(seals) ? sealing.keyId() : undefined;
    if (
      applyAll.immediate(
        changes.map((change) => prepareStep(change, codec, prepare)),
        keyId,
      )
    ) {
      if (changes.some(({ table }) => watched[table])) versions.moved();
      return;
    }
    sealing.refresh();
    write(changes);
  };
  return {
    get: async (table, id) =>
      use(() => {
        let statement = gets.get(table);
        if (statement === undefined) {
          statement = prepare(buildGet(table));
          gets.set(table, statement);
        }
        const stored = statement.get(id);
        return stored === undefined ? undefined : codec.decode(table, stored);
      }),
    list: async (table, query = {}) =>
      use(() => {
        const { sql, values } = buildList(table, query);
        return prepare(sql)
          .all(...values)
          .map((stored) => codec.decode(table, stored));
      }),
    version: (group) => use(() => versions.read(group)),
    count: async (table, where = {}, below) =>
      use(() => {
        const { sql, values } = buildCount(table, where, below);
        return Number(prepare(sql).get(...values)?.count);
      }),
    write: async (changes) =>
      use(() => {
        assertSameFile();
        if (changes.length > 0) write(changes);
      }),
    sealing: {
      usage: async () => use(sealing.usage),
      setCurrent: async (choose) => use(() => sealing.setCurrent(choose)),
      reseal: async (limit, from) => use(() => sealing.reseal(limit, from)),
      forget: async (id) => use(() => sealing.forget(id)),
    },
    close: async () => {
      versions.close();
      db.close();
    },
  };
}

/** Whether a change may bring a sealed value into the store. */
const seals = ({ op, table }: Change): boolean => op !== 'delete' && tablesWithSecrets.has(table);

const tablesWithSecrets = new Set(sealedColumns.map(([table]) => table));

/** SQLite's messages name tables and columns but never values, so they may be passed on. */
function translated<R>(file: string, work: () => R): R {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof FishplateError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FishplateError('store.unavailable', `The store ${file} cannot be used: ${reason}`, { cause });
  }
}
