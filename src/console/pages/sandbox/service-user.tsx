/** A service user's id comes in; its page goes out: policies to give and take, access keys, name and details, and the way to delete it. */
import { Grid, Group, Paper, Stack, Text } from '@mantine/core';
import { IconPlugOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { isApiError } from '../../api/api-error.ts';
import type { PlayedUser } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk, useScreen } from '../../api/sandboxes.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Facts } from '../../parts/facts.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { TypedConfirm } from '../../parts/typed-confirm.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { AccessKeys } from './access-keys.tsx';
import { Screen, type Vendor } from './screen.tsx';
import { formatMoment } from './time.ts';
import { UserDetails } from './user-details.tsx';
import { UserPolicies } from './user-policies.tsx';

export function ServiceUserPage() {
  const { name = '', user = '' } = useParams();
  const { data } = useScreen<PlayedUser>(name, screenPath`service-users/${user}`, { enabled: false });
  return (
    <Screen tab="" heading={data?.name ?? 'Service user'}>
      {(vendor) => <Loaded vendor={vendor} id={user} />}
    </Screen>
  );
}

function Loaded({ vendor, id }: { readonly vendor: Vendor; readonly id: string }) {
  const { data: user, error, refetch } = useScreen<PlayedUser>(vendor.name, screenPath`service-users/${id}`);
  if (isApiError(error, 'sandbox.unknown'))
    return (
      <EmptyState icon={IconPlugOff} title="There is no such service user">
        It was deleted, or the sandbox was started anew.
      </EmptyState>
    );
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!user) return <Loading what="Loading the service user" rows={2} height={140} />;
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="lg">
          <UserPolicies vendor={vendor} user={user} />
          <AccessKeys vendor={vendor} user={user} />
          <UserDetails key={JSON.stringify([user.name, user.details])} vendor={vendor} user={user} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="lg">
          <About user={user} />
          <Deletion vendor={vendor} user={user} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function About({ user: { id, organisationId, createdAt } }: { readonly user: PlayedUser }) {
  const copied = (value: string, label: string) => (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <span className="id">{value}</span>
      <CopyButton value={value} label={label} />
    </Group>
  );
  return (
    <Paper withBorder p="md">
      <Facts
        facts={[
          { name: 'Id', value: copied(id, 'Copy the id') },
          { name: 'Organisation', value: copied(organisationId, "Copy the organisation's id") },
          { name: 'Created', value: <span className="number">{formatMoment(createdAt)}</span> },
        ]}
      />
    </Paper>
  );
}

function Deletion({ vendor, user }: { readonly vendor: Vendor; readonly user: PlayedUser }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useAsk(vendor.name);
  const navigate = useNavigate();
  const announce = useAnnounce();
  const confirm = () =>
    remove.mutate(
      { Verb: 'DELETE', Path: screenPath`service-users/${user.id}` },
      {
        onSuccess: () => {
          announce(`Deleted the service user ${user.name}.`);
          void navigate(vendor.to(''));
        },
      },
    );
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed" mb="sm">
        Its keys go with it, and calls with their tokens are refused at once.
      </Text>
      <GuardedButton
        action={SANDBOX_ACTION}
        variant="light"
        color="red"
        size="sm"
        onClick={() => setAsking(true)}
      >
        Delete service user
      </GuardedButton>
      {isAsking && (
        <TypedConfirm
          {...{ title: `Delete ${user.name}?`, word: user.name, verb: 'Delete' }}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={confirm}
          onClose={() => setAsking(false)}
        >
          Whatever uses one of its keys stops working. This cannot be taken back.
        </TypedConfirm>
      )}
    </Paper>
  );
}
