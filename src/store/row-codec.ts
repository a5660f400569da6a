/** Values of a row come in, what a database column holds goes out, and the other way round; sealing happens here. */
import { FishplateError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { Rows, TableName } from './rows.ts';
import { type ColumnKind, columns } from './tables.ts';

/** What a database is given for one column. */
export type Stored = string | number | null;

/** What seals a text for the place where it is kept, and opens it again. */
export interface Sealer {
  seal(text: string, context: string): string;
  open(sealed: string, context: string): string;
}

/** Both ways between rows and stored values. Databases differ in their SQL, but not in this. */
export interface RowCodec {
  /** `row` has every column of the table; the answer is in the order of `columnNames`. */
  encodeRow<T extends TableName>(table: T, row: Rows[T]): Stored[];
  /** One column of the row with this id. Throws `internal.unexpected` for a value that the column cannot hold. */
  encode(table: TableName, id: string, column: string, value: unknown): Stored;
  /** Takes over the object that the driver made. Throws `store.sealed-unreadable`. */
  decode<T extends TableName>(table: T, stored: Record<string, Stored>): Rows[T];
}

/** The columns of a table in the order in which databases keep them. Throws `internal.unexpected`: no such table. */
export function columnNames(table: TableName): readonly string[] {
  return Object.keys(columnsOf(table));
}

/** Throws `internal.unexpected` for a table or column that does not exist, so that no name reaches SQL unchecked. */
export function columnKind(table: TableName, column: string): ColumnKind {
  const kinds = columnsOf(table);
  const kind = Object.hasOwn(kinds, column) ? kinds[column] : undefined;
  if (kind === undefined) throw defect(`The table ${table} has no column ${column}`);
  return kind;
}

/** The sealer seals and opens; everything else is the same for every store. */
export function createRowCodec(sealer: Sealer): RowCodec {
  const encodeAs = (kind: ColumnKind, table: TableName, id: string, column: string, value: unknown) => {
    if (value === null && column !== 'id') return null;
    const stored = kind === 'sealed' ? seal(sealer, table, id, column, value) : plain(kind, value);
    // The value itself stays out of the message: it may be the secret that was put in the wrong column.
    if (stored === undefined) throw defect(`The value for ${table}.${column} is not ${kind}`);
    return stored;
  };
  return {
    encodeRow(table, row) {
      const values = row as unknown as Readonly<Record<string, unknown>>;
      const stored: Stored[] = [];
      for (const [column, kind] of allColumns.get(table) ?? [])
        stored.push(encodeAs(kind, table, row.id, column, values[column]));
      // Every column has had a value, so whatever else there is has no column.
      if (Object.keys(row).length !== stored.length) for (const column in row) columnKind(table, column);
      return stored;
    },
    encode: (table, id, column, value) => encodeAs(columnKind(table, column), table, id, column, value),
    decode: (table, stored) => decode(sealer, table, stored),
  };
}

/** The check and the text for what is kept as it is; undefined when the value is of another kind. */
export function plain(kind: ColumnKind, value: unknown): Stored | undefined {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
    case 'json':
      return JSON.stringify(value);
    case 'sealed':
      return undefined;
  }
}

function seal(sealer: Sealer, table: TableName, id: string, column: string, value: unknown) {
  return value instanceof Secret ? sealer.seal(value.reveal(), place(table, id, column)) : undefined;
}

/** What a sealed text is bound to. Unambiguous although ids hold slashes: neither tables nor columns do. */
export function place(table: TableName, id: string, column: string): string {
  return `${table}/${id}/${column}`;
}

function decode<T extends TableName>(sealer: Sealer, table: T, stored: Record<string, Stored>): Rows[T] {
  const row: Record<string, unknown> = stored;
  const id = String(stored.id);
  for (const [column, kind] of notPlain.get(table) ?? []) {
    const value = stored[column];
    if (typeof value !== 'string') continue;
    row[column] =
      kind === 'sealed'
        ? new Secret(sealer.open(value, place(table, id, column)))
        : parseJson(table, id, column, value);
  }
  // The one place where stored columns become a row: `columns` has the same names as `Rows`, checked by its type.
  return row as unknown as Rows[T];
}

function parseJson(table: TableName, id: string, column: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FishplateError('store.unavailable', `${place(table, id, column)} holds damaged JSON`, {
      cause,
    });
  }
}

/** Every column that holds sealed texts, in a fixed order. */
export const sealedColumns: readonly (readonly [table: TableName, column: string])[] = (
  Object.keys(columns) as TableName[]
).flatMap((table) =>
  Object.entries<ColumnKind>(columns[table]).flatMap(([column, kind]) =>
    kind === 'sealed' ? [[table, column] as const] : [],
  ),
);

/** Per table all columns, in the order in which databases keep them. */
const allColumns: ReadonlyMap<string, readonly (readonly [string, ColumnKind])[]> = new Map(
  Object.entries(columns).map(([table, kinds]) => [table, Object.entries(kinds)]),
);

/** Per table the columns that need work when they are read. */
const notPlain: ReadonlyMap<string, readonly (readonly [string, ColumnKind])[]> = new Map(
  Object.entries(columns).map(([table, kinds]) => [
    table,
    Object.entries(kinds).filter(([, kind]) => kind === 'json' || kind === 'sealed'),
  ]),
);

function columnsOf(table: TableName): Readonly<Record<string, ColumnKind>> {
  if (!Object.hasOwn(columns, table)) throw defect(`There is no table ${table}`);
  return columns[table];
}

/** A mistake of our own code, not of its user. */
export function defect(message: string): FishplateError {
  return new FishplateError('internal.unexpected', message);
}
