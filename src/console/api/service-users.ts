/** The programs and people that may call the API, as hooks. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ServiceUser } from './access-answers.ts';
import type { Message } from './answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** By name. */
export function useServiceUsers() {
  return useQuery({
    queryKey: keys.serviceUsers,
    queryFn: ({ signal }) => request<readonly ServiceUser[]>('GET', pathOf`service-users`, { signal }),
  });
}

export function useServiceUser(id: string) {
  return useQuery({
    queryKey: keys.serviceUser(id),
    queryFn: ({ signal }) => request<ServiceUser>('GET', pathOf`service-users/${id}`, { signal }),
  });
}

export interface UserChange {
  readonly Name?: string;
  /** Replaces all that there were. */
  readonly Policies?: readonly string[];
}

export function useCreateServiceUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UserChange) => request<ServiceUser>('POST', pathOf`service-users`, { body }),
    onSuccess: (user) => keep(client, user),
  });
}

/** Acts at once on every key and token - also on the session, when it is one's own. */
export function useChangeServiceUser(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UserChange) => request<ServiceUser>('PUT', pathOf`service-users/${id}`, { body }),
    onSuccess: async (user) => {
      await keep(client, user);
      await client.invalidateQueries({ queryKey: keys.session });
    },
  });
}

export function useDeleteServiceUser(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<Message>('DELETE', pathOf`service-users/${id}`),
    onSuccess: async () => {
      client.removeQueries({ queryKey: keys.serviceUser(id) });
      await client.invalidateQueries({ queryKey: keys.serviceUsers, exact: true });
    },
  });
}

function keep(client: QueryClient, user: ServiceUser): Promise<void> {
  client.setQueryData(keys.serviceUser(user.Id), user);
  void client.invalidateQueries({ queryKey: keys.audit });
  return client.invalidateQueries({ queryKey: keys.serviceUsers, exact: true });
}
