/** A key that was just generated comes in; the forms in which the vendor offers it for copying go out. Pure. */
import type { PlayedKey, ShownKey, VendorRules } from '../../api/sandbox-answers.ts';
import { countOf } from '../../parts/format.ts';

export interface KeyForm {
  readonly id: 'environment' | 'json' | 'values';
  readonly label: string;
  /** To be copied as a whole; single values have a button each. */
  readonly text: string;
  readonly values: readonly (readonly [label: string, value: string])[];
}

/** Those that this vendor has; a vendor without any shows the bare values. */
export function formsOf({ organisationId, accessKeyId, apiSecret, copyForms }: ShownKey): KeyForm[] {
  const { environment, json, values } = copyForms;
  const single = Object.entries(values);
  const bare: KeyForm['values'] = [
    ['Organisation', organisationId],
    ['Access key', accessKeyId],
    ['Secret', apiSecret],
  ];
  const forms: KeyForm[] = [];
  if (environment !== '')
    forms.push({ id: 'environment', label: 'Variables', text: environment, values: [] });
  if (Object.keys(JSON.parse(json) as object).length > 0)
    forms.push({ id: 'json', label: 'JSON', text: json, values: [] });
  if (single.length > 0 || forms.length === 0)
    forms.push({ id: 'values', label: 'Values', text: '', values: single.length > 0 ? single : bare });
  return forms;
}

/** "1 ACTIVE, 2 INACTIVE", in the vendor's words; a number where keys are not switched. */
export function summaryOfKeys(
  keys: readonly PlayedKey[],
  { active, inactive, switchable }: VendorRules['accessKeys'],
): string {
  if (!switchable) return keys.length === 0 ? 'None' : String(keys.length);
  const counts = [active, inactive].flatMap((status) => {
    const count = keys.filter((key) => key.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return counts.join(', ') || 'None';
}

/** Why no further key can be generated; empty when one can. */
export function whyNoMore(
  keys: readonly PlayedKey[],
  { maximum, regenerate }: VendorRules['accessKeys'],
): string {
  if (maximum === undefined || keys.length < maximum) return '';
  if (maximum === 1)
    return `A service user has one key here: ${regenerate ? 'replace' : 'delete'} it for another.`;
  return `A service user has ${countOf(maximum, 'key')} at most here: ${regenerate ? 'replace or ' : ''}delete one first.`;
}
