/** Nothing comes in; the cache of the API's answers goes out, which forgets the session when the API does. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isApiError, isSignedOut } from './api-error.ts';
import { keys } from './keys.ts';

/** Answers are shown at once and asked for again in the background; only what may pass by itself is tried twice. */
export function createQueryClient(): QueryClient {
  const forgetSession = (error: unknown) => {
    // Null, not absent: the pages lead to the sign-in then, and nothing is asked again.
    if (isSignedOut(error)) client.setQueryData(keys.session, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: forgetSession }),
    mutationCache: new MutationCache({ onError: forgetSession }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && isPassing(error),
      },
      mutations: { retry: false },
    },
  });
  return client;
}

const isPassing = (error: unknown) =>
  isApiError(error) && (error.category === 'unavailable' || error.category === 'timeout');
