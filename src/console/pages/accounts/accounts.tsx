/** The accounts come in; a list goes out with what is installed in each and how it is, and the way to a new one. */
import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBuilding, IconPlus, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { MOST_ACCOUNTS, useAccounts } from '../../api/accounts.ts';
import type { Account } from '../../api/installation-answers.ts';
import { useInstallations } from '../../api/installations.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatCount, formatDate } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Page } from '../../shell/page.tsx';
import { NewAccount } from './new-account.tsx';

const ACTION = 'accounts:write';

export default function Accounts() {
  const accounts = useAccounts();
  const [isCreating, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const created = (account: Account) => {
    announce(`Created the account ${account.Name}.`);
    void navigate(`/accounts/${encodeURIComponent(account.Id)}`);
  };
  const button = (
    <GuardedButton action={ACTION} leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      New account
    </GuardedButton>
  );
  return (
    <Page
      title="Accounts"
      lead="Your customers. Connectors are installed in an account, with its own credentials or with yours."
      actions={accounts.data && accounts.data.length > 0 ? button : undefined}
    >
      <ErrorNotice error={accounts.error} onRetry={() => void accounts.refetch()} />
      {accounts.isPending && <Loading what="Loading the accounts" rows={4} height={52} />}
      {accounts.data?.length === 0 && (
        <EmptyState icon={IconBuilding} title="There are no accounts yet" action={button}>
          An account stands for one of your customers. Create one, then install a connector in it.
        </EmptyState>
      )}
      {accounts.data && accounts.data.length > 0 && <AccountList accounts={accounts.data} />}
      {isCreating && <NewAccount onClose={close} onCreated={created} />}
    </Page>
  );
}

/** Each row asks for its installations, so not all are shown at once. */
const STEP = 25;

function AccountList({ accounts }: { readonly accounts: readonly Account[] }) {
  const [text, setText] = useState('');
  const [most, setMost] = useState(STEP);
  const wanted = text.trim().toLowerCase();
  const found = accounts.filter(({ Name, Id }) => `${Name}\n${Id}`.toLowerCase().includes(wanted));
  return (
    <Stack gap="md">
      {accounts.length > 5 && (
        <TextInput
          className="search"
          type="search"
          aria-label="Search accounts"
          placeholder="Search by name or id"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      )}
      {found.length === 0 ? (
        <EmptyState icon={IconSearchOff} title="No account fits">
          No name and no id holds "{text}".
        </EmptyState>
      ) : (
        <div className="titled-rows">
          <DataTable
            caption="Accounts"
            columns={columns}
            rows={found.slice(0, most)}
            rowKey={({ Id }) => Id}
          />
        </div>
      )}
      {found.length > most && (
        <Group>
          <Button variant="default" onClick={() => setMost(most + STEP)}>
            Show more
          </Button>
          <Text size="sm" c="dimmed">
            {formatCount(most)} of {formatCount(found.length)}
            {accounts.length === MOST_ACCOUNTS && ', as far as one list reaches'}
          </Text>
        </Group>
      )}
    </Stack>
  );
}

const columns: readonly Column<Account>[] = [
  {
    key: 'name',
    header: 'Account',
    render: ({ Id, Name }) => (
      <div>
        <Anchor component={Link} to={`/accounts/${encodeURIComponent(Id)}`} fw={500}>
          {Name}
        </Anchor>
        <Text size="xs" c="dimmed" className="id">
          {Id}
        </Text>
      </div>
    ),
  },
  { key: 'installed', header: 'Installed', render: ({ Id }) => <Installed account={Id} /> },
  {
    key: 'created',
    header: 'Created',
    isTight: true,
    render: ({ CreatedDate }) => <span className="number">{formatDate(CreatedDate)}</span>,
  },
];

const MOST_SHOWN = 4;

function Installed({ account }: { readonly account: string }) {
  const { data, isError } = useInstallations(account);
  if (isError)
    return (
      <Text size="sm" c="dimmed">
        Not yours to see
      </Text>
    );
  if (!data) return <span className="installed-room" />;
  if (data.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing yet
      </Text>
    );
  const rest = data.length - MOST_SHOWN;
  return (
    <Stack component="ul" gap={6} className="plain-list">
      {data.slice(0, MOST_SHOWN).map(({ Id, Name, State, Connector }) => (
        <li key={Id} className="installed">
          <ConnectorIcon connector={Connector} size={20} />
          <Text size="sm" component="span">
            {Name}
          </Text>
          <StateBadge state={State} />
        </li>
      ))}
      {rest > 0 && (
        <Text size="xs" c="dimmed" component="li">
          and {rest} more
        </Text>
      )}
    </Stack>
  );
}
