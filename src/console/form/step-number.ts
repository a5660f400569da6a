/** A typed number, its limits and the way an arrow key points come in; the next number goes out. Pure. */

/** As `getInputProps` of the form library reads them from a schema: `minimum`, `maximum`, `multipleOf`. */
export interface NumberRange {
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  readonly step?: number | 'any' | undefined;
}

/** What was typed may have either decimal separator; NaN if it is no number. */
export const numberOf = (text: string): number => Number(text.replace(',', '.'));

/** Undefined where the text is not a number, and nothing is to be overwritten. Nothing counts as 0. */
export function stepNumber(text: string, by: 1 | -1, { min, max, step }: NumberRange): number | undefined {
  const from = numberOf(text);
  if (!Number.isFinite(from)) return undefined;
  // Twelve digits: 0.1 + 0.2 is 0.3 to whoever presses the key.
  const next = Number((from + by * (typeof step === 'number' ? step : 1)).toPrecision(12));
  if (typeof max === 'number' && next > max) return max;
  return typeof min === 'number' && next < min ? min : next;
}
