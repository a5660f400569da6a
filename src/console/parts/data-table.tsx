/** Rows and columns come in; a table goes out whose rows become cards where it is narrow. */
import { Paper, Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly render: (row: Row) => ReactNode;
  /** Numbers stand right-aligned, digits below digits. */
  readonly isNumber?: boolean;
  /** Takes no more room than it needs, without a line break: dates, badges, buttons. */
  readonly isTight?: boolean;
  /** Only for those who cannot see the table: a column of buttons. */
  readonly hidesHeader?: boolean;
}

interface DataTableProps<Row> {
  /** What the table holds; read out, not shown. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** Put `EmptyState` in its place when there are no rows, and `Loading` when there are none yet. */
export function DataTable<Row>({ caption, columns, rows, rowKey }: DataTableProps<Row>) {
  return (
    <Paper withBorder className="table-frame">
      <Table className="data-table" highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} scope="col" className={classOf(column)}>
                <span className={column.hidesHeader ? 'visually-hidden' : undefined}>{column.header}</span>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map((column) => (
                <Table.Td
                  key={column.key}
                  className={classOf(column)}
                  data-label={column.hidesHeader ? undefined : column.header}
                >
                  {column.render(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

const classOf = ({ isNumber, isTight }: Pick<Column<never>, 'isNumber' | 'isTight'>) =>
  [isNumber && 'cell-number', isTight && 'cell-tight'].filter(Boolean).join(' ') || undefined;
