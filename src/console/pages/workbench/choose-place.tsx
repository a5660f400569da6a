/** The account and installation that are open come in; pickers for others go out. */
import { Select, Stack } from '@mantine/core';
import { useAccounts } from '../../api/accounts.ts';
import type { Installation } from '../../api/installation-answers.ts';
import { useInstallations } from '../../api/installations.ts';
import { ErrorNotice } from '../../parts/error-notice.tsx';

interface ChoosePlaceProps {
  readonly account: string;
  readonly installation: string;
  readonly chooseAccount: (id: string) => void;
  readonly chooseInstallation: (id: string) => void;
}

/** Inputs are there from the start, so that nothing jumps when the names arrive. */
export function ChoosePlace({ account, installation, chooseAccount, chooseInstallation }: ChoosePlaceProps) {
  const accounts = useAccounts();
  const installations = useInstallations(account);
  return (
    <Stack gap="xs">
      <Select
        label="Account"
        size="sm"
        data={(accounts.data ?? []).map(({ Id, Name }) => ({ value: Id, label: Name }))}
        value={account === '' ? null : account}
        onChange={(id) => id !== null && id !== account && chooseAccount(id)}
        placeholder={accounts.isPending ? 'Loading the accounts ...' : 'Choose an account'}
        allowDeselect={false}
        searchable
        nothingFoundMessage="No account is called that"
      />
      <Select
        label="Installation"
        size="sm"
        data={(installations.data ?? []).map((one) => ({ value: one.Id, label: labelOf(one) }))}
        value={installation === '' ? null : installation}
        onChange={(id) => id !== null && id !== installation && chooseInstallation(id)}
        placeholder={placeholderOf(account, installations)}
        disabled={account === '' || installations.data?.length === 0}
        allowDeselect={false}
        searchable
        nothingFoundMessage="No installation is called that"
      />
      <ErrorNotice error={accounts.error ?? installations.error} />
    </Stack>
  );
}

const labelOf = ({ Name, Connector }: Installation) =>
  Name.toLowerCase() === Connector.Title.toLowerCase() ? Name : `${Name} (${Connector.Title})`;

function placeholderOf(
  account: string,
  { data, isPending }: { readonly data: readonly Installation[] | undefined; readonly isPending: boolean },
): string {
  if (account === '') return 'Choose an account first';
  if (isPending) return 'Loading the installations ...';
  return data?.length === 0 ? 'Nothing is installed here' : 'Choose an installation';
}
