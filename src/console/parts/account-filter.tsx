/** The id of an account comes in; a choice among all of them goes out, by name. */
import { Select } from '@mantine/core';
import { useAccounts } from '../api/accounts.ts';

interface AccountFilterProps {
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** An account that is no longer there is offered by its id: what it left behind can still be asked for. */
export function AccountFilter({ value, onChange }: AccountFilterProps) {
  const { data = [] } = useAccounts();
  const known = data.map(({ Id, Name }) => ({ value: Id, label: Name }));
  const isKnown = value === '' || known.some((one) => one.value === value);
  return (
    <Select
      label="Account"
      placeholder="Any"
      data={isKnown ? known : [...known, { value, label: value }]}
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear account' }}
      nothingFoundMessage="No such account"
      limit={100}
    />
  );
}
