/** Entities come in; a table goes out to scroll in both directions, in which each can be opened. */
import { Table, UnstyledButton } from '@mantine/core';
import { useMemo } from 'react';
import { countOf } from '../../parts/format.ts';
import { cellOf, columnsOf, textOf } from '../workbench/rows.ts';

/** A longer cell is cut; whoever opens the entity sees all of it. */
const MOST_LETTERS = 80;

interface EntityTableProps {
  readonly entities: readonly unknown[];
  readonly onOpen: (entity: unknown) => void;
}

export function EntityTable({ entities, onOpen }: EntityTableProps) {
  const columns = useMemo(() => columnsOf(entities), [entities]);
  return (
    <Table className="entity-table" verticalSpacing={6} horizontalSpacing="sm" highlightOnHover stickyHeader>
      <caption className="visually-hidden">{countOf(entities.length, 'entity', 'entities')}</caption>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column} scope="col">
              {column === '' ? 'Value' : column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entities.map((entity, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entities have no field that every vendor gives a name in
          <Table.Tr key={row}>
            {columns.map((column, index) => {
              const text = shorten(textOf(cellOf(entity, column)));
              return (
                <Table.Td key={column}>
                  {index === 0 ? (
                    <UnstyledButton className="entity-open id" onClick={() => onOpen(entity)}>
                      {text === '' ? 'Open' : text}
                    </UnstyledButton>
                  ) : (
                    text
                  )}
                </Table.Td>
              );
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const shorten = (text: string) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)} ...` : text);
