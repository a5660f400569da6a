/** A place where no method is open yet comes in; the workbench's first page goes out, which says what to do next. */
import { Button } from '@mantine/core';
import { IconListSearch, IconPlugOff, IconSearchOff, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../shell/page.tsx';
import type { Workplace } from './use-workplace.ts';

interface StartProps {
  readonly workplace: Workplace;
  /** Pickers and methods, where they have no column of their own. */
  readonly children?: ReactNode;
}

export function Start({ workplace, children }: StartProps) {
  return (
    <Page
      title="Workbench"
      lead="Look a method up, fill it in, see the request as it would be sent, and call it."
    >
      {children}
      <Next workplace={workplace} isBeside={children === undefined} />
    </Page>
  );
}

function Next({ workplace, isBeside }: { readonly workplace: Workplace; readonly isBeside: boolean }) {
  const { account, accounts, installations, installation, isUnknown } = workplace;
  if (isUnknown) return <UnknownPlace />;
  if (accounts?.length === 0)
    return (
      <EmptyState
        icon={IconUsers}
        title="There are no accounts yet"
        action={<To to="/accounts">To the accounts</To>}
      >
        Methods are called for an account: make one, and install a connector in it.
      </EmptyState>
    );
  if (account !== '' && installations?.length === 0)
    return (
      <EmptyState
        icon={IconPlugOff}
        title="Nothing is installed here"
        action={<To to={`/accounts/${encodeURIComponent(account)}`}>To the account</To>}
      >
        Install a connector in this account to call its methods.
      </EmptyState>
    );
  if (!isBeside) return null;
  return (
    <EmptyState
      icon={IconListSearch}
      title={installation ? 'Choose a method' : 'Choose an account and an installation'}
    >
      {installation ? (
        <>
          Press <kbd>/</kbd> to search, the arrow keys to move, and <kbd>Enter</kbd> to open.
        </>
      ) : (
        'The methods of the connector that is installed are listed then.'
      )}
    </EmptyState>
  );
}

export const UnknownPlace = () => (
  <EmptyState
    icon={IconSearchOff}
    title="There is no such installation"
    action={<To to="/workbench">Choose another</To>}
  >
    It may have been deleted, or belong to an account that you may not read.
  </EmptyState>
);

const To = ({ to, children }: { readonly to: string; readonly children: ReactNode }) => (
  <Button component={Link} to={to} variant="default">
    {children}
  </Button>
);
