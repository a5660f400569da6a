/** An installation comes in; its latest calls go out, with the way to all of them. */
import { Anchor, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { CallBrief, Installation } from '../../api/installation-answers.ts';
import { type Place, useLatestCalls } from '../../api/installations.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { formatAgo, formatDuration } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { Section } from './section.tsx';

const SHOWN = 8;

interface LatestCallsProps {
  readonly place: Place;
  readonly installation: Installation;
}

export function LatestCalls({ place, installation: { Id, AccountId, State } }: LatestCallsProps) {
  const calls = useLatestCalls(place, SHOWN, true);
  const log = `/log?${new URLSearchParams({ account: AccountId, installation: Id }).toString()}`;
  const more = calls.data && calls.data.length > 0 && (
    <Anchor component={Link} to={log} size="sm">
      All in the log
    </Anchor>
  );
  return (
    <Section title="Latest calls" actions={more}>
      <ErrorNotice error={calls.error} onRetry={() => void calls.refetch()} />
      {calls.isPending && <Loading what="Loading the calls" rows={3} height={36} />}
      {calls.data?.length === 0 && (
        <Text size="sm" c="dimmed" className="section-body">
          {State === 'active'
            ? 'None yet. Try a method in the workbench, or call it by the API.'
            : 'None yet. They begin once the connection works.'}
        </Text>
      )}
      {calls.data && calls.data.length > 0 && (
        <DataTable caption="Latest calls" columns={columns} rows={calls.data} rowKey={({ Id: id }) => id} />
      )}
    </Section>
  );
}

const columns: readonly Column<CallBrief>[] = [
  {
    key: 'method',
    header: 'Method',
    render: ({ Method }) => (
      <Text size="sm" className="id">
        {Method}
      </Text>
    ),
  },
  { key: 'outcome', header: 'Outcome', render: (call) => <Outcome call={call} /> },
  {
    key: 'duration',
    header: 'Took',
    isNumber: true,
    isTight: true,
    render: ({ DurationMs }) => formatDuration(DurationMs),
  },
  {
    key: 'date',
    header: 'When',
    isTight: true,
    render: ({ Date: at }) => <span className="number">{formatAgo(at, Date.now())}</span>,
  },
];

function Outcome({ call: { Outcome: outcome, Status } }: { readonly call: CallBrief }) {
  const isGood = outcome === 'ok';
  const Icon = isGood ? IconCircleCheck : IconCircleX;
  return (
    <Text size="sm" component="span" className="icon-line">
      <Icon size={16} aria-hidden className={isGood ? 'text-teal' : 'text-red'} />
      <span>
        {isGood ? 'Went well' : outcome}
        {Status !== null && <span className="number text-dimmed"> {Status}</span>}
      </span>
    </Text>
  );
}
