/** The address comes in; what was changed or refused, and who did it, goes out, newest first. */
import { Button, Select, Stack, Text } from '@mantine/core';
import { IconHistory, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { AuditEntry } from '../../api/access-answers.ts';
import { useAllAccessKeys } from '../../api/access-keys.ts';
import { useAccounts } from '../../api/accounts.ts';
import { MOST_ENTRIES, useAudit } from '../../api/audit.ts';
import { usePolicies } from '../../api/policies.ts';
import { useServiceUsers } from '../../api/service-users.ts';
import { AccountFilter } from '../../parts/account-filter.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { countOf, formatSecond } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { ShowMore, useLimit } from '../../parts/show-more.tsx';
import { BETWEEN, spanOf } from '../../parts/time-span.ts';
import { TimeSpanInput } from '../../parts/time-span-input.tsx';
import { type Filters, useFilters } from '../../parts/use-filters.ts';
import { Page } from '../../shell/page.tsx';
import { actorChoices, nameOfActor, nameOfTarget } from './actors.ts';
import { EntryDialog } from './entry-dialog.tsx';

const names = ['actor', 'action', 'target', 'account', 'range', 'after', 'before'] as const;
type Name = (typeof names)[number];

const STEP = 50;

export function Audit() {
  const filters = useFilters(names);
  const { values, change } = filters;
  const [limit, setLimit] = useLimit(JSON.stringify(values), STEP);
  const { actor, action, target, account, range, after, before } = values;
  const text = { range, after, before };
  const audit = useAudit(
    { actor, action, target, accountId: account },
    { spanKey: JSON.stringify(text), span: () => spanOf(text, Date.now()), limit },
  );
  const [shown, setShown] = useState<AuditEntry>();
  const { data } = audit;
  const last = data?.at(-1);
  const known = useKnown();
  return (
    <Page
      title="Audit"
      lead="Who changed what, who signed in, who was refused, and to whom a secret was shown. Nothing of it can be changed."
    >
      <AuditFilters {...{ filters, known, entries: data ?? [] }} />
      <ErrorNotice error={audit.error} onRetry={() => void audit.refetch()} />
      {!data && !audit.error && <Loading what="Loading the audit" rows={8} height={44} />}
      {data?.length === 0 && (
        <EmptyState icon={IconHistory} title="No entry fits">
          Take a filter away, or look at a longer time. Actor, action and target are compared as a whole.
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <div className={audit.isPlaceholderData ? 'is-old' : undefined}>
          <DataTable
            caption="Audit"
            columns={columnsFor(known, setShown)}
            rows={data}
            rowKey={({ Id }) => Id}
          />
        </div>
      )}
      <ShowMore
        {...{ shown: data?.length ?? 0, limit, most: MOST_ENTRIES, noun: 'entry', nouns: 'entries' }}
        isFetching={audit.isPlaceholderData}
        more={() => setLimit(Math.min(MOST_ENTRIES, limit * 2))}
        older={() => {
          if (last) change({ range: BETWEEN, before: new Date(Date.parse(last.Date) + 1).toISOString() });
        }}
      />
      {shown && (
        <EntryDialog
          {...{ entry: shown, who: nameOfActor(shown.Actor, known), onClose: () => setShown(undefined) }}
          onlyLike={(values) => {
            setShown(undefined);
            change(values);
          }}
        />
      )}
    </Page>
  );
}

type Known = Parameters<typeof nameOfTarget>[1];

function useKnown(): Known {
  const users = useServiceUsers().data ?? [];
  const accessKeys = useAllAccessKeys(
    users.map(({ Id }) => Id),
    true,
  );
  const accounts = useAccounts().data ?? [];
  const policies = usePolicies().data ?? [];
  return { users, accessKeys, accounts, policies };
}

interface AuditFiltersProps {
  readonly filters: Filters<Name>;
  readonly known: Known;
  /** Those that are shown: what is in them is suggested. */
  readonly entries: readonly AuditEntry[];
}

function AuditFilters({ filters, known, entries }: AuditFiltersProps) {
  const { values, change, given, clear } = filters;
  const { actor, action, target, account, range, after, before } = values;
  const actions = [...new Set(entries.map(({ Action }) => Action))].sort();
  return (
    <Stack gap="sm" component="search" aria-label="Filters">
      <div className="filters">
        <Select
          label="Actor"
          placeholder="Anyone"
          data={actorChoices(known, [...entries.map(({ Actor }) => Actor), actor])}
          value={actor === '' ? null : actor}
          onChange={(next) => change({ actor: next ?? '' })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Clear actor' }}
        />
        <FilterText
          label="Action"
          placeholder="access-key.create"
          value={action}
          onChange={(next) => change({ action: next })}
          suggestions={actions}
        />
        <FilterText
          label="Target"
          placeholder="Its id"
          value={target}
          onChange={(next) => change({ target: next })}
        />
        <AccountFilter value={account} onChange={(next) => change({ account: next })} />
        <TimeSpanInput value={{ range, after, before }} onChange={change} />
        {given.length > 0 && (
          <div>
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconX size={16} aria-hidden />}
              onClick={clear}
            >
              Clear
            </Button>
          </div>
        )}
      </div>
      <div role="status" className="visually-hidden">
        {countOf(entries.length, 'entry', 'entries')} listed
      </div>
    </Stack>
  );
}

const UUID_LENGTH = 36;

/** Of links, which have long ids, the beginning tells them apart; the rest is in the details. */
const shorten = (id: string) => (id.length > UUID_LENGTH ? `${id.slice(0, 12)}...` : id);

const columnsFor = (known: Known, show: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] => [
  {
    key: 'date',
    header: 'When',
    isTight: true,
    render: ({ Date: at }) => <span className="number">{formatSecond(at)}</span>,
  },
  { key: 'actor', header: 'Who', render: ({ Actor }) => <Text size="sm">{nameOfActor(Actor, known)}</Text> },
  {
    key: 'action',
    header: 'Action',
    isTight: true,
    render: ({ Action }) => (
      <Text size="sm" className="id">
        {Action}
      </Text>
    ),
  },
  {
    key: 'target',
    header: 'Target',
    render: (entry) => (
      <div>
        <Text size="sm">{nameOfTarget(entry, known)}</Text>
        <Text size="xs" c="dimmed" className="id">
          {shorten(entry.Target)}
        </Text>
      </div>
    ),
  },
  {
    key: 'details',
    header: 'Details',
    hidesHeader: true,
    isTight: true,
    render: (entry) => (
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Details: ${entry.Action}, ${formatSecond(entry.Date)}`}
        onClick={() => show(entry)}
      >
        Details
      </Button>
    ),
  },
];
