/** The vendors that are played on this machine, as hooks: which there are, and what their own screens say and do. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from './keys.ts';
import { pathOf, request, type Verb } from './request.ts';
import type { FaultState, PlayedVendor } from './sandbox-answers.ts';
import { useMay } from './session.ts';
import { useMutation } from './use-mutation.ts';

/** What everything below needs, reading included. */
export const SANDBOX_ACTION = 'connectors:setup';

/** None outside of a harness. */
export function useSandboxes() {
  return useQuery({
    queryKey: keys.sandboxes,
    queryFn: ({ signal }) => request<readonly PlayedVendor[]>('GET', pathOf`sandboxes`, { signal }),
    // They change with a restart only.
    staleTime: 300_000,
  });
}

interface ScreenOptions {
  /** Asks again and again; what arrives at the vendor does not pass through the console. */
  readonly everyMs?: number;
  readonly enabled?: boolean;
  /** What another path answered stays until this one has: while somebody types. */
  readonly keepsLast?: boolean;
}

/** One of the screens: `useScreen<VendorRules>('acme', screenPath`rules`)`. */
export function useScreen<T>(sandbox: string, path: string, options: ScreenOptions = {}) {
  const { everyMs = false, enabled = true, keepsLast = false } = options;
  return useQuery({
    queryKey: [...keys.sandbox(sandbox), path],
    queryFn: ({ signal }) => ask<T>(sandbox, { Verb: 'GET', Path: path }, signal),
    staleTime: 2_000,
    refetchInterval: everyMs,
    enabled,
    ...(keepsLast && { placeholderData: keepPreviousData }),
  });
}

/** Asked now and then: faults count down as requests arrive. */
export function useFaultState(sandbox: string) {
  return useScreen<FaultState>(sandbox, screenPath`faults`, {
    everyMs: 10_000,
    enabled: useMay(SANDBOX_ACTION).allowed,
  });
}

export interface ScreenRequest {
  readonly Verb: Verb;
  readonly Path: string;
  readonly Body?: unknown;
}

/** Does something on a screen; whatever is shown of that vendor is asked for again. Answers may hold a secret, and are not kept. */
export function useAsk<T = unknown>(sandbox: string) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: ScreenRequest) => ask<T>(sandbox, body),
    onSuccess: () => {
      const queryKey = keys.sandbox(sandbox);
      // A list that is gone to next must not show for a moment what was deleted.
      client.removeQueries({ queryKey, type: 'inactive' });
      // Not waited for: what is gone is left before it is asked for again.
      void client.invalidateQueries({ queryKey });
    },
  });
}

const ask = <T>(sandbox: string, body: ScreenRequest, signal?: AbortSignal): Promise<T> =>
  request<T>('POST', pathOf`sandboxes/${sandbox}`, { body, signal });

/** Builds the path of a screen, with every part percent-encoded, also what encodeURIComponent lets through. */
export function screenPath(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.map((text, index) => text + encodeAll(String(parts[index] ?? ''))).join('');
}

/** The path of a collection, each of its segments percent-encoded. */
export const collectionPath = (collection: string, query: string): string =>
  `collections/${collection.split('/').map(encodeAll).join('/')}?${query}`;

const encodeAll = (part: string) =>
  encodeURIComponent(part).replace(
    /[!'()*.]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
