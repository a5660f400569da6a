/** The filters of the log come in, from the address; their inputs go out, the rarer ones behind a button. */
import { Button, Group, Select, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import { useCalls } from '../../api/calls.ts';
import { useConnectors } from '../../api/connectors.ts';
import { useInstallations } from '../../api/installations.ts';
import { useMethods } from '../../api/methods.ts';
import { AccountFilter } from '../../parts/account-filter.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { TimeSpanInput } from '../../parts/time-span-input.tsx';
import type { Filters } from '../../parts/use-filters.ts';
import { type FilterName, spanTextOf } from './log-filter.ts';

interface LogFiltersProps {
  readonly filters: Filters<FilterName>;
}

export function LogFilters({ filters }: LogFiltersProps) {
  const { values, change, given, clear } = filters;
  const hasRare = values.connector !== '' || values.installation !== '' || values.method !== '';
  const [isOpen, { toggle }] = useDisclosure(hasRare);
  return (
    <Stack gap="sm" component="search" aria-label="Filters">
      <div className="filters">
        <AccountFilter value={values.account} onChange={(account) => change({ account, installation: '' })} />
        <OutcomeFilter value={values.outcome} onChange={(outcome) => change({ outcome })} />
        <TimeSpanInput value={spanTextOf(values)} onChange={change} />
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
            aria-expanded={isOpen}
            onClick={toggle}
          >
            {isOpen ? 'Fewer filters' : 'More filters'}
          </Button>
          {given.length > 0 && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconX size={16} aria-hidden />}
              onClick={clear}
            >
              Clear
            </Button>
          )}
        </Group>
      </div>
      {isOpen && <RareFilters filters={filters} />}
    </Stack>
  );
}

function RareFilters({ filters: { values, change } }: LogFiltersProps) {
  const { account, connector, installation, method } = values;
  const { data: releases = [] } = useConnectors();
  const methods = useMethods(releases.find(({ Name }) => Name === connector));
  const titles = new Map(releases.map(({ Name, Title }) => [Name, Title]));
  return (
    <div className="filters">
      <Select
        label="Connector"
        placeholder="Any"
        data={[...titles].map(([value, label]) => ({ value, label }))}
        value={connector === '' ? null : connector}
        onChange={(name) => change({ connector: name ?? '' })}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear connector' }}
      />
      {account === '' ? (
        <FilterText
          label="Installation"
          placeholder="Its id, or choose an account"
          value={installation}
          onChange={(id) => change({ installation: id })}
        />
      ) : (
        <InstallationFilter
          account={account}
          value={installation}
          onChange={(id) => change({ installation: id })}
        />
      )}
      <FilterText
        label="Method"
        placeholder={connector === '' ? 'accounts.list' : 'Its key'}
        value={method}
        onChange={(key) => change({ method: key })}
        suggestions={(methods.data ?? []).map(({ Key }) => Key)}
      />
    </div>
  );
}

interface FilterProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function InstallationFilter({ account, value, onChange }: FilterProps & { readonly account: string }) {
  const { data = [] } = useInstallations(account);
  const known = data.map(({ Id, Name }) => ({ value: Id, label: Name }));
  const isKnown = value === '' || known.some((one) => one.value === value);
  return (
    <Select
      label="Installation"
      placeholder="Any of the account"
      data={isKnown ? known : [...known, { value, label: value }]}
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
      clearable
      clearButtonProps={{ 'aria-label': 'Clear installation' }}
    />
  );
}

const general = [
  { value: '', label: 'Any' },
  { value: 'ok', label: 'Went well' },
  { value: 'error', label: 'Went wrong' },
];

const everything = { accountId: '', installationId: '', connector: '', method: '' };
const LOOKED_THROUGH = 200;

/** Besides the general ones, the codes of the latest failures. */
function OutcomeFilter({ value, onChange }: FilterProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const failed = useCalls(
    { ...everything, outcome: 'error' },
    { spanKey: '', span: () => ({}), limit: LOOKED_THROUGH, enabled: isOpen },
  );
  const seen = (failed.data ?? []).map(({ Outcome }) => Outcome);
  const isCode = general.every((one) => one.value !== value);
  const codes = [...new Set(isCode ? [...seen, value] : seen)].sort();
  return (
    <Select
      label="Outcome"
      data={[...general, ...(codes.length > 0 ? [{ group: 'With the code', items: codes }] : [])]}
      value={value}
      onChange={(next) => onChange(next ?? '')}
      onDropdownOpen={open}
      onDropdownClose={close}
      allowDeselect={false}
    />
  );
}
