/** The call log, as hooks. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CallRecord } from './call-answers.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';

/** As many as one answer of the API may hold. */
export const MOST_CALLS = 1_000;

/** Texts are as the API takes them; empty ones do not filter. */
export interface CallFilter {
  readonly accountId: string;
  readonly installationId: string;
  readonly connector: string;
  readonly method: string;
  /** `ok`, `error`, or the code of one. */
  readonly outcome: string;
}

/** Called when the request is sent, so that "the last hour" ends then. ISO 8601. */
export type TimeSpan = () => { readonly after?: string | undefined; readonly before?: string | undefined };

interface CallsOptions {
  /** Names the span; two of the same name are the same. */
  readonly spanKey: string;
  readonly span: TimeSpan;
  readonly limit: number;
  /** Asks again every so often; false for never. */
  readonly everyMs?: number | false;
  readonly enabled?: boolean;
}

/** Newest first. What was there before stays while more is being asked for. */
export function useCalls(filter: CallFilter, options: CallsOptions) {
  const { spanKey, span, limit, everyMs = false, enabled = true } = options;
  return useQuery({
    queryKey: [...keys.calls, filter, spanKey, limit],
    queryFn: ({ signal }) =>
      request<readonly CallRecord[]>('GET', pathOf`calls`, {
        ...{ query: { ...filter, ...span(), limit }, signal },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: everyMs,
    enabled,
  });
}

/** With its request and answer, where they were kept. */
export function useCall(id: string) {
  return useQuery({
    queryKey: keys.call(id),
    queryFn: ({ signal }) => request<CallRecord>('GET', pathOf`calls/${id}`, { signal }),
    // A call does not change.
    staleTime: 300_000,
  });
}
