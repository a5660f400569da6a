/** A played vendor comes in; its permission policies go out, with what they allow and who has them, and the way to one's own. */
import { Badge, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMasksTheater, IconPlus } from '@tabler/icons-react';
import type { PlayedPolicy, PlayedUser } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk, useScreen } from '../../api/sandboxes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { NewPolicy } from './new-policy.tsx';
import { describeStatement } from './policy-draft.ts';
import { Head, Screen, type Vendor } from './screen.tsx';
import { wordsOf } from './words.ts';

export const Policies = () => (
  <Screen tab="/policies" ofOrganisation>
    {(vendor) => <List vendor={vendor} />}
  </Screen>
);

function List({ vendor }: { readonly vendor: Vendor }) {
  const { name: sandbox, organisation } = vendor;
  const policies = useScreen<readonly PlayedPolicy[]>(
    sandbox,
    screenPath`policies?organisationId=${organisation.id}`,
  );
  const users = useScreen<readonly PlayedUser[]>(
    sandbox,
    screenPath`service-users?organisationId=${organisation.id}`,
  );
  const [isCreating, { open, close }] = useDisclosure();
  const words = wordsOf(vendor.rules);
  const remove = useAsk(sandbox);
  const announce = useAnnounce();
  const deletePolicy = (name: string) =>
    remove.mutate(
      { Verb: 'DELETE', Path: screenPath`policies/${name}?organisationId=${organisation.id}` },
      { onSuccess: () => announce(`Deleted the policy ${name}.`) },
    );
  const holdersOf = (policy: string) =>
    users.data?.filter((user) => user.policies.includes(policy)).length ?? 0;
  return (
    <>
      <Head
        title={words.policies}
        lead={`What calls may do. A service user without a ${words.policy} may do nothing; what one denies, no other allows.`}
        actions={
          <GuardedButton
            action={SANDBOX_ACTION}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={open}
          >
            New {words.policy}
          </GuardedButton>
        }
      />
      <ErrorNotice error={policies.error} onRetry={() => void policies.refetch()} />
      <ErrorNotice error={remove.error} title={`${vendor.title} refuses this`} />
      {policies.isPending && <Loading what="Loading the policies" rows={2} height={52} />}
      {policies.data?.length === 0 && (
        <EmptyState icon={IconMasksTheater} title="There are no policies yet">
          Make one, then give it to a service user.
        </EmptyState>
      )}
      {policies.data && policies.data.length > 0 && (
        <DataTable
          caption={words.policies}
          columns={columnsFor(vendor, holdersOf, deletePolicy)}
          rows={policies.data}
          rowKey={({ name }) => name}
        />
      )}
      {isCreating && <NewPolicy vendor={vendor} close={close} />}
    </>
  );
}

const columnsFor = (
  { rules }: Vendor,
  holdersOf: (policy: string) => number,
  deletePolicy: (policy: string) => void,
): readonly Column<PlayedPolicy>[] => [
  {
    key: 'name',
    header: wordsOf(rules).policy.replace(/^./, (letter) => letter.toUpperCase()),
    render: ({ name, description, managed, serviceUsers }) => (
      <div>
        <Group gap={8} className="policy-name">
          <Text size="sm" fw={500}>
            {name}
          </Text>
          {managed && (
            <Badge variant="default" size="sm">
              Managed
            </Badge>
          )}
          {serviceUsers === false && (
            <Badge variant="default" size="sm">
              Not for service users
            </Badge>
          )}
        </Group>
        {description !== undefined && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: 'statements',
    header: 'What it says',
    render: ({ statements }) => (
      <ul className="plain-list statements">
        {statements.map((statement) => (
          <li key={JSON.stringify(statement)}>{describeStatement(statement, rules)}</li>
        ))}
      </ul>
    ),
  },
  {
    key: 'holders',
    header: 'Given to',
    isTight: true,
    render: ({ name }) => {
      const holders = holdersOf(name);
      return (
        <Text size="sm" c={holders === 0 ? 'dimmed' : undefined} component="span">
          {holders === 0 ? 'Nobody' : countOf(holders, 'service user')}
        </Text>
      );
    },
  },
  {
    key: 'actions',
    header: 'Actions',
    isTight: true,
    hidesHeader: true,
    render: ({ name, managed }) =>
      managed !== true && (
        <GuardedButton
          action={SANDBOX_ACTION}
          variant="light"
          color="red"
          size="compact-sm"
          aria-label={`Delete ${name}`}
          onClick={() => deletePolicy(name)}
        >
          Delete
        </GuardedButton>
      ),
  },
];
