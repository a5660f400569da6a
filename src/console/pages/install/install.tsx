/** An account, and perhaps a connector, come in; a new installation goes out: the connector is chosen, then asked for what is missing. */
import { useParams } from 'react-router';
import { useAccount } from '../../api/accounts.ts';
import { isApiError } from '../../api/api-error.ts';
import { useConnector, useConsoleSetup } from '../../api/connectors.ts';
import { useInstallations } from '../../api/installations.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../shell/page.tsx';
import { ChooseConnector } from './choose-connector.tsx';
import { InstallForm } from './install-form.tsx';

export default function Install() {
  const { account: id = '', name } = useParams();
  const account = useAccount(id);
  const path = `/accounts/${encodeURIComponent(id)}`;
  const title = account.data?.Name ?? id;
  const crumbs = [
    { label: 'Accounts', to: '/accounts' },
    { label: title, to: path },
  ];
  if (name === undefined)
    return (
      <Page title={`Install in ${title}`} crumbs={crumbs} lead="Which connector is it to be?">
        <ErrorNotice error={account.error} onRetry={() => void account.refetch()} />
        <ChooseConnector account={id} />
      </Page>
    );
  return (
    <InstallOne {...{ account: id, name, accountName: title, accountError: account.error }} crumbs={crumbs} />
  );
}

interface InstallOneProps {
  readonly account: string;
  readonly accountName: string;
  readonly accountError: unknown;
  readonly name: string;
  readonly crumbs: readonly { readonly label: string; readonly to: string }[];
}

function InstallOne({ account, accountName, accountError, name, crumbs }: InstallOneProps) {
  const connector = useConnector(name);
  const setup = useConsoleSetup(name);
  const others = useInstallations(account);
  // Who is pinned to an account is not told what the console gives; the API knows.
  const isHidden = isApiError(setup.error, 'access.forbidden');
  const error = accountError ?? connector.error ?? (isHidden ? null : setup.error) ?? others.error;
  const isReady = connector.data && others.data && (setup.data || isHidden);
  return (
    <Page
      title={`Install ${connector.data?.Title ?? name}`}
      crumbs={crumbs}
      icon={connector.data && <ConnectorIcon connector={connector.data} />}
      lead={`In ${accountName}. You are asked only for what is still missing.`}
    >
      <ErrorNotice
        error={error}
        onRetry={() => void Promise.all([connector.refetch(), setup.refetch(), others.refetch()])}
      />
      {!error && !isReady && <Loading what="Loading what is asked for" rows={4} height={72} />}
      {!error && isReady && connector.data && others.data && (
        <InstallForm
          {...{ account, connector: connector.data, setup: setup.data }}
          taken={others.data.map(({ Name }) => Name)}
        />
      )}
    </Page>
  );
}
