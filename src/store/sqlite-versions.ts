/** A database file comes in; the versions of its watched groups go out, and others on it are told of our own writes. */
import { channel } from 'node:diagnostics_channel';
import type Database from 'better-sqlite3';
import { READ_VERSIONS } from './sqlite-statements.ts';
import type { WatchedGroup } from './tables.ts';

export interface SqliteVersions {
  read(group: WatchedGroup): number;
  /** To be called after each write that may have moved one. */
  moved(): void;
  close(): void;
}

/** All stores of this process: two of them may have one file open. */
const written = channel('fishplate.store.written');

/**
 * SQLite tells whether somebody else has written at all, and only then versions are read. Even that asks the system for two
 * locks, so it is asked once in a turn of the event loop: whoever learns from another process that it has written, calls
 * in a later turn. Our own writes, and those of other stores of this process, are noticed at once.
 */
export function createVersions(db: Database.Database, path: string): SqliteVersions {
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  const readAll = db.prepare<[], { id: WatchedGroup; value: number }>(READ_VERSIONS);
  const isShared = path !== ':memory:';
  const values = new Map<WatchedGroup, number>();
  let readAt: number | undefined;
  let isAsked = false;

  const expire = () => {
    readAt = undefined;
    isAsked = false;
  };
  const listen = (message: unknown) => {
    if (message === path) expire();
  };
  const endTurn = () => {
    isAsked = false;
  };
  const ask = () => {
    // Before the versions: what is written in between is noticed next time.
    const now = dataVersion.get();
    if (now !== readAt) {
      for (const { id, value } of readAll.all()) values.set(id, value);
      readAt = now;
    }
    isAsked = true;
    if (isShared) setImmediate(endTurn).unref();
  };
  if (isShared) written.subscribe(listen);
  return {
    read: (group) => {
      if (!isAsked) ask();
      return values.get(group) ?? 0;
    },
    moved: () => {
      if (isShared) written.publish(path);
      else expire();
    },
    close: () => {
      written.unsubscribe(listen);
    },
  };
}
