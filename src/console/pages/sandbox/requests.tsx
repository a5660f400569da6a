/** A played vendor comes in; the requests that reached it go out, newest first, by method, as they arrive. */
import { Badge, Button, Group, Text } from '@mantine/core';
import { IconFlame, IconInbox } from '@tabler/icons-react';
import { useState } from 'react';
import type { ArrivedRequest } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, screenPath, useAsk, useScreen } from '../../api/sandboxes.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf } from '../../parts/format.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { MethodSelect } from './method-select.tsx';
import { Head, Screen, type Vendor } from './screen.tsx';
import { specialRequests } from './special-methods.ts';
import { formatClock, formatMoment } from './time.ts';

const MOST_ASKED = 200;
const STEP = 50;
const EVERY_MS = 4_000;

export const Requests = () => <Screen tab="/requests">{(vendor) => <List vendor={vendor} />}</Screen>;

function List({ vendor }: { readonly vendor: Vendor }) {
  const [method, setMethod] = useState('');
  const [most, setMost] = useState(STEP);
  const path = screenPath`requests?last=${MOST_ASKED}&method=${method}`;
  const all = screenPath`requests?last=${MOST_ASKED}`;
  const requests = useScreen<readonly ArrivedRequest[]>(vendor.name, method === '' ? all : path, {
    everyMs: EVERY_MS,
  });
  const clear = useAsk(vendor.name);
  const announce = useAnnounce();
  const rows = requests.data?.toReversed() ?? [];
  const forget = () =>
    clear.mutate(
      { Verb: 'DELETE', Path: screenPath`requests` },
      { onSuccess: () => announce('Cleared the requests.') },
    );
  return (
    <>
      <Head
        title="Requests"
        lead={`What reached ${vendor.title} as it is played here, newest first. The list goes on by itself; headers are never kept.`}
        actions={
          <GuardedButton
            action={SANDBOX_ACTION}
            variant="default"
            loading={clear.isPending}
            loaderProps={{ type: 'dots' }}
            onClick={forget}
          >
            Clear
          </GuardedButton>
        }
      />
      <Group>
        <div className="method-filter">
          <MethodSelect vendor={vendor} label="Method" value={method} onChange={setMethod} />
        </div>
      </Group>
      <ErrorNotice error={clear.error ?? requests.error} onRetry={() => void requests.refetch()} />
      {requests.isPending && <Loading what="Loading the requests" rows={5} height={44} />}
      {requests.data?.length === 0 && (
        <EmptyState
          icon={IconInbox}
          title={method === '' ? 'Nothing has arrived' : 'Nothing of this method has arrived'}
        >
          Call a method from the workbench, the CLI or the API: what {vendor.title} gets is shown here a
          moment later.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          caption="Requests"
          columns={columns}
          rows={rows.slice(0, most)}
          rowKey={(row) => String(rows.length - rows.indexOf(row))}
        />
      )}
      {rows.length > most && (
        <Group>
          <Button variant="default" onClick={() => setMost(most + STEP)}>
            Show more
          </Button>
          <Text size="sm" c="dimmed">
            {most} of the latest {countOf(rows.length, 'request')}
          </Text>
        </Group>
      )}
    </>
  );
}

const columns: readonly Column<ArrivedRequest>[] = [
  {
    key: 'at',
    header: 'Time',
    isTight: true,
    render: ({ at }) => (
      <Text size="sm" component="span" className="number" title={formatMoment(at)}>
        {formatClock(at)}
      </Text>
    ),
  },
  {
    key: 'request',
    header: 'Request',
    render: ({ verb, path, query, method }) => (
      <div className="arrived">
        <Text size="sm" fw={500}>
          {method === undefined ? 'Nothing is at this path' : (specialRequests[method] ?? method)}
        </Text>
        <Text size="xs" c="dimmed" className="id">
          {verb} {path}
          {query !== '' && `?${query}`}
        </Text>
      </div>
    ),
  },
  {
    key: 'fault',
    header: 'Fault',
    isTight: true,
    hidesHeader: true,
    render: ({ fault }) =>
      fault && (
        <Badge variant="light" color="amber" leftSection={<IconFlame size={12} aria-hidden />}>
          Fault
        </Badge>
      ),
  },
  {
    key: 'answer',
    header: 'Answer',
    isTight: true,
    render: ({ status }) => (
      <Badge variant="light" color={colorOf(status)} className="number">
        {status ?? 'None'}
      </Badge>
    ),
  },
];

const colorOf = (status = 0) => (status >= 400 || status === 0 ? 'red' : 'teal');
