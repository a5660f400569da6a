/** A body comes in; the form it is sent as goes out (application/x-www-form-urlencoded), objects and lists in the vendor's style. */
import type { FormStyle } from '../definition/connector.ts';
import { textOfValue } from './url.ts';

/** The media type of forms (https://url.spec.whatwg.org/#application/x-www-form-urlencoded). */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

type Pair = [name: string, value: string];

/**
 * The text of a form. Fields that are null or undefined are left out at every depth, since a form cannot say null; so are
 * empty lists and objects, but in the style JSON (none) and within it. Names and values are percent-encoded.
 */
export function encodeForm(body: unknown, style: FormStyle | undefined): string {
  const fields = Object.entries(body as Record<string, unknown>);
  const pairs = fields.flatMap(([name, value]) => pairsOf(name, value, style));
  return new URLSearchParams(pairs).toString();
}

function pairsOf(name: string, value: unknown, style: FormStyle | undefined): Pair[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || style === undefined) return [[name, textOfValue(value)]];
  if (!Array.isArray(value)) {
    if (style === 'repeat') return [[name, textOfValue(value)]];
    const nested =
      style === 'dots' ? (inner: string) => `${name}.${inner}` : (inner: string) => `${name}[${inner}]`;
    return Object.entries(value).flatMap(([inner, each]) => pairsOf(nested(inner), each, style));
  }
  const items = value.filter((item) => item !== null && item !== undefined);
  if (style === 'repeat') return items.map((item) => [name, textOfValue(item)]);
  return items.flatMap((item, index) =>
    pairsOf(`${name}[${style === 'brackets' ? '' : index}]`, item, style),
  );
}
