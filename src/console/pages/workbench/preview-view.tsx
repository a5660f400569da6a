/** A preview comes in; the request as it would be sent goes out, its credential masked, with where each part comes from. */
import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { Preview } from '../../api/methods.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { countOf } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';
import { VerbTag } from './verb-tag.tsx';

const sources: Readonly<Record<string, string>> = {
  argument: 'given in the form',
  default: 'default of the setting',
  console: 'set in the console',
  account: 'set in the account',
  call: 'given for this call',
  definition: 'from the definition',
  generated: 'made up for the call',
};

export function PreviewView({ preview }: { readonly preview: Preview }) {
  const { Method, Url, Headers, Body, Curl, Batches, Provenance } = preview;
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          Nothing was sent. Secrets are masked.
        </Text>
        <CopyButton value={Curl} label="Copy as curl" withText />
      </Group>
      <div className="request-line">
        <VerbTag verb={Method} isLarge />
        <code>{Url}</code>
      </div>
      {Batches !== undefined && (
        <Text size="sm">
          The list is split into {countOf(Batches, 'request')}; this is the first of them.
        </Text>
      )}
      <section aria-labelledby="preview-headers">
        <Title order={3} size="h4" mb={4} id="preview-headers">
          Headers
        </Title>
        <dl className="header-list">
          {Object.entries(Headers).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {Body !== undefined && (
        <JsonView value={Body} label="Body of the request" openLevels={4} maxHeight={360} />
      )}
      <section aria-labelledby="preview-provenance">
        <Title order={3} size="h4" mb={4} id="preview-provenance">
          Where it comes from
        </Title>
        <Table className="data-table" verticalSpacing={6} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Part</Table.Th>
              <Table.Th scope="col">In</Table.Th>
              <Table.Th scope="col">Comes from</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Provenance.map(({ Name, In, Source }) => (
              <Table.Tr key={`${In} ${Name}`}>
                <Table.Td data-label="Part">
                  <code>{Name}</code>
                </Table.Td>
                <Table.Td data-label="In">
                  <Badge variant="default" size="sm">
                    {In}
                  </Badge>
                </Table.Td>
                <Table.Td data-label="Comes from">{sources[Source] ?? Source}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Stack>
  );
}
