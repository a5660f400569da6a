/** A played vendor comes in; its service users go out, with their policies and keys, and the way to a new one. */
import { Badge, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMasksTheater, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { PlayedUser } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useScreen } from '../../api/sandboxes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { summaryOfKeys } from './key-forms.ts';
import { NewServiceUser } from './new-service-user.tsx';
import { Head, Screen, type Vendor } from './screen.tsx';
import { formatMoment } from './time.ts';
import { wordsOf } from './words.ts';

export const ServiceUsers = () => (
  <Screen tab="" ofOrganisation>
    {(vendor) => <List vendor={vendor} />}
  </Screen>
);

function List({ vendor }: { readonly vendor: Vendor }) {
  const path = screenPath`service-users?organisationId=${vendor.organisation.id}`;
  const users = useScreen<readonly PlayedUser[]>(vendor.name, path);
  const [isCreating, { open, close }] = useDisclosure();
  const words = wordsOf(vendor.rules);
  const button = (
    <GuardedButton action={SANDBOX_ACTION} leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      New service user
    </GuardedButton>
  );
  return (
    <>
      <Head
        title="Service users"
        lead={`Programs that call ${vendor.title}. ${words.policies} say what they may do; with a key they sign in.`}
        actions={users.data && users.data.length > 0 && button}
      />
      <ErrorNotice error={users.error} onRetry={() => void users.refetch()} />
      {users.isPending && <Loading what="Loading the service users" rows={3} height={52} />}
      {users.data?.length === 0 && (
        <EmptyState icon={IconMasksTheater} title="There are no service users yet" action={button}>
          Create one, give it a {words.policy}, and generate the key that Fishplate signs in with.
        </EmptyState>
      )}
      {users.data && users.data.length > 0 && (
        <DataTable
          caption="Service users"
          columns={columnsFor(vendor)}
          rows={users.data}
          rowKey={({ id }) => id}
        />
      )}
      {isCreating && <NewServiceUser vendor={vendor} close={close} />}
    </>
  );
}

const columnsFor = ({ to, rules }: Vendor): readonly Column<PlayedUser>[] => [
  {
    key: 'name',
    header: 'Service user',
    render: ({ id, name }) => (
      <div>
        <Link to={to(`/service-users/${encodeURIComponent(id)}`)} className="row-link">
          {name}
        </Link>
        <Text size="xs" c="dimmed" className="id">
          {id}
        </Text>
      </div>
    ),
  },
  {
    key: 'policies',
    header: wordsOf(rules).policies,
    render: ({ policies }) =>
      policies.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: every call is refused
        </Text>
      ) : (
        <Group gap={6}>
          {policies.map((policy) => (
            <Badge key={policy} variant="default">
              {policy}
            </Badge>
          ))}
        </Group>
      ),
  },
  {
    key: 'keys',
    header: wordsOf(rules).accessKeys,
    isTight: true,
    render: ({ accessKeys }) => (
      <Text size="sm" c={accessKeys.length === 0 ? 'dimmed' : undefined} component="span">
        {summaryOfKeys(accessKeys, rules.accessKeys)}
      </Text>
    ),
  },
  {
    key: 'created',
    header: 'Created',
    isTight: true,
    render: ({ createdAt }) => <span className="number">{formatMoment(createdAt)}</span>,
  },
];
