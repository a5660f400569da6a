/** The library of connectors and their console setup, as hooks. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConnectorRelease, ConsoleSetup } from './answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';
import { useMutation } from './use-mutation.ts';

/** Every release that the caller may read, by name. */
export function useConnectors() {
  return useQuery({
    queryKey: keys.connectors,
    queryFn: ({ signal }) => request<readonly ConnectorRelease[]>('GET', pathOf`connectors`, { signal }),
    // Connectors change with a restart of the API.
    staleTime: 300_000,
  });
}

/** The release that is installed unless told otherwise. `data` is undefined for a name that is not in the library. */
export function useConnector(name: string) {
  return useQuery({
    queryKey: keys.connector(name),
    queryFn: async ({ signal }) => {
      const releases = await request<readonly ConnectorRelease[]>('GET', pathOf`connectors/${name}`, {
        signal,
      });
      return chooseRelease(releases);
    },
    staleTime: 300_000,
  });
}

/** The newest approved one; releases come newest first. */
export function chooseRelease(releases: readonly ConnectorRelease[]): ConnectorRelease | undefined {
  return releases.find(({ Status }) => Status === 'Approved') ?? releases[0];
}

export function useConsoleSetup(name: string) {
  return useQuery({
    queryKey: keys.consoleSetup(name),
    queryFn: ({ signal }) => request<ConsoleSetup>('GET', pathOf`connectors/${name}/setup`, { signal }),
  });
}

/** Values by key; null takes one away. Resolves when every installation that depends on them has been tested again. */
export function useSaveConsoleSetup(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (Settings: Readonly<Record<string, string | null>>) =>
      request<ConsoleSetup>('PUT', pathOf`connectors/${name}/setup`, { body: { Settings } }),
    onSuccess: ({ Retested: _, ...setup }) => {
      client.setQueryData(keys.consoleSetup(name), setup);
      // States of installations follow from it.
      return client.invalidateQueries({ queryKey: keys.accounts });
    },
  });
}
