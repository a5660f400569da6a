/** Nothing comes in; the release of SQLite's driver that this Node.js can work with goes out. */
import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';

const require = createRequire(import.meta.url);

/** What release 13 of the driver is built on. Node.js has it since 22.14, and 20 never will. */
const NODE_API = 10;

/**
 * Release 13 on any Node.js that has its Node-API: an older one is ended by opening a database with it. Release 12 on the
 * others, and where release 13 is not installed: compiled with the headers of Node.js 24.19 or later it ends the process
 * as soon as a statement is collected (https://github.com/nodejs/node/issues/65446).
 */
export const Sqlite: typeof Database =
  (Number(process.versions.napi) >= NODE_API ? findDriver('better-sqlite3-13') : undefined) ??
  (require('better-sqlite3') as typeof Database);

/** It is an optional dependency, which npm leaves out where its `engines` do not fit. */
function findDriver(name: string): typeof Database | undefined {
  try {
    return require(name) as typeof Database;
  } catch {
    return undefined;
  }
}
