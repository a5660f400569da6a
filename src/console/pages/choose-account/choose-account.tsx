/** A connector's name comes in; the accounts go out as a choice of where to install it. */
import { Button, Card, Text, TextInput, Title } from '@mantine/core';
import { IconBuilding, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useAccounts } from '../../api/accounts.ts';
import { useConnector } from '../../api/connectors.ts';
import type { Account } from '../../api/installation-answers.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../shell/page.tsx';

const crumbs = [{ label: 'Application Connector Library', to: '/' }];

export default function ChooseAccount() {
  const { name = '' } = useParams();
  const connector = useConnector(name);
  const accounts = useAccounts();
  return (
    <Page
      title={`Install ${connector.data?.Title ?? name}`}
      crumbs={crumbs}
      icon={connector.data && <ConnectorIcon connector={connector.data} />}
      lead="In which account?"
    >
      <ErrorNotice
        error={connector.error ?? accounts.error}
        onRetry={() => void Promise.all([connector.refetch(), accounts.refetch()])}
      />
      {accounts.isPending && <Loading what="Loading the accounts" rows={3} height={64} />}
      {accounts.data?.length === 0 && (
        <EmptyState
          icon={IconBuilding}
          title="There are no accounts yet"
          action={
            <Button component={Link} to="/accounts">
              To the accounts
            </Button>
          }
        >
          Connectors are installed in an account, which stands for one of your customers. Create one first.
        </EmptyState>
      )}
      {accounts.data && accounts.data.length > 0 && <Choice name={name} accounts={accounts.data} />}
    </Page>
  );
}

const MOST_SHOWN = 20;

function Choice({ name, accounts }: { readonly name: string; readonly accounts: readonly Account[] }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = accounts.filter(({ Name, Id }) => `${Name}\n${Id}`.toLowerCase().includes(wanted));
  return (
    <>
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
      <ul className="plain-list installation-list">
        {found.slice(0, MOST_SHOWN).map(({ Id, Name }) => (
          <Card component="li" key={Id} className="connector-card" padding="md">
            <div className="connector-text">
              <Title order={2} size="h3">
                <Link
                  to={`/accounts/${encodeURIComponent(Id)}/install/${encodeURIComponent(name)}`}
                  className="card-link"
                >
                  {Name}
                </Link>
              </Title>
              <Text size="xs" c="dimmed" className="id">
                {Id}
              </Text>
            </div>
            <IconChevronRight size={18} aria-hidden className="connector-chevron" />
          </Card>
        ))}
      </ul>
      <Text size="sm" c="dimmed" role="status">
        {found.length === 0 && `No account fits "${text}".`}
        {found.length > MOST_SHOWN && `${found.length - MOST_SHOWN} more fit; type more of the name.`}
      </Text>
    </>
  );
}
