/** The requests of a split list that failed come in; their rows go out to be copied, those that were not taken apart from others. */
import { Group } from '@mantine/core';
import type { FailedBatch } from '../api/api-error.ts';
import { CopyButton } from './copy-button.tsx';
import { countOf } from './format.ts';

/** Which rows failed, and why, is said by the problems of the error. */
export function FailedBatches({ batches }: { readonly batches: readonly FailedBatch[] }) {
  const rowsOf = (list: readonly FailedBatch[]) => list.flatMap(({ rows }) => rows);
  const notTaken = rowsOf(batches.filter(isNotTaken));
  const open = rowsOf(batches.filter((batch) => !isNotTaken(batch)));
  if (notTaken.length + open.length === 0) return null;
  return (
    <Group gap="sm">
      <CopyRows rows={notTaken} what="not taken" />
      <CopyRows rows={open} what="perhaps taken" />
    </Group>
  );
}

function CopyRows({ rows, what }: { readonly rows: readonly unknown[]; readonly what: string }) {
  if (rows.length === 0) return null;
  return (
    <CopyButton
      value={JSON.stringify(rows, null, 2)}
      label={`Copy ${countOf(rows.length, 'row')} ${what}`}
      withText
    />
  );
}

/** Not sent, or refused as a whole. */
const isNotTaken = ({ sent, outcome, code }: FailedBatch): boolean =>
  !sent ||
  (outcome === undefined &&
    code.startsWith('vendor.') &&
    !['vendor.partial', 'vendor.unavailable'].includes(code));
