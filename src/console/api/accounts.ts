/** The platform owner's customers, as hooks. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Account } from './installation-answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** As many as one answer of the API may hold. */
export const MOST_ACCOUNTS = 1_000;

/** By name, the first `MOST_ACCOUNTS`; a session that is pinned to an account gets that one. */
export function useAccounts() {
  return useQuery({
    queryKey: keys.accounts,
    queryFn: ({ signal }) =>
      request<readonly Account[]>('GET', pathOf`accounts`, {
        ...{ query: { orderBy: 'Name', pageSize: MOST_ACCOUNTS }, signal },
      }),
  });
}

export function useAccount(id: string) {
  return useQuery({
    queryKey: keys.account(id),
    queryFn: ({ signal }) => request<Account>('GET', pathOf`accounts/${id}`, { signal }),
  });
}

export interface NewAccount {
  readonly Name: string;
  /** The API makes one when it is left out. */
  readonly Id?: string;
}

export function useCreateAccount() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAccount) => request<Account>('POST', pathOf`accounts`, { body }),
    onSuccess: (account) => {
      client.setQueryData(keys.account(account.Id), account);
      return client.invalidateQueries({ queryKey: keys.accounts, exact: true });
    },
  });
}
