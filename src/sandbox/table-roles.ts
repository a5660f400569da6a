/** A method's verb and path come in; what it does with the rows of a table goes out, if its path is that of one. */
import type { Method, Verb } from '../definition/connector.ts';
import type { Collection } from './plan-collections.ts';
import type { PathShape } from './roles.ts';
import type { TableRule } from './script-collections.ts';
import type { TableRole } from './tables.ts';

export interface TableBehaviour {
  readonly does: 'table';
  readonly role: TableRole;
  readonly collection: Collection;
  readonly table: TableRule;
  readonly parents: readonly string[];
  /** Placeholder of a row's key. */
  readonly item: string | undefined;
}

const onAll: Readonly<Partial<Record<Verb, TableRole>>> = { GET: 'read', PUT: 'put', DELETE: 'clear' };
const onRow: Readonly<Partial<Record<Verb, TableRole>>> = {
  GET: 'readRow',
  PUT: 'putRow',
  DELETE: 'removeRow',
};

/** The table's own path is for all rows, the path with a placeholder behind it for one. */
export function tableRoleOf(
  method: Method,
  { name, placeholders }: PathShape,
  collections: ReadonlyMap<string, Collection>,
): TableBehaviour | undefined {
  const isRow = !collections.get(name)?.rules.table && name.endsWith('/*');
  const collection = collections.get(isRow ? name.slice(0, -2) : name);
  const { table } = collection?.rules ?? {};
  const role = (isRow ? onRow : onAll)[method.verb];
  if (!collection || !table || !role) return undefined;
  const parents = isRow ? placeholders.slice(0, -1) : placeholders;
  return { does: 'table', role, collection, table, parents, item: isRow ? placeholders.at(-1) : undefined };
}
