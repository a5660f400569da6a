/** An account's id comes in; what is installed in it goes out, with how each installation is and who it is at the vendor. */
import { Button } from '@mantine/core';
import { IconArrowLeft, IconBuildingOff, IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAccount } from '../../api/accounts.ts';
import { isApiError } from '../../api/api-error.ts';
import { useInstallations } from '../../api/installations.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../shell/page.tsx';
import { InstallationCard } from './installation-card.tsx';

const crumbs = [{ label: 'Accounts', to: '/accounts' }];

export default function AccountPage() {
  const { account: id = '' } = useParams();
  const account = useAccount(id);
  const installations = useInstallations(id);
  const navigate = useNavigate();
  if (isApiError(account.error, 'account.unknown')) return <UnknownAccount id={id} />;
  const error = account.error ?? installations.error;
  const count = installations.data?.length ?? 0;
  const install = (
    <GuardedButton
      action="installations:write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => void navigate(`/accounts/${encodeURIComponent(id)}/install`)}
    >
      Install a connector
    </GuardedButton>
  );
  return (
    <Page
      title={account.data?.Name ?? id}
      crumbs={crumbs}
      lead={
        <>
          Id <span className="id">{id}</span>
        </>
      }
      actions={count > 0 ? install : undefined}
    >
      <ErrorNotice
        error={error}
        onRetry={() => void Promise.all([account.refetch(), installations.refetch()])}
      />
      {!error && !installations.data && <Loading what="Loading the installations" rows={2} height={128} />}
      {installations.data && count === 0 && (
        <EmptyState icon={IconPlugConnected} title="Nothing is installed yet" action={install}>
          Install a connector: it asks for what is missing and proves the connection. Your customer can also
          give the credentials, by a one-time link.
        </EmptyState>
      )}
      {count > 0 && (
        <ul className="plain-list installation-list" aria-label="Installations">
          {installations.data?.map((installation) => (
            <InstallationCard key={installation.Id} installation={installation} />
          ))}
        </ul>
      )}
    </Page>
  );
}

const UnknownAccount = ({ id }: { readonly id: string }) => (
  <Page title="Account not found" crumbs={crumbs}>
    <EmptyState
      icon={IconBuildingOff}
      title="There is no such account"
      action={
        <Button
          component={Link}
          to="/accounts"
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          To the accounts
        </Button>
      }
    >
      No account has the id "{id}". It may have been deleted.
    </EmptyState>
  </Page>
);
