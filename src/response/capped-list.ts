/** How much of a list has been read comes in; an error goes out where it ends because the vendor gives no more of it. */
import { FishplateError } from '../errors.ts';

/** What an answer and its definition say of the end of a list. */
export interface ListBounds {
  /** How many items the vendor gives of a list at most, however many there are. */
  readonly maximumItems?: number;
  /** How many there are, by the answer's own word. */
  readonly total?: number;
}

/**
 * `pages.capped` where as many items came as the vendor gives, and there are more, or nothing says that there are not.
 * `hasNext`: whether the answer names a page after this one; beyond the cap vendors name one and refuse it, or name none.
 */
export function cappedError(
  method: string,
  { maximumItems, total }: ListBounds,
  read: number,
  hasNext: boolean,
): FishplateError | undefined {
  if (maximumItems === undefined || read < maximumItems) return undefined;
  if (!hasNext && total !== undefined && total <= read) return undefined;
  const whole =
    total !== undefined && total > read
      ? `there are ${numberText(total)}`
      : hasNext
        ? 'there are more'
        : 'there may be more';
  return new FishplateError(
    'pages.capped',
    `${method}: ${numberText(read)} items were read, the vendor gives ${numberText(maximumItems)} of a list at most, and ${whole}`,
  );
}

const numberText = (value: number): string => value.toLocaleString('en-US');
