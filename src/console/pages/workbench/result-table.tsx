/** Rows of an answer come in; a table to scroll in both directions goes out, a hundred rows at a time. */
import { Button, Table } from '@mantine/core';
import { useMemo, useState } from 'react';
import { countOf } from '../../parts/format.ts';
import { cellOf, columnsOf, textOf } from './rows.ts';

const STEP = 100;
/** A longer cell is cut; the tree has all of it. */
const MOST_LETTERS = 120;

export function ResultTable({ rows }: { readonly rows: readonly unknown[] }) {
  const [shown, setShown] = useState(STEP);
  // The first page says which columns there are; those that follow do not move them.
  const columns = useMemo(() => columnsOf(rows), [rows]);
  return (
    <div className="result-rows">
      <Table
        className="result-table"
        verticalSpacing={6}
        horizontalSpacing="sm"
        highlightOnHover
        stickyHeader
      >
        <caption className="visually-hidden">{countOf(rows.length, 'row')}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className="row-number">
              #
            </Table.Th>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column === '' ? 'Value' : column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, shown).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name that all vendors agree upon, and stay where they are
            <Table.Tr key={index}>
              <Table.Td className="row-number">{index + 1}</Table.Td>
              {columns.map((column) => (
                <Cell key={column} value={cellOf(row, column)} />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > shown && (
        <Button variant="subtle" size="compact-sm" m="sm" onClick={() => setShown(shown + STEP)}>
          Show {Math.min(STEP, rows.length - shown)} more of {countOf(rows.length, 'row')}
        </Button>
      )}
    </div>
  );
}

function Cell({ value }: { readonly value: unknown }) {
  const text = textOf(value);
  const kind = value === null || value === undefined ? 'none' : typeof value;
  return (
    <Table.Td
      className={`result-cell cell-of-${kind}`}
      title={text.length > 40 ? text.slice(0, 1_000) : undefined}
    >
      {text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)} ...` : text}
    </Table.Td>
  );
}
