/** An installation comes in; a card goes out: how it is and why, who it is at the vendor, and when it was last called. */
import { Card, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconUserCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Installation } from '../../api/installation-answers.ts';
import { useLatestCalls } from '../../api/installations.ts';
import { useMay } from '../../api/session.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { formatAgo, listOf } from '../../parts/format.ts';
import { describeIdentity } from '../../parts/identity.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { titleOfReason } from '../../parts/test-reason.ts';

export function InstallationCard({ installation }: { readonly installation: Installation }) {
  const { Id, AccountId, Name, State, Connector } = installation;
  const path = `/accounts/${encodeURIComponent(AccountId)}/installations/${encodeURIComponent(Id)}`;
  return (
    <Card component="li" className="installation-card" padding="md">
      <ConnectorIcon connector={Connector} size={44} />
      <div className="installation-text">
        <Group gap="xs">
          <Title order={2} size="h3">
            <Link to={path} className="card-link">
              {Name}
            </Link>
          </Title>
          <StateBadge state={State} />
        </Group>
        <Text size="sm" c="dimmed" mt={2}>
          {Connector.Title} <span className="number">{Connector.Version}</span>
        </Text>
        <Standing installation={installation} />
      </div>
      <LastCall installation={installation} />
    </Card>
  );
}

/** In words: who it is while it works, and what to do while it does not. */
function Standing({ installation }: { readonly installation: Installation }) {
  const { State, StateReason: reason, Identity, Missing } = installation;
  const who = describeIdentity(Identity);
  if (State === 'failing' && reason)
    return (
      <Text size="sm" mt="xs" className="icon-line">
        <IconAlertTriangle size={16} aria-hidden className="text-red" />
        <span>
          <strong>{titleOfReason(reason.Code)}.</strong> {reason.Hint}
        </span>
      </Text>
    );
  if (State === 'active' && who !== undefined)
    return (
      <Text size="sm" mt="xs" className="icon-line">
        <IconUserCheck size={16} aria-hidden className="text-dimmed" />
        <span>{who}</span>
      </Text>
    );
  const text = waitingText(
    installation.State,
    Missing.map(({ Label }) => Label),
  );
  return text === undefined ? null : (
    <Text size="sm" mt="xs">
      {text}
    </Text>
  );
}

function waitingText(state: Installation['State'], missing: readonly string[]): string | undefined {
  if (state === 'de-authenticated') return 'Its credentials were forgotten. Open it to give new ones.';
  if (state !== 'setup-required') return undefined;
  if (missing.length === 0) return 'Everything is there, but the connection is not proven yet.';
  return `Still to give: ${listOf(missing)}. Open it to fill that in, or to send a setup link.`;
}

function LastCall({ installation: { AccountId, Id } }: { readonly installation: Installation }) {
  const may = useMay('logs:read');
  const { data } = useLatestCalls({ account: AccountId, installation: Id }, 1, may.allowed);
  const last = data?.[0];
  return (
    <div className="last-call">
      {data && (
        <>
          <Text size="xs" c="dimmed">
            Last call
          </Text>
          <Text size="sm">{last ? formatAgo(last.Date, Date.now()) : 'None yet'}</Text>
          {last && (
            <Text size="xs" c={last.Outcome === 'ok' ? 'dimmed' : 'var(--mantine-color-error)'}>
              <span className="id">{last.Method}</span>
              {last.Outcome !== 'ok' && ' failed'}
            </Text>
          )}
        </>
      )}
    </div>
  );
}
