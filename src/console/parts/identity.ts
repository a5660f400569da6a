/** Who the credentials are comes in, as the connection test found; short texts for people go out. Pure. */
import type { Identity } from '../api/installation-answers.ts';

const textAt = (identity: Identity, field: string): string | undefined => {
  const value = identity[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** "organisationType" is "Organisation type". */
function labelOf(field: string): string {
  const words = field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/\bid\b/, 'ID');
}

/** Connectors choose the fields; these two names are what they agree upon. */
const names: Readonly<Record<string, string>> = { name: 'Name', id: 'ID' };

/** Every field with a value, in the connector's order; the name goes first. */
export function factsOf(identity: Identity): { readonly name: string; readonly value: string }[] {
  const fields = Object.keys(identity).filter((field) => identity[field] !== null && identity[field] !== '');
  return fields
    .sort((a, b) => Number(b === 'name') - Number(a === 'name'))
    .map((field) => ({ name: names[field] ?? labelOf(field), value: shownValue(identity[field]) }));
}

const shownValue = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** "Billing robot in Acme (Production)", as far as it is known; undefined when nothing is. */
export function describeIdentity(identity: Identity | null): string | undefined {
  if (identity === null) return undefined;
  const who = textAt(identity, 'name') ?? textAt(identity, 'id');
  const where = textAt(identity, 'organisation') ?? textAt(identity, 'organisationId');
  const kind = textAt(identity, 'organisationType');
  const place = where === undefined ? undefined : `${where}${kind === undefined ? '' : ` (${kind})`}`;
  if (who !== undefined && place !== undefined) return `${who} in ${place}`;
  return who ?? place;
}
