/** Queries and changes come in, SQL texts with their values go out (pure); every name in them is a checked column. */
import { columnKind, columnNames, defect, plain, type Stored } from './row-codec.ts';
import type { TableName } from './rows.ts';
import type { Below, Match, Query } from './store.ts';
import { type ColumnKind, columns, indexes, type WatchedTable, watched } from './tables.ts';

/** The same shape of query always has the same text, so that prepared statements can be kept by it. */
export interface SqliteStatement {
  readonly sql: string;
  readonly values: readonly Stored[];
}

/** Of the database file: moves when a release changes its tables. */
export const SCHEMA_VERSION = 3;

const sqlTypes = { text: 'TEXT', integer: 'INTEGER', json: 'TEXT', sealed: 'TEXT' } as const;

/** Everything that a new file needs. */
export function buildSchema(): string[] {
  return [...(Object.keys(columns) as TableName[]).flatMap(buildTable), KEY_CHECK_TABLE, ...buildVersions()];
}

function buildTable(table: TableName): string[] {
  const fields = Object.entries<ColumnKind>(columns[table]).map(([column, kind]) =>
    column === 'id' ? '"id" TEXT NOT NULL PRIMARY KEY' : `${quote(column)} ${sqlTypes[kind]}`,
  );
  const searches = (indexes[table] ?? []).map((list: readonly string[]) => buildIndex(table, list));
  // Without a row id the rows lie in the order of their ids, and every index ends with the id: order is for free.
  return [`CREATE TABLE ${quote(table)} (${fields.join(', ')}) STRICT, WITHOUT ROWID`, ...searches];
}

function buildIndex(table: TableName, list: readonly string[]): string {
  const name = quote([table, ...list].join('_'));
  return `CREATE INDEX ${name} ON ${quote(table)} (${list.map(quote).join(', ')})`;
}

/**
 * The statements that take a file from version n to n + 1, at index n - 1. A table that came later is made as it is
 * now; once a release has changed its columns, its upgrade must say them as they were.
 */
export const upgrades: readonly (readonly string[])[] = [
  [
    ...(['lease', 'keyedCall', 'heldCredentials', 'link'] as const).flatMap(buildTable),
    'ALTER TABLE "call" ADD COLUMN "failed" INTEGER',
    'ALTER TABLE "call" ADD COLUMN "wire" TEXT',
    `UPDATE "call" SET "failed" = ("outcome" <> 'ok')`,
    buildIndex('call', ['failed', 'at']),
    buildIndex('installation', ['state']),
  ],
  buildVersions(),
];

/** One sealed text for every key that this file's values were ever sealed with. */
const KEY_CHECK_TABLE =
  'CREATE TABLE "keyCheck" ("id" TEXT NOT NULL PRIMARY KEY, "sealed" TEXT NOT NULL) STRICT, WITHOUT ROWID';

/** Answers `id` (a group) and `value` of every version. */
export const READ_VERSIONS = 'SELECT "id", "value" FROM "version"';

/** Triggers move the versions, so that whoever writes the file moves them: an older release, or somebody by hand. */
function buildVersions(): string[] {
  const tables = Object.entries(watched) as [TableName, WatchedTable][];
  const groups = [...new Set(tables.map(([, { group }]) => group))];
  return [
    'CREATE TABLE "version" ("id" TEXT NOT NULL PRIMARY KEY, "value" INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    ...groups.map((group) => `INSERT INTO "version" VALUES ('${group}', 1)`),
    ...tables.flatMap(([table, about]) => buildTriggers(table, about)),
  ];
}

function buildTriggers(table: TableName, { group, ignoresInserts, ignores = [] }: WatchedTable): string[] {
  const counting = columnNames(table).filter((column) => column !== 'id' && !ignores.includes(column));
  const events = [
    ...(ignoresInserts ? [] : ['INSERT']),
    `UPDATE OF ${counting.map(quote).join(', ')}`,
    'DELETE',
  ];
  return events.map((event) => {
    const name = quote(`${table}_${event.slice(0, 6).toLowerCase()}`);
    const move = `UPDATE "version" SET "value" = "value" + 1 WHERE "id" = '${group}'`;
    return `CREATE TRIGGER ${name} AFTER ${event} ON ${quote(table)} BEGIN ${move}; END`;
  });
}

/** Takes the id. */
export function buildGet(table: TableName): string {
  return `SELECT ${listColumns(table)} FROM ${quote(table)} WHERE "id" = ?`;
}

/** Throws `internal.unexpected` for a column that cannot be searched by, or a limit that is no whole number. */
export function buildList<T extends TableName>(table: T, query: Query<T>): SqliteStatement {
  const { where, orderBy, descending = false, limit, offset = 0 } = query;
  const filter = buildFilter(table, where ?? {}, query.below, query.atLeast);
  const direction = descending ? ' DESC' : '';
  const order = [...(orderBy === undefined || orderBy === 'id' ? [] : [comparable(table, orderBy)]), '"id"'];
  return {
    sql: `SELECT ${listColumns(table)} FROM ${quote(table)}${filter.sql} ORDER BY ${order
      .map((column) => column + direction)
      .join(', ')} LIMIT ? OFFSET ?`,
    // SQLite reads -1 as no limit.
    values: [...filter.values, limit === undefined ? -1 : size('limit', limit), size('offset', offset)],
  };
}

