/** What is being loaded comes in; a placeholder of the size of what will be there goes out, with a word for those who cannot see it. */
import { Skeleton, Stack } from '@mantine/core';

interface LoadingProps {
  /** "Loading the accounts": shown below the bars and read out. */
  readonly what: string;
  /** How many lines or rows will be there, roughly. */
  readonly rows?: number;
  /** Height of each, in pixels. */
  readonly height?: number;
}

/** Appears after a moment only (see styles.css), so that fast answers do not flicker. */
export function Loading({ what, rows = 3, height = 64 }: LoadingProps) {
  return (
    <Stack gap="sm" className="loading" role="status">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <Skeleton key={row} height={height} aria-hidden />
      ))}
      <span className="loading-word">{what} ...</span>
    </Stack>
  );
}
