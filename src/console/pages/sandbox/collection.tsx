/** A collection of a played vendor comes in; its entities go out, to be searched, as a table and as JSON. */
import { Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDatabase, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useParams } from 'react-router';
import { collectionPath, screenPath, useScreen } from '../../api/sandboxes.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf, formatCount } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';
import { Loading } from '../../parts/loading.tsx';
import { nameOf } from './collection-names.ts';
import { EntityTable } from './entity-table.tsx';
import { Screen, type Vendor } from './screen.tsx';

/** More are not shown: whoever has so many searches. */
const MOST_ENTITIES = 200;

export function Collection() {
  const { '*': collection = '' } = useParams();
  return (
    <Screen tab="/data" heading={nameOf(collection)} ofOrganisation>
      {(vendor) => <Entities key={vendor.organisation.id} vendor={vendor} collection={collection} />}
    </Screen>
  );
}

function Entities({ vendor, collection }: { readonly vendor: Vendor; readonly collection: string }) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const [open, setOpen] = useState<unknown>();
  const query = screenPath`most=${MOST_ENTITIES}&organisationId=${vendor.organisation.id}&search=${search}`;
  const path = collectionPath(collection, query);
  const { data, error, isPending, refetch } = useScreen<readonly unknown[]>(vendor.name, path, {
    keepsLast: true,
  });
  return (
    <>
      <Group gap="md">
        <TextInput
          className="search"
          type="search"
          aria-label="Search entities"
          placeholder="Search in every field"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={80}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Text size="sm" c="dimmed" role="status" className="number">
          {data && describeFound(data.length)}
        </Text>
      </Group>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading what="Loading the entities" rows={5} height={40} />}
      {data?.length === 0 && (
        <EmptyState
          icon={search === '' ? IconDatabase : IconSearchOff}
          title={search === '' ? 'This collection is empty' : 'Nothing fits'}
        >
          {search === ''
            ? `${vendor.organisation.name} has nothing in it yet.`
            : `No entity has "${search}" in any field.`}
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <JsonView
          value={data}
          label="Entities"
          openLevels={2}
          maxHeight={640}
          table={<EntityTable entities={data} onOpen={setOpen} />}
        />
      )}
      {open !== undefined && (
        <Dialog onClose={() => setOpen(undefined)} title={nameOf(collection)} size="lg">
          <JsonView value={open} label="Entity" openLevels={3} />
        </Dialog>
      )}
    </>
  );
}

const describeFound = (count: number) =>
  count === MOST_ENTITIES
    ? `The first ${formatCount(count)}: search for others`
    : countOf(count, 'entity', 'entities');
