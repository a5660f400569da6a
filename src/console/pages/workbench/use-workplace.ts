/** The address comes in; the account and installation that it names go out, and the ways to others. */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useAccounts } from '../../api/accounts.ts';
import type { Account, Installation } from '../../api/installation-answers.ts';
import { useInstallations } from '../../api/installations.ts';
import { pathOf, request } from '../../api/request.ts';

export interface Workplace {
  /** Empty when none is chosen. */
  readonly account: string;
  readonly installationId: string;
  readonly accounts: readonly Account[] | undefined;
  readonly installations: readonly Installation[] | undefined;
  readonly installation: Installation | undefined;
  readonly error: unknown;
  /** Whether what the address names is not there, or not for the caller. */
  readonly isUnknown: boolean;
  readonly chooseAccount: (id: string) => void;
  readonly chooseInstallation: (id: string) => void;
  /** Both stay the same as long as the installation does. */
  readonly open: (method: string) => void;
  readonly hrefOf: (method: string) => string;
}

export function useWorkplace(): Workplace {
  const { installation: installationId = '' } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const accounts = useAccounts();
  const named = search.get('account') ?? '';
  const found = useOwner(named === '' ? installationId : '', accounts.data);
  const account = named === '' ? (found.data ?? '') : named;
  const installations = useInstallations(account);
  const installation = installations.data?.find(({ Id }) => Id === installationId);

  // Where there is nothing to choose, it is chosen.
  const only =
    installationId === '' ? onlyOf(account === '' ? accounts.data : installations.data) : undefined;
  useEffect(() => {
    if (only !== undefined)
      void navigate(account === '' ? pathTo(only, '') : pathTo(account, only), { replace: true });
  }, [only, account, navigate]);

  // `navigate` is another with every address, and hundreds of rows depend on this one.
  const goTo = useRef(navigate);
  goTo.current = navigate;
  const hrefOf = useCallback(
    (method: string) => `/console${pathTo(account, installationId, method)}`,
    [account, installationId],
  );
  const open = useCallback(
    (method: string) => void goTo.current(pathTo(account, installationId, method)),
    [account, installationId],
  );
  return {
    ...{ account, installationId, installation, hrefOf, open },
    accounts: accounts.data,
    installations: installations.data,
    error: accounts.error ?? installations.error ?? found.error,
    isUnknown:
      installationId !== '' && (found.data === '' || (installations.data !== undefined && !installation)),
    chooseAccount: (id) => void navigate(pathTo(id, '')),
    chooseInstallation: (id) => void navigate(pathTo(account, id)),
  };
}

const onlyOf = (list: readonly { readonly Id: string }[] | undefined) =>
  list?.length === 1 ? list[0]?.Id : undefined;

function pathTo(account: string, installation: string, method = ''): string {
  const parts = [installation, method].filter((part) => part !== '').map(encodeURIComponent);
  return `${['/workbench', ...parts].join('/')}?${new URLSearchParams({ account }).toString()}`;
}

const MOST_ASKED = 100;

/** An address may name an installation alone; the API wants its account too. `data` is empty when no account has it. */
function useOwner(installation: string, accounts: readonly Account[] | undefined) {
  return useQuery({
    queryKey: ['owner', installation],
    queryFn: async ({ signal }) => {
      for (const { Id } of (accounts ?? []).slice(0, MOST_ASKED)) {
        const own = await request<readonly Installation[]>('GET', pathOf`account/connectors`, {
          ...{ account: Id, signal },
        }).catch(() => []);
        if (own.some((one) => one.Id === installation)) return Id;
      }
      return '';
    },
    enabled: installation !== '' && accounts !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
