/** A played vendor comes in; the collections of its data go out, with how many entities each holds. */
import { Group, Switch, Text, TextInput } from '@mantine/core';
import { IconDatabase, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CollectionCount } from '../../api/sandbox-answers.ts';
import { screenPath, useScreen } from '../../api/sandboxes.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf, formatCount } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { addressOf, findCollections, nameOf } from './collection-names.ts';
import { Head, Screen, type Vendor } from './screen.tsx';

export const Collections = () => (
  <Screen tab="/data" ofOrganisation>
    {(vendor) => <List vendor={vendor} />}
  </Screen>
);

function List({ vendor }: { readonly vendor: Vendor }) {
  const path = screenPath`collections?counts=true&organisationId=${vendor.organisation.id}`;
  const { data, error, isPending, refetch } = useScreen<readonly CollectionCount[]>(vendor.name, path);
  const [text, setText] = useState('');
  const [withEmpty, setWithEmpty] = useState(false);
  const found = findCollections(data ?? [], text, withEmpty);
  return (
    <>
      <Head
        title="Data"
        lead={`What ${vendor.organisation.name} has stored at ${vendor.title}, as it is played here.`}
      />
      <Group gap="md">
        <TextInput
          className="search"
          type="search"
          aria-label="Search collections"
          placeholder="Search collections"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Switch
          label="Empty ones too"
          checked={withEmpty}
          onChange={({ currentTarget }) => setWithEmpty(currentTarget.checked)}
        />
      </Group>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {isPending && <Loading what="Loading the collections" rows={4} height={48} />}
      {data && found.length === 0 && (
        <EmptyState
          icon={text === '' ? IconDatabase : IconSearchOff}
          title={text === '' ? 'Nothing is stored yet' : 'No collection fits'}
        >
          {text === ''
            ? 'Create something by a call of the API or from the workbench, and find it here.'
            : `None ${withEmpty ? '' : 'with entities '}has "${text}" in its name.`}
        </EmptyState>
      )}
      <ul className="plain-list collections">
        {found.map(({ name, count }) => (
          <li key={name} className="collection">
            <Link to={vendor.to(`/data/${addressOf(name)}`)} className="card-link">
              {nameOf(name)}
            </Link>
            <Text
              size="sm"
              c="dimmed"
              component="span"
              className="number"
              title={countOf(count, 'entity', 'entities')}
            >
              {formatCount(count)}
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}
