/** What is installed in an account, and everything that is done to an installation, as hooks. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Message } from './answers.ts';
import type { CallBrief, ConnectionTest, Installation } from './installation-answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** Which installation: ids are looked up in their account only. */
export interface Place {
  readonly account: string;
  readonly installation: string;
}

/** What an account gives, by key; null takes a value away. */
export type Changes = Readonly<Record<string, string | null>>;

export interface InstallInput {
  readonly name: string;
  /** One of the connector's ways to authenticate. */
  readonly authId?: string | undefined;
  readonly values: Readonly<Record<string, string>>;
}

export function useInstallations(account: string) {
  return useQuery({
    queryKey: keys.installations(account),
    queryFn: ({ signal }) =>
      request<readonly Installation[]>('GET', pathOf`account/connectors`, { account, signal }),
    // Where none has been chosen yet.
    enabled: account !== '',
  });
}

export function useInstallation({ account, installation }: Place) {
  return useQuery({
    queryKey: keys.installation(account, installation),
    queryFn: ({ signal }) =>
      request<Installation>('GET', pathOf`account/connectors/${installation}`, { account, signal }),
  });
}

/** Newest first. Only asked for by whoever may read the log. */
export function useLatestCalls({ account, installation }: Place, limit: number, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.calls, account, installation, limit],
    queryFn: ({ signal }) =>
      request<readonly CallBrief[]>('GET', pathOf`account/calls`, {
        ...{ account, signal, query: { installationId: installation, limit } },
      }),
    enabled,
  });
}

const propertiesOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

/** What an answer says of an installation holds for its account's list too. */
function keep(client: QueryClient, installation: Installation): Promise<void> {
  const { AccountId: account, Id: id } = installation;
  client.setQueryData(keys.installation(account, id), installation);
  return client.invalidateQueries({ queryKey: keys.installations(account), exact: true });
}

/** Resolves when the connection has been tested, as far as nothing is missing; a failed test is a state, not an error. */
export function useInstall(account: string, connector: string) {
  const client = useQueryClient();
  return useMutation({
    // Values may be secrets: they are not kept longer than the request.
    gcTime: 0,
    mutationFn: ({ name, authId, values }: InstallInput) =>
      request<Installation>('POST', pathOf`connectors/${connector}/install`, {
        account,
        body: {
          Name: name,
          ...(authId !== undefined && { AuthenticationId: authId }),
          Properties: propertiesOf(values),
        },
      }),
    onSuccess: (installation) => keep(client, installation),
  });
}

/** Sets and takes away values of the account. Resolves to the installation as the test that follows left it. */
export function useChangeSettings(place: Place) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (changes: Changes) => changeSettings(place, changes),
    onSuccess: (installation) => keep(client, installation),
  });
}

/** The same for an installation that is known only by now; without changes it is tested again. */
export function useMendInstallation(account: string) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: async ({ installation, changes }: { installation: string; changes: Changes }) => {
      if (Object.keys(changes).length === 0)
        await request('POST', pathOf`account/connectors/${installation}/test`, { account });
      return changeSettings({ account, installation }, changes);
    },
    onSuccess: (installation) => keep(client, installation),
  });
}

/** First what is new: the API refuses all of it or takes all of it, and nothing is gone then. */
async function changeSettings({ account, installation }: Place, changes: Changes): Promise<Installation> {
  const path = pathOf`account/connectors/${installation}`;
  const given = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
  if (given.length > 0)
    await request('POST', `${path}/properties`, { account, body: propertiesOf(Object.fromEntries(given)) });
  for (const [key, value] of Object.entries(changes))
    if (value === null)
      await request('DELETE', pathOf`account/connectors/${installation}/properties/${key}`, { account });
  return request<Installation>('GET', path, { account });
}

/** An answer with `Ok: false` is a result. */
export function useTestConnection({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      request<ConnectionTest>('POST', pathOf`account/connectors/${installation}/test`, { account }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.installations(account) }),
        client.invalidateQueries({ queryKey: keys.calls }),
      ]),
  });
}

export function useRename({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (Name: string) =>
      request<Installation>('PUT', pathOf`account/connectors/${installation}`, { account, body: { Name } }),
    onSuccess: (renamed) => keep(client, renamed),
  });
}

/** Forgets the account's credentials and the token; what was staged or kept goes with them. */
export function useDeauthenticate({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      request<Message>('PUT', pathOf`account/connectors/${installation}/deauthenticate`, { account }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.installations(account) }),
  });
}

/** Takes a de-authentication back, with the credentials that there are. */
export function useReauthenticate({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      request<Installation>('PUT', pathOf`account/connectors/${installation}/reauthenticate`, { account }),
    onSuccess: (after) => keep(client, after),
  });
}

export function useUninstall({ account, installation }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<Message>('DELETE', pathOf`account/connectors/${installation}`, { account }),
    onSuccess: async () => {
      client.removeQueries({ queryKey: keys.installation(account, installation) });
      await client.invalidateQueries({ queryKey: keys.installations(account), exact: true });
    },
  });
}
