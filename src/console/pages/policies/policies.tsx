/** The permission policies come in; a list goes out with what each says and who has it. */
import { Badge, Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { Policy } from '../../api/access-answers.ts';
import { usePolicies } from '../../api/policies.ts';
import { useServiceUsers } from '../../api/service-users.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton, ReadOnlyNotice } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { describeStatements, managedWords } from '../../parts/policy-words.ts';
import { Page } from '../../shell/page.tsx';

const ACTION = 'access:write';

export function Policies() {
  const policies = usePolicies();
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <Page
      title="Permission policies"
      lead="Nothing is allowed unless a policy of the service user allows it, and a denial wins over all that allow, in whichever policy they are."
      actions={
        <GuardedButton
          action={ACTION}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => void navigate('/access/policies/new')}
        >
          New policy
        </GuardedButton>
      }
    >
      <ReadOnlyNotice action={ACTION} />
      <ErrorNotice error={policies.error} onRetry={() => void policies.refetch()} />
      {policies.isPending && <Loading what="Loading the policies" rows={3} height={60} />}
      {policies.data && (
        <DataTable
          caption="Permission policies"
          columns={columns}
          rows={policies.data}
          rowKey={({ Id }) => Id}
        />
      )}
      {policies.data?.every(({ Managed }) => Managed) && (
        <Text size="sm" c="dimmed">
          These two are always there. Make your own for whoever shall do more than look and less than
          everything: calls in some accounts only, or the setup of one connector.{' '}
          <Button component={Link} to="/access/policies/new" variant="transparent" size="compact-sm">
            Make one
          </Button>
        </Text>
      )}
    </Page>
  );
}

function useColumns(): readonly Column<Policy>[] {
  const users = useServiceUsers().data;
  return [
    {
      key: 'name',
      header: 'Policy',
      isTight: true,
      render: ({ Id, Name, Managed }) => (
        <Group gap="xs" wrap="nowrap">
          <Link to={`/access/policies/${encodeURIComponent(Id)}`} className="name-link">
            {Name}
          </Link>
          {Managed && (
            <Badge variant="default" size="sm">
              Managed
            </Badge>
          )}
        </Group>
      ),
    },
    {
      key: 'says',
      header: 'What it says',
      render: ({ Id, Managed, Statements }) => (
        <Text size="sm">{(Managed && managedWords[Id]) || describeStatements(Statements)}</Text>
      ),
    },
    {
      key: 'users',
      header: 'Had by',
      isNumber: true,
      isTight: true,
      render: ({ Id }) => users?.filter(({ Policies: ids }) => ids.includes(Id)).length ?? '',
    },
  ];
}
