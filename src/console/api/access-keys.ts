/** A service user's access keys, as hooks. A secret passes through once and is kept nowhere here. */
import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AccessKey, AccessKeyWithSecret } from './access-answers.ts';
import type { Message } from './answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** More the API refuses. */
export const MOST_KEYS = 2;

const listOf = (user: string) => ({
  queryKey: keys.accessKeys(user),
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    request<readonly AccessKey[]>('GET', pathOf`service-users/${user}/access-keys`, { signal }),
});

/** The oldest first. */
export const useAccessKeys = (user: string) => useQuery(listOf(user));

/** Of several service users, as far as they have come. */
export const useAllAccessKeys = (users: readonly string[], enabled: boolean): readonly AccessKey[] =>
  useQueries({
    queries: users.map((user) => ({ ...listOf(user), enabled })),
    combine: (results) => results.flatMap(({ data = [] }) => data),
  });

/** Whoever takes the secret out of `data` calls `reset` then. */
export function useCreateAccessKey(user: string) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (Name: string) =>
      request<AccessKeyWithSecret>('POST', pathOf`service-users/${user}/access-keys`, {
        body: Name === '' ? {} : { Name },
      }),
    onSuccess: (key) => keep(client, key),
  });
}

/** The same for a new secret of a key. Nothing is asked for again here: with one's own key the session ends by it. */
export function useRegenerateAccessKey(user: string) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (id: string) =>
      request<AccessKeyWithSecret>('POST', pathOf`service-users/${user}/access-keys/${id}/regenerate`),
    onSuccess: (key) => keep(client, key),
  });
}

export interface KeyChange {
  readonly id: string;
  readonly Status: AccessKey['Status'];
}

/** INACTIVE takes the key's tokens away at once. */
export function useChangeAccessKey(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, Status }: KeyChange) =>
      request<AccessKey>('PUT', pathOf`service-users/${user}/access-keys/${id}`, { body: { Status } }),
    onSuccess: (key) => {
      keep(client, key);
      // It may have been the one that this session stands on.
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
}

export function useDeleteAccessKey(user: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<Message>('DELETE', pathOf`service-users/${user}/access-keys/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.accessKeys(user) }),
  });
}

/** Only what may be seen again: the secret stays behind. */
function keep(client: QueryClient, key: AccessKey | AccessKeyWithSecret): void {
  const { Id, ServiceUserId, Name, Status, CreatedDate, LastUsedDate } = key;
  const seen: AccessKey = { Id, ServiceUserId, Name, Status, CreatedDate, LastUsedDate };
  client.setQueryData<readonly AccessKey[]>(keys.accessKeys(ServiceUserId), (all = []) =>
    all.some((one) => one.Id === Id) ? all.map((one) => (one.Id === Id ? seen : one)) : [...all, seen],
  );
}
