/** Rows with key columns come in and are kept as one table with one version; rows, or the table, go out. */
import type { JsonSchema } from '../definition/connector.ts';
import type { Collections, Entity, Place } from './collections.ts';
import { isObject } from './dotted.ts';
import type { EntityMaker } from './entity.ts';
import type { Scope } from './fill.ts';
import type { Keeper, Kept } from './keeper.ts';
import type { Collection } from './plan-collections.ts';
import { Refusal } from './refusal.ts';
import type { Row } from './rows.ts';
import type { TableRule } from './script-collections.ts';

export type TableRole = 'read' | 'put' | 'clear' | 'readRow' | 'putRow' | 'removeRow';

export interface TableCall {
  readonly does: TableRole;
  readonly collection: Collection;
  readonly table: TableRule;
  readonly place: Place;
  /** Of one row, as the path has it. */
  readonly key: string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Entity;
  readonly bodySchema: JsonSchema | undefined;
  /** Rows of an answer when the query names no limit. */
  readonly mostRows: number;
}

/** Throws the refusals unknownId for a row, badBody for one without its key, and those of versions. */
export interface Tables {
  call(call: TableCall, scope: Scope): Entity | undefined;
  /** Creates the rows or replaces those with the same keys. */
  put(place: Place, rows: readonly Row[], scope: Scope): Kept;
}

/** One entity of this id holds all rows of a place. */
const TABLE = 'table';

export function createTables(
  known: ReadonlyMap<string, Collection>,
  collections: Collections,
  keeper: Keeper,
  entities: EntityMaker,
): Tables {
  const ruleAt = (place: Place): TableRule =>
    known.get(place.collection)?.rules.table ?? { rows: 'rows', row: 'row', keys: 'keys', key: 'key' };

  /** The key columns, as the entity above names them; all columns of the row where it does not. */
  function columnsAt(place: Place): readonly string[] | undefined {
    const id = place.parents.at(-1) ?? '';
    const collection = place.collection.replace(/\/\*\/[^/]+$/, '');
    const above = collections.find({ ...place, collection, parents: place.parents.slice(0, -1) }, id);
    const names = above?.[ruleAt(place).keys];
    return Array.isArray(names) ? names.map(String) : undefined;
  }

  function keyOf(place: Place, row: Row): string {
    const columns = columnsAt(place) ?? Object.keys(row);
    const missing = columns.filter((column) => row[column] === undefined || row[column] === null);
    if (missing.length > 0) throw new Refusal('badBody', `the row has no ${missing.join(', ')}`);
    return columns.map((column) => String(row[column])).join(',');
  }

  const rowsOf = (place: Place): readonly Row[] => {
    const rows = collections.find(place, TABLE)?.[ruleAt(place).rows];
    return Array.isArray(rows) ? rows.filter(isObject) : [];
  };

  function keep(place: Place, rows: readonly Row[], scope: Scope): Kept {
    const fields = { [ruleAt(place).rows]: rows };
    if (!collections.find(place, TABLE)) return keeper.create(place, fields, scope, TABLE);
    return { id: TABLE, entity: keeper.change(place, TABLE, fields, scope, true) };
  }

  function put(place: Place, rows: readonly Row[], scope: Scope): Kept {
    const byKey = new Map(rowsOf(place).map((row) => [keyOf(place, row), row]));
    for (const row of rows) byKey.set(keyOf(place, row), row);
    return keep(place, [...byKey.values()], scope);
  }

  /** The table with some of its rows, in the form of the answer. */
  function show({ table, place, query }: TableCall, rows: readonly Row[]): Entity {
    const shown = table.additional === undefined ? undefined : query[table.additional];
    const withKey = [shown].flat().includes(table.key);
    const full = withKey ? rows.map((row) => ({ ...row, [table.key]: keyOf(place, row) })) : rows;
    return { ...collections.find(place, TABLE), [table.rows]: full };
  }

  function checkVersion({ place, body, bodySchema }: TableCall): void {
    const stored = collections.find(place, TABLE);
    if (stored) entities.checkVersion(stored, body, bodySchema);
  }

  function find(call: TableCall): Row {
    const row = rowsOf(call.place).find((each) => keyOf(call.place, each) === call.key);
    if (!row) throw new Refusal('unknownId', `There is no row with the key ${String(call.key)}`);
    return row;
  }

  function clear({ place }: TableCall, scope: Scope): undefined {
    keeper.remove(place, TABLE, scope);
  }

  function putMany(call: TableCall, scope: Scope): Entity {
    checkVersion(call);
    const given = call.body[call.table.rows];
    const rows = Array.isArray(given) ? given.filter(isObject) : [];
    put(call.place, rows, scope);
    return show(call, rows);
  }

  function putOne(call: TableCall, scope: Scope): Entity {
    checkVersion(call);
    const row = call.body[call.table.row];
    if (!isObject(row)) throw new Refusal('badBody', `${call.table.row} is missing`);
    if (keyOf(call.place, row) !== call.key)
      throw new Refusal(
        'badBody',
        `the row has the key ${keyOf(call.place, row)}, the path ${String(call.key)}`,
      );
    put(call.place, [row], scope);
    return show(call, [row]);
  }

  function removeOne(call: TableCall, scope: Scope): Entity {
    const row = find(call);
    checkVersion(call);
    const others = rowsOf(call.place).filter((each) => each !== row);
    const answer = show(call, [row]);
    keep(call.place, others, scope);
    return answer;
  }

  function read(call: TableCall): Entity {
    const most = call.table.limit === undefined ? undefined : call.query[call.table.limit];
    return show(call, rowsOf(call.place).slice(0, typeof most === 'number' ? most : call.mostRows));
  }

  const actions: Readonly<Record<TableRole, (call: TableCall, scope: Scope) => Entity | undefined>> = {
    read,
    put: putMany,
    clear,
    readRow: (call) => show(call, [find(call)]),
    putRow: putOne,
    removeRow: removeOne,
  };
  return { put, call: (call, scope) => actions[call.does](call, scope) };
}
