/** The service users come in; a list goes out with their policies, and when their keys were last used. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { ServiceUser } from '../../api/access-answers.ts';
import { useAccessKeys } from '../../api/access-keys.ts';
import { usePolicies } from '../../api/policies.ts';
import { useServiceUsers } from '../../api/service-users.ts';
import { useSession } from '../../api/session.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf, formatAgo, formatDate } from '../../parts/format.ts';
import { GuardedButton, ReadOnlyNotice } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Page } from '../../shell/page.tsx';
import { describeKeys } from './describe-keys.ts';
import { NewServiceUser } from './new-service-user.tsx';

const ACTION = 'access:write';

export function ServiceUsers() {
  const users = useServiceUsers();
  const [isCreating, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const columns = useColumns();
  const created = ({ Id, Name }: ServiceUser) => {
    announce(`Created the service user ${Name}.`);
    void navigate(`/access/users/${encodeURIComponent(Id)}`);
  };
  return (
    <Page
      title="Service users"
      lead="Whoever calls the API or signs in here: a program, or a person. What each may do is said by permission policies; it signs in with an access key."
      actions={
        <GuardedButton action={ACTION} leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          New service user
        </GuardedButton>
      }
    >
      <ReadOnlyNotice action={ACTION} />
      <ErrorNotice error={users.error} onRetry={() => void users.refetch()} />
      {users.isPending && <Loading what="Loading the service users" rows={4} height={52} />}
      {users.data?.length === 0 && (
        <EmptyState icon={IconUsers} title="There are no service users yet">
          Create one for each program that calls the API, so that each has its own rights and keys.
        </EmptyState>
      )}
      {users.data && users.data.length > 0 && (
        <DataTable caption="Service users" columns={columns} rows={users.data} rowKey={({ Id }) => Id} />
      )}
      {isCreating && <NewServiceUser onClose={close} onCreated={created} />}
    </Page>
  );
}

function useColumns(): readonly Column<ServiceUser>[] {
  const { data: session } = useSession();
  const names = new Map(usePolicies().data?.map(({ Id, Name }) => [Id, Name]));
  return [
    {
      key: 'name',
      header: 'Name',
      render: ({ Id, Name }) => (
        <Group gap="xs">
          <Link to={`/access/users/${encodeURIComponent(Id)}`} className="name-link">
            {Name}
          </Link>
          {session?.ServiceUser.Id === Id && (
            <Badge variant="light" size="sm">
              You
            </Badge>
          )}
        </Group>
      ),
    },
    {
      key: 'policies',
      header: 'Policies',
      render: ({ Policies }) =>
        Policies.length === 0 ? (
          <Text size="sm" c="dimmed" component="span">
            None: may do nothing
          </Text>
        ) : (
          <Group gap={6} className="badges">
            {Policies.map((id) => (
              <Badge key={id} variant="default">
                {names.get(id) ?? id}
              </Badge>
            ))}
          </Group>
        ),
    },
    { key: 'keys', header: 'Access keys', render: ({ Id }) => <Keys user={Id} /> },
    {
      key: 'created',
      header: 'Created',
      isTight: true,
      render: ({ CreatedDate }) => <span className="number">{formatDate(CreatedDate)}</span>,
    },
  ];
}

function Keys({ user }: { readonly user: string }) {
  const { data, isError } = useAccessKeys(user);
  if (!data)
    return (
      <Text size="sm" c="dimmed">
        {isError ? 'Not yours to see' : '...'}
      </Text>
    );
  const { active, lastUsed } = describeKeys(data);
  return (
    <Stack gap={0}>
      <Text size="sm" component="span">
        {data.length === 0 ? 'None' : countOf(data.length, 'key')}
        {active < data.length && `, ${active} active`}
      </Text>
      <Text size="xs" c="dimmed" component="span" className="number">
        {lastUsed === null ? 'Never used' : `Last used ${formatAgo(lastUsed, Date.now())}`}
      </Text>
    </Stack>
  );
}
