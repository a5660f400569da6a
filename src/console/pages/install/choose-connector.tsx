/** An account comes in; the library goes out as a choice of what to install in it. */
import { Card, Text, Title } from '@mantine/core';
import { IconChevronRight, IconPlugOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useConnectors } from '../../api/connectors.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { Loading } from '../../parts/loading.tsx';
import { onePerName } from '../library/find-connectors.ts';

export function ChooseConnector({ account }: { readonly account: string }) {
  const { data, error, isPending, refetch } = useConnectors();
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading what="Loading the connectors" rows={3} height={84} />;
  const connectors = onePerName(data).filter(({ Status }) => Status === 'Approved');
  if (connectors.length === 0)
    return (
      <EmptyState icon={IconPlugOff} title="There is nothing to install">
        The library has no approved connector. Start the API with a folder of connectors.
      </EmptyState>
    );
  return (
    <ul className="plain-list installation-list">
      {connectors.map((connector) => (
        <Card component="li" key={connector.Id} className="connector-card" padding="md">
          <ConnectorIcon connector={connector} size={44} />
          <div className="connector-text">
            <Title order={2} size="h3">
              <Link
                to={`/accounts/${encodeURIComponent(account)}/install/${encodeURIComponent(connector.Name)}`}
                className="card-link"
              >
                {connector.Title}
              </Link>
            </Title>
            <Text size="sm" c="dimmed" className="connector-words" mt={2}>
              {connector.Description}
            </Text>
          </div>
          <IconChevronRight size={18} aria-hidden className="connector-chevron" />
        </Card>
      ))}
    </ul>
  );
}
