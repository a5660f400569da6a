/** Who changed what, and who was refused, as a hook. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { AuditEntry } from './access-answers.ts';
import type { TimeSpan } from './calls.ts';
import { keys } from './keys.ts';
import { pathOf, request } from './request.ts';

/** As many as one answer of the API may hold. */
export const MOST_ENTRIES = 1_000;

/** Each must be equal; empty ones do not filter. */
export interface AuditFilter {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly accountId: string;
}

interface AuditOptions {
  /** Names the span; two of the same name are the same. */
  readonly spanKey: string;
  readonly span: TimeSpan;
  readonly limit: number;
}

/** Newest first. What was there before stays while more is being asked for. */
export function useAudit(filter: AuditFilter, { spanKey, span, limit }: AuditOptions) {
  return useQuery({
    queryKey: [...keys.audit, filter, spanKey, limit],
    queryFn: ({ signal }) =>
      request<readonly AuditEntry[]>('GET', pathOf`audit`, {
        ...{ query: { ...filter, ...span(), limit }, signal },
      }),
    placeholderData: keepPreviousData,
    // Every change of any page adds to it.
    staleTime: 0,
  });
}
