/** What the address of the log says comes in; what the API is asked for goes out. Pure. */
import type { CallFilter } from '../../api/calls.ts';
import type { SpanText } from '../../parts/time-span.ts';

/** In the address; the installation's page links here with `account` and `installation`. */
export const filterNames = [
  ...(['account', 'outcome', 'connector', 'installation', 'method'] as const),
  ...(['range', 'after', 'before'] as const),
] as const;

export type FilterName = (typeof filterNames)[number];
export type FilterValues = Readonly<Record<FilterName, string>>;

export const callFilterOf = ({
  account,
  installation,
  connector,
  method,
  outcome,
}: FilterValues): CallFilter => ({
  ...{ accountId: account, installationId: installation, connector, method, outcome },
});

export const spanTextOf = ({ range, after, before }: FilterValues): SpanText => ({ range, after, before });

/** The address of the log with these filters. */
export function logPath(values: Partial<FilterValues>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length === 0 ? '/log' : `/log?${new URLSearchParams(given).toString()}`;
}

export const callPath = (id: string): string => `/log/${encodeURIComponent(id)}`;
