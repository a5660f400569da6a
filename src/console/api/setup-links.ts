/** One-time links by which a customer gives what an installation lacks: made and listed as hooks, opened and completed by token. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Message } from './answers.ts';
import type { NewSetupLink, SetupForm, SetupLink } from './installation-answers.ts';
import type { Place } from './installations.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** Newest first; used and expired ones are listed for a while. */
export function useSetupLinks({ account, installation }: Place) {
  return useQuery({
    queryKey: keys.setupLinks(account, installation),
    queryFn: ({ signal }) =>
      request<readonly SetupLink[]>('GET', pathOf`account/connectors/${installation}/setup-links`, {
        ...{ account, signal },
      }),
  });
}

export function useCreateSetupLink({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    // The answer holds the token.
    gcTime: 0,
    mutationFn: (LifetimeMinutes: number) =>
      request<NewSetupLink>('POST', pathOf`account/connectors/${installation}/setup-links`, {
        ...{ account, body: { LifetimeMinutes } },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.setupLinks(account, installation) }),
  });
}

export function useDeleteSetupLink({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (link: string) =>
      request<Message>('DELETE', pathOf`account/connectors/${installation}/setup-links/${link}`, { account }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.setupLinks(account, installation) }),
  });
}

/** Says what the link asks for; it stays good. */
export const openSetupLink = (Token: string): Promise<SetupForm> =>
  request<SetupForm>('POST', pathOf`setup-links/open`, { body: { Token } });

/** Gives values and tests. The link is used up when the answer's `State` is active. */
export const completeSetupLink = (
  Token: string,
  values: Readonly<Record<string, string>>,
): Promise<SetupForm> =>
  request<SetupForm>('POST', pathOf`setup-links/complete`, {
    body: { Token, Properties: Object.entries(values).map(([Name, Value]) => ({ Name, Value })) },
  });
