/** Permission policies, as hooks. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Policy, Statement } from './access-answers.ts';
import type { Message } from './answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** The managed ones first. */
export function usePolicies() {
  return useQuery({
    queryKey: keys.policies,
    queryFn: ({ signal }) => request<readonly Policy[]>('GET', pathOf`policies`, { signal }),
  });
}

export function usePolicy(id: string, enabled = true) {
  return useQuery({
    queryKey: keys.policy(id),
    queryFn: ({ signal }) => request<Policy>('GET', pathOf`policies/${id}`, { signal }),
    enabled,
  });
}

export interface PolicyInput {
  readonly Name: string;
  readonly Statements: readonly Statement[];
}

/** Makes one without an id, changes the one with it; a change acts at once on every token. */
export function useSavePolicy(id: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PolicyInput) =>
      id === undefined
        ? request<Policy>('POST', pathOf`policies`, { body })
        : request<Policy>('PUT', pathOf`policies/${id}`, { body }),
    onSuccess: async (policy) => {
      client.setQueryData(keys.policy(policy.Id), policy);
      await forget(client);
    },
  });
}

export function useDeletePolicy(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<Message>('DELETE', pathOf`policies/${id}`),
    onSuccess: async () => {
      client.removeQueries({ queryKey: keys.policy(id) });
      await forget(client);
    },
  });
}

/** What the session may do follows from policies too. */
async function forget(client: QueryClient): Promise<void> {
  void client.invalidateQueries({ queryKey: keys.audit });
  void client.invalidateQueries({ queryKey: keys.session });
  await client.invalidateQueries({ queryKey: keys.policies, exact: true });
}
