/** A name comes in; a value under it goes out that outlives the page it was made on, until somebody signs out or reloads. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

const ROOT = 'workbench';

/** In memory only: answers of vendors belong into no storage. It is forgotten with the other answers at sign-out. */
export function useKept<T>(...name: readonly string[]): [T | undefined, (value: T | undefined) => void] {
  const client = useQueryClient();
  const [key] = useState(() => [ROOT, ...name]);
  const [value, setValue] = useState(() => client.getQueryData<T>(key));
  const keep = useCallback(
    (next: T | undefined) => {
      setValue(() => next);
      client.setQueryDefaults([ROOT], { gcTime: Number.POSITIVE_INFINITY });
      if (next === undefined) client.removeQueries({ queryKey: key, exact: true });
      else client.setQueryData(key, next);
    },
    [client, key],
  );
  return [value, keep];
}
