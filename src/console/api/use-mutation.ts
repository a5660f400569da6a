/** What the library's hook takes comes in; the same goes out, which takes two clicks of a double click for one. */
import {
  type UseMutationOptions,
  type UseMutationResult,
  useMutation as useEveryMutation,
} from '@tanstack/react-query';
import { useCallback, useRef } from 'react';

/** The second click of a double one comes within it, be the answer to the first there or not. */
const DOUBLE_MS = 500;

/**
 * The same again within half a second is not sent, and its promise never settles: whatever follows, follows the first. When
 * that one has failed, whoever asks again means it.
 */
export function useMutation<Data, Variables = void>(
  options: UseMutationOptions<Data, Error, Variables>,
): UseMutationResult<Data, Error, Variables> {
  const latest = useRef<string>(undefined);
  const mutation = useEveryMutation({
    ...options,
    onError: (...about) => {
      latest.current = undefined;
      return options.onError?.(...about);
    },
  });
  const { mutate, mutateAsync } = mutation;
  const isDouble = useCallback((variables: Variables | undefined): boolean => {
    const text = JSON.stringify([variables]);
    if (latest.current === text) return true;
    latest.current = text;
    // Not kept for longer: it may hold a secret.
    setTimeout(() => {
      latest.current = undefined;
    }, DOUBLE_MS);
    return false;
  }, []);
  return {
    ...mutation,
    mutate: useCallback<typeof mutate>(
      (...given) => (isDouble(given[0]) ? undefined : mutate(...given)),
      [mutate, isDouble],
    ),
    mutateAsync: useCallback<typeof mutateAsync>(
      (...given) => (isDouble(given[0]) ? new Promise(() => undefined) : mutateAsync(...given)),
      [mutateAsync, isDouble],
    ),
  };
}
