/** An account's and an installation's id come in; the installation goes out: how it is, its settings, credentials, links and calls. */
import { Button, Grid, Stack } from '@mantine/core';
import { IconArrowLeft, IconPlugOff } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAccount } from '../../api/accounts.ts';
import { isApiError } from '../../api/api-error.ts';
import type { Installation } from '../../api/installation-answers.ts';
import { type Place, useInstallation } from '../../api/installations.ts';
import { useMay } from '../../api/session.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { ReadOnlyNotice } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Page } from '../../shell/page.tsx';
import { Aside } from './aside.tsx';
import { Credentials } from './credentials.tsx';
import { Ending } from './ending.tsx';
import { LatestCalls } from './latest-calls.tsx';
import { Rename } from './rename.tsx';
import { Settings } from './settings.tsx';
import { SetupLinks } from './setup-links.tsx';
import { Standing } from './standing.tsx';

const ACTION = 'installations:write';

export default function InstallationPage() {
  const { account = '', installation = '' } = useParams();
  const place: Place = { account, installation };
  const owner = useAccount(account);
  const { data, error, refetch } = useInstallation(place);
  const path = `/accounts/${encodeURIComponent(account)}`;
  const crumbs = [
    { label: 'Accounts', to: '/accounts' },
    { label: owner.data?.Name ?? account, to: path },
  ];
  if (isApiError(error, 'installation.unknown')) return <Unknown crumbs={crumbs} account={path} />;
  return (
    <Page
      title={data?.Name ?? 'Installation'}
      crumbs={crumbs}
      icon={data && <ConnectorIcon connector={data.Connector} />}
      badge={data && <StateBadge state={data.State} />}
      actions={
        data && (
          <>
            <Rename place={place} name={data.Name} />
            {data.State === 'active' && (
              <Button component={Link} to={workbenchOf(data)} size="sm">
                Call a method
              </Button>
            )}
          </>
        )
      }
    >
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {!error && !data && <Loading what="Loading the installation" rows={4} height={96} />}
      {data && <Sections key={data.Id} place={place} installation={data} back={path} />}
    </Page>
  );
}

const workbenchOf = ({ Id, AccountId }: Installation) =>
  `/workbench/${encodeURIComponent(Id)}?${new URLSearchParams({ account: AccountId }).toString()}`;

interface SectionsProps {
  readonly place: Place;
  readonly installation: Installation;
  /** The account's page. */
  readonly back: string;
}

function Sections({ place, installation, back }: SectionsProps) {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const logs = useMay('logs:read');
  const deleted = () => {
    announce(`Deleted ${installation.Name}.`);
    void navigate(back);
  };
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="lg">
          <ReadOnlyNotice action={ACTION} />
          <Standing place={place} installation={installation} />
          <Settings place={place} installation={installation} />
          <Credentials place={place} installation={installation} />
          <SetupLinks place={place} installation={installation} />
          {logs.allowed && <LatestCalls place={place} installation={installation} />}
          <Ending place={place} installation={installation} onDeleted={deleted} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Aside installation={installation} />
      </Grid.Col>
    </Grid>
  );
}

interface UnknownProps {
  readonly crumbs: readonly { readonly label: string; readonly to: string }[];
  readonly account: string;
}

const Unknown = ({ crumbs, account }: UnknownProps) => (
  <Page title="Installation not found" crumbs={crumbs}>
    <EmptyState
      icon={IconPlugOff}
      title="There is no such installation"
      action={
        <Button
          component={Link}
          to={account}
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          To the account
        </Button>
      }
    >
      It may have been deleted, or it belongs to another account.
    </EmptyState>
  </Page>
);
