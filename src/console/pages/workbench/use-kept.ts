/** A name comes in; a value under it goes out that outlives the page it was made on, until somebody signs out or reloads. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, useSyncExternalStore } from 'react';

const ROOT = 'workbench';

/**
 * In memory only: answers of vendors belong into no storage. It is forgotten with the other answers at sign-out. What is
 * kept by a page that was left is seen by the one that came after it.
 */
export function useKept<T>(...name: readonly string[]): [T | undefined, (value: T | undefined) => void] {
  const client = useQueryClient();
  const [key] = useState(() => [ROOT, ...name]);
  const subscribe = useCallback((told: () => void) => client.getQueryCache().subscribe(told), [client]);
  const value = useSyncExternalStore(subscribe, () => client.getQueryData<T>(key));
  const keep = useCallback(
    (next: T | undefined) => {
      client.setQueryDefaults([ROOT], { gcTime: Number.POSITIVE_INFINITY });
      if (next === undefined) client.removeQueries({ queryKey: key, exact: true });
      else client.setQueryData(key, next);
    },
    [client, key],
  );
  return [value, keep];
}
