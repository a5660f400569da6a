/** A name as a request writes it and the fields of an entity come in; the field that it means goes out. */

/** `FriendlyName`, `friendly-name` and `friendly_name` are one. */
const plain = (name: string): string => name.replace(/[_\-\s]/g, '').toLowerCase();

/** The field of this name, or else the only one that differs in nothing but case and what parts its words. */
export function likeField(name: string, fields: Readonly<Record<string, unknown>>): string | undefined {
  if (Object.hasOwn(fields, name)) return name;
  const [found, ...others] = Object.keys(fields).filter((field) => plain(field) === plain(name));
  return others.length === 0 ? found : undefined;
}

/** What a request gives, under the names of the entity's own fields; a name that is there as it is goes first. */
export function asFields(
  given: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  if (!fields) return { ...given };
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const own = likeField(name, fields) ?? name;
    if (own === name || !Object.hasOwn(given, own)) named[own] = value;
  }
  return named;
}
