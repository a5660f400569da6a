/** A call comes in; facts about it go out, with the ways to its account, its installation and its method. */
import { Anchor, Button, Paper, Stack, Title } from '@mantine/core';
import { IconTools } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useAccount } from '../../api/accounts.ts';
import type { CallRecord } from '../../api/call-answers.ts';
import { useConnector } from '../../api/connectors.ts';
import { useInstallation } from '../../api/installations.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { formatBytes, formatDuration, formatSecond } from '../../parts/format.ts';
import { logPath } from '../log/log-filter.ts';

export function CallFacts({ call }: { readonly call: CallRecord }) {
  const { Method, Outcome, Connector } = call;
  return (
    <Stack gap="md">
      <Paper withBorder p="md" component="section" aria-labelledby="call-facts">
        <Title order={2} size="h4" id="call-facts" mb="sm">
          About the call
        </Title>
        <Facts facts={[...usePlaces(call), ...factsOf(call), ...idsOf(call)]} />
      </Paper>
      <Paper withBorder p="md" component="section" aria-labelledby="call-others">
        <Title order={2} size="h4" id="call-others" mb="sm">
          Others like it
        </Title>
        <Stack gap={6} align="flex-start">
          <More to={logPath({ method: Method, connector: Connector })}>Calls of this method</More>
          <More to={logPath({ account: call.AccountId, installation: call.AccountConnectorId })}>
            Calls of this installation
          </More>
          <More to={logPath({ outcome: Outcome })}>
            {Outcome === 'ok' ? 'Calls that went well' : 'Calls with this outcome'}
          </More>
        </Stack>
      </Paper>
      {Method !== RAW_METHOD && (
        <Button
          component={Link}
          to={workbenchPath(call)}
          variant="default"
          leftSection={<IconTools size={16} aria-hidden />}
        >
          Open the method in the workbench
        </Button>
      )}
    </Stack>
  );
}

const More = ({ to, children }: { readonly to: string; readonly children: string }) => (
  <Anchor component={Link} to={to} size="sm">
    {children}
  </Anchor>
);

/** What the log calls a request that no method describes. */
const RAW_METHOD = 'request';

function workbenchPath({ AccountId, AccountConnectorId, Method }: CallRecord): string {
  const path = [AccountConnectorId, Method].map(encodeURIComponent).join('/');
  return `/workbench/${path}?${new URLSearchParams({ account: AccountId }).toString()}`;
}

/** Names where they are still there, ids where they are not. */
function usePlaces({ AccountId, AccountConnectorId, Connector }: CallRecord): Fact[] {
  const account = useAccount(AccountId).data?.Name;
  const installation = useInstallation({ account: AccountId, installation: AccountConnectorId }).data?.Name;
  const connector = useConnector(Connector).data?.Title;
  const accountPath = `/accounts/${encodeURIComponent(AccountId)}`;
  const path = `${accountPath}/installations/${encodeURIComponent(AccountConnectorId)}`;
  return [
    { name: 'Account', value: <More to={accountPath}>{account ?? AccountId}</More> },
    { name: 'Installation', value: <More to={path}>{installation ?? AccountConnectorId}</More> },
    { name: 'Connector', value: connector ?? Connector },
  ];
}

const number = (text: string | number) => <span className="number">{text}</span>;

function factsOf(call: CallRecord): Fact[] {
  const { Detail, Status, DurationMs, RequestBytes, ResponseBytes } = call;
  const { verb, host, path, waitedMs, credentials, replayed } = Detail;
  const texts: [string, unknown][] = [
    ['Verb', verb],
    ['Host', host],
    ['Path', path],
    ['Credentials', credentials],
    ['Repeated', replayed === true ? 'Yes: the answer of an earlier call' : undefined],
    ['Waited in line', typeof waitedMs === 'number' ? formatDuration(waitedMs) : undefined],
  ];
  return [
    { name: 'Status', value: number(Status ?? 'No answer') },
    { name: 'Begun', value: number(formatSecond(call.Date)) },
    { name: 'Took', value: number(formatDuration(DurationMs)) },
    ...texts.flatMap(([name, value]) => (typeof value === 'string' ? [{ name, value }] : [])),
    { name: 'Sent', value: number(formatBytes(RequestBytes)) },
    { name: 'Received', value: number(formatBytes(ResponseBytes)) },
  ];
}

function idsOf({ Id, RequestId }: CallRecord): Fact[] {
  const id = (name: string, value: string) => ({
    name,
    value: (
      <>
        <span className="id">{value}</span>{' '}
        <CopyButton value={value} label={`Copy the ${name.toLowerCase()}`} />
      </>
    ),
  });
  return [...(RequestId === null ? [] : [id('Request id', RequestId)]), id('Call id', Id)];
}