/** Answers in one column, `count`. Throws as `buildList`. */
export function buildCount<T extends TableName>(
  table: T,
  where: Match<T>,
  below?: Below<T>,
): SqliteStatement {
  const filter = buildFilter(table, where, below);
  return { sql: `SELECT count(*) AS "count" FROM ${quote(table)}${filter.sql}`, values: filter.values };
}

/** Takes the values in the order of `columnNames`. */
export const buildInsert = (table: TableName): string => inserts.get(table) ?? insertInto(table);

function insertInto(table: TableName): string {
  const marks = columnNames(table).map(() => '?');
  return `INSERT INTO ${quote(table)} (${listColumns(table)}) VALUES (${marks.join(', ')})`;
}

/** Takes the values in the order of `columnNames`; what is there already is replaced in place. */
export function buildUpsert(table: TableName): string {
  const others = columnNames(table).filter((column) => column !== 'id');
  const set = others.map((column) => `${quote(column)} = excluded.${quote(column)}`);
  return `${buildInsert(table)} ON CONFLICT ("id") DO UPDATE SET ${set.join(', ')}`;
}

/** Conditions by column, as `Match` gives them; each is checked against the table when it is built. */
type Conditions = Readonly<Record<string, unknown>>;

/** `set` holds encoded values. An empty one writes the id onto itself: nothing changes, but the row is counted. */
export function buildUpdate(
  table: TableName,
  id: string,
  set: Readonly<Record<string, Stored>>,
  expect: Conditions,
): SqliteStatement {
  const names = Object.keys(set);
  if (names.includes('id')) throw defect(`The id of a row in ${table} cannot be changed`);
  for (const name of names) columnKind(table, name);
  const assignments =
    names.length === 0 ? '"id" = "id"' : names.map((name) => `${quote(name)} = ?`).join(', ');
  const filter = buildFilter(table, expect, undefined);
  const condition = filter.sql === '' ? ' WHERE "id" = ?' : `${filter.sql} AND "id" = ?`;
  return {
    sql: `UPDATE ${quote(table)} SET ${assignments}${condition}`,
    values: [...Object.values(set), ...filter.values, id],
  };
}

/** Throws `internal.unexpected` when nothing limits it. */
export function buildDelete(
  table: TableName,
  where: Conditions,
  below: { readonly column: string; readonly value: number } | undefined,
): SqliteStatement {
  const filter = buildFilter(table, where, below);
  if (filter.sql === '') throw defect(`A delete in ${table} names no condition and would empty it`);
  return { sql: `DELETE FROM ${quote(table)}${filter.sql}`, values: filter.values };
}

/** Answers how many values of a sealed column each key seals, as `key` and `count`. */
export function buildKeyCounts(table: TableName, column: string): string {
  const name = quote(column);
  const key = `substr(${name}, 4, instr(substr(${name}, 4), '.') - 1)`;
  return `SELECT ${key} AS "key", count(*) AS "count" FROM ${quote(table)} WHERE ${name} IS NOT NULL GROUP BY 1`;
}

/** Takes an id and a limit; answers `id` and `sealed` of the rows behind it, in the order of their ids. */
export function buildSealedBatch(table: TableName, column: string): string {
  const name = quote(column);
  return `SELECT "id", ${name} AS "sealed" FROM ${quote(table)} WHERE "id" > ? AND ${name} IS NOT NULL ORDER BY "id" LIMIT ?`;
}

/** Takes the new text, the id, and the old text: a row that was written meanwhile stays as it is. */
export function buildReseal(table: TableName, column: string): string {
  const name = quote(column);
  return `UPDATE ${quote(table)} SET ${name} = ? WHERE "id" = ? AND ${name} = ?`;
}

interface Bound {
  readonly column: string;
  readonly value: number;
}

function buildFilter(
  table: TableName,
  where: Conditions,
  below: Bound | undefined,
  atLeast?: Bound,
): SqliteStatement {
  const conditions: string[] = [];
  const values: Stored[] = [];
  for (const [column, value] of Object.entries(where)) {
    // IS compares null as a value, so that null and text share one statement; it uses an index just as = does.
    conditions.push(`${comparable(table, column)} IS ?`);
    values.push(value === null ? null : checked(table, column, value));
  }
  for (const [bound, sign] of [
    [below, '<'],
    [atLeast, '>='],
  ] as const) {
    if (bound === undefined) continue;
    conditions.push(`${comparable(table, bound.column)} ${sign} ?`);
    values.push(checked(table, bound.column, bound.value));
  }
  return { sql: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, values };
}

/** An undefined value ends here too: leaving its condition out would match rows that nobody meant. */
function checked(table: TableName, column: string, value: unknown): Stored {
  const stored = plain(columnKind(table, column), value);
  if (stored === undefined) throw defect(`${table}.${column} is compared with ${typeof value}`);
  return stored;
}

function comparable(table: TableName, column: string): string {
  const kind = columnKind(table, column);
  if (kind !== 'text' && kind !== 'integer') throw defect(`${table}.${column} is ${kind}: not to search by`);
  return quote(column);
}

function size(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw defect(`The ${name} ${value} is not a whole number`);
  return value;
}

function listColumns(table: TableName): string {
  return columnNames(table).map(quote).join(', ');
}

function quote(name: string): string {
  return `"${name}"`;
}

/** Written once: logs are full of them. */
const inserts: ReadonlyMap<TableName, string> = new Map(
  (Object.keys(columns) as TableName[]).map((table) => [table, insertInto(table)]),
);
