/** The address comes in; the method calls that fit its filters go out, newest first. */
import { Button, Stack, Switch, Text } from '@mantine/core';
import { IconListDetails, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useAccounts } from '../../api/accounts.ts';
import type { CallRecord } from '../../api/call-answers.ts';
import { MOST_CALLS, useCalls } from '../../api/calls.ts';
import { useConnectors } from '../../api/connectors.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { countOf, formatDuration, formatSecond } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { ShowMore, useLimit } from '../../parts/show-more.tsx';
import { BETWEEN, spanOf } from '../../parts/time-span.ts';
import { type Filters, useFilters } from '../../parts/use-filters.ts';
import { Page } from '../../shell/page.tsx';
import { CallPage } from '../call/call.tsx';
import { callFilterOf, callPath, type FilterName, filterNames, spanTextOf } from './log-filter.ts';
import { LogFilters } from './log-filters.tsx';
import { Outcome } from './outcome.tsx';
import './log.css';

const EVERY_MS = 4_000;

/** The list, or - with an id in the address - one call: both are one chunk. */
export default function LogPages() {
  const { call } = useParams();
  return call === undefined ? <Log /> : <CallPage id={call} />;
}

function Log() {
  const filters = useFilters(filterNames);
  const [isLive, setLive] = useState(false);
  return (
    <Page
      title="Call log"
      lead="Every method call, whoever made it: how it went, how often it was tried, how long it took."
      actions={
        <Switch
          label="Keep up to date"
          checked={isLive}
          onChange={({ currentTarget }) => setLive(currentTarget.checked)}
        />
      }
    >
      <LogFilters filters={filters} />
      <Calls filters={filters} isLive={isLive} />
    </Page>
  );
}

const STEP = 50;

interface CallsProps {
  readonly filters: Filters<FilterName>;
  readonly isLive: boolean;
}

function Calls({ filters: { values, change, given, clear }, isLive }: CallsProps) {
  const [limit, setLimit] = useLimit(JSON.stringify(values), STEP);
  const text = spanTextOf(values);
  const calls = useCalls(callFilterOf(values), {
    ...{ spanKey: JSON.stringify(text), span: () => spanOf(text, Date.now()), limit },
    everyMs: isLive && EVERY_MS,
  });
  const columns = useColumns();
  const { data } = calls;
  const last = data?.at(-1);
  if (!data)
    return calls.error ? (
      <ErrorNotice error={calls.error} onRetry={() => void calls.refetch()} />
    ) : (
      <Loading what="Loading the calls" rows={8} height={44} />
    );
  return (
    <Stack gap="sm">
      <ErrorNotice error={calls.error} onRetry={() => void calls.refetch()} />
      <div role="status" className="visually-hidden">
        {countOf(data.length, 'call')} listed
      </div>
      {data.length === 0 && <Nothing isFiltered={given.length > 0} clear={clear} />}
      {data.length > 0 && (
        <div className={calls.isPlaceholderData ? 'call-list is-old' : 'call-list'}>
          <DataTable caption="Calls" columns={columns} rows={data} rowKey={({ Id }) => Id} />
        </div>
      )}
      <ShowMore
        {...{
          shown: data.length,
          limit,
          most: MOST_CALLS,
          noun: 'call',
          isFetching: calls.isPlaceholderData,
        }}
        more={() => setLimit(Math.min(MOST_CALLS, limit * 2))}
        older={() => {
          if (last) change({ range: BETWEEN, before: justAfter(last.Date) });
        }}
      />
    </Stack>
  );
}

/** Those of the same millisecond are listed again, rather than left out. */
const justAfter = (iso: string) => new Date(Date.parse(iso) + 1).toISOString();

function Nothing({ isFiltered, clear }: { readonly isFiltered: boolean; readonly clear: () => void }) {
  if (isFiltered)
    return (
      <EmptyState
        icon={IconSearchOff}
        title="No call fits"
        action={
          <Button variant="default" onClick={clear}>
            Clear the filters
          </Button>
        }
      >
        Take a filter away, or look at a longer time. Rows are kept for 30 days unless the API is told
        otherwise.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={IconListDetails}
      title="There are no calls yet"
      action={
        <Button component={Link} to="/accounts" variant="default">
          To the accounts
        </Button>
      }
    >
      Install a connector in an account, then call one of its methods: from the workbench, or over the API.
    </EmptyState>
  );
}

function useColumns(): readonly Column<CallRecord>[] {
  const accounts = new Map(useAccounts().data?.map(({ Id, Name }) => [Id, Name]));
  const connectors = new Map(useConnectors().data?.map(({ Name, Title }) => [Name, Title]));
  return [
    {
      key: 'date',
      header: 'When',
      isTight: true,
      render: ({ Date: at }) => <span className="number">{formatSecond(at)}</span>,
    },
    {
      key: 'method',
      header: 'Method',
      render: ({ Id, Method, Connector }) => (
        <div>
          <Link to={callPath(Id)} className="call-link">
            {Method}
          </Link>
          <Text size="xs" c="dimmed">
            {connectors.get(Connector) ?? Connector}
          </Text>
        </div>
      ),
    },
    {
      key: 'account',
      header: 'Account',
      render: ({ AccountId }) => (
        <Text size="sm" component="span">
          {accounts.get(AccountId) ?? <span className="id">{AccountId}</span>}
        </Text>
      ),
    },
    { key: 'outcome', header: 'Outcome', render: (call) => <Outcome call={call} /> },
    {
      key: 'attempts',
      header: 'Attempts',
      isNumber: true,
      isTight: true,
      render: ({ Attempts }) => Attempts,
    },
    {
      key: 'duration',
      header: 'Took',
      isNumber: true,
      isTight: true,
      render: ({ DurationMs }) => formatDuration(DurationMs),
    },
  ];
}
